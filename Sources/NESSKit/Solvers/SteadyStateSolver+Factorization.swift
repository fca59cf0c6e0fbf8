extension SteadyStateSolver {
  /// Steady state from an LU factorization of the assembled generator.
  func solveByFactorization(_ problem: Problem) throws(SolverError) -> SteadyState {
    let terms = problem.terms
    let reduced = try reducedSpace(terms, problem.space, problem.symmetries)
    let liouvillian = try Liouvillian(terms: terms, on: reduced)
    guard liouvillian.populationComponents <= 1 else { throw Self.separate(liouvillian) }
    let (solution, certificate) = try solution(
      of: terms, on: reduced, liouvillian, isKnownUnique: problem.known.isUnique)
    return try finish(problem, on: reduced, liouvillian, solution, certificate)
  }

  /// Steady state by elimination within the band, for problems whose states have coherence with few others; nil where the band is wide or
  /// the result not certain.
  func solveLadder(_ problem: Problem) throws(SolverError) -> SteadyState? {
    let (terms, symmetries) = (problem.terms, problem.symmetries)
    let analysis = problem.cache?.analysis(
      of: terms, on: problem.space, symmetries, limit: largestSlotCount)
    let elements = analysis?.coherentElements ?? terms.coherentElements()
    // What does not even have room for its index tables is refused by the plan of all routes.
    guard elements <= min(Self.sparseState * Double(terms.dimension), Double(largestSlotCount)) else {
      return nil
    }
    let reduced: ReducedSpace
    if let analysis {
      try terms.verify(symmetries)
      reduced = analysis.reduced
    } else {
      reduced = try reducedSpace(terms, problem.space, symmetries)
    }
    let liouvillian = try Liouvillian(terms: terms, on: reduced, like: analysis?.liouvillian)
    guard liouvillian.populationComponents == 1, liouvillian.matrix.columns > 1 else { return nil }
    let order = try Self.bandOrder(of: liouvillian, like: analysis)
    guard
      let (values, certificate) = try solveBand(liouvillian, order, isKnownUnique: problem.known.isUnique),
      certificate.isResolved
    else { return nil }
    if analysis == nil {
      problem.cache?.keep(
        SymbolicAnalysis(
          terms: terms, known: problem.known, symmetries: symmetries, coherentElements: elements,
          reduced: reduced,
          liouvillian: liouvillian, order: order))
    }
    let result = normalized(values, certificate, in: liouvillian)
    return try finish(
      problem, on: reduced, liouvillian, liouvillian.expanded(result.values), result.certificate)
  }

  private static func bandOrder(
    of liouvillian: Liouvillian, like analysis: SymbolicAnalysis? = nil
  ) throws(SolverError) -> BandOrder {
    if let analysis, liouvillian.matrix.hasPlaces(of: analysis.liouvillian.matrix) { return analysis.order }
    do { return try BandOrder(of: liouvillian.matrix) } catch { throw .kernel(error) }
  }

  /// Matrix elements per basis state up to which a state counts as sparse.
  static let sparseState = 8.0

  /// What all factorizations have to show.
  private func finish(
    _ problem: Problem, on reduced: ReducedSpace, _ liouvillian: Liouvillian, _ solution: [Double],
    _ found: Certificate
  ) throws(SolverError) -> SteadyState {
    let terms = problem.terms
    var (uniqueness, certificate) = (problem.known, found)
    certificate.unknownsFull = terms.dimension * terms.dimension
    certificate.rateScale = max(terms.rateScale, certificate.rateScale)
    certificate.peakBytes += reduced.sector.bytes
    let state = ReducedState(in: reduced, unknowns: solution)
    try verify(
      state, terms: terms, preservesPositivity: problem.preservesPositivity, certificate: &certificate)
    if case .unknown = uniqueness {
      // The error bound excludes a second vector in the null space of what was solved.
      let full = terms.dimension.multipliedReportingOverflow(by: terms.dimension)
      uniqueness =
        reduced.symmetries.isEmpty && !full.overflow && liouvillian.active.count == full.partialValue
        ? .unique(method: "simple null space of the full problem")
        : try examine(terms, on: reduced.space, smallestEigenvalue: certificate.minEigenvalue)
    }
    try settle(
      uniqueness, in: &certificate,
      otherwise: "not examined outside the \(liouvillian.active.count) unknowns solved for")
    return SteadyState(state: state, certificate: certificate)
  }

  /// Unknowns on the whole reduced space by the chosen route.
  private func solution(
    of terms: GeneratorTerms, on reduced: ReducedSpace, _ liouvillian: Liouvillian, isKnownUnique: Bool
  ) throws(SolverError) -> (values: [Double], certificate: Certificate) {
    guard method == .complex else {
      let (values, certificate) = try solve(liouvillian, isKnownUnique: isKnownUnique)
      return (liouvillian.expanded(values), certificate)
    }
    do throws(SolverError) {
      return try solveComplex(terms, on: reduced)
    } catch {
      guard case .singular = error, !isKnownUnique else { throw error }
      throw try nullity(of: liouvillian, errorBound: .infinity)
    }
  }

  private static func separate(_ liouvillian: Liouvillian) -> SolverError {
    .notUnique(
      count: liouvillian.populationComponents, exact: false,
      reason:
        "the populations fall into \(liouvillian.populationComponents) groups that exchange no probability")
  }

  /// Null vector of an assembled generator, normalized.
  public func solve(_ liouvillian: Liouvillian) throws(SolverError) -> (
    values: [Double], certificate: Certificate
  ) {
    guard liouvillian.populationComponents <= 1 else { throw Self.separate(liouvillian) }
    let (values, certificate) = try solve(liouvillian, isKnownUnique: false)
    let allowed = tolerance * certificate.rateScale
    guard certificate.residual <= allowed else {
      throw .residual(found: certificate.residual, allowed: allowed, scale: certificate.rateScale)
    }
    return (values, certificate)
  }

  private func solve(
    _ liouvillian: Liouvillian, isKnownUnique: Bool
  ) throws(SolverError) -> (values: [Double], certificate: Certificate) {
    if liouvillian.traceWeights.count == 1, liouvillian.traceWeights[0] != 0 {
      return ([1 / liouvillian.traceWeights[0]], Certificate(method: "normalization", unknowns: 1))
    }
    guard let (system, rightHandSide) = liouvillian.normalizedSystem() else {
      throw .notUnique(
        count: max(1, liouvillian.traceWeights.count), exact: false, reason: "the generator vanishes")
    }
    // Pivots along the diagonal take elements at their word, which those that have errors of their own do not deserve.
    let smallRatesCount = liouvillian.entryError == 0
    if (method == .automatic && smallRatesCount) || method == .banded,
      let (values, certificate) = try solveBand(
        liouvillian, try Self.bandOrder(of: liouvillian), isKnownUnique: isKnownUnique),
      certificate.isResolved || method == .banded
    {
      return try accepted(values, certificate, in: liouvillian, isKnownUnique: isKnownUnique)
    }
    let route = route(order: system.columns, nonzeros: system.nonzeros)
    try checkMemory(of: system, isDense: route == .dense)
    var (values, certificate) = try factorized(
      system, rightHandSide, liouvillian, isKnownUnique: isKnownUnique, isDense: route == .dense)
    // Rates of many orders of magnitude keep their digits under pivots along the diagonal, which the dense factorization does not choose.
    if route == .dense, method == .automatic, smallRatesCount, !certificate.isResolved {
      let second = try factorized(
        system, rightHandSide, liouvillian, isKnownUnique: isKnownUnique, isDense: false)
      if second.certificate.isResolved { (values, certificate) = second }
    }
    return try accepted(values, certificate, in: liouvillian, isKnownUnique: isKnownUnique)
  }

  /// A null vector with trace 1, if its error bound allows it; otherwise an error that says what is wrong.
  private func accepted(
    _ values: [Double], _ certificate: Certificate, in liouvillian: Liouvillian, isKnownUnique: Bool
  ) throws(SolverError) -> (values: [Double], certificate: Certificate) {
    guard certificate.isResolved, values.allSatisfy({ $0.isFinite }) else {
      // Rates too far apart for double precision are no evidence against a theorem.
      let bound = certificate.errorBound ?? .infinity
      throw isKnownUnique ? .singular(errorBound: bound) : try nullity(of: liouvillian, errorBound: bound)
    }
    return normalized(values, certificate, in: liouvillian)
  }

  /// A null vector with trace 1, and its residual.
  private func normalized(
    _ values: [Double], _ found: Certificate, in liouvillian: Liouvillian
  ) -> (values: [Double], certificate: Certificate) {
    var certificate = found
    let trace = zip(values, liouvillian.traceWeights).reduce(0) { $0 + $1.0 * $1.1 }
    let normalized = values.map { $0 / trace }
    certificate.nonzeros = liouvillian.matrix.nonzeros
    certificate.rateScale = liouvillian.scale
    certificate.residual = liouvillian.matrix.applied(to: normalized).reduce(0) { max($0, abs($1)) }
    certificate.traceDefect = abs(zip(normalized, liouvillian.traceWeights).reduce(-1) { $0 + $1.0 * $1.1 })
    return (normalized, certificate)
  }

  /// Solution of a system by LU with its error bound, infinite for a singular one.
  private func factorized(
    _ system: RealSparseMatrix, _ rightHandSide: [Double], _ liouvillian: Liouvillian, isKnownUnique: Bool,
    isDense: Bool
  ) throws(SolverError) -> (values: [Double], certificate: Certificate) {
    var certificate = Certificate(method: "", unknowns: system.columns)
    func solution(_ solve: ErrorBound.Solve) throws(KernelError) -> [Double] {
      let values = try solve(rightHandSide, false)
      let largest = values.indices.max { abs(values[$0]) < abs(values[$1]) } ?? 0
      certificate.errorBound = try ErrorBound(
        of: values, to: rightHandSide, in: system, entryError: liouvillian.entryError,
        conservation: isKnownUnique || liouvillian.everyStateLeads(to: largest)
          ? liouvillian.conservationOfNormalizedSystem() : nil, solve: solve
      ).relative
      return values
    }
    do {
      if isDense {
        let factors = try RealDenseLU(matrix: system)
        certificate.method = "dense-lu"
        certificate.reciprocalCondition = factors.reciprocalCondition
        certificate.factorNonzeros = system.columns * system.columns
        certificate.peakBytes = factors.bytes + system.bytes
        let values = try solution { (vector, transposed) throws(KernelError) in
          try factors.solve(vector, transposed: transposed)
        }
        return (values, certificate)
      }
      let options = SparseLUOptions()
      let factors = try RealSparseLU(system, options: options)
      certificate.method = "sparse-lu(\(options.strategy),\(options.ordering))"
      certificate.reciprocalCondition = factors.info.reciprocalCondition
      certificate.factorNonzeros = factors.info.factorNonzeros
      certificate.peakBytes = factors.info.peakBytes + 2 * system.bytes
      let values = try solution { (vector, transposed) throws(KernelError) in
        try factors.solve(vector, transposed: transposed)
      }
      return (values, certificate)
    } catch .singularMatrix {
      certificate.errorBound = .infinity
      return (rightHandSide, certificate)
    } catch { throw .kernel(error) }
  }

  /// How many steady states a singular system hides: singular values of the generator where it is small.
  private func nullity(of liouvillian: Liouvillian, errorBound: Double) throws(SolverError) -> SolverError {
    let order = liouvillian.matrix.columns
    guard order <= Self.largestNullity else { return .singular(errorBound: errorBound) }
    do {
      let values = try singularValues(liouvillian.matrix.dense, rows: order, columns: order)
      let count = values.count { $0 <= Self.zeroLevel(order: order) * (values.first ?? 0) }
      return count > 1
        ? .notUnique(
          count: count, exact: false,
          reason: "so many eigenvalues vanish among the unknowns connected with the populations")
        : .singular(errorBound: errorBound)
    } catch { throw .kernel(error) }
  }
}

extension Certificate {
  /// Whether the unknowns are known to what a certificate allows.
  fileprivate var isResolved: Bool { (errorBound ?? .infinity) <= SteadyStateSolver.largestError }
}
