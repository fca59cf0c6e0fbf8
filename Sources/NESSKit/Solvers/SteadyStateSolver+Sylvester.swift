internal import Numerics

extension SteadyStateSolver {
  /// Steady state on irreducible blocks through the no-jump inverse, a Sylvester equation per block.
  ///
  /// - Parameter stepLimit: Steps after which to give up; nil leaves it to ``JumpChainSolver``.
  func solveByBlocks(
    _ problem: Problem, on blocks: SymmetryBlocks, stepLimit: Int?
  ) throws(SolverError) -> SteadyState {
    let (terms, known) = (problem.terms, problem.known)
    // A theorem may decide uniqueness afterwards; what it leaves open, a second solution has to show.
    let mayDecide = known != .unknown || terms.dimension <= Self.largestCommutant
    let reduced = try blocks.terms()
    var solver = JumpChainSolver(tolerance: tolerance, threads: threads, memoryLimit: memoryLimit)
    solver.checkUniqueness = !mayDecide
    solver.stepLimit = stepLimit
    var solution = try solver.solve(reduced)
    let state = BlockState(in: blocks, matrices: solution.matrices)
    var certificate = Certificate(
      method: solution.method, unknownsFull: terms.dimension * terms.dimension, unknowns: blocks.elementCount,
      iterations: solution.iterations, applications: solution.applications, residual: solution.residual,
      rateScale: max(terms.rateScale, solution.rateScale), peakBytes: solution.bytes)
    certificate.residual = max(
      certificate.residual, terms.sampledChange(of: state, samples: Self.residualSamples))
    certificate.errorBound = solution.errorBound
    certificate.traceDefect = (state.trace - .one).length
    do { certificate.minEigenvalue = try state.spectrum().map(\.eigenvalue).min() } catch {
      throw .kernel(error)
    }
    try check(certificate, preservesPositivity: problem.preservesPositivity)
    var uniqueness = known
    if known == .unknown {
      uniqueness = try examine(terms, on: blocks.space, smallestEigenvalue: certificate.minEigenvalue)
      if uniqueness == .unknown, !solver.checkUniqueness {
        solver.checkUniqueness = true
        solution = try solver.solve(reduced, initial: solution.matrices)
      }
    }
    try settle(
      uniqueness, in: &certificate,
      otherwise: solution.secondAgrees == true
        ? "two solutions agree among matrices with all symmetries; not examined outside"
        : "not examined: a second solution did not converge, or differs by what slow modes explain")
    if let bound = certificate.errorBound, !(bound <= Self.largestError) {
      throw .singular(errorBound: bound)
    }
    return SteadyState(state: state, certificate: certificate)
  }

  /// Matrix elements at which the reduction is checked against the generator itself.
  static let residualSamples = 48
}

extension JumpChainSolution {
  /// Name of the route with the forms in use.
  var method: String {
    guard !forms.isEmpty else { return "normalization" }
    let schur = forms.count { $0 == .schur }
    if schur == 0 { return usesSingle ? "sylvester(eigenvectors,single)" : "sylvester(eigenvectors)" }
    return schur == forms.count ? "sylvester(schur)" : "sylvester(mixed)"
  }
}
