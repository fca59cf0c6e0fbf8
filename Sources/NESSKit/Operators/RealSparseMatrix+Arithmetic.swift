extension RealSparseMatrix {
  /// Sum of two matrices of the same shape; entries that cancel exactly are not stored.
  public static func + (left: RealSparseMatrix, right: RealSparseMatrix) -> RealSparseMatrix {
    left.merged(with: right, subtracting: false)
  }

  /// Difference of two matrices of the same shape; entries that cancel exactly are not stored.
  public static func - (left: RealSparseMatrix, right: RealSparseMatrix) -> RealSparseMatrix {
    left.merged(with: right, subtracting: true)
  }

  /// Adds `right` to `left`.
  public static func += (left: inout RealSparseMatrix, right: RealSparseMatrix) { left = left + right }
  /// Subtracts `right` from `left`.
  public static func -= (left: inout RealSparseMatrix, right: RealSparseMatrix) { left = left - right }
  /// Negative of a matrix.
  public static prefix func - (matrix: RealSparseMatrix) -> RealSparseMatrix { matrix.mapValues { -$0 } }

  /// Multiple of a matrix.
  public static func * (factor: Double, matrix: RealSparseMatrix) -> RealSparseMatrix {
    matrix.mapValues { factor * $0 }
  }
  /// Multiple of a matrix.
  public static func * (matrix: RealSparseMatrix, factor: Double) -> RealSparseMatrix { factor * matrix }
  /// A matrix divided by a number.
  public static func / (matrix: RealSparseMatrix, divisor: Double) -> RealSparseMatrix {
    matrix.mapValues { $0 / divisor }
  }

  private func merged(with other: RealSparseMatrix, subtracting: Bool) -> RealSparseMatrix {
    precondition(
      rows == other.rows && columns == other.columns,
      "matrices that are added must have the same shape, but are \(rows) x \(columns) and \(other.rows) x \(other.columns)"
    )
    let merged = CompressedColumns(starts: starts, indices: indices, values: values).merged(
      with: CompressedColumns(starts: other.starts, indices: other.indices, values: other.values),
      subtracting: subtracting)
    return RealSparseMatrix(
      rows: rows, columns: columns, starts: merged.starts, indices: merged.indices, values: merged.values)
  }

  /// The matrix with every stored value replaced; `transform` must keep zero, and new zeros are not stored.
  private func mapValues(_ transform: (Double) -> Double) -> RealSparseMatrix {
    let mapped = CompressedColumns(starts: starts, indices: indices, values: values.map(transform))
      .droppingZeros()
    return RealSparseMatrix(
      rows: rows, columns: columns, starts: mapped.starts, indices: mapped.indices, values: mapped.values)
  }
}
