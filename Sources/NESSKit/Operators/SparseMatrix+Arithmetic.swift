public import Numerics

extension SparseMatrix {
  /// Sum of two matrices of the same shape; entries that cancel exactly are not stored.
  public static func + (left: SparseMatrix, right: SparseMatrix) -> SparseMatrix {
    left.merged(with: right, subtracting: false)
  }

  /// Difference of two matrices of the same shape; entries that cancel exactly are not stored.
  public static func - (left: SparseMatrix, right: SparseMatrix) -> SparseMatrix {
    left.merged(with: right, subtracting: true)
  }

  /// Adds `right` to `left`.
  public static func += (left: inout SparseMatrix, right: SparseMatrix) { left = left + right }
  /// Subtracts `right` from `left`.
  public static func -= (left: inout SparseMatrix, right: SparseMatrix) { left = left - right }
  /// Negative of a matrix.
  public static prefix func - (matrix: SparseMatrix) -> SparseMatrix { matrix.mapValues { -$0 } }

  /// Multiple of a matrix.
  public static func * (factor: Double, matrix: SparseMatrix) -> SparseMatrix {
    matrix.mapValues { $0.multiplied(by: factor) }
  }
  /// Multiple of a matrix.
  public static func * (matrix: SparseMatrix, factor: Double) -> SparseMatrix { factor * matrix }
  /// A matrix divided by a number.
  public static func / (matrix: SparseMatrix, divisor: Double) -> SparseMatrix {
    matrix.mapValues { $0.divided(by: divisor) }
  }

  /// Multiple of a matrix. Disfavored, so that the 2 of `2 * matrix` is a real number.
  @_disfavoredOverload
  public static func * (factor: Complex<Double>, matrix: SparseMatrix) -> SparseMatrix {
    matrix.mapValues { factor * $0 }
  }
  /// Multiple of a matrix. Disfavored, so that the 2 of `2 * matrix` is a real number.
  @_disfavoredOverload
  public static func * (matrix: SparseMatrix, factor: Complex<Double>) -> SparseMatrix { factor * matrix }

  /// Sum of |element|^2 of every column of a matrix A whose rows have one nonzero element at most: the diagonal of A^+ A, which has no
  /// other elements then. Nil for other matrices.
  var weightsOfOrthogonalColumns: [Double]? {
    var isUsed = [Bool](repeating: false, count: rows)
    var weights = [Double](repeating: 0, count: columns)
    for column in 0..<columns {
      for entry in starts[column]..<starts[column + 1] where values[entry] != .zero {
        if isUsed[indices[entry]] { return nil }
        isUsed[indices[entry]] = true
        weights[column] += values[entry].lengthSquared
      }
    }
    return weights
  }

  private func merged(with other: SparseMatrix, subtracting: Bool) -> SparseMatrix {
    precondition(
      rows == other.rows && columns == other.columns,
      "matrices that are added must have the same shape, but are \(rows) x \(columns) and \(other.rows) x \(other.columns)"
    )
    let merged = CompressedColumns(starts: starts, indices: indices, values: values).merged(
      with: CompressedColumns(starts: other.starts, indices: other.indices, values: other.values),
      subtracting: subtracting)
    return SparseMatrix(
      rows: rows, columns: columns, starts: merged.starts, indices: merged.indices, values: merged.values)
  }

  /// The matrix with every stored value replaced; `transform` must keep zero, and new zeros are not stored.
  private func mapValues(_ transform: (Complex<Double>) -> Complex<Double>) -> SparseMatrix {
    let mapped = CompressedColumns(starts: starts, indices: indices, values: values.map(transform))
      .droppingZeros()
    return SparseMatrix(
      rows: rows, columns: columns, starts: mapped.starts, indices: mapped.indices, values: mapped.values)
  }
}
