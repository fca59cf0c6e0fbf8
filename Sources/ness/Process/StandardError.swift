import Foundation

/// Diagnostics. What cannot be written there has nowhere else to go, so failures are ignored.
enum StandardError {
  static func write(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  static func line(_ text: String) { write("ness: \(text)\n") }
}
