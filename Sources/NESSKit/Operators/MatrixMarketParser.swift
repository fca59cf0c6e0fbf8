internal import Numerics

/// One pass over a text.
struct MatrixMarketParser {
  private enum Field: String, CaseIterable { case real, complex, integer, pattern }
  private enum Symmetry: String, CaseIterable {
    case general, symmetric
    case skewSymmetric = "skew-symmetric"
    case hermitian
  }

  private var reader: MatrixMarketReader
  private var fields: [Range<Int>] = []
  private var isArray = false
  private var field = Field.real
  private var symmetry = Symmetry.general
  private var rows = 0
  private var columns = 0
  private var sizeLine = 0
  private var entries: [(row: Int, column: Int, value: Complex<Double>)] = []

  init(_ reader: MatrixMarketReader) { self.reader = reader }

  mutating func parse() throws(MatrixMarketError) -> SparseMatrix {
    try readHeader()
    let declared = try readSize()
    // An entry takes at least two bytes; trusting the declared number would let a typing error ask for all memory.
    entries.reserveCapacity(min(declared, reader.count / 2 + 1) * (symmetry == .general ? 1 : 2))
    if isArray { try readArray(declared) } else { try readCoordinates(declared) }
    if reader.nextDataLine(into: &fields) {
      throw error(
        "text after the last of \(declared) entries (line \(sizeLine))", found: fields[0], allowed: "absent")
    }
    return SparseMatrix(rows: rows, columns: columns, entries: entries)
  }

  // MARK: Header

  private mutating func readHeader() throws(MatrixMarketError) {
    let form = "\"%%MatrixMarket matrix FORMAT FIELD SYMMETRY\""
    guard reader.nextLine(into: &fields) else {
      throw MatrixMarketError(line: 1, item: "header", found: "missing", allowed: form)
    }
    guard let banner = fields.first, reader.text(banner).lowercased() == "%%matrixmarket" else {
      throw MatrixMarketError(
        line: 1, item: "header", found: fields.first.map(reader.quoted) ?? "a blank line", allowed: form)
    }
    guard fields.count == 5 else {
      throw MatrixMarketError(line: 1, item: "header", found: "\(fields.count) words", allowed: form)
    }
    _ = try keyword(fields[1], item: "object", among: ["matrix"])
    isArray = try keyword(fields[2], item: "format", among: ["coordinate", "array"]) == "array"
    let allowedFields = isArray ? Field.allCases.filter { $0 != .pattern } : Field.allCases
    field = try choice(fields[3], item: "field", among: allowedFields)
    var allowedSymmetries = Symmetry.allCases
    // The specification defines Hermitian storage for complex numbers only, and a pattern has no signs.
    if field != .complex { allowedSymmetries.removeAll { $0 == .hermitian } }
    if field == .pattern { allowedSymmetries.removeAll { $0 == .skewSymmetric } }
    symmetry = try choice(fields[4], item: "symmetry of a \(field.rawValue) matrix", among: allowedSymmetries)
  }

  private func keyword(_ word: Range<Int>, item: String, among allowed: [String]) throws(MatrixMarketError)
    -> String
  {
    let text = reader.text(word).lowercased()
    if allowed.contains(text) { return text }
    throw error(item, found: word, allowed: allowed.map { "\"\($0)\"" }.joined(separator: " or "))
  }

  private func choice<Choice: RawRepresentable<String>>(
    _ word: Range<Int>, item: String, among allowed: [Choice]
  ) throws(MatrixMarketError) -> Choice {
    let text = try keyword(word, item: item, among: allowed.map(\.rawValue))
    guard let choice = Choice(rawValue: text) else { preconditionFailure("a checked keyword has no case") }
    return choice
  }

  /// Reads rows, columns and, in coordinate format, the number of entries; returns the number of stored numbers.
  private mutating func readSize() throws(MatrixMarketError) -> Int {
    let form = isArray ? "\"ROWS COLUMNS\"" : "\"ROWS COLUMNS ENTRIES\""
    guard reader.nextDataLine(into: &fields) else {
      throw MatrixMarketError(line: reader.line + 1, item: "size line", found: "missing", allowed: form)
    }
    sizeLine = reader.line
    guard fields.count == (isArray ? 2 : 3) else {
      throw MatrixMarketError(
        line: sizeLine, item: "size line", found: "\(fields.count) words", allowed: form)
    }
    rows = try integer(fields[0], item: "number of rows", in: 1...MatrixMarket.maximumOrder)
    columns = try integer(fields[1], item: "number of columns", in: 1...MatrixMarket.maximumOrder)
    if symmetry != .general && rows != columns {
      throw MatrixMarketError(
        line: sizeLine, item: "a \(symmetry.rawValue) matrix", found: "\(rows) x \(columns)",
        allowed: "square")
    }
    // At most 2^48 places: the products cannot overflow.
    let places: Int
    switch symmetry {
    case .general: places = rows * columns
    case .symmetric, .hermitian: places = rows * (rows + 1) / 2
    case .skewSymmetric: places = rows * (rows - 1) / 2
    }
    return isArray ? places : try integer(fields[2], item: "number of entries", in: 0...places)
  }

  // MARK: Entries

  private mutating func readCoordinates(_ declared: Int) throws(MatrixMarketError) {
    let words = field == .pattern ? 2 : field == .complex ? 4 : 3
    let form = ["\"ROW COLUMN\"", "\"ROW COLUMN VALUE\"", "\"ROW COLUMN REAL IMAGINARY\""][words - 2]
    var places: [Int] = []
    var lines: [Int] = []
    places.reserveCapacity(min(declared, reader.count / 2))
    lines.reserveCapacity(min(declared, reader.count / 2))
    for number in 0..<declared {
      try readEntryLine(number, of: declared, words: words, form: form)
      let row = try integer(fields[0], item: "row index", in: 1...rows) - 1
      let column = try integer(fields[1], item: "column index", in: 1...columns) - 1
      if symmetry != .general && row < column {
        throw MatrixMarketError(
          line: reader.line, item: "an entry in \(symmetry.rawValue) storage",
          found: "at (\(row + 1), \(column + 1))", allowed: "on or below the diagonal")
      }
      if symmetry == .skewSymmetric && row == column {
        throw MatrixMarketError(
          line: reader.line, item: "an entry in skew-symmetric storage",
          found: "at (\(row + 1), \(column + 1))", allowed: "below the diagonal")
      }
      try append(row, column, value: field == .pattern ? .one : value(from: 2))
      places.append(column * rows + row)
      lines.append(reader.line)
    }
    try rejectDuplicates(places, lines)
  }

  private mutating func readArray(_ declared: Int) throws(MatrixMarketError) {
    let words = field == .complex ? 2 : 1
    var number = 0
    for column in 0..<columns {
      let firstRow = symmetry == .general ? 0 : symmetry == .skewSymmetric ? column + 1 : column
      for row in firstRow..<max(rows, firstRow) {
        try readEntryLine(
          number, of: declared, words: words, form: words == 1 ? "\"VALUE\"" : "\"REAL IMAGINARY\"")
        try append(row, column, value: value(from: 0))
        number += 1
      }
    }
  }

  private mutating func readEntryLine(_ number: Int, of declared: Int, words: Int, form: String)
    throws(MatrixMarketError)
  {
    guard reader.nextDataLine(into: &fields) else {
      throw MatrixMarketError(
        line: reader.line + 1, item: "number of entries", found: "\(number) at the end of the text",
        allowed: "\(declared) (line \(sizeLine))")
    }
    guard fields.count == words else {
      throw MatrixMarketError(
        line: reader.line, item: "entry \(number + 1)", found: "\(fields.count) words", allowed: form)
    }
  }

  private func value(from first: Int) throws(MatrixMarketError) -> Complex<Double> {
    switch field {
    case .integer: return Complex(Double(try integer(fields[first], item: "value", in: Int.min...Int.max)))
    case .complex:
      return Complex(
        try real(fields[first], item: "real part"), try real(fields[first + 1], item: "imaginary part"))
    case .real, .pattern: return Complex(try real(fields[first], item: "value"))
    }
  }

  /// Adds an entry and the one that the symmetry implies.
  private mutating func append(_ row: Int, _ column: Int, value: Complex<Double>) throws(MatrixMarketError) {
    if symmetry == .hermitian && row == column && value.imaginary != 0 {
      throw MatrixMarketError(
        line: reader.line, item: "imaginary part on the diagonal of a hermitian matrix",
        found: "\(value.imaginary)", allowed: "0")
    }
    entries.append((row, column, value))
    guard row != column else { return }
    switch symmetry {
    case .general: break
    case .symmetric: entries.append((column, row, value))
    case .skewSymmetric: entries.append((column, row, -value))
    case .hermitian: entries.append((column, row, value.conjugate))
    }
  }

  /// Errors at the first line that names a place again. Files are mostly written in order, which costs one pass.
  private func rejectDuplicates(_ places: [Int], _ lines: [Int]) throws(MatrixMarketError) {
    if zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) { return }
    let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
    var firstRepetition: (later: Int, earlier: Int)?
    for (earlier, later) in zip(order, order.dropFirst()) where places[earlier] == places[later] {
      if later < firstRepetition?.later ?? Int.max { firstRepetition = (later, earlier) }
    }
    guard let (later, earlier) = firstRepetition else { return }
    throw MatrixMarketError(
      line: lines[later], item: "entry (\(places[later] % rows + 1), \(places[later] / rows + 1))",
      found: "also in line \(lines[earlier])", allowed: "given once")
  }

  // MARK: Numbers and errors

  private func integer(_ word: Range<Int>, item: String, in allowed: ClosedRange<Int>)
    throws(MatrixMarketError) -> Int
  {
    guard let value = reader.integer(word), allowed.contains(value) else {
      throw error(item, found: word, allowed: "an integer in \(allowed.lowerBound)...\(allowed.upperBound)")
    }
    return value
  }

  private func real(_ word: Range<Int>, item: String) throws(MatrixMarketError) -> Double {
    guard let value = reader.real(word) else {
      throw error(item, found: word, allowed: "a finite decimal number")
    }
    return value
  }

  private func error(_ item: String, found word: Range<Int>, allowed: String) -> MatrixMarketError {
    MatrixMarketError(line: reader.line, item: item, found: reader.quoted(word), allowed: allowed)
  }
}
