import NESSKit

/// A table of the input file whose keys are all known, with typed access to its values.
struct Section {
  let document: InputDocument
  /// Dotted path; empty for the whole file.
  let path: String
  private let entries: [String: TOMLNode]

  /// - Throws: ``Failure`` when the value is no table or has a key that is not among `keys`.
  init(_ document: InputDocument, _ path: String, _ node: TOMLNode, keys: [String]) throws(Failure) {
    guard case .table(let entries) = node else {
      throw document.failure(path, "\(path) must be a table, but is \(node)")
    }
    self.document = document
    self.path = path
    self.entries = entries
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) where !keys.contains(key) {
      let near = Suggestion.nearest(to: key, among: keys).map { " (did you mean \($0)?)" } ?? ""
      let place = path.isEmpty ? "at the top of the file" : "in \(path)"
      let shown = value.isTable ? "table \(key)" : "key \(key) = \(value)"
      throw document.failure(
        self.path(of: key), "unknown \(shown) \(place); allowed are \(keys.joined(separator: ", "))\(near)")
    }
  }

  func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func has(_ key: String) -> Bool { entries[key] != nil }

  func node(_ key: String) -> TOMLNode? { entries[key] }

  func wrong(_ key: String, _ allowed: String) -> Failure {
    let found = entries[key].map(\.description) ?? "missing"
    let path = self.path(of: key)
    return document.failure(path, "\(path) must be \(allowed), but is \(found)")
  }

  func text(_ key: String, _ allowed: String) throws(Failure) -> String? {
    guard let node = entries[key] else { return nil }
    guard case .text(let value) = node, !value.isEmpty else { throw wrong(key, allowed) }
    return value
  }

  func texts(_ key: String, _ allowed: String) throws(Failure) -> [String]? {
    guard let node = entries[key] else { return nil }
    guard case .list(let elements) = node, !elements.isEmpty else { throw wrong(key, allowed) }
    var result: [String] = []
    for element in elements {
      guard case .text(let value) = element else { throw wrong(key, allowed) }
      result.append(value)
    }
    return result
  }

  func integer(_ key: String, in range: ClosedRange<Int>, _ allowed: String) throws(Failure) -> Int? {
    guard let node = entries[key] else { return nil }
    guard case .integer(let value) = node, range.contains(value) else { throw wrong(key, allowed) }
    return value
  }

  /// A finite number, whole or real.
  func number(_ key: String, _ allowed: String) throws(Failure) -> Double? {
    guard let node = entries[key] else { return nil }
    guard let value = node.number, value.isFinite else { throw wrong(key, allowed) }
    return value
  }

  func list(_ key: String, _ allowed: String) throws(Failure) -> [TOMLNode]? {
    guard let node = entries[key] else { return nil }
    guard case .list(let elements) = node else { throw wrong(key, allowed) }
    return elements
  }

  /// Elements of `[[key]]`; a single table is no list.
  func tables(_ key: String) throws(Failure) -> [TOMLNode] {
    guard let node = entries[key] else { return [] }
    guard case .list(let elements) = node, elements.allSatisfy(\.isTable) else {
      throw wrong(key, "a list of tables, each headed [[\(path(of: key))]]")
    }
    return elements
  }
}

extension TOMLNode {
  var isTable: Bool { if case .table = self { true } else { false } }

  /// The number, for whole and real numbers.
  var number: Double? {
    switch self {
    case .integer(let value): return Double(value)
    case .real(let value): return value
    default: return nil
    }
  }

  /// A number that is not finite, or a list with one: the model tells what it takes instead. nil for all else.
  var infiniteValue: ParameterValue? {
    if parameterValue != nil { return nil }
    switch self {
    case .real(let value): return .real(value)
    case .list(let elements):
      let values = elements.compactMap { $0.parameterValue ?? $0.infiniteValue }
      return values.count == elements.count ? .list(values) : nil
    default: return nil
    }
  }

  /// The value as a parameter; nil when it is or holds a table, a date, or a number that is not finite.
  var parameterValue: ParameterValue? {
    switch self {
    case .integer(let value): return .integer(value)
    case .real(let value): return value.isFinite ? .real(value) : nil
    case .flag(let value): return .flag(value)
    case .text(let value): return .text(value)
    case .date, .table: return nil
    case .list(let elements):
      let values = elements.compactMap(\.parameterValue)
      return values.count == elements.count ? .list(values) : nil
    }
  }
}
