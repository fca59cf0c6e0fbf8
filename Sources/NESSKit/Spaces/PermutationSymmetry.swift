public import Numerics

/// A declared symmetry: a permutation P of basis states, possibly with phases, that leaves the generator unchanged,
/// L(P rho P^+) = P L(rho) P^+, with P |a> = phase_a |image_a>.
public struct PermutationSymmetry: Sendable, Hashable {
  /// Name for messages, for instance "clock shift".
  public let name: String
  /// Image of every basis state.
  public let images: [Int]
  /// Phase of every basis state, of modulus 1; nil when all are one.
  public let phases: [Complex<Double>]?

  /// Creates a symmetry from the images of all basis states, and from their phases if it has any.
  ///
  /// Reductions to orbits of matrix elements (``ReducedSpace``) use symmetries without phases only.
  public init(name: String, images: [Int], phases: [Complex<Double>]? = nil) {
    self.name = name
    self.images = images
    self.phases = phases
  }

  /// Creates a symmetry from its action on the levels of all sites.
  public init(name: String, on space: HilbertSpace, _ action: ([Int]) -> [Int]) {
    self.init(
      name: name,
      images: (0..<space.dimension).map { state in
        // A state that the restriction leaves out is no image; the group rejects it as "not a permutation".
        space.index(of: action(space.digits(of: state))) ?? -1
      })
  }

  /// Creates a symmetry from its action on the levels of all sites, which also gives the angle of the phase in radians.
  public init(
    name: String, on space: HilbertSpace, withAngle action: ([Int]) -> (levels: [Int], angle: Double)
  ) {
    var phases: [Complex<Double>] = []
    var images: [Int] = []
    for state in 0..<space.dimension {
      let (levels, angle) = action(space.digits(of: state))
      images.append(space.index(of: levels) ?? -1)
      phases.append(Complex(length: 1, phase: angle))
    }
    self.init(name: name, images: images, phases: phases)
  }
}
