internal import Numerics

extension SteadyStateSolver {
  /// The stationary state that a given initial state relaxes to, for generators with several steady states (and for others).
  ///
  /// Computed as the limit of s (s - L)^-1 rho_0 for s -> 0 (the Abel mean), applied repeatedly: the resolvent leaves the null space
  /// alone and damps every decaying mode. Where undamped oscillations remain the state never settles; the result is
  /// then its average over all times.
  ///
  /// - Parameters:
  ///   - equation: The master equation.
  ///   - initial: State at time 0.
  /// - Returns: The state; `certificate.unique` is nil, since the state depends on the initial one.
  /// - Throws: ``SolverError``: `excludedCoherence` for an initial state that the equation does not describe
  ///   (``MasterEquation/describing(_:)``), and what fails on the way.
  public func relaxedState(
    of equation: some MasterEquation, from initial: some QuantumState
  ) throws(SolverError) -> SteadyState {
    let clock = ContinuousClock()
    let start = clock.now
    let terms = equation.terms().withoutCommonEnergy()
    let initial = initial.inBasis(of: equation)
    let reduced = try reducedSpace(terms, equation.space, [], seeds: initial.seeds(of: equation))
    var values = reduced.unknowns(of: initial)
    var certificate = Certificate(
      method: "resolvent-limit", unknownsFull: terms.dimension * terms.dimension,
      unknowns: reduced.unknownCount)
    var converged = false
    var isResolved = true
    try withSolverErrors {
      let assembled = try reduced.sector.assembleHermitian(terms)
      let scale = max(terms.rateScale, assembled.largestMagnitude)
      let matrix = assembled.conserving(reduced.traceWeights, within: 1e-14 * scale)
      certificate.nonzeros = matrix.nonzeros
      try checkMemory(of: matrix)
      certificate.rateScale = scale
      converged = scale == 0
      isResolved = Self.weakestProcess(of: terms) > 1e-11 * scale
      // A coarse shift damps fast modes cheaply and accurately; each finer one costs digits but reaches slower modes. The
      // residual is no criterion: that of a mode of rate r is r times its amplitude, however large the amplitude is.
      for fraction in [1e-3, 1e-5, 1e-7, 1e-9, 1e-11] where !converged && scale > 0 {
        let shift = fraction * scale
        let factors = try RealSparseLU(matrix.shifted(by: shift), options: SparseLUOptions())
        var last = Double.infinity
        var change = 0.0
        repeat {
          if change > 0 { last = change }
          let next = try factors.solve(values.map { -shift * $0 })
          change = zip(next, values).reduce(0) { max($0, abs($1.0 - $1.1)) }
          values = next
          certificate.iterations += 1
        } while change > 0 && change < last / 2
        // What modes much slower than the shift still change is small against it; what rounding changes grows as 1/shift.
        converged = min(change, last) <= 1e-14 / fraction
        certificate.factorNonzeros = factors.info.factorNonzeros
        certificate.peakBytes = max(certificate.peakBytes, factors.info.peakBytes)
      }
    }
    guard converged, isResolved else {
      throw .evolution(
        reason:
          "the state relaxes more slowly than 1e-11 of the largest rate, which double precision does not resolve"
      )
    }
    let trace = zip(values, reduced.traceWeights).reduce(0) { $0 + $1.0 * $1.1 }
    let state = ReducedState(in: reduced, unknowns: values.map { $0 / trace })
    try verify(
      state, terms: terms, preservesPositivity: equation.preservesPositivity, certificate: &certificate)
    certificate.uniquenessMethod = "depends on the initial state"
    certificate.seconds = (clock.now - start).inSeconds
    return SteadyState(state: state.inSpaceBasis(of: equation), certificate: certificate)
  }

  /// Strength of the weakest process that acts at all: what it does slower than double precision resolves beside the others would pass
  /// for conserved.
  private static func weakestProcess(of terms: GeneratorTerms) -> Double {
    var weakest = Double.infinity
    for pair in terms.jumps {
      let left = pair.left.values.reduce(0) { max($0, $1.length) }
      let right = pair.right?.values.reduce(0) { max($0, $1.length) } ?? left
      if left * right > 0 { weakest = min(weakest, left * right) }
    }
    if let rates = terms.rates, rates.largestMagnitude > 0 { weakest = min(weakest, rates.largestMagnitude) }
    return weakest
  }
}
