package import Numerics

/// Steady state of a generator on symmetry-adapted blocks by its chain of jumps.
///
/// With L = S + J, S rho = K rho + rho K^+ and J the jumps, the source y = J rho of a steady state is the fixed point of the
/// trace-preserving map Phi(y) = J(-S^-1 y), and rho = -S^-1 y. The minimal residual method solves (1 - Phi) y = 0, tr y = 1; few
/// steps do, whatever the temperature or the strength of the coupling to the baths. Classical rates act on populations alone, so that
/// without jump operators the unknown is one number per orbit of basis states. A stationary pure state makes S singular; then
/// s rho moves from S to J.
///
/// Every round ends with L rho of the whole state, computed from the sparse matrices, and the next one starts from that.
package struct JumpChainSolver: Sendable, Hashable {
  /// How S is inverted.
  package enum Form: String, Sendable, Hashable, CaseIterable {
    /// Eigenvectors where their condition number allows it, Schur form elsewhere.
    case automatic
    case eigenvectors
    case schur
  }

  /// Largest accepted max |L rho| relative to the rate scale of the blocks.
  package var tolerance: Double
  /// What is aimed at, relative to the rate scale; rounds end earlier when they stop improving.
  /// Nil means rounding level where the unknowns are orbits and a step costs little, and 1e-14 elsewhere.
  package var goal: Double?
  /// Largest number of steps in all rounds together.
  package var maxIterations: Int
  /// Steps in all rounds after which to give way to another route, with `notConverged`; nil for never.
  package var stepLimit: Int?
  /// Largest number of steps in one round, fewer when the memory limit asks for it; nil means as many as fit into
  /// `freeBasisBytes`, and not less than `usualSteps`. Restarts cost convergence where strong dissipation separates time scales.
  package var restart: Int?
  /// Threads; results do not depend on it.
  package var threads: Int
  /// Largest accepted memory in bytes; nil means what the machine has.
  package var memoryLimit: Int?
  /// How S is inverted.
  package var form: Form
  /// Order of the largest block from which on rounds that refine invert S in single precision; nil for never.
  package var singleFrom: Int? = Self.smallestSingle
  /// Solves a second time from another starting point and compares: several steady states then show.
  package var checkUniqueness: Bool

  /// Creates options.
  package init(
    tolerance: Double = 1e-10, goal: Double? = nil, maxIterations: Int = 1000, restart: Int? = nil,
    threads: Int = 1, memoryLimit: Int? = nil, form: Form = .automatic, checkUniqueness: Bool = false
  ) {
    self.tolerance = tolerance
    self.goal = goal
    self.maxIterations = maxIterations
    self.restart = restart
    self.threads = threads
    self.memoryLimit = memoryLimit
    self.form = form
    self.checkUniqueness = checkUniqueness
  }

  /// Eigenvectors are trusted up to this condition number: its square times rounding is what a round of refinement leaves.
  static let conditionLimit = 1e6
  /// Order of the largest block from which on single precision saves time.
  package static let smallestSingle = 64
  /// Condition number of eigenvectors relative to the order up to which single precision will do.
  static let singleCondition = 30.0
  /// Smallest decay relative to the energies that single precision resolves.
  static let singleGap = 1e-4
  /// S counts as singular when an eigenvalue is below this fraction of the largest of the drift.
  static let singularLevel = 1e-13
  /// The shift s of a singular S, in units of the mean decay rate.
  static let relativeShift = 0.5
  /// Two solutions count as one up to this difference, in units of the largest element.
  static let samenessLevel = 1e-5
  /// Error bound beyond which rounds go on until they stop improving.
  static let carefulBound = 1e-6
  /// A Krylov basis up to this size needs no restart.
  static let freeBasisBytes = 1 << 30
  /// More steps than chains of a dozen sites need.
  static let usualSteps = 120
  /// Fewest steps in a round worth starting.
  static let smallestRestart = 20
}

/// A steady state found by ``JumpChainSolver``, and how.
package struct JumpChainSolution: Sendable {
  /// Hermitian blocks, column-major; the sum of multiplicity times trace is 1.
  package let matrices: [[Complex<Double>]]
  /// Steps of the minimal residual method.
  package let iterations: Int
  /// Applications of S^-1 to all blocks.
  package let applications: Int
  /// max |L rho| over the elements of all blocks.
  package let residual: Double
  /// Estimated bound on the error of the matrices relative to the largest element; nil when too few steps fit to estimate it.
  package let errorBound: Double?
  /// What `residual` is compared with: largest decay, coupling or difference of energies within a block.
  package let rateScale: Double
  /// Largest condition number of the eigenvectors in use; 1 when there are none.
  package let condition: Double
  /// Form by block.
  package let forms: [JumpChainForm]
  /// Whether a round inverted S in single precision.
  package let usesSingle: Bool
  /// The shift s; 0 unless S is singular.
  package let shift: Double
  /// Predicted peak memory.
  package let bytes: Int
  /// Floating-point operations of decompositions and dense products, from the orders of the blocks.
  package let flops: Double
  /// Unknowns of the linear system.
  package let unknowns: Int
  /// True when a solution from another starting point came out the same; nil when none was asked for, it did not converge, or slow modes
  /// explain the difference.
  package let secondAgrees: Bool?
}

extension JumpChainSolver {
  /// Bytes of handle, Krylov basis and vectors, before anything is allocated.
  ///
  /// - Parameters:
  ///   - orders: Orders of the blocks.
  ///   - orbits: Orbits of populations when there are classical rates and no jump operators; otherwise nil.
  package static func predictedBytes(orders: [Int], orbits: Int? = nil, restart: Int, threads: Int = 1) -> Int
  {
    let elements = orders.reduce(0.0) { $0 + Double($1) * Double($1) }
    let unknowns = orbits ?? Int(min(elements, 9e15))
    // State, best state and change, and on their way out the full complex blocks.
    let parts =
      [
        JumpChainKernel.bytes(orders: orders, threads: threads, single: orbits == nil),
        KrylovBasis.bytes(order: max(1, unknowns), steps: max(1, restart)),
      ].map(Double.init).reduce(0, +) + 8 * (6 * elements + 4 * Double(unknowns))
    return Int(min(parts, 9e18))
  }

  /// Steps per round that fit, or the error that says what is missing.
  func fittingRestart(orders: [Int], orbits: Int?) throws(SolverError) -> (steps: Int, bytes: Int) {
    let limit = memoryLimit ?? SystemMemory.physical
    let unknowns = orbits ?? orders.reduce(0) { $0 + $1 * $1 }
    // The method ends by itself after as many steps as there are unknowns.
    let free = max(Self.usualSteps, Self.freeBasisBytes / (8 * max(1, unknowns)))
    var steps = max(1, min(restart ?? free, maxIterations, unknowns))
    var bytes = Self.predictedBytes(orders: orders, orbits: orbits, restart: steps, threads: threads)
    while bytes > limit, steps > Self.smallestRestart {
      steps = max(Self.smallestRestart, steps * 3 / 4)
      bytes = Self.predictedBytes(orders: orders, orbits: orbits, restart: steps, threads: threads)
    }
    guard bytes <= limit else {
      throw .tooLarge(
        bytes: bytes, limit: limit,
        advice:
          "the largest block has order \(orders.max() ?? 0); fewer sites or levels, or symmetries, would fit")
    }
    return (steps, bytes)
  }
}

extension BlockTerms {
  /// Largest decay, coupling or difference of energies within a block.
  var rateScale: Double {
    blocks.reduce(0) { max($0, GeneratorTerms(dimension: $1.order, drift: $1.drift).rateScale) }
  }

  /// Mean rate at which basis states decay, copies counted.
  var meanDecay: Double {
    var sum = 0.0
    var states = 0.0
    for block in blocks {
      let weight = Double(block.multiplicity)
      sum -= 2 * weight * block.drift.diagonal.reduce(0) { $0 + $1.real }
      states += weight * Double(block.order)
    }
    return states > 0 ? sum / states : 0
  }
}
