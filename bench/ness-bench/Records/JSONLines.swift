import Foundation

/// Reading and writing one JSON object per line.
enum JSONLines {
  static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// Prints a line at once, so that a long sweep can be followed.
  static func emit(_ value: some Encodable) throws {
    FileHandle.standardOutput.write(Data((try line(value) + "\n").utf8))
  }

  static func decode<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }

  /// Records of files, or of standard input when there are none.
  static func records(in files: [String]) throws -> [BenchRecord] {
    var texts: [(name: String, text: String)] = []
    for file in files { texts.append((file, try String(contentsOfFile: file, encoding: .utf8))) }
    if files.isEmpty {
      texts.append(
        ("standard input", String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)))
    }
    var records: [BenchRecord] = []
    for (name, text) in texts {
      for (number, line) in text.split(separator: "\n").enumerated() {
        do { records.append(try decode(BenchRecord.self, from: String(line))) } catch {
          throw BenchFailure(
            "\(name), line \(number + 1): must be a record of ness-bench sweep, but \(error)")
        }
      }
    }
    return records
  }
}
