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
    let base = ResidentMemory.current
    var watch = Stopwatch()
    let clock = ContinuousClock()
    let start = clock.now
    // Warm-up, and the peak memory of one whole point before repeats blur it.
    var whole = try watch.time("point") { try self.whole(benchCase, solver) }
    let peak = ResidentMemory.peak
    let route = try SteadyStateSolver.Method(taken: whole.certificate)
    // What takes long is not spoilt by a cold start, and not worth a second time.
    let isLong = (clock.now - start) * 4 > .seconds(budget)
    if !isLong { watch = Stopwatch() }
    var work = Work()
    var observables = whole.observables
    let cache = SymbolicCache()
    var done = 0
    while done < (isLong ? 1 : max(1, repeats)), done == 0 || clock.now - start < .seconds(budget) {
      let equation = try watch.time("generator") { try benchCase.equation() }
      switch route {
      case .dense, .direct:
        if isLong { break }
        let pass = try FactorizationPass(
          benchCase, equation, route: route, declared: point.symmetries, watch: &watch)
        work.factorization = pass.work
        observables = pass.observables
      case .sylvester, .krylov:
        work.iteration = try BlockPass(
          benchCase, equation, certificate: whole.certificate, isProjected: route == .sylvester,
          declared: point.symmetries, watch: &watch
        ).work
      case .banded, .complex, .automatic: break
      }
      if !isLong {
        let steady = try watch.time("steady") {
          try solver.solve(equation, symmetries: point.symmetries ? benchCase.symmetries() : [])
        }
        if work.factorization == nil {
          observables = try watch.time("observe") { try benchCase.observe(steady.state, equation) }
        }
        whole = try watch.time("point") { try self.whole(benchCase, solver) }
        if route == .banded, point.symmetries {
          if done == 0 { _ = try benchCase.point(solver, reusing: cache) }
          _ = try watch.time("next") { try benchCase.point(solver, reusing: cache) }
        }
      }
      done += 1
    }
    let counters = BenchCounters(whole.certificate, route: route, work: work)
    let defect = observables.reduce(0) { max($0, abs($1.value - (whole.observables[$1.key] ?? .infinity))) }
    var measured = point
    measured.axes = try BenchModel.named(point.model).complete(point.axes)
    return BenchRecord(
      point: measured, axis: nil, repeats: done, counters: counters, seconds: watch.spreads,
      observables: observables, observablesDefect: isLong ? nil : defect, baseBytes: base, peakBytes: peak,
      environment: .current())
  }

  /// The whole point. The command's interface always declares the symmetries; without them the library is called directly.
  private func whole(
    _ benchCase: some BenchCase, _ solver: SteadyStateSolver
  ) throws -> (observables: [String: Double], certificate: Certificate) {
    if point.symmetries { return try benchCase.point(solver) }
    let equation = try benchCase.equation()
    let steady = try solver.solve(equation)
    return (try benchCase.observe(steady.state, equation), steady.certificate)
  }
}

extension SteadyStateSolver.Method {
  /// The route that a certificate tells of.
  init(taken certificate: Certificate) throws(BenchFailure) {
    let names: [(prefix: String, route: Self)] = [
      ("dense", .dense), ("band", .banded), ("sparse", .direct), ("complex", .complex),
      ("sylvester", .sylvester),
      ("krylov", .krylov),
    ]
    guard let found = names.first(where: { certificate.method.hasPrefix($0.prefix) }) else {
      throw BenchFailure("the route must be known, but the certificate says \(certificate.method)")
    }
    self = found.route
  }
}
