internal import Numerics

extension SteadyStateSolver {
  /// Steady state on ket orbits by iteration, for generators whose jumps act on populations only.
  ///
  /// - Parameter applicationLimit: Applications of the generator after which to give up; nil leaves it to ``OrbitSolver``.
  func solveByOrbits(
    _ problem: Problem, on blocks: SymmetryBlocks, applicationLimit: Int?
  ) throws(SolverError) -> SteadyState {
    let terms = problem.terms
    let orbits = try OrbitSpace(
      terms: terms, space: problem.space, symmetries: problem.symmetries.filter { $0.phases == nil })
    var solver = OrbitSolver(
      // Coherences are small against the largest rate, and slow modes magnify a residual: near f = 0 a hundred times, so that
      // what satisfies the certificate would leave heat currents with eight digits.
      tolerance: min(0.01 * tolerance, Self.largestOrbitTolerance), memoryLimit: memoryLimit, threads: threads
    )
    if let applicationLimit { solver.applicationLimit = min(applicationLimit, solver.applicationLimit) }
    let (found, info) = try solver.solve(on: orbits)
    let state = found.with(blocks: blocks)
    var certificate = Certificate(
      method: "krylov(bicgstab2,\(info.isMixed ? "mixed" : "double"))",
      unknownsFull: terms.dimension * terms.dimension, unknowns: blocks.elementCount,
      iterations: info.iterations,
      applications: info.applications,
      residual: max(info.residual, terms.sampledChange(of: state, samples: Self.residualSamples)),
      rateScale: terms.rateScale, traceDefect: abs(state.populations.reduce(-1, +)),
      peakBytes: info.peakBytes)
    certificate.errorBound = info.errorBound
    certificate.bytesPerApplication = info.bytesPerApplication
    if terms.dimension <= Self.largestDiagonalized {
      do { certificate.minEigenvalue = try state.spectrum().map(\.eigenvalue).min() } catch {
        throw .kernel(error)
      }
    }
    try check(certificate, preservesPositivity: problem.preservesPositivity)
    var uniqueness = problem.known
    if uniqueness == .unknown, certificate.minEigenvalue != nil {
      uniqueness = try examine(terms, on: blocks.space, smallestEigenvalue: certificate.minEigenvalue)
    }
    try settle(uniqueness, in: &certificate, otherwise: "not examined")
    guard info.errorBound <= Self.largestError else { throw .singular(errorBound: info.errorBound) }
    return SteadyState(state: state, certificate: certificate)
  }

  /// Largest norm of the residual on orbits, relative to the right-hand side.
  static let largestOrbitTolerance = 1e-9
  /// Largest Hilbert space whose blocks are diagonalized for the certificate: beyond it that would take longer than the solve.
  static let largestDiagonalized = 20_000
}
