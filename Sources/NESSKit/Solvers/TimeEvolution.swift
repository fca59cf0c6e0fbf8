/// Time evolution of a state under a master equation.
public struct TimeEvolution: Sendable {
  /// States at the requested times.
  public let states: [any QuantumState]
  /// Steps, factorizations and the error estimate; `residual` holds the estimated error.
  public let certificate: Certificate

  /// Evolves a state to ascending times >= 0 by an L-stable method of order 9, which does not mind rates of very different sizes.
  ///
  /// Symmetries that the initial state lacks are left out; matrix elements that it does not reach are left out as well.
  ///
  /// - Parameters:
  ///   - equation: The master equation.
  ///   - initial: State at time 0.
  ///   - times: Ascending times >= 0.
  ///   - symmetries: Permutation symmetries of the equation.
  ///   - tolerance: Bound on the estimated error of every matrix element, relative to the largest one at time 0.
  ///   - memoryLimit: Largest accepted memory in bytes; nil means what the machine has.
  /// - Throws: ``SolverError``: `excludedCoherence` for an initial state that the equation does not describe
  ///   (``MasterEquation/describing(_:)``), and what fails on the way.
  public init(
    of equation: some MasterEquation, from initial: some QuantumState, to times: [Double],
    symmetries: [PermutationSymmetry] = [], tolerance: Double = 1e-10, memoryLimit: Int? = nil
  ) throws(SolverError) {
    let clock = ContinuousClock()
    let start = clock.now
    let terms = equation.terms()
    let initial = initial.inBasis(of: equation)
    let seeds = try initial.seeds(of: equation)
    for symmetry in symmetries where Set(symmetry.images) != Set(0..<terms.dimension) {
      throw .kernel(.notPermutation)
    }
    let kept = symmetries.filter { Self.holds($0, in: initial, at: seeds) }
    let solver = SteadyStateSolver(memoryLimit: memoryLimit)
    let reduced = try solver.reducedSpace(terms, equation.space, kept, seeds: seeds)
    (states, certificate) = try withSolverErrors {
      let weights = reduced.traceWeights
      let assembled = try reduced.sector.assembleHermitian(terms)
      // Rounding of the escape rates would change the trace in proportion to time.
      let matrix = assembled.conserving(
        weights, within: 1e-14 * max(terms.rateScale, assembled.largestMagnitude))
      // One real and two complex factorizations for a step size, and two step sizes at a time.
      try solver.checkMemory(of: matrix, factorizations: 10)
      let (values, info) = try Self.propagated(
        matrix, from: reduced.unknowns(of: initial), to: times, tolerance: tolerance)
      let scale = max(terms.rateScale, matrix.largestMagnitude)
      var defect = 0.0
      var evolved: [any QuantumState] = []
      for (time, state) in zip(times, values) {
        let trace = zip(state, weights).reduce(0) { $0 + $1.0 * $1.1 }
        // Rates that cancel up to rounding let the trace drift in proportion to time; it is known, and taken out of the state, for it
        // would show in heat and work.
        let drift = min(Self.largestDrift, Double.ulpOfOne * scale * time)
        let found = abs(trace - 1)
        guard found <= max(1e-12, tolerance, drift) else {
          throw SolverError.notAState(defect: "trace", found: found, allowed: max(1e-12, tolerance, drift))
        }
        defect = max(defect, found)
        let normalized = ReducedState(in: reduced, unknowns: state.map { $0 / trace })
        evolved.append(normalized.inSpaceBasis(of: equation))
      }
      let certificate = Certificate(
        method: "radau-iia(order 9)", unknownsFull: terms.dimension * terms.dimension,
        unknowns: matrix.columns,
        nonzeros: matrix.nonzeros, iterations: info.steps, residual: info.error,
        rateScale: terms.rateScale,
        traceDefect: defect, seconds: (clock.now - start).inSeconds, peakBytes: info.peakBytes)
      return (evolved, certificate)
    }
  }

  /// Drift of the trace beyond which a state has lost its meaning.
  private static let largestDrift = 1e-4

  private static func propagated(
    _ matrix: RealSparseMatrix, from start: [Double], to times: [Double], tolerance: Double
  ) throws -> (states: [[Double]], info: PropagatorInfo) {
    do { return try propagate(matrix, from: start, to: times, tolerance: tolerance) } catch KernelError
      .noConvergence
    {
      throw SolverError.evolution(reason: "no step size reaches the tolerance \(tolerance)")
    }
  }

  private static func holds(
    _ symmetry: PermutationSymmetry, in state: any QuantumState, at seeds: [(ket: Int, bra: Int)]
  ) -> Bool {
    seeds.allSatisfy {
      state.element(symmetry.images[$0.ket], symmetry.images[$0.bra]) == state.element($0.ket, $0.bra)
    }
  }
}
