/// Lines and fields of a Matrix Market text.
struct MatrixMarketReader {
  private let bytes: [UInt8]
  private var position = 0
  /// Number of the line that was read last, counted from 1.
  private(set) var line = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Number of bytes, an upper bound of everything that can be read.
  var count: Int { bytes.count }

  /// Fields of the next line, blank or not; nil at the end of the text.
  mutating func nextLine(into fields: inout [Range<Int>]) -> Bool {
    fields.removeAll(keepingCapacity: true)
    guard position < bytes.count else { return false }
    line += 1
    var start: Int?
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      if isSpace(bytes[position]) {
        if let first = start { fields.append(first..<position) }
        start = nil
      } else if start == nil {
        start = position
      }
      position += 1
    }
    if let first = start { fields.append(first..<position) }
    position += 1
    return true
  }

  /// Fields of the next line that is neither blank nor a comment; false at the end of the text.
  mutating func nextDataLine(into fields: inout [Range<Int>]) -> Bool {
    while nextLine(into: &fields) {
      if let first = fields.first, bytes[first.lowerBound] != UInt8(ascii: "%") { return true }
    }
    return false
  }

  /// Text of a field.
  func text(_ field: Range<Int>) -> String { String(decoding: bytes[field], as: UTF8.self) }

  /// Text of a field for a message: quoted, and cut after 40 bytes.
  func quoted(_ field: Range<Int>) -> String {
    let shown = field.prefix(40)
    return "\"\(text(shown.startIndex..<shown.endIndex))\(shown.count < field.count ? "…" : "")\""
  }

  /// The integer that a field spells; nil when it is none or exceeds 64 bits.
  func integer(_ field: Range<Int>) -> Int? {
    var digits = field
    let isNegative = bytes[field.lowerBound] == UInt8(ascii: "-")
    if isNegative || bytes[field.lowerBound] == UInt8(ascii: "+") { digits = digits.dropFirst() }
    guard !digits.isEmpty else { return nil }
    var value = 0
    for index in digits {
      let digit = Int(bytes[index]) - Int(UInt8(ascii: "0"))
      guard (0...9).contains(digit) else { return nil }
      let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, sumOverflow) = product.addingReportingOverflow(isNegative ? -digit : digit)
      guard !productOverflow && !sumOverflow else { return nil }
      value = sum
    }
    return value
  }

  /// The finite decimal number that a field spells; nil for anything else, also "inf", "nan" and hexadecimal.
  func real(_ field: Range<Int>) -> Double? {
    for index in field {
      switch bytes[index] {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        continue
      default: return nil
      }
    }
    guard let value = Double(text(field)), value.isFinite else { return nil }
    return value
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
