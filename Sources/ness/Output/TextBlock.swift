/// Paragraphs on the terminal.
enum TextBlock {
  /// Text broken at spaces to fit standard output, after `head` on the first line and `indent` on the others.
  static func wrapped(_ text: String, head: String, indent: String) -> [String] {
    wrapped(text, columns: max(40, min(Terminal.outputColumns, 110)), head: head, indent: indent)
  }

  /// Text broken at spaces into lines of at most `columns` characters where its words allow.
  static func wrapped(_ text: String, columns: Int, head: String = "", indent: String = "  ") -> [String] {
    var lines: [String] = []
    var line = head
    var isFresh = true
    for word in text.split(separator: " ") {
      if !isFresh && line.count + 1 + word.count > columns {
        lines.append(line)
        line = indent + word
      } else {
        line += isFresh ? String(word) : " " + word
      }
      isFresh = false
    }
    return lines + [line]
  }
}
