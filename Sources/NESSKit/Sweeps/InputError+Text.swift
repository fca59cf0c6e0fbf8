extension InputError: CustomStringConvertible {
  /// One sentence: what must hold, then what was found.
  public var description: String { "\(field) must be \(allowed), but is \(value)" }
}
