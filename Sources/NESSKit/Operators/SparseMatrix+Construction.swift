public import Numerics

extension SparseMatrix {
  private init(rows: Int, columns: Int, compressed: CompressedColumns<Complex<Double>>) {
    self.init(
      rows: rows, columns: columns, starts: compressed.starts, indices: compressed.indices,
      values: compressed.values)
  }

  private var compressed: CompressedColumns<Complex<Double>> {
    CompressedColumns(starts: starts, indices: indices, values: values)
  }

  /// Creates a matrix from its entries, zero-based and in any order.
  ///
  /// Entries at the same place are summed; what is exactly zero after that is not stored.
  /// - Complexity: O(rows + columns + entries)
  public init(rows: Int, columns: Int, entries: [(row: Int, column: Int, value: Complex<Double>)]) {
    self.init(
      rows: rows, columns: columns,
      compressed: CompressedColumns(rows: rows, columns: columns, entries: entries).droppingZeros())
  }

  /// Creates a matrix from all its elements, `rows` times `columns` of them, column by column; zeros are not stored.
  public init(rows: Int, columns: Int, dense: [Complex<Double>]) {
    precondition(
      dense.count == rows * columns, "need \(rows * columns) elements, but got \(dense.count)")
    var compressed = CompressedColumns<Complex<Double>>(starts: [0], indices: [], values: [])
    for column in 0..<columns {
      for row in 0..<rows where dense[row + column * rows] != .zero {
        compressed.indices.append(row)
        compressed.values.append(dense[row + column * rows])
      }
      compressed.starts.append(compressed.indices.count)
    }
    self.init(rows: rows, columns: columns, compressed: compressed)
  }

  /// Matrix without entries.
  public static func zero(rows: Int, columns: Int) -> SparseMatrix {
    SparseMatrix(rows: rows, columns: columns, entries: [])
  }

  /// Identity of order `order`.
  public static func identity(_ order: Int) -> SparseMatrix {
    diagonal([Complex<Double>](repeating: .one, count: order))
  }

  /// Square matrix with the given diagonal; zeros are not stored.
  public static func diagonal(_ values: [Complex<Double>]) -> SparseMatrix {
    SparseMatrix(
      rows: values.count, columns: values.count,
      compressed: CompressedColumns(
        starts: Array(0...values.count), indices: Array(0..<values.count), values: values
      ).droppingZeros())
  }

  /// Element in a row and a column, both zero-based; zero where nothing is stored.
  /// - Complexity: O(log(entries of the column))
  public subscript(row: Int, column: Int) -> Complex<Double> {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "an element must lie in \(rows) x \(columns), but is at (\(row), \(column))")
    let position = CompressedColumns<Complex<Double>>.position(
      of: row, in: column, starts: starts, indices: indices)
    return position.map { values[$0] } ?? .zero
  }

  /// Calls `body` with every stored entry, column by column and by ascending row.
  public func forEachEntry<E>(
    _ body: (_ row: Int, _ column: Int, _ value: Complex<Double>) throws(E) -> Void
  ) throws(E) {
    for column in 0..<columns {
      for position in starts[column]..<starts[column + 1] {
        try body(indices[position], column, values[position])
      }
    }
  }

  /// All elements, column by column.
  /// - Complexity: O(rows × columns) memory
  public var dense: [Complex<Double>] {
    var elements = [Complex<Double>](repeating: .zero, count: rows * columns)
    forEachEntry { row, column, value in elements[row + column * rows] = value }
    return elements
  }

  /// Diagonal of a square matrix.
  public var diagonal: [Complex<Double>] {
    precondition(rows == columns, "a matrix with a diagonal must be square, but is \(rows) x \(columns)")
    return (0..<rows).map { self[$0, $0] }
  }

  /// The matrix without the entries whose absolute value is below `threshold`.
  public func dropping(below threshold: Double) -> SparseMatrix {
    SparseMatrix(
      rows: rows, columns: columns,
      compressed: compressed.filtered { _, _, value in !(value.length < threshold) })
  }

  /// The matrix without entries that are exactly zero.
  func droppingZeros() -> SparseMatrix {
    values.contains(.zero)
      ? SparseMatrix(rows: rows, columns: columns, compressed: compressed.droppingZeros()) : self
  }

  /// Kronecker product; the indices of `other` run fastest.
  /// - Complexity: O(nonzeros × other.nonzeros)
  public func kroneckerProduct(with other: SparseMatrix) -> SparseMatrix {
    let (newRows, rowOverflow) = rows.multipliedReportingOverflow(by: other.rows)
    let (newColumns, columnOverflow) = columns.multipliedReportingOverflow(by: other.columns)
    precondition(!rowOverflow && !columnOverflow, "the size of a Kronecker product must fit 64 bits")
    return SparseMatrix(
      rows: newRows, columns: newColumns,
      compressed: compressed.kroneckerProduct(with: other.compressed, otherRows: other.rows))
  }
}
