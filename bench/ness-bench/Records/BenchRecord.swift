import NESSKit

/// One measured point: one line of output.
struct BenchRecord: Codable {
  /// What was measured.
  let point: BenchPoint
  /// Axis of the sweep that the point belongs to; nil for a point on its own.
  var axis: String?
  /// Repeats after the warm-up; a long point is measured once, without one.
  let repeats: Int
  /// Sizes and work; reproducible, and what regressions are judged by.
  let counters: BenchCounters
  /// Seconds per phase.
  let seconds: [String: Spread]
  /// Values that phase `observe` found.
  let observables: [String: Double]
  /// Largest difference between ``observables`` and what the whole point reports; nil where only that was computed.
  let observablesDefect: Double?
  /// Resident memory before the first solve, in bytes.
  let baseBytes: Int?
  /// Peak resident memory of a process that computed the whole point once, in bytes.
  let peakBytes: Int
  /// Where it was measured.
  let environment: BenchEnvironment

  enum CodingKeys: String, CodingKey {
    case point, axis, repeats, counters, seconds, observables, environment
    case observablesDefect = "observables_defect"
    case baseBytes = "rss_base_bytes"
    case peakBytes = "rss_peak_bytes"
  }

  /// Bytes per second of processor time of every thread that the applications of a matrix-free generator moved, had the solve
  /// done nothing else.
  var bytesPerSecond: Double? {
    guard let iteration = counters.work.iteration, let bytes = iteration.bytesPerApplication,
      let seconds = (seconds["steady"] ?? seconds["point"])?.processor
    else { return nil }
    return Double(bytes) * Double(iteration.applications) * Double(point.threads) / seconds
  }
}

/// What does not depend on the load of the machine.
struct BenchCounters: Codable, Equatable {
  /// Unknowns without any reduction.
  var unknownsFull: Int
  /// Real unknowns that were solved for: the matrix order, or the elements of all blocks.
  var unknowns: Int
  /// The route taken, a name of `SteadyStateSolver.Method`.
  var route: String
  /// How the system was solved, with its settings.
  var method: String
  /// max |L rho| in the full problem.
  var residual: Double
  /// Scale that the residual is compared with.
  var rateScale: Double
  /// What the route needed.
  var work: Work

  init(_ certificate: Certificate, route: SteadyStateSolver.Method, work: Work) {
    unknownsFull = certificate.unknownsFull
    unknowns = certificate.unknowns
    self.route = route.rawValue
    method = certificate.method
    residual = certificate.residual
    rateScale = certificate.rateScale
    self.work = work
  }

  enum CodingKeys: String, CodingKey {
    case unknowns, route, method, residual, work
    case unknownsFull = "unknowns_full"
    case rateScale = "rate_scale"
  }
}

/// Counters that belong to one kind of route.
struct Work: Codable, Equatable {
  /// Of the routes that factorize.
  var factorization: FactorizationWork?
  /// Of the routes that iterate.
  var iteration: IterationWork?
}

/// Sizes and work of a factorization.
struct FactorizationWork: Codable, Equatable {
  /// Entries of the assembled generator.
  var nonzeros: Int
  /// Entries of both factors.
  var factorNonzeros: Int
  /// Floating-point operations of the numeric factorization.
  var flops: Double
  /// Bytes that the factors hold.
  var factorBytes: Int
  /// Peak bytes of analysis and factorization.
  var factorPeakBytes: Int

  enum CodingKeys: String, CodingKey {
    case nonzeros, flops
    case factorNonzeros = "factor_nonzeros"
    case factorBytes = "factor_bytes"
    case factorPeakBytes = "factor_peak_bytes"
  }
}

/// Sizes and work of an iteration.
struct IterationWork: Codable, Equatable {
  /// Order of the symmetry group.
  var groupOrder: Int
  /// Orbits of basis states.
  var orbits: Int
  /// Irreducible blocks.
  var blocks: Int
  /// Order of the largest block.
  var largestBlock: Int
  /// Steps of the iteration.
  var iterations: Int
  /// Applications of the generator, or of the inverse of its part without jumps.
  var applications: Int
  /// Bytes read and written by one application, caches left aside; nil where dense products bound the speed.
  var bytesPerApplication: Int?

  enum CodingKeys: String, CodingKey {
    case orbits, blocks, iterations, applications
    case groupOrder = "group_order"
    case largestBlock = "largest_block"
    case bytesPerApplication = "bytes_per_application"
  }
}
