import Foundation

/// Seconds of the phases of one point, one sample per repeat.
struct Stopwatch {
  /// One run of one phase.
  struct Sample {
    let wall: Double
    let processor: Double
  }

  private let clock = ContinuousClock()
  private var samples: [String: [Sample]] = [:]

  /// Runs `body` and books its time under `phase`.
  mutating func time<R>(_ phase: String, _ body: () throws -> R) rethrows -> R {
    let used = Self.processorSeconds
    let start = clock.now
    let result = try body()
    let components = (clock.now - start).components
    let wall = Double(components.seconds) + Double(components.attoseconds) * 1e-18
    samples[phase, default: []].append(Sample(wall: wall, processor: Self.processorSeconds - used))
    return result
  }

  /// Least and middle times per phase.
  var spreads: [String: Spread] { samples.compactMapValues(Spread.init) }

  /// Processor time of this process so far.
  static var processorSeconds: Double {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return .nan }
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Times of repeated measurements, in seconds.
struct Spread: Codable {
  /// Least wall-clock time.
  let min: Double
  /// Middle wall-clock time.
  let median: Double
  /// Least processor time, which other programs on the machine disturb less.
  let processor: Double

  /// nil without samples.
  init?(_ samples: [Stopwatch.Sample]) {
    let sorted = samples.map(\.wall).sorted()
    guard let first = sorted.first, let least = samples.map(\.processor).min() else { return nil }
    min = first
    let middle = sorted.count / 2
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    processor = least
  }
}
