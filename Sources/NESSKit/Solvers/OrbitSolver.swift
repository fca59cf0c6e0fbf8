/// Steady states by iteration on ket orbits: the generator is applied, never assembled.
///
/// BiCGStab(2) (Sleijpen & Fokkema, ETNA 1 (1993) 11) on (L - s |1/D><tr|) rho = -s 1/D with mean decay rate s, preconditioned from
/// the right by the diagonal of L. The rank-one term moves the eigenvalue zero to where the others lie. The spectrum of the
/// preconditioned operator is far from the real axis: BiCGStab proper needs three times the applications (clock ring M = 6: 415
/// against 141). The shadow vector comes from a hash: the identity is the left null vector and breaks the iteration down.
public struct OrbitSolver: Sendable, Hashable {
  /// Arithmetic of the iteration.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// ``mixed`` where vectors exceed the caches, else ``double``.
    case automatic = "auto"
    /// Everything in double precision.
    case double
    /// Iterations in single precision inside iterative refinement in double precision: half the memory and traffic.
    case mixed
  }

  /// Largest accepted norm of the residual relative to that of the right-hand side, s/D on the diagonal.
  public var tolerance: Double
  /// Largest accepted memory in bytes; nil means what the machine has.
  public var memoryLimit: Int?
  /// Threads of one solve; the result does not depend on it.
  public var threads: Int
  /// Arithmetic of the iteration.
  public var precision: Precision
  /// Applications of the generator after which the iteration gives up.
  public var applicationLimit: Int

  /// Creates options.
  public init(
    tolerance: Double = 1e-11, memoryLimit: Int? = nil, threads: Int = 1, precision: Precision = .automatic,
    applicationLimit: Int = 2000
  ) {
    self.tolerance = tolerance
    self.memoryLimit = memoryLimit
    self.threads = threads
    self.precision = precision
    self.applicationLimit = applicationLimit
  }

  /// Where an iteration stands.
  public struct Progress: Sendable {
    /// Applications of the generator so far.
    public let applications: Int
    /// Norm of the residual relative to that of the right-hand side, as the iteration estimates it.
    public let residual: Double
  }

  /// What happens while an iteration runs.
  public struct Hooks: Sendable {
    /// Called after every cycle of four applications.
    public var progress: (@Sendable (Progress) -> Void)?
    /// Called with a copy of the iterate about every `checkpointInterval`; costs one more vector while it runs.
    public var checkpoint: (@Sendable (OrbitState) -> Void)?
    /// Time between checkpoints.
    public var checkpointInterval: Duration

    /// Creates hooks.
    public init(
      progress: (@Sendable (Progress) -> Void)? = nil, checkpoint: (@Sendable (OrbitState) -> Void)? = nil,
      checkpointInterval: Duration = .seconds(60)
    ) {
      self.progress = progress
      self.checkpoint = checkpoint
      self.checkpointInterval = checkpointInterval
    }
  }

  /// How a state was found.
  public struct Info: Sendable, Equatable {
    /// Whether the iteration ran in single precision.
    public var isMixed: Bool
    /// Cycles of BiCGStab(2), four applications each.
    public var iterations: Int
    /// Applications of the generator, those in double precision for residuals included.
    public var applications: Int
    /// Steps of iterative refinement.
    public var refinements: Int
    /// Norm of the final residual relative to that of the right-hand side.
    public var relativeResidual: Double
    /// Bound on max |L rho| of the normalized state, from an application in double precision without preconditioner.
    public var residual: Double
    /// Trace before the final normalization, minus 1.
    public var traceDefect: Double
    /// Estimated bound on the error of the matrix elements relative to the largest.
    public var errorBound: Double
    /// Real numbers solved for.
    public var unknowns: Int
    /// Bytes read and written by one application inside the iteration, caches left aside.
    public var bytesPerApplication: Int
    /// Bytes of vectors, workspaces and tables.
    public var peakBytes: Int
  }

  /// Vectors of an iteration: state correction, workspace, and three residuals and directions each.
  static let vectorCount = 8
  /// Error bound that the tolerance is tightened for.
  static let carefulBound = 1e-5
  /// Smaller residuals are rounding.
  static let finestTolerance = 1e-13
  /// Vectors beyond which single precision pays.
  static let largestDouble = 1 << 17

  /// Bytes of a solve, without the tables of the generator.
  public static func predictedBytes(
    orbits: Int, groupOrder: Int, precision: Precision, threads: Int = 1
  ) -> Int {
    func count(_ lanes: Int) -> Double {
      Double((orbits + lanes - 1) / lanes * lanes) * Double(orbits) * Double(groupOrder)
    }
    func work(_ lanes: Int) -> Double { Double(2 * orbits + 1) * Double(groupOrder * lanes * threads) }
    let isMixed = precision.isMixed(count: count(8))
    let bytes =
      8 * (count(8) + work(8))
      + (isMixed
        ? 4 * (Double(vectorCount) * count(16) + work(16)) : 8 * Double(vectorCount) * count(8))
    return Int(min(bytes, 9e18))
  }

  /// Steady state of a generator without jump pairs.
  ///
  /// - Parameters:
  ///   - terms: The generator; see ``GeneratorTerms``.
  ///   - space: Its Hilbert space.
  ///   - symmetries: Declared permutation symmetries; verified, then used.
  ///   - initial: Where to start, a state with the same symmetries; nil means from nothing.
  ///   - hooks: Progress and checkpoints.
  /// - Throws: `notConverged` when the iteration stagnates or exceeds its limit; `tooLarge`; `cancelled`; what ``OrbitSpace`` throws.
  public func solve(
    _ terms: GeneratorTerms, space: HilbertSpace, symmetries: [PermutationSymmetry],
    initial: OrbitState? = nil, hooks: Hooks = Hooks()
  ) throws(SolverError) -> (state: OrbitState, info: Info) {
    let orbits = try OrbitSpace(terms: terms, space: space, symmetries: symmetries)
    return try solve(on: orbits, initial: initial, hooks: hooks)
  }

  /// Steady state on prepared orbits.
  public func solve(
    on orbits: OrbitSpace, initial: OrbitState? = nil, hooks: Hooks = Hooks()
  ) throws(SolverError) -> (state: OrbitState, info: Info) {
    if let initial {
      precondition(
        initial.orbits.orbitCount == orbits.orbitCount && initial.orbits.symmetries == orbits.symmetries,
        "an initial state must have the symmetries of the problem")
    }
    let (n, order) = (orbits.orbitCount, orbits.groupOrder)
    let bytes =
      Self.predictedBytes(orbits: n, groupOrder: order, precision: precision, threads: threads)
      + orbits.plan.bytes
    let limit = memoryLimit ?? SystemMemory.physical
    guard bytes <= limit else {
      throw .tooLarge(
        bytes: bytes, limit: limit,
        advice:
          "the orbits have \(n) x \(n) x \(order) matrix elements; fewer sites or more symmetries would fit")
    }
    let isMixed = precision.isMixed(count: Double(n) * Double(n) * Double(order))
    return isMixed
      ? try OrbitIteration<Float>(self, orbits, initial).run(hooks, bytes: bytes)
      : try OrbitIteration<Double>(self, orbits, initial).run(hooks, bytes: bytes)
  }
}

extension OrbitSolver.Precision {
  /// Whether vectors of `count` numbers are iterated in single precision.
  func isMixed(count: Double) -> Bool {
    switch self {
    case .automatic: count > Double(OrbitSolver.largestDouble)
    case .double: false
    case .mixed: true
    }
  }
}
