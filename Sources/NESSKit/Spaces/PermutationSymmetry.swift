/// A declared symmetry: a permutation of basis states that leaves the generator unchanged, L(P rho P^+) = P L(rho) P^+.
public struct PermutationSymmetry: Sendable, Hashable {
  /// Name for messages, for instance "clock shift".
  public let name: String
  /// Image of every basis state.
  public let images: [Int]

  /// Creates a symmetry from the images of all basis states.
  public init(name: String, images: [Int]) {
    self.name = name
    self.images = images
  }

  /// Creates a symmetry from its action on the levels of all sites.
  public init(name: String, on space: HilbertSpace, _ action: ([Int]) -> [Int]) {
    self.name = name
    self.images = (0..<space.dimension).map { state in
      // A state that the restriction leaves out is no image; the group rejects it as "not a permutation".
      space.index(of: action(space.digits(of: state))) ?? -1
    }
  }
}
