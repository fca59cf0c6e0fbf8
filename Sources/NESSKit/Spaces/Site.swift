/// One tensor factor of a Hilbert space.
public struct Site: Sendable, Hashable {
  /// What the levels of a site mean.
  public enum Kind: Sendable, Hashable {
    /// Positions 0, 1, …, Ns - 1 on a clock face.
    case clock
    /// Angular momenta `lowest`, `lowest + 1`, … of a planar rotor with hard walls.
    case rotor(lowest: Int)
    /// Spin S with 2S + 1 levels; level 0 is m = -S.
    case spin
    /// Occupation numbers 0, 1, ….
    case boson
    /// Levels without further structure.
    case level
  }

  /// Meaning of the levels.
  public let kind: Kind
  /// Number of levels, at least 1.
  public let dimension: Int

  /// Creates a site; `dimension` must be at least 1.
  public init(kind: Kind, dimension: Int) {
    precondition(dimension >= 1, "a site must have at least 1 level, but has \(dimension)")
    self.kind = kind
    self.dimension = dimension
  }

  /// Clock with `positions` positions.
  public static func clock(positions: Int) -> Site { Site(kind: .clock, dimension: positions) }
  /// Planar rotor with angular momenta in `levels`.
  public static func rotor(levels: ClosedRange<Int>) -> Site {
    Site(kind: .rotor(lowest: levels.lowerBound), dimension: levels.count)
  }
  /// Spin with `doubled` = 2S; a qubit is `.spin(doubled: 1)`.
  public static func spin(doubled: Int) -> Site { Site(kind: .spin, dimension: doubled + 1) }
  /// Two-level system.
  public static let qubit = Site.spin(doubled: 1)
  /// Boson with at most `cutoff` quanta.
  public static func boson(cutoff: Int) -> Site { Site(kind: .boson, dimension: cutoff + 1) }
  /// `count` levels without further structure.
  public static func levels(_ count: Int) -> Site { Site(kind: .level, dimension: count) }
}
