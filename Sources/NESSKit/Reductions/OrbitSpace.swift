internal import Numerics

/// Hermitian matrices that a group of permutations leaves unchanged, with kets restricted to one representative per orbit: D^2/|G| real
/// numbers, and a generator without jump pairs that is applied to them without ever being assembled.
public final class OrbitSpace: Sendable {
  /// Hilbert space of the full problem.
  public let space: HilbertSpace
  /// Symmetries that were verified and used.
  public let symmetries: [PermutationSymmetry]
  /// Mean decay rate of a basis state, the scale of the preconditioner.
  let meanDecay: Double
  let plan: OrbitPlan

  /// Orbits of basis states.
  public var orbitCount: Int { plan.orbitCount }
  /// Elements of the symmetry group.
  public var groupOrder: Int { plan.groupOrder }

  /// Finds the orbits and prepares the generator on them.
  ///
  /// - Parameters:
  ///   - terms: A generator without jump pairs.
  ///   - space: Its Hilbert space.
  ///   - symmetries: Declared permutation symmetries; each is verified first.
  /// - Throws: `symmetryViolated` with the size of the violation; `unavailable` for a generator with jump pairs, or without decay.
  public init(
    terms: GeneratorTerms, space: HilbertSpace, symmetries: [PermutationSymmetry]
  ) throws(SolverError) {
    guard terms.jumps.isEmpty else {
      throw .unavailable(reason: "ket orbits need a generator without jump operators, classical rates only")
    }
    for symmetry in symmetries {
      let defect = try terms.defect(of: symmetry)
      if defect.isViolation { throw .symmetryViolated(name: symmetry.name, size: defect.size) }
    }
    let meanDecay = terms.drift.diagonal.reduce(0) { $0 - 2 * $1.real } / Double(terms.dimension)
    guard meanDecay > 0, meanDecay.isFinite else {
      throw .unavailable(
        reason: "an iteration on ket orbits needs states that decay, but the mean rate is \(meanDecay)")
    }
    self.space = space
    self.symmetries = symmetries
    self.meanDecay = meanDecay
    // Without symmetries every state is an orbit: the group of the identity.
    let generators =
      symmetries.isEmpty
      ? [PermutationSymmetry(name: "identity", images: Array(0..<terms.dimension))] : symmetries
    do {
      plan = try OrbitPlan(
        terms: terms, group: try PermutationGroup(generators), floor: Self.smallestDecay * meanDecay)
    } catch { throw .kernel(error) }
  }

  /// Decay rates below this multiple of the mean do not enter the preconditioner: states that hardly decay would be divided by nothing.
  static let smallestDecay = 1e-3
}
