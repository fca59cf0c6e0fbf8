import Foundation

/// Resident memory of this process.
enum ResidentMemory {
  /// Bytes resident now; nil where the system does not tell.
  static var current: Int? { status("VmRSS") }

  /// Largest number of bytes resident so far.
  ///
  /// On Linux `getrusage` of a spawned process starts from the peak of the process that spawned it, so the mark of the
  /// address space is read instead.
  static var peak: Int {
    if let mark = status("VmHWM") { return mark }
    var usage = rusage()
    #if os(Linux)
      guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
      return usage.ru_maxrss * 1024
    #else
      guard unsafe getrusage(RUSAGE_SELF, &usage) == 0 else { return 0 }
      return usage.ru_maxrss
    #endif
  }

  private static func status(_ field: String) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix("\(field):") {
      return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map {
        $0 * 1024
      }
    }
    return nil
  }
}
