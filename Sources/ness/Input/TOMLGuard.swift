/// Finds the mistakes on which the parser fails an assertion, which ends the process, or hangs instead of throwing.
///
/// toml++ 3.4 asserts, also in release, on a table header without a key, on `}` where a list needs a value, and on a date whose
/// time does not begin with two digits; on spaces other than those of ASCII (as copied from web pages) it never ends. Everything else is left to the parser. Up to the first mistake of a document the scan
/// is exact; a mistake that it does not know may confuse it, so a fault counts only once the text before it has been parsed.
struct TOMLGuard {
  /// What the parser must not see.
  struct Fault: Equatable {
    /// Line of the fault, from 1.
    let line: Int
    /// What must hold there, and what was found.
    let message: String
    /// The text before the statement with the fault.
    let before: String
  }

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1

  /// The first fault of a document; nil when the parser can have it.
  static func fault(in source: String) -> Fault? {
    var scan = TOMLGuard(scalars: Array(source.unicodeScalars))
    // A byte order mark is not part of the first line.
    if scan.peek == "\u{FEFF}" { scan.advance() }
    while scan.peek != nil {
      let start = scan.position
      guard let message = scan.statement() else { continue }
      var before = String.UnicodeScalarView()
      before.append(contentsOf: scan.scalars[..<start])
      return Fault(line: scan.line, message: message, before: String(before))
    }
    return nil
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private var peek: Unicode.Scalar? { scalar(at: position) }

  private func scalar(at index: Int) -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  private mutating func advance() {
    if scalars[position] == "\n" { line += 1 }
    position += 1
  }

  /// Passes one statement with the end of its line, or what stands between statements.
  private mutating func statement() -> String? {
    switch peek {
    case " ", "\t", "\r", "\n":
      advance()
      return nil
    case "[": return header()
    default: return assignment()
    }
  }

  private mutating func header() -> String? {
    advance()
    skipBlanks()
    if peek == "[" {
      advance()
      skipBlanks()
    }
    guard let first = peek, first == "]" || Self.beginsKey(first) else {
      return "a table header must be [name] or [[name]], but after the bracket there is \(found)"
    }
    while let scalar = peek, scalar != "\n" {
      switch scalar {
      case "\"", "'": skipText()
      case "#": skipComment()
      default:
        if let message = strayFault() { return message }
        advance()
      }
    }
    return nil
  }

  /// Outside of strings and comments everything is printable ASCII.
  private func strayFault() -> String? {
    guard let scalar = peek,
      scalar.value < 32 ? !"\t\r\n".unicodeScalars.contains(scalar) : scalar.value > 126
    else { return nil }
    return "only strings and comments may hold characters other than printable ASCII, but there is \(found)"
  }

  private mutating func assignment() -> String? {
    var open: [Unicode.Scalar] = []
    var needsValue = false
    while let scalar = peek {
      switch scalar {
      case "\n" where open.isEmpty: return nil
      case " ", "\t", "\r", "\n": advance()
      case "#": skipComment()
      case "\"", "'":
        skipText()
        needsValue = false
      case "[", "{":
        open.append(scalar)
        needsValue = scalar == "["
        advance()
      case "}" where open.last == "[": return "a list must be closed by ], but there is }"
      case "]", "}":
        _ = open.popLast()
        needsValue = false
        advance()
      case ",", "=":
        needsValue = scalar == "=" || open.last == "["
        advance()
      default:
        if needsValue, let message = dateFault() { return message }
        if let message = strayFault() { return message }
        while let next = peek, !Self.endsValue(next), needsValue || next != "=", strayFault() == nil {
          advance()
        }
        needsValue = false
      }
    }
    return nil
  }

  /// A date, then T or a space with a digit, must go on with two digits.
  private func dateFault() -> String? {
    var length = 0
    var end = position
    // The parser counts without underscores.
    while length < 10, let next = scalar(at: end), !Self.endsValue(next) {
      if next != "_" {
        if length == 4 || length == 7, next != "-" { return nil }
        length += 1
      }
      end += 1
    }
    while scalar(at: end) == "_" { end += 1 }
    guard length == 10, let separator = scalar(at: end) else { return nil }
    let (first, second) = (scalar(at: end + 1), scalar(at: end + 2))
    let isTime: Bool
    switch separator {
    case "T", "t": isTime = first.map(Self.isDigit) ?? true
    case " ": isTime = !(first.map(Self.isDigit) ?? false) || (second.map(Self.isDigit) ?? true)
    default: isTime = true
    }
    return isTime ? nil : "the time after a date must be as 07:32:00, with two digits for the hour"
  }

  /// What stands here, in words.
  private var found: String {
    switch peek {
    case nil: return "nothing"
    case "\n", "\r": return "the end of the line"
    case .some(let scalar):
      let code = String(scalar.value, radix: 16, uppercase: true)
      let name = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
      return scalar.value > 32 && scalar.value < 127 ? "\(scalar)" : name
    }
  }

  private mutating func skipBlanks() {
    while peek == " " || peek == "\t" { advance() }
  }

  private mutating func skipComment() {
    while let scalar = peek, scalar != "\n" { advance() }
  }

  /// Passes a string of any of the four kinds.
  private mutating func skipText() {
    guard let quote = peek else { return }
    let isLong = scalar(at: position + 1) == quote && scalar(at: position + 2) == quote
    for _ in 0..<(isLong ? 3 : 1) { advance() }
    while let scalar = peek {
      if scalar == "\\" && quote == "\"" {
        advance()
        if peek != nil { advance() }
      } else if scalar == quote && !isLong {
        advance()
        return
      } else if scalar == quote, self.scalar(at: position + 1) == quote,
        self.scalar(at: position + 2) == quote
      {
        // Up to five quotes, of which the last three close it.
        for _ in 0..<3 { advance() }
        for _ in 0..<2 where peek == quote { advance() }
        return
      } else {
        advance()
      }
    }
  }

  private static func beginsKey(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", "-", "_", "\"", "'": return true
    default: return false
    }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func endsValue(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "]", "}", ",", "#": return true
    default: return scalar.properties.isWhitespace
    }
  }
}
