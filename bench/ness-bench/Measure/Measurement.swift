import NESSKit

/// Measures one point in this process.
struct Measurement {
  let point: BenchPoint
  /// Repeats to aim for.
  let repeats: Int
  /// Seconds after which no further repeat starts.
  let budget: Double

  func run() throws -> BenchRecord { try run(point.makeCase()) }

  private func run(_ benchCase: some BenchCase) throws -> BenchRecord {
    let solver = try point.solver()
    let symmetries = point.symmetries ? benchCase.symmetries() : []
    let base = ResidentMemory.current
    // Warm-up, and the peak memory of one whole point before repeats blur it. The command's interface always declares
    // the symmetries; without them the library is called directly.
    var whole: [String: Double]?
    if point.symmetries {
      whole = try benchCase.point(solver)
    } else {
      let equation = try benchCase.equation()
      whole = try benchCase.observe(try solver.solve(equation).state, equation)
    }
    let peak = ResidentMemory.peak

    var watch = Stopwatch()
    var last: (pass: Pass, certificate: Certificate)?
    let start = ContinuousClock.now
    var done = 0
    while done < max(1, repeats), done == 0 || ContinuousClock.now - start < .seconds(budget) {
      let equation = try watch.time("generator") { try benchCase.equation() }
      let pass = try Pass(benchCase, equation, solver: solver, declared: point.symmetries, watch: &watch)
      let steady = try watch.time("steady") { try solver.solve(equation, symmetries: symmetries) }
      if point.symmetries { whole = try watch.time("point") { try benchCase.point(solver) } }
      last = (pass, steady.certificate)
      done += 1
    }
    guard let last else { throw BenchFailure("no repeat was run") }
    var counters = last.pass.counters
    counters.method = last.certificate.method
    counters.residual = last.certificate.residual
    counters.rateScale = last.certificate.rateScale
    let observables = last.pass.observables
    let defect = observables.reduce(0) { max($0, abs($1.value - (whole?[$1.key] ?? .infinity))) }
    return BenchRecord(
      point: BenchPoint(
        model: point.model, axes: try BenchModel.named(point.model).complete(point.axes), route: point.route,
        symmetries: point.symmetries),
      axis: nil, repeats: done, counters: counters, seconds: watch.spreads, observables: observables,
      observablesDefect: defect, baseBytes: base, peakBytes: peak, environment: .current())
  }
}

/// One walk through the phases that follow the generator.
struct Pass {
  let counters: BenchCounters
  let observables: [String: Double]
  // Kept so that no phase can be optimized away, nor released inside the time of another.
  private let factors: Factors

  init<Case: BenchCase>(
    _ benchCase: Case, _ equation: Case.Equation, solver: SteadyStateSolver, declared: Bool,
    watch: inout Stopwatch
  ) throws {
    let terms = watch.time("terms") { equation.terms() }
    let reduced = try watch.time("symmetries") {
      try ReducedSpace(
        terms: terms, space: equation.space, symmetries: declared ? benchCase.symmetries() : [])
    }
    let liouvillian = try watch.time("assemble") { try Liouvillian(terms: terms, on: reduced) }
    guard let (system, rightHandSide) = watch.time("normalize", { liouvillian.normalizedSystem() }) else {
      throw BenchFailure("the generator must not vanish")
    }
    let route = solver.route(order: system.columns, nonzeros: system.nonzeros)
    let factors = try watch.time("factorize") { try Factors(system, route: route) }
    if case .sparse(let lu) = factors {
      // The same numeric work on the ordering found before: the rest of `factorize` is analysis.
      _ = try watch.time("refactorize") { try RealSparseLU(pattern: lu, matrix: system) }
    }
    let solution = try watch.time("solve") { try factors.solve(rightHandSide) }
    let state = ReducedState(in: reduced, unknowns: liouvillian.expanded(solution))
    observables = try watch.time("observe") { try benchCase.observe(state, equation) }
    self.factors = factors
    counters = BenchCounters(
      dimension: terms.dimension, unknownsFull: terms.dimension * terms.dimension, unknowns: system.columns,
      nonzeros: liouvillian.matrix.nonzeros, method: "", factorNonzeros: factors.nonzeros,
      flops: factors.flops,
      factorBytes: factors.bytes, factorPeakBytes: factors.peakBytes, residual: 0, rateScale: 0)
  }
}
