/// Lines on which the keys of a TOML document stand.
///
/// The parser does not tell where a value came from, so the keys are scanned a second time. The document has been parsed
/// already: what is scanned here is known to be well formed.
struct SourceLines {
  /// Line of each key, by dotted path; elements of `[[tables]]` are numbered from 0.
  private(set) var lines: [String: Int] = [:]

  private var characters: [Character]
  private var position = 0
  private var line = 1
  private var elements: [String: Int] = [:]

  init(_ source: String) {
    characters = Array(source.replacing("\r\n", with: "\n"))
    scan()
  }

  /// Line of this key, or of the nearest table or list around it; nil when nothing is known.
  func line(of path: String) -> Int? {
    var parts = path.split(separator: ".").map(String.init)
    while !parts.isEmpty {
      if let line = lines[parts.joined(separator: ".")] { return line }
      parts.removeLast()
    }
    return nil
  }

  private mutating func scan() {
    var table: [String] = []
    while let character = peek {
      switch character {
      case " ", "\t", "\n": advance()
      case "#": skipComment()
      case "[":
        let start = line
        advance()
        let isElement = peek == "["
        if isElement { advance() }
        table = resolve(keyPath())
        if isElement {
          let name = table.joined(separator: ".")
          let number = (elements[name] ?? -1) + 1
          elements[name] = number
          table.append(String(number))
        }
        record(table, start)
        while peek == "]" { advance() }
      default:
        let start = line
        let path = table + keyPath()
        record(path, start)
        if peek == "=" { advance() }
        skipValue()
      }
    }
  }

  private mutating func record(_ path: [String], _ line: Int) {
    let name = path.joined(separator: ".")
    if lines[name] == nil { lines[name] = line }
  }

  /// `[custom.jump.more]` means the last element of `[[custom.jump]]`.
  private func resolve(_ path: [String]) -> [String] {
    var result: [String] = []
    for (position, part) in path.enumerated() {
      result.append(part)
      if position < path.count - 1, let number = elements[result.joined(separator: ".")] {
        result.append(String(number))
      }
    }
    return result
  }

  private var peek: Character? { position < characters.count ? characters[position] : nil }

  private mutating func advance() {
    if characters[position] == "\n" { line += 1 }
    position += 1
  }

  private mutating func skipComment() {
    while let character = peek, character != "\n" { advance() }
  }

  private mutating func keyPath() -> [String] {
    var path: [String] = []
    var word = ""
    while let character = peek, character != "=", character != "]", character != "\n" {
      if character == "\"" || character == "'" {
        word += quoted()
      } else {
        if character == "." {
          path.append(word)
          word = ""
        } else if character != " " && character != "\t" {
          word.append(character)
        }
        advance()
      }
    }
    return path + [word]
  }

  private mutating func skipValue() {
    var depth = 0
    while let character = peek {
      switch character {
      case "\"", "'": _ = quoted()
      case "#": skipComment()
      case "\n" where depth == 0: return
      default:
        if character == "[" || character == "{" { depth += 1 }
        if character == "]" || character == "}" { depth -= 1 }
        advance()
      }
    }
  }

  /// Skips a string of any of the four kinds and returns its characters between the quotes, escapes untouched.
  private mutating func quoted() -> String {
    guard let quote = peek else { return "" }
    let isLong = characters[position...].prefix(3) == [quote, quote, quote]
    for _ in 0..<(isLong ? 3 : 1) { advance() }
    var text = ""
    while let character = peek {
      if character == "\\" && quote == "\"" {
        advance()
      } else if character == quote && (!isLong || characters[position...].prefix(3) == [quote, quote, quote])
      {
        break
      }
      if peek != nil {
        text.append(characters[position])
        advance()
      }
    }
    // A long string may end in up to five quotes, of which the last three close it.
    if isLong { while peek == quote { advance() } } else if peek != nil { advance() }
    return text
  }
}
