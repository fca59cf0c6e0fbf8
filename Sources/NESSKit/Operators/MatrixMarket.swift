internal import Numerics

/// The Matrix Market exchange format (Boisvert, Pozo, Remington, NISTIR 5935, 1996) for sparse matrices.
///
/// Read are `coordinate` and `array` matrices of `real`, `complex` and `integer` numbers and coordinate `pattern`s (all
/// values 1), in `general`, `symmetric`, `skew-symmetric` and `hermitian` storage. Beyond the specification,
/// comments may stand between entries.
public enum MatrixMarket {
  /// Largest number of rows or columns that is read; keeps a mistyped size from asking for all memory.
  public static let maximumOrder = 1 << 24

  /// Matrix that a text describes.
  ///
  /// - Throws: ``MatrixMarketError`` at the first line that is not what the format allows there.
  /// - Complexity: O(length of the text + rows + columns)
  public static func parse(_ text: some StringProtocol) throws(MatrixMarketError) -> SparseMatrix {
    try parse(Array(text.utf8))
  }

  /// Matrix that the bytes of a text describe.
  ///
  /// - Throws: ``MatrixMarketError`` at the first line that is not what the format allows there.
  /// - Complexity: O(number of bytes + rows + columns)
  public static func parse(_ bytes: [UInt8]) throws(MatrixMarketError) -> SparseMatrix {
    var parser = MatrixMarketParser(MatrixMarketReader(bytes))
    return try parser.parse()
  }

  /// Text of a matrix in coordinate storage: `real` when all entries are, else `complex`, always `general`.
  ///
  /// Every number has as many digits as it takes to read the same number back, at most 17. Entries must be finite.
  public static func format(_ matrix: SparseMatrix) -> String {
    let isReal = matrix.values.allSatisfy { $0.imaginary == 0 }
    var text = "%%MatrixMarket matrix coordinate \(isReal ? "real" : "complex") general\n"
    text += "\(matrix.rows) \(matrix.columns) \(matrix.nonzeros)\n"
    matrix.forEachEntry { row, column, value in
      precondition(value.isFinite, "entry (\(row), \(column)) must be finite, but is \(value)")
      text += "\(row + 1) \(column + 1) \(value.real)"
      if !isReal { text += " \(value.imaginary)" }
      text += "\n"
    }
    return text
  }
}
