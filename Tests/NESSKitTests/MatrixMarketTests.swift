import NESSKit
import Numerics
import Testing

private let general = "%%MatrixMarket matrix coordinate real general\n"

/// A text that must be refused, and the message.
private struct Malformed: CustomTestStringConvertible, Sendable {
  let text: String
  let message: String
  var testDescription: String { message }
}

@Suite("Matrix Market")
struct MatrixMarketTests {
  private func expect(_ text: String, _ rows: Int, _ columns: Int, _ dense: [Complex<Double>]) throws {
    let matrix = try MatrixMarket.parse(text)
    #expect(matrix.rows == rows && matrix.columns == columns)
    #expect(matrix.dense == dense)
  }

  @Test("coordinate entries go to their places, whatever their order")
  func coordinate() throws {
    try expect(
      general + "2 3 3\n2 3 -1.5\n1 1 .25\n2 1 +2.e3\n", 2, 3, [Complex(0.25), 2000, 0, 0, 0, Complex(-1.5)])
  }

  @Test("comments, blank lines, capitals, tabs and carriage returns do not matter")
  func layout() throws {
    let text = """
      %%matrixmarket MATRIX Coordinate REAL General\r
      % comment\r

      \t2  2\t1 \r
      %
         1 2   4E-1  \r

      % the end
      """
    try expect(text, 2, 2, [0, 0, Complex(0.4), 0])
    try expect(general + "2 2 0", 2, 2, [0, 0, 0, 0])
  }

  @Test("fields: complex, integer and pattern")
  func fields() throws {
    try expect(
      "%%MatrixMarket matrix coordinate complex general\n1 2 1\n1 2 3 -4.5", 1, 2, [0, Complex(3, -4.5)])
    try expect("%%MatrixMarket matrix coordinate integer general\n1 2 1\n1 2 -7\n", 1, 2, [0, -7])
    try expect("%%MatrixMarket matrix coordinate pattern general\n2 1 1\n2 1\n", 2, 1, [0, 1])
    try expect("%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1\n", 2, 2, [0, 1, 1, 0])
  }

  @Test("symmetric, skew-symmetric and Hermitian storage imply the upper triangle")
  func symmetries() throws {
    try expect("%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 5\n2 1 3\n", 2, 2, [5, 3, 3, 0])
    try expect("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 3\n", 2, 2, [0, 3, -3, 0])
    try expect(
      "%%MatrixMarket matrix coordinate complex hermitian\n2 2 2\n2 1 3 4\n2 2 6 0\n", 2, 2,
      [0, Complex(3, 4), Complex(3, -4), 6])
    try expect(
      "%%MatrixMarket matrix coordinate complex symmetric\n2 2 1\n2 1 3 4\n", 2, 2,
      [0, Complex(3, 4), Complex(3, 4), 0])
  }

  @Test("arrays list columns; symmetric ones their lower triangle")
  func arrays() throws {
    try expect("%%MatrixMarket matrix array real general\n2 3\n1\n2\n3\n4\n5\n6\n", 2, 3, [1, 2, 3, 4, 5, 6])
    try expect("%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3\n", 2, 2, [1, 2, 2, 3])
    try expect(
      "%%MatrixMarket matrix array integer skew-symmetric\n3 3\n1\n2\n3\n", 3, 3,
      [0, 1, 2, -1, 0, 3, -2, -3, 0])
    try expect(
      "%%MatrixMarket matrix array complex hermitian\n2 2\n1 0\n2 5\n3 0\n", 2, 2,
      [1, Complex(2, 5), Complex(2, -5), 3])
  }

  @Test("what is written is read back bit by bit")
  func roundTrip() throws {
    let awkward = [
      0.1, 1.0 / 3.0, -Double.leastNonzeroMagnitude, 1.7976931348623157e308, 123456789.12345679,
      2.2250738585072014e-308,
    ]
    let complex = SparseMatrix(
      rows: 7, columns: 3, entries: awkward.enumerated().map { ($0, ($0 * 2) % 3, Complex($1, -$1 / 7)) })
    #expect(try MatrixMarket.parse(MatrixMarket.format(complex)) == complex)
    #expect(
      MatrixMarket.format(complex).hasPrefix("%%MatrixMarket matrix coordinate complex general\n7 3 6\n"))
    let real = SparseMatrix(rows: 2, columns: 2, entries: [(1, 0, Complex(0.1))])
    #expect(MatrixMarket.format(real) == general + "2 2 1\n2 1 0.1\n")
  }

  @Test(
    "a malformed text is refused with line, finding and what is allowed",
    arguments: [
      Malformed(
        text: "",
        message: "line 1: header must be \"%%MatrixMarket matrix FORMAT FIELD SYMMETRY\", but is missing"),
      Malformed(
        text: "2 2 0\n",
        message: "line 1: header must be \"%%MatrixMarket matrix FORMAT FIELD SYMMETRY\", but is \"2\""),
      Malformed(
        text: "%%MatrixMarket matrix coordinate real\n",
        message: "line 1: header must be \"%%MatrixMarket matrix FORMAT FIELD SYMMETRY\", but is 4 words"),
      Malformed(
        text: "%%MatrixMarket vector coordinate real general\n",
        message: "line 1: object must be \"matrix\", but is \"vector\""),
      Malformed(
        text: "%%MatrixMarket matrix dense real general\n",
        message: "line 1: format must be \"coordinate\" or \"array\", but is \"dense\""),
      Malformed(
        text: "%%MatrixMarket matrix array pattern general\n",
        message: "line 1: field must be \"real\" or \"complex\" or \"integer\", but is \"pattern\""),
      Malformed(
        text: "%%MatrixMarket matrix coordinate real hermitian\n",
        message:
          "line 1: symmetry of a real matrix must be \"general\" or \"symmetric\" or \"skew-symmetric\", but is \"hermitian\""
      ),
      Malformed(
        text: general + "% only a comment\n",
        message: "line 3: size line must be \"ROWS COLUMNS ENTRIES\", but is missing"),
      Malformed(
        text: general + "2 2\n", message: "line 2: size line must be \"ROWS COLUMNS ENTRIES\", but is 2 words"
      ),
      Malformed(
        text: general + "0 2 0\n",
        message: "line 2: number of rows must be an integer in 1...16777216, but is \"0\""),
      Malformed(
        text: general + "2 2.5 0\n",
        message: "line 2: number of columns must be an integer in 1...16777216, but is \"2.5\""),
      Malformed(
        text: general + "2 99999999999999999999 0\n",
        message:
          "line 2: number of columns must be an integer in 1...16777216, but is \"99999999999999999999\""),
      Malformed(
        text: general + "2 2 5\n",
        message: "line 2: number of entries must be an integer in 0...4, but is \"5\""),
      Malformed(
        text: "%%MatrixMarket matrix coordinate real symmetric\n2 2 4\n",
        message: "line 2: number of entries must be an integer in 0...3, but is \"4\""),
      Malformed(
        text: "%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n",
        message: "line 2: a symmetric matrix must be square, but is 2 x 3"),
      Malformed(
        text: general + "2 2 2\n1 1 1\n",
        message: "line 4: number of entries must be 2 (line 2), but is 1 at the end of the text"),
      Malformed(
        text: general + "2 2 1\n1 1 1\n\n2 2 1\n",
        message: "line 5: text after the last of 1 entries (line 2) must be absent, but is \"2\""),
      Malformed(
        text: general + "2 2 1\n1 1\n",
        message: "line 3: entry 1 must be \"ROW COLUMN VALUE\", but is 2 words"),
      Malformed(
        text: general + "2 2 1\n1 1 1 0\n",
        message: "line 3: entry 1 must be \"ROW COLUMN VALUE\", but is 4 words"),
      Malformed(
        text: general + "2 3 1\n0 1 1\n",
        message: "line 3: row index must be an integer in 1...2, but is \"0\""),
      Malformed(
        text: general + "2 3 1\n% skipped\n3 1 1\n",
        message: "line 4: row index must be an integer in 1...2, but is \"3\""),
      Malformed(
        text: general + "2 3 1\n1 4 1\n",
        message: "line 3: column index must be an integer in 1...3, but is \"4\""),
      Malformed(
        text: general + "2 3 1\n1 -1 1\n",
        message: "line 3: column index must be an integer in 1...3, but is \"-1\""),
      Malformed(
        text: general + "2 2 1\n1 1 nan\n",
        message: "line 3: value must be a finite decimal number, but is \"nan\""),
      Malformed(
        text: general + "2 2 1\n1 1 inf\n",
        message: "line 3: value must be a finite decimal number, but is \"inf\""),
      Malformed(
        text: general + "2 2 1\n1 1 1e999\n",
        message: "line 3: value must be a finite decimal number, but is \"1e999\""),
      Malformed(
        text: general + "2 2 1\n1 1 0x10\n",
        message: "line 3: value must be a finite decimal number, but is \"0x10\""),
      Malformed(
        text: general + "2 2 1\n1 1 1-2\n",
        message: "line 3: value must be a finite decimal number, but is \"1-2\""),
      Malformed(
        text: "%%MatrixMarket matrix coordinate complex general\n1 1 1\n1 1 0 i\n",
        message: "line 3: imaginary part must be a finite decimal number, but is \"i\""),
      Malformed(
        text: "%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 1.5\n",
        message:
          "line 3: value must be an integer in -9223372036854775808...9223372036854775807, but is \"1.5\""),
      Malformed(
        text: general + "3 3 3\n2 3 1\n1 1 1\n2 3 0\n",
        message: "line 5: entry (2, 3) must be given once, but is also in line 3"),
      Malformed(
        text: "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n",
        message: "line 3: an entry in symmetric storage must be on or below the diagonal, but is at (1, 2)"),
      Malformed(
        text: "%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 2 1\n",
        message: "line 3: an entry in skew-symmetric storage must be below the diagonal, but is at (2, 2)"),
      Malformed(
        text: "%%MatrixMarket matrix coordinate complex hermitian\n2 2 1\n2 2 1 1e-9\n",
        message: "line 3: imaginary part on the diagonal of a hermitian matrix must be 0, but is 1e-09"),
      Malformed(
        text: "%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n",
        message: "line 6: number of entries must be 4 (line 2), but is 3 at the end of the text"),
      Malformed(
        text: "%%MatrixMarket matrix array real general\n1 2\n1\n2\n3\n",
        message: "line 5: text after the last of 2 entries (line 2) must be absent, but is \"3\""),
      Malformed(
        text: "%%MatrixMarket matrix array real general\n1 2\n1 2\n",
        message: "line 3: entry 1 must be \"VALUE\", but is 2 words"),
      Malformed(
        text: general + "2 2 1\n1 1 " + String(repeating: "x", count: 60),
        message: "line 3: value must be a finite decimal number, but is \""
          + String(repeating: "x", count: 40) + "…\""),
    ])
  private func malformed(_ example: Malformed) {
    do {
      _ = try MatrixMarket.parse(example.text)
      Issue.record("accepted")
    } catch {
      #expect(error.description == example.message)
    }
  }

  @Test("a huge declared size costs nothing before it is refused")
  func hugeCounts() {
    #expect(
      throws: MatrixMarketError(
        line: 3, item: "number of entries", found: "0 at the end of the text",
        allowed: "281474976710656 (line 2)")
    ) { try MatrixMarket.parse(general + "16777216 16777216 281474976710656\n") }
  }

  @Test("bytes that are no text are an error, not a crash")
  func binary() {
    #expect(throws: MatrixMarketError.self) { try MatrixMarket.parse([0xff, 0x00, 0x0a, 0xfe]) }
    let truncated = Array((general + "2 2 2\n1 1 1.5\n2 2 2.5\n").utf8)
    for length in 0..<(truncated.count - 2) {
      // A cut inside the last number leaves "2" or "2.", which is a number; every other cut must be refused.
      if (try? MatrixMarket.parse(Array(truncated[..<length]))) != nil {
        #expect(length >= truncated.count - 3)
      }
    }
  }
}
