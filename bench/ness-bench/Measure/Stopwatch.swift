/// Wall-clock seconds of the phases of one point, one sample per repeat.
struct Stopwatch {
  private let clock = ContinuousClock()
  private(set) var samples: [String: [Double]] = [:]
  private(set) var phases: [String] = []

  /// Runs `body` and books its time under `phase`.
  mutating func time<R>(_ phase: String, _ body: () throws -> R) rethrows -> R {
    let start = clock.now
    let result = try body()
    let components = (clock.now - start).components
    if samples[phase] == nil { phases.append(phase) }
    samples[phase, default: []].append(
      Double(components.seconds) + Double(components.attoseconds) * 1e-18)
    return result
  }

  /// Minimum and median per phase.
  var spreads: [String: Spread] { samples.compactMapValues(Spread.init) }
}

/// Minimum and median of repeated measurements, in seconds.
struct Spread: Codable {
  let min: Double
  let median: Double

  /// nil without samples.
  init?(_ samples: [Double]) {
    let sorted = samples.sorted()
    guard let first = sorted.first else { return nil }
    min = first
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
