import ArgumentParser
import NESSKit

/// Compares all ways to factorize the same matrix.
struct RoutesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "routes",
    abstract: "Factorize one matrix in every way, interleaved in one process; one JSON object per route.",
    discussion: "This is what the crossover between the dense and the sparse route is set from.")

  @OptionGroup var options: PointOptions
  @OptionGroup var repeats: RepeatOptions

  @Option(help: "Largest order for the dense route.")
  var denseLimit = 4000

  @Flag(help: "Measure in this process instead of a spawned one with one BLAS thread.")
  var here = false

  func run() throws {
    guard here else {
      var arguments = [
        "routes", "--here", "--model", options.model, "--dense-limit", "\(denseLimit)", "--repeats",
        "\(repeats.repeats)", "--budget", "\(repeats.budget)",
      ]
      for setting in options.settings { arguments += ["--set", setting] }
      if !options.symmetries { arguments.append("--no-symmetries") }
      print(String(decoding: try ChildProcess.runSelf(arguments), as: UTF8.self), terminator: "")
      return
    }
    let point = try options.point()
    try measure(point, point.makeCase())
  }

  private func measure(_ point: BenchPoint, _ benchCase: some BenchCase) throws {
    let equation = try benchCase.equation()
    let terms = equation.terms()
    let reduced = try ReducedSpace(
      terms: terms, space: equation.space, symmetries: point.symmetries ? benchCase.symmetries() : [])
    let liouvillian = try Liouvillian(terms: terms, on: reduced)
    guard let (system, rightHandSide) = liouvillian.normalizedSystem() else {
      throw BenchFailure("the generator must not vanish")
    }
    var routes: [(name: String, method: SteadyStateSolver.Method, options: SparseLUOptions)] = [
      ("metis, symmetric", .direct, .init(strategy: .symmetric, ordering: .metis)),
      ("amd, symmetric", .direct, .init(strategy: .symmetric, ordering: .amd)),
      ("amd, unsymmetric", .direct, .init(strategy: .unsymmetric, ordering: .amd)),
    ]
    if system.columns <= denseLimit { routes.insert(("dense", .dense, .init()), at: 0) }
    var watch = Stopwatch()
    var last: [String: (factors: Factors, residual: Double)] = [:]
    let start = ContinuousClock.now
    // Pass 0 warms up and is not counted.
    for pass in 0...max(1, repeats.repeats) {
      if pass > 1 && ContinuousClock.now - start > .seconds(repeats.budget) { break }
      if pass == 1 { watch = Stopwatch() }
      for route in routes {
        let (factors, values) = try watch.time(route.name) {
          let factors = try Factors(system, route: route.method, options: route.options)
          return (factors, try factors.solve(rightHandSide))
        }
        let residual = liouvillian.matrix.applied(to: values).reduce(0) { max($0, abs($1)) }
        last[route.name] = (factors, residual)
      }
    }
    for route in routes {
      guard let (factors, residual) = last[route.name], let seconds = watch.spreads[route.name] else {
        continue
      }
      try JSONLines.emit(
        RouteRecord(
          point: point, order: system.columns, nonzeros: system.nonzeros, route: route.name, seconds: seconds,
          factorNonzeros: factors.nonzeros, flops: factors.flops, factorBytes: factors.bytes,
          factorPeakBytes: factors.peakBytes, residual: residual, blasCore: OpenBLAS.coreName,
          blasThreads: OpenBLAS.threads))
    }
  }
}

/// One route on one matrix.
struct RouteRecord: Codable {
  let point: BenchPoint
  let order: Int
  let nonzeros: Int
  let route: String
  /// Factorization and one solve.
  let seconds: Spread
  let factorNonzeros: Int
  let flops: Double
  let factorBytes: Int
  let factorPeakBytes: Int
  let residual: Double
  let blasCore: String?
  let blasThreads: Int?

  enum CodingKeys: String, CodingKey {
    case point, order, nonzeros, route, seconds, flops, residual
    case factorNonzeros = "factor_nonzeros"
    case factorBytes = "factor_bytes"
    case factorPeakBytes = "factor_peak_bytes"
    case blasCore = "blas_core"
    case blasThreads = "blas_threads"
  }
}
