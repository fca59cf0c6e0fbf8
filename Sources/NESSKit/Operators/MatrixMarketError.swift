/// What is wrong with a Matrix Market text, and where.
public struct MatrixMarketError: Error, Sendable, Equatable {
  /// Line, counted from 1.
  public let line: Int
  /// What is wrong there, for instance "row index".
  public let item: String
  /// What was found.
  public let found: String
  /// What is allowed.
  public let allowed: String

  /// Creates an error; the message reads "line `line`: `item` must be `allowed`, but is `found`".
  public init(line: Int, item: String, found: String, allowed: String) {
    self.line = line
    self.item = item
    self.found = found
    self.allowed = allowed
  }
}

extension MatrixMarketError: CustomStringConvertible {
  /// One sentence: what must hold, then what was found.
  public var description: String { "line \(line): \(item) must be \(allowed), but is \(found)" }
}
