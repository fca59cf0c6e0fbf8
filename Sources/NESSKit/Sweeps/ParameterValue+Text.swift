extension ParameterValue: CustomStringConvertible {
  /// The value as a user writes it in an input file; real numbers read back to the same bits.
  public var description: String {
    switch self {
    case .integer(let value): return String(value)
    case .real(let value): return value.isNaN ? "nan" : "\(value)"
    case .flag(let value): return value ? "true" : "false"
    case .text(let value): return ParameterValue.quoted(value)
    case .list(let values): return "[" + values.map(\.description).joined(separator: ", ") + "]"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F {
          let digits = String(scalar.value, radix: 16, uppercase: true)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

extension ParameterValue {
  /// The number, for whole and real numbers; nil otherwise.
  public var number: Double? {
    switch self {
    case .integer(let value): return Double(value)
    case .real(let value): return value
    case .flag, .text, .list: return nil
    }
  }
}
