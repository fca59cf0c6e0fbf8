/// Time evolution of a state under a master equation.
public struct TimeEvolution: Sendable {
  /// States at the requested times.
  public let states: [ReducedState]
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
  /// - Throws: ``SolverError``
  public init(
    of equation: some MasterEquation, from initial: some QuantumState, to times: [Double],
    symmetries: [PermutationSymmetry] = [], tolerance: Double = 1e-10
  ) throws(SolverError) {
    let clock = ContinuousClock()
    let start = clock.now
    let terms = equation.terms()
    let seeds = initial.nonzeroElements
    let kept = symmetries.filter { Self.holds($0, in: initial, at: seeds) }
    let reduced = try ReducedSpace(terms: terms, space: equation.space, symmetries: kept, seeds: seeds)
    do {
      let matrix = try reduced.sector.assembleHermitian(terms)
      let (values, info) = try propagate(
        matrix, from: reduced.unknowns(of: initial), to: times, tolerance: tolerance)
      states = values.map { ReducedState(in: reduced, unknowns: $0) }
      let weights = reduced.traceWeights
      var defect = 0.0
      for state in values {
        var trace = 0.0
        for (value, weight) in zip(state, weights) { trace += value * weight }
        defect = max(defect, abs(trace - 1))
      }
      certificate = Certificate(
        method: "radau-iia(order 9)", unknownsFull: terms.dimension * terms.dimension,
        unknowns: matrix.columns,
        nonzeros: matrix.nonzeros, iterations: info.steps, residual: info.error, rateScale: terms.rateScale,
        traceDefect: defect, seconds: (clock.now - start).inSeconds, peakBytes: info.peakBytes)
    } catch {
      if case .noConvergence = error {
        throw .evolution(reason: "no step size reaches the tolerance \(tolerance)")
      }
      throw .kernel(error)
    }
  }

  private static func holds(
    _ symmetry: PermutationSymmetry, in state: some QuantumState, at seeds: [(ket: Int, bra: Int)]
  ) -> Bool {
    seeds.allSatisfy {
      state.element(symmetry.images[$0.ket], symmetry.images[$0.bra]) == state.element($0.ket, $0.bra)
    }
  }
}
