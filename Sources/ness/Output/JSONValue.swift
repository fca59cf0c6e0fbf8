import NESSKit

/// A JSON value whose objects keep the order of their keys.
enum JSONValue {
  case null
  case flag(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case list([JSONValue])
  case object([(key: String, value: JSONValue)])

  init(_ value: ParameterValue) {
    switch value {
    case .integer(let number): self = .integer(number)
    case .real(let number): self = .real(number)
    case .flag(let flag): self = .flag(flag)
    case .text(let text): self = .text(text)
    case .list(let values): self = .list(values.map(JSONValue.init))
    }
  }

  /// A number; nil becomes null, and so does what JSON cannot hold.
  init(_ number: Double?) { self = number.map { $0.isFinite ? .real($0) : .null } ?? .null }

  /// One line of JSON.
  var compact: String {
    switch self {
    case .null: return "null"
    case .flag(let flag): return flag ? "true" : "false"
    case .integer(let number): return String(number)
    // The shortest digits that read back to the same bits, at most 17.
    case .real(let number): return number.isFinite ? "\(number)" : "null"
    case .text(let text): return JSONValue.quoted(text)
    case .list(let values): return "[" + values.map(\.compact).joined(separator: ", ") + "]"
    case .object(let entries):
      return "{" + entries.map { "\(JSONValue.quoted($0.key)): \($0.value.compact)" }.joined(separator: ", ")
        + "}"
    }
  }

  /// JSON with the entries of objects and of lists of containers on lines of their own, `depth` containers deep.
  func pretty(depth: Int, indent: String = "") -> String {
    guard depth > 0 else { return compact }
    let inner = indent + "  "
    switch self {
    case .list(let values) where values.contains(where: \.isContainer):
      return "[\n"
        + values.map { inner + $0.pretty(depth: depth - 1, indent: inner) }.joined(separator: ",\n")
        + "\n\(indent)]"
    case .object(let entries) where !entries.isEmpty:
      let lines = entries.map {
        "\(inner)\(JSONValue.quoted($0.key)): \($0.value.pretty(depth: depth - 1, indent: inner))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return compact
    }
  }

  private var isContainer: Bool {
    switch self {
    case .list, .object: return true
    default: return false
    }
  }

  private static func quoted(_ text: String) -> String { ParameterValue.text(text).description }
}

extension JSONValue: Decodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: Key.self) {
      self = .object(
        try container.allKeys.map {
          (key: $0.stringValue, value: try container.decode(JSONValue.self, forKey: $0))
        })
      return
    }
    if var container = try? decoder.unkeyedContainer() {
      var values: [JSONValue] = []
      while !container.isAtEnd { values.append(try container.decode(JSONValue.self)) }
      self = .list(values)
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Int.self) {
      self = .integer(number)
    } else if let number = try? container.decode(Double.self) {
      self = .real(number)
    } else {
      self = .text(try container.decode(String.self))
    }
  }
}

extension JSONValue {
  subscript(key: String) -> JSONValue? {
    guard case .object(let entries) = self else { return nil }
    return entries.first { $0.key == key }?.value
  }

  var isNull: Bool { if case .null = self { true } else { false } }

  /// Whether both are the same text, flag or number.
  func isSameScalar(as other: JSONValue) -> Bool {
    if let text { return other.text == text }
    if let flag { return other.flag == flag }
    if let number { return other.number == number }
    return false
  }

  var text: String? { if case .text(let value) = self { value } else { nil } }
  var flag: Bool? { if case .flag(let value) = self { value } else { nil } }
  var list: [JSONValue]? { if case .list(let values) = self { values } else { nil } }
  var integer: Int? { if case .integer(let value) = self { value } else { nil } }

  var number: Double? {
    switch self {
    case .integer(let value): return Double(value)
    case .real(let value): return value
    default: return nil
    }
  }

  /// The value as a parameter; nil for null and objects.
  var parameterValue: ParameterValue? {
    switch self {
    case .null, .object: return nil
    case .flag(let value): return .flag(value)
    case .integer(let value): return .integer(value)
    case .real(let value): return .real(value)
    case .text(let value): return .text(value)
    case .list(let values):
      let elements = values.compactMap(\.parameterValue)
      return elements.count == values.count ? .list(elements) : nil
    }
  }
}
