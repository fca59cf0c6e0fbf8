import Foundation
import NESSKit

/// An input file: its values, changed by `--set`, and where they came from.
struct InputDocument {
  /// Name in messages.
  let name: String
  /// Folder that relative paths in the file refer to.
  let folder: URL
  /// All values.
  private(set) var root: TOMLNode
  /// The file itself; empty for standard input.
  private(set) var files: [URL] = []

  private let lines: SourceLines
  private var overrides: [(path: String, text: String)] = []

  /// Reads a file, or standard input for "-".
  init(path: String) throws(Failure) {
    let data: Data
    do {
      if path == "-" {
        name = "standard input"
        folder = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
        data = try FileHandle.standardInput.readToEnd() ?? Data()
      } else {
        let url = URL(filePath: path)
        name = path
        folder = url.deletingLastPathComponent()
        data = try InputFile.read(url)
        files.append(url)
      }
    } catch {
      throw Failure(.file, "cannot read \(path == "-" ? "standard input" : path): \(systemReason(error))")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure(.input, "\(name): the file must be text in UTF-8, but has other bytes")
    }
    root = try TOMLNode.document(text, name: name)
    lines = SourceLines(text)
  }

  /// Applies `KEY=VALUE`.
  mutating func set(_ assignment: String) throws(Failure) {
    guard let equals = assignment.firstIndex(of: "=") else {
      throw Failure(.usage, "--set must be KEY=VALUE, but is \(assignment)")
    }
    let key = assignment[..<equals].trimmingCharacters(in: .whitespaces)
    let text = assignment[assignment.index(after: equals)...].trimmingCharacters(in: .whitespaces)
    let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !$0.isEmpty }) else {
      throw Failure(
        .usage,
        "the key of --set must be a dotted path such as parameters.f, but is \(ParameterValue.text(key))")
    }
    let value: TOMLNode
    do throws(Failure) {
      guard case .table(let entries) = try TOMLNode.document("value = \(text)", name: ""), entries.count == 1,
        let parsed = entries["value"]
      else { throw Failure(.usage, "") }
      value = parsed
    } catch {
      throw Failure(
        .usage,
        "the value of --set \(key) must be a TOML value (text needs quotes inside the shell's: '\(key)=\"\(text)\"'), but is \(text)"
      )
    }
    root = try InputDocument.replace(parts[...], in: root, by: value, done: "", whole: key)
    overrides.append((key, "--set \(assignment)"))
  }

  private static func replace(
    _ path: ArraySlice<String>, in node: TOMLNode, by value: TOMLNode, done: String, whole: String
  ) throws(Failure) -> TOMLNode {
    guard let first = path.first else { return value }
    let here = done.isEmpty ? first : "\(done).\(first)"
    switch node {
    case .table(var entries):
      entries[first] = try replace(
        path.dropFirst(), in: entries[first] ?? .table([:]), by: value, done: here, whole: whole)
      return .table(entries)
    case .list(var elements):
      guard let number = Int(first), elements.indices.contains(number) else {
        let allowed =
          elements.isEmpty ? "absent, since the list is empty" : "a number from 0 to \(elements.count - 1)"
        throw Failure(.usage, "--set \(whole): \(first) in \(here) must be \(allowed)")
      }
      elements[number] = try replace(
        path.dropFirst(), in: elements[number], by: value, done: here, whole: whole)
      return .list(elements)
    default:
      throw Failure(
        .usage, "--set \(whole): \(done) must be a table or a list to have \(first) in it, but is \(node)")
    }
  }

  /// A message about a key, with the place it came from.
  func failure(_ path: String, _ message: String) -> Failure {
    Failure(.input, "\(place(of: path)): \(message)")
  }

  /// A message about bad input that the library found.
  func failure(_ error: InputError) -> Failure {
    // The library names elements of lists as custom.jump[2].rate, and some by a name in quotes.
    let path = String(error.field.prefix { $0 != " " }).replacing("[", with: ".").replacing("]", with: "")
    return failure(path, error.description)
  }

  private func place(of path: String) -> String {
    if let override = overrides.last(where: { path == $0.path || path.hasPrefix($0.path + ".") }) {
      return override.text
    }
    guard let line = lines.line(of: path) else { return name }
    return "\(name):\(line)"
  }
}
