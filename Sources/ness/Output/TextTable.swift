import Foundation

/// Aligned columns of text.
struct TextTable {
  struct Column {
    let title: String
    /// Second line of the head; empty when there is nothing to say.
    let subtitle: String
    /// Text to the left, numbers to the right.
    let isText: Bool
    let cells: [String]

    init(_ title: String, subtitle: String = "", isText: Bool = false, _ cells: [String]) {
      self.title = title
      self.subtitle = subtitle
      self.isText = isText
      self.cells = cells
    }

    var width: Int { (cells + [title, subtitle]).map(\.count).max() ?? 0 }
  }

  static let gap = 2

  let columns: [Column]

  /// Width when all columns stand side by side.
  var width: Int { columns.map(\.width).reduce(0, +) + TextTable.gap * max(0, columns.count - 1) }

  /// Lines of the table; when it is wider than `limit` it is cut into blocks that repeat the first `keys` columns.
  func lines(limit: Int, keys: Int, isStyled: Bool) -> [String] {
    let head = Array(columns.prefix(keys))
    var blocks: [[Column]] = []
    var block: [Column] = []
    let headWidth = TextTable(columns: head).width
    var width = headWidth
    for column in columns.dropFirst(keys) {
      let more = column.width + (head.isEmpty && block.isEmpty ? 0 : TextTable.gap)
      if !block.isEmpty && width + more > limit {
        blocks.append(block)
        block = []
        width = headWidth + column.width + (head.isEmpty ? 0 : TextTable.gap)
      } else {
        width += more
      }
      block.append(column)
    }
    blocks.append(block)
    return Array(blocks.map { TextTable.lines(head + $0, isStyled: isStyled) }.joined(separator: [""]))
  }

  private static func lines(_ columns: [Column], isStyled: Bool) -> [String] {
    // Widths look at every cell: once, not once a line.
    let shapes = columns.map { (isText: $0.isText, width: $0.width) }
    func line(_ texts: [String]) -> String {
      let cells = zip(shapes, texts).map { column, text in
        let space = String(repeating: " ", count: column.width - text.count)
        return column.isText ? text + space : space + text
      }
      return cells.joined(separator: String(repeating: " ", count: gap)).trimmingSuffix(" ")
    }
    let title = line(columns.map(\.title))
    var lines = [isStyled ? "\u{1B}[1m\(title)\u{1B}[0m" : title]
    if columns.contains(where: { !$0.subtitle.isEmpty }) { lines.append(line(columns.map(\.subtitle))) }
    for row in 0..<(columns.map(\.cells.count).max() ?? 0) {
      lines.append(line(columns.map { $0.cells[row] }))
    }
    return lines
  }
}

extension String {
  func trimmingSuffix(_ character: Character) -> String {
    var text = self[...]
    while text.last == character { text.removeLast() }
    return String(text)
  }
}

/// Numbers as people read them.
enum Readable {
  /// A number with so many significant digits, without superfluous zeros.
  static func number(_ value: Double, digits: Int) -> String {
    if value == 0 { return "0" }
    return String(format: "%.\(digits)g", value)
  }

  /// A duration with a unit that suits it.
  static func duration(_ seconds: Double) -> String {
    if !seconds.isFinite { return "unknown" }
    if seconds < 1e-3 { return number(seconds * 1e6, digits: 3) + " us" }
    if seconds < 1 { return number(seconds * 1e3, digits: 3) + " ms" }
    if seconds < 60 { return number(seconds, digits: 3) + " s" }
    let whole = Int(min(seconds, 1e12).rounded())
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    if whole < 86_400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
    return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
  }
}
