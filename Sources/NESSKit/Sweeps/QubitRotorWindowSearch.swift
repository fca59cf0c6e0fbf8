internal import Numerics

/// Search for a window of rotor levels that holds all states of a computation: it grows, wall by wall, until both walls are empty and
/// the load exerts the friction -gamma <L_z> in each of them, as it does in a window without end.
///
/// Whoever searches computes in ``levels`` and shows what was found to ``accepts(_:)``, until that is content.
package struct QubitRotorWindowSearch {
  /// The window to compute in.
  package private(set) var levels: ClosedRange<Int>
  /// Largest accepted population at a wall.
  private let wall: Double
  /// Levels beyond which the search gives up.
  private let limit: Int
  private let first: ClosedRange<Int>

  /// Begins six widths of the free rotor beyond 0, the level where the rotor starts, and the resonance l = 2I (B2 - B1) - 1/2 that the
  /// drive pushes towards.
  package init(
    of device: QubitRotor, from start: Int = 0, wall: Double = Self.emptyWall, limit: Int = Self.largestWindow
  ) {
    let width = 6 * (device.inertia / device.loadInverseTemperature).squareRoot() + 4
    let resonance = device.inertia * (2 * (device.second.field - device.first.field)) - 0.5
    let farthest = Double(limit) / 4
    let low = max(-farthest, min(0, resonance) - width)
    let high = min(farthest, max(0, resonance) + width)
    let margin = Int(min(width, farthest).rounded(.up))
    first =
      min(Int(low.rounded(.down)), start - margin)...max(Int(high.rounded(.up)), start + margin)
    levels = first
    self.wall = wall
    self.limit = limit
  }

  /// Largest population at a wall that counts as none.
  package static let emptyWall = 1e-12
  /// Largest accepted ``QubitRotorFlows/frictionDefect``.
  static let largestFrictionDefect = 1e-9
  /// Window beyond which the search gives up.
  package static let largestWindow = 20_000

  /// Whether the window holds these states; if not, ``levels`` is the next one to try.
  /// - Throws: `unavailable` where no window up to the largest one holds them: the tail of the load's distribution falls as a power of l,
  ///   which is too slow for cold rotors of small inertia, and a driven rotor without load moves on for ever.
  package mutating func accepts(_ states: [QubitRotorFlows]) throws(SolverError) -> Bool {
    let low = states.contains { abs($0.rotorPopulations.first ?? 1) > wall }
    let high = states.contains { abs($0.rotorPopulations.last ?? 1) > wall }
    if !low, !high, states.allSatisfy({ $0.frictionDefect <= Self.largestFrictionDefect }) { return true }
    let step = max(4, levels.count / 3)
    let next =
      (levels.lowerBound - (low || !high ? step : 0))...(levels.upperBound + (high || !low ? step : 0))
    guard next.count <= limit else { throw .unavailable(reason: "\(failure): give lmin and lmax") }
    levels = next
    return false
  }

  private var failure: String {
    "the walls of the window \(levels.lowerBound)...\(levels.upperBound) still hold more than \(wall) of the rotor, or disturb its friction"
  }

  /// Options for the window to compute in. What defeats the band of a wide window defeats other routes as well, after minutes.
  func solver(_ options: SteadyStateSolver) -> SteadyStateSolver {
    var options = options
    if options.method == .automatic, levels.count > Self.wide { options.method = .banded }
    return options
  }

  private static let wide = 500

  /// An error in a window that was tried, with the reason why it became so large.
  func explained(_ error: SolverError) -> SolverError {
    if levels != first, case .singular(let bound) = error {
      return .unavailable(
        reason:
          "the window had to grow to \(levels.lowerBound)...\(levels.upperBound), where rates are too far apart for double precision (error bound \(bound)): give lmin and lmax, or more friction"
      )
    }
    guard levels != first, case .tooLarge(let bytes, let limit, let advice) = error else { return error }
    return .tooLarge(
      bytes: bytes, limit: limit,
      advice:
        "the window had to grow to \(levels.lowerBound)...\(levels.upperBound), since walls of smaller ones hold part of the rotor; \(advice)"
    )
  }
}
