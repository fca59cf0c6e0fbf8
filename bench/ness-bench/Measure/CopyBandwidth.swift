import Foundation

/// How fast this machine copies memory: what the applications of a matrix-free generator are compared with.
struct CopyBandwidth: Codable {
  /// Bytes read and written per second, by number of threads. A second is one of processor time of every thread, which other
  /// programs on the machine lengthen less than one of the clock.
  let bytesPerSecond: [Int: Double]

  /// Buffers several times as large as the caches; the best of some rounds.
  static func measured(threads: [Int] = [1, 2], bytes: Int = 128 << 20, rounds: Int = 5) -> CopyBandwidth {
    let source = [UInt8](repeating: 1, count: bytes)
    var target = [UInt8](repeating: 0, count: bytes)
    var result: [Int: Double] = [:]
    unsafe source.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for count in threads {
          let part = bytes / count
          // Threads copy disjoint parts, and all are done before the buffers end.
          nonisolated(unsafe) let (from, to) = unsafe (from, to)
          for _ in 0..<rounds {
            let start = Stopwatch.processorSeconds
            DispatchQueue.concurrentPerform(iterations: count) { thread in
              unsafe (to + thread * part).copyMemory(from: from + thread * part, byteCount: part)
            }
            let seconds = (Stopwatch.processorSeconds - start) / Double(count)
            result[count] = max(result[count] ?? 0, 2 * Double(part * count) / seconds)
          }
        }
      }
    }
    return CopyBandwidth(bytesPerSecond: result)
  }

  enum CodingKeys: String, CodingKey { case bytesPerSecond = "bytes_per_second" }
}
