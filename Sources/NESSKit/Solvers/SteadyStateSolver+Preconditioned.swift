extension SteadyStateSolver {
  /// Steady state by minimal residuals, preconditioned by the LU of a simpler generator.
  ///
  /// What is simpler factorizes with less fill: the same machine without its coherent drive, whose generator falls into blocks, or with
  /// a coupling left out. It may also be a neighbouring point of a sweep. The number of steps tells how close the two are; the
  /// state that is returned is that of `equation` and carries its certificate.
  ///
  /// - Parameters:
  ///   - equation: The master equation.
  ///   - simpler: A master equation on the same space that connects no matrix elements which `equation` leaves apart, with one
  ///     steady state among the matrices that `equation` connects with the populations.
  ///   - symmetries: Symmetries of both; verified.
  ///   - maxIterations: Steps of the minimal residual method after which it gives up, those that bound the error not counted.
  /// - Throws: `singular` when the simpler generator has several steady states, `notConverged`, `tooLarge`, and what
  ///   ``solve(_:symmetries:reusing:)`` throws; `unavailable` when the simpler generator connects more than the equation.
  public func solve(
    _ equation: some MasterEquation, preconditionedBy simpler: some MasterEquation,
    symmetries: [PermutationSymmetry] = [], maxIterations: Int = 500
  ) throws(SolverError) -> SteadyState {
    precondition(
      equation.space == simpler.space, "both equations must act on the same space, but on different ones")
    try checkBasis(of: equation, symmetries)
    precondition(
      equation.basis == simpler.basis,
      "both equations must be stated in the same basis, but are in different ones")
    let clock = ContinuousClock()
    let start = clock.now
    let (terms, simplerTerms) = (
      equation.terms().withoutCommonEnergy(), simpler.terms().withoutCommonEnergy()
    )
    let known = Uniqueness.fromGraphs(terms)
    if case .several(let count, let exact, let reason) = known {
      throw .notUnique(count: count, exact: exact, reason: reason)
    }
    for symmetry in symmetries {
      let defect = try simplerTerms.defect(of: symmetry)
      if defect.isViolation { throw .symmetryViolated(name: symmetry.name, size: defect.size) }
    }
    let reduced = try reducedSpace(terms, equation.space, symmetries)
    let liouvillian = try Liouvillian(terms: terms, on: reduced)
    let preconditioner: Liouvillian
    do {
      let assembled = try reduced.sector.assembleHermitian(simplerTerms)
      preconditioner = Liouvillian(
        matrix: assembled.principalSubmatrix(liouvillian.active), traceWeights: liouvillian.traceWeights)
    } catch {
      throw error == .notClosed
        ? .unavailable(
          reason:
            "the simpler generator must not connect matrix elements that the equation leaves apart, but does")
        : .kernel(error)
    }
    guard let (system, rightHandSide) = liouvillian.normalizedSystem(),
      let (simplerSystem, _) = preconditioner.normalizedSystem()
    else {
      throw .notUnique(
        count: max(1, liouvillian.traceWeights.count), exact: false, reason: "a generator vanishes")
    }
    try checkMemory(of: simplerSystem)
    var certificate = Certificate(
      method: "gmres(sparse-lu)", unknownsFull: terms.dimension * terms.dimension, unknowns: system.columns,
      nonzeros: liouvillian.matrix.nonzeros, rateScale: max(terms.rateScale, liouvillian.scale))
    let values = try withSolverErrors(singular: .singular(errorBound: .infinity)) {
      let factors = try RealSparseLU(simplerSystem)
      certificate.factorNonzeros = factors.info.factorNonzeros
      let steps = min(maxIterations, Self.longestRound, system.columns)
      certificate.peakBytes =
        factors.info.peakBytes + 2 * system.bytes + KrylovBasis.bytes(order: system.columns, steps: steps)
      let values = try minimize(
        system, rightHandSide, factors, steps: steps, maxIterations: maxIterations, certificate: &certificate)
      certificate.errorBound = try errorBound(of: values, to: rightHandSide, system, factors)
      return values
    }
    if let bound = certificate.errorBound, !(bound <= Self.largestError) {
      throw .singular(errorBound: bound)
    }
    let state = ReducedState(in: reduced, unknowns: liouvillian.expanded(values))
    try verify(
      state, terms: terms, preservesPositivity: equation.preservesPositivity, certificate: &certificate)
    try settle(
      known == .unknown
        ? try examine(terms, on: reduced.space, smallestEigenvalue: certificate.minEigenvalue) : known,
      in: &certificate, otherwise: "not examined outside the \(liouvillian.active.count) unknowns solved for")
    certificate.seconds = (clock.now - start).inSeconds
    return SteadyState(state: state.inSpaceBasis(of: equation), certificate: certificate)
  }

  /// Longest round of minimal residuals before a restart.
  private static let longestRound = 200

  /// Bound on the error of a solution relative to its largest unknown, from the norm of the inverse as random right-hand sides show
  /// it: a mode too slow for the residual to tell cannot be missed in all of them.
  private func errorBound(
    of solution: [Double], to right: [Double], _ system: RealSparseMatrix, _ factors: RealSparseLU
  ) throws -> Double {
    // One round without restart, whatever the steps of the solve: what does not fit in is too hard for this preconditioner.
    let basis = try KrylovBasis(
      order: system.columns, steps: min(Self.longestRound, system.columns), workers: threads)
    func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    var amplification = 0.0
    for draw in 0..<SlowModeProbe.drawsOfFew {
      var random = SplitMix(seed: SlowModeProbe.seed + UInt64(draw))
      let source = right.map { _ in random.symmetric() }
      try basis.begin(source)
      let goal = SlowModeProbe.accuracy(states: system.columns) * basis.residual
      while basis.residual > goal, basis.count < basis.steps {
        if Task.isCancelled { throw SolverError.cancelled }
        try basis.extend { vector throws(KernelError) in system.applied(to: try factors.solve(vector)) }
      }
      guard basis.residual <= goal else { return .infinity }
      var answer = [Double](repeating: 0, count: system.columns)
      try basis.add(to: &answer)
      amplification = max(amplification, norm(try factors.solve(answer)) / norm(source))
    }
    // What one mode among many contributes, and rounding of a few terms a row.
    let rest = norm(zip(right, system.applied(to: solution)).map { $0 - $1 })
    let rounding = 8 * Double.ulpOfOne * system.largestMagnitude
    let largest = solution.reduce(0) { max($0, abs($1)) }
    return amplification * Double(system.columns).squareRoot() * (rest / largest + rounding)
  }

  /// Solves `system` x = `right` with `factors` as right preconditioner, in rounds that restart from the true residual.
  private func minimize(
    _ system: RealSparseMatrix, _ right: [Double], _ factors: RealSparseLU, steps: Int, maxIterations: Int,
    certificate: inout Certificate
  ) throws -> [Double] {
    var solution = try factors.solve(right)
    let basis = try KrylovBasis(order: system.columns, steps: steps, workers: threads)
    let size = right.reduce(0) { max($0, abs($1)) }
    func residual() -> [Double] { zip(right, system.applied(to: solution)).map { $0 - $1 } }
    var rest = residual()
    var largest = rest.reduce(0) { max($0, abs($1)) }
    // Rounds end when they no longer gain: the certificate then judges.
    while largest > 1e-15 * size, certificate.iterations < maxIterations {
      try basis.begin(rest)
      let goal = 1e-3 * tolerance * basis.residual
      while basis.residual > goal, basis.count < steps, certificate.iterations < maxIterations {
        if Task.isCancelled { throw SolverError.cancelled }
        try basis.extend { vector throws(KernelError) in system.applied(to: try factors.solve(vector)) }
        certificate.iterations += 1
      }
      var correction = [Double](repeating: 0, count: system.columns)
      try basis.add(to: &correction)
      let before = (solution, largest)
      solution = zip(solution, try factors.solve(correction)).map { $0 + $1 }
      rest = residual()
      largest = rest.reduce(0) { max($0, abs($1)) }
      guard largest < before.1 / 2 else {
        if !(largest < before.1) { (solution, largest) = before }
        break
      }
    }
    certificate.applications = certificate.iterations
    // The normalization is scaled like the generator: the residual is in units of its largest rate.
    guard largest <= tolerance * size else {
      throw SolverError.notConverged(residual: largest, iterations: certificate.iterations)
    }
    return solution
  }
}
