/// Typed access to the parameters a user gave, with the defaults of a description.
///
/// Every error names the field, what it holds and what is allowed.
struct ParameterReader {
  private let given: [String: ParameterValue]
  private let description: MachineDescription

  /// - Throws: ``InputError`` for a name that the description does not have.
  init(_ given: [String: ParameterValue], for description: MachineDescription) throws(InputError) {
    let names = description.parameters.map(\.name)
    for name in given.keys.sorted() where !names.contains(name) {
      throw InputError(
        field: "parameters.\(name)", value: given[name]?.description ?? "",
        allowed: "absent: \(description.name) has the parameters \(Suggestion.allowed(names, near: name))")
    }
    self.given = given
    self.description = description
  }

  /// Whether the user gave this parameter.
  func isGiven(_ name: String) -> Bool { given[name] != nil }

  /// Value given or default; nil when there is neither.
  func value(_ name: String) -> ParameterValue? {
    given[name] ?? description.parameters.first { $0.name == name }?.defaultValue
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(InputError) -> Int {
    guard let value = value(name) else { throw missing(name) }
    if case .integer(let number) = value, range.contains(number) { return number }
    throw wrong(name, value)
  }

  func real(_ name: String) throws(InputError) -> Double {
    guard let value = value(name) else { throw missing(name) }
    return try real(value, name)
  }

  func text<T: RawRepresentable & CaseIterable>(_ name: String, as type: T.Type) throws(InputError) -> T
  where T.RawValue == String {
    guard let value = value(name) else { throw missing(name) }
    if case .text(let text) = value, let result = T(rawValue: text) { return result }
    throw wrong(name, value)
  }

  /// `count` real numbers from a list.
  func reals(_ name: String, count: Int) throws(InputError) -> [Double] {
    guard let value = value(name) else { throw missing(name) }
    guard case .list(let values) = value, values.count == count else { throw wrong(name, value) }
    var result: [Double] = []
    for (position, value) in values.enumerated() { result.append(try real(value, name, position)) }
    return result
  }

  /// `count` real numbers: a list of them, or one number for all.
  func oneOrEach(_ name: String, count: Int) throws(InputError) -> [Double] {
    isList(name)
      ? try reals(name, count: count) : Array(repeating: try real(name), count: count)
  }

  /// An error of the library, which names parameters and elements of lists, in the terms of what the user gave.
  func located(_ error: InputError) -> InputError {
    var field = error.field
    if field.hasPrefix("parameters.") { return error }
    if let bracket = field.firstIndex(of: "["), !isList(String(field[..<bracket])) {
      field = String(field[..<bracket])
    }
    return InputError(field: "parameters.\(field)", value: error.value, allowed: error.allowed)
  }

  private func isList(_ name: String) -> Bool {
    if case .list? = value(name) { true } else { false }
  }

  /// `count` whole numbers from a list.
  func integers(_ name: String, count: Int, in range: Range<Int>) throws(InputError) -> [Int] {
    guard let value = value(name) else { throw missing(name) }
    guard case .list(let values) = value, values.count == count else { throw wrong(name, value) }
    var result: [Int] = []
    for element in values {
      guard case .integer(let number) = element, range.contains(number) else { throw wrong(name, value) }
      result.append(number)
    }
    return result
  }

  /// The one of several alternative parameters that the user gave; nil when none was.
  func alternative(_ names: [String]) throws(InputError) -> String? {
    let found = names.filter(isGiven)
    if found.count > 1 {
      throw InputError(
        field: "parameters.\(found[1])", value: "given together with \(found[0])",
        allowed: "the only one of \(names.joined(separator: ", ")) that is given")
    }
    return found.first
  }

  private func real(_ value: ParameterValue, _ name: String, _ position: Int? = nil) throws(InputError)
    -> Double
  {
    if let number = value.number, number.isFinite { return number }
    throw wrong(position.map { "\(name)[\($0)]" } ?? name, value, described: name)
  }

  /// The error for a value that has the right type and is not allowed.
  func wrong(_ name: String) -> InputError {
    guard let value = value(name) else { return missing(name) }
    return wrong(name, value)
  }

  private func missing(_ name: String) -> InputError {
    InputError(field: "parameters.\(name)", value: "absent", allowed: allowed(name))
  }

  private func wrong(_ name: String, _ value: ParameterValue, described: String? = nil) -> InputError {
    InputError(field: "parameters.\(name)", value: value.description, allowed: allowed(described ?? name))
  }

  private func allowed(_ name: String) -> String {
    description.parameters.first { $0.name == name }?.allowed ?? "a value"
  }
}
