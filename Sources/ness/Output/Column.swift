import NESSKit

/// A column of the result.
struct Column: Equatable {
  enum Role: String {
    case parameter, index, observable
  }

  /// What the cells of a swept parameter hold; all other columns hold numbers.
  enum Kind: String {
    case number, text = "string", flag = "boolean", list

    /// The kind of these values; text when they are of several.
    init(_ values: [ParameterValue]) {
      let kinds = Set(values.map(Kind.init))
      self = kinds.count == 1 ? kinds.first ?? .number : .text
    }

    private init(_ value: ParameterValue) {
      switch value {
      case .integer, .real: self = .number
      case .flag: self = .flag
      case .text: self = .text
      case .list: self = .list
      }
    }
  }

  let name: String
  let role: Role
  let unit: String
  /// Paper and equation, for observables.
  let source: String?
  let kind: Kind
  /// Number of the sweep that changes this parameter; nil for all other columns.
  let axis: Int?

  /// Whether the column counts something; times do not.
  var isCounted: Bool { role == .index && name != "t" }
}
