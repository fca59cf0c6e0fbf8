/// Bad input: which field, what it holds, and what is allowed.
public struct InputError: Error, Sendable, Equatable {
  /// Dotted name of the field, for instance `parameters.M`.
  public let field: String
  /// What was found there, as the user would write it.
  public let value: String
  /// What is allowed.
  public let allowed: String

  /// Creates an error; the message reads "`field` must be `allowed`, but is `value`".
  public init(field: String, value: String, allowed: String) {
    self.field = field
    self.value = value
    self.allowed = allowed
  }
}

extension InputError: CustomStringConvertible {
  /// One sentence: what must hold, then what was found.
  public var description: String { "\(field) must be \(allowed), but is \(value)" }
}
