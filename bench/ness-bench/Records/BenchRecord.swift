/// One measured point: one line of output.
struct BenchRecord: Codable {
  /// What was measured.
  let point: BenchPoint
  /// Axis of the sweep that the point belongs to; nil for a point on its own.
  var axis: String?
  /// Repeats after the warm-up.
  let repeats: Int
  /// Sizes and work; reproducible, and what regressions are judged by.
  let counters: BenchCounters
  /// Seconds per phase.
  let seconds: [String: Spread]
  /// Values that phase `observe` found.
  let observables: [String: Double]
  /// Largest difference between ``observables`` and what the whole point reports.
  let observablesDefect: Double
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
}

/// What does not depend on the load of the machine.
struct BenchCounters: Codable, Equatable {
  /// Dimension of the Hilbert space.
  var dimension: Int
  /// Unknowns without any reduction.
  var unknownsFull: Int
  /// Real unknowns that were solved for: the matrix order.
  var unknowns: Int
  /// Entries of the assembled generator.
  var nonzeros: Int
  /// How the system was solved.
  var method: String
  /// Entries of both factors.
  var factorNonzeros: Int
  /// Floating-point operations of the numeric factorization.
  var flops: Double
  /// Bytes that the factors hold.
  var factorBytes: Int
  /// Peak bytes of analysis and factorization.
  var factorPeakBytes: Int
  /// max |L rho| in the full problem.
  var residual: Double
  /// Scale that the residual is compared with.
  var rateScale: Double

  enum CodingKeys: String, CodingKey {
    case dimension, unknowns, nonzeros, method, flops, residual
    case unknownsFull = "unknowns_full"
    case factorNonzeros = "factor_nonzeros"
    case factorBytes = "factor_bytes"
    case factorPeakBytes = "factor_peak_bytes"
    case rateScale = "rate_scale"
  }
}
