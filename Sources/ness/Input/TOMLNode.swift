import NESSKit
import TOMLKit

/// A TOML value without the parser's own types.
enum TOMLNode: Equatable {
  case integer(Int)
  case real(Double)
  case flag(Bool)
  case text(String)
  /// A date, a time or both, as it was written; nothing in an input file takes one.
  case date(String)
  case list([TOMLNode])
  case table([String: TOMLNode])

  /// Parses a document.
  /// - Throws: ``Failure`` with the line and what the parser expected.
  static func document(_ source: String, name: String) throws(Failure) -> TOMLNode {
    if let fault = TOMLGuard.fault(in: source) {
      // An earlier mistake comes first.
      _ = try document(fault.before, name: name)
      throw Failure(.input, "\(name):\(fault.line): \(fault.message)")
    }
    do {
      return TOMLNode(try TOMLTable(string: source))
    } catch let error as TOMLParseError {
      throw Failure(.input, "\(name):\(error.source.begin.line): \(error.description)")
    } catch {
      throw Failure(.input, "\(name): \(error)")
    }
  }

  private init(_ value: any TOMLValueConvertible) {
    switch value.type {
    case .int: self = .integer(value.int ?? 0)
    case .double: self = .real(value.double ?? .nan)
    case .bool: self = .flag(value.bool ?? false)
    case .string: self = .text(value.string ?? "")
    case .date, .time, .dateTime: self = .date(value.debugDescription)
    case .array:
      var elements: [TOMLNode] = []
      if let array = value.array { for element in array { elements.append(TOMLNode(element)) } }
      self = .list(elements)
    case .table:
      var entries: [String: TOMLNode] = [:]
      if let table = value.table { for (key, element) in table { entries[key] = TOMLNode(element) } }
      self = .table(entries)
    }
  }
}

extension TOMLNode: CustomStringConvertible {
  /// The value as a user writes it; long ones are cut.
  var description: String {
    switch self {
    case .integer(let value): return String(value)
    case .real(let value): return ParameterValue.real(value).description
    case .flag(let value): return value ? "true" : "false"
    case .text(let value): return ParameterValue.text(value).description
    case .date(let value): return value
    case .list(let values):
      let shown = values.prefix(8).map(\.description).joined(separator: ", ")
      return "[" + shown + (values.count > 8 ? ", …" : "") + "]"
    case .table: return "a table"
    }
  }
}

extension TOMLNode {
  /// What kind of value this is, in words.
  var kind: String {
    switch self {
    case .integer: return "a whole number"
    case .real: return "a real number"
    case .flag: return "true or false"
    case .text: return "text"
    case .date: return "a date"
    case .list: return "a list"
    case .table: return "a table"
    }
  }
}
