import Foundation
import Testing

/// A result in JSON with its numbers to the last bit, which JSONSerialization does not keep.
struct JSONFile: Decodable {
  enum Value: Decodable, Equatable {
    case number(Double)
    case text(String)
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .other
      }
    }

    var number: Double? { if case .number(let number) = self { number } else { nil } }
  }

  private struct Column: Decodable {
    let name: String
  }

  private enum Keys: CodingKey {
    case columns, rows, certificates
  }

  let columns: [String]
  let rows: [[Double?]]
  let certificates: [[String: Value]]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    columns = try container.decode([Column].self, forKey: .columns).map(\.name)
    rows = try container.decode([[Double?]].self, forKey: .rows)
    certificates = try container.decode([[String: Value]].self, forKey: .certificates)
  }

  init(_ url: URL) throws { self = try JSONDecoder().decode(JSONFile.self, from: Data(contentsOf: url)) }
}

/// Reads HDF5 through h5dump, a program that is not ours.
struct HDF5Reader {
  let file: URL

  func doubles(_ dataset: String) throws -> [Double] {
    let binary = file.appendingPathExtension("bin")
    _ = try dump(["-d", dataset, "-b", "LE", "-o", binary.path])
    let bytes = [UInt8](try Data(contentsOf: binary))
    return stride(from: 0, to: bytes.count, by: 8).map { start in
      Double(bitPattern: bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  func text(_ dataset: String) throws -> String { try dump(["-d", dataset]) }

  func attribute(_ path: String) throws -> String { try dump(["-a", path]) }

  private func dump(_ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["h5dump"] + arguments + [file.path]
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
