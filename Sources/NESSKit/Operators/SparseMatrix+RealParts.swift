internal import Numerics

extension SparseMatrix {
  /// Creates the complex matrix with the entries of a real one.
  public init(_ real: RealSparseMatrix) {
    self.init(
      rows: real.rows, columns: real.columns, starts: real.starts, indices: real.indices,
      values: real.values.map { Complex($0) })
  }

  /// Real parts of the entries.
  public var realPart: RealSparseMatrix { realMatrix { $0.real } }

  /// Imaginary parts of the entries.
  public var imaginaryPart: RealSparseMatrix { realMatrix { $0.imaginary } }

  private func realMatrix(_ part: (Complex<Double>) -> Double) -> RealSparseMatrix {
    let parts = CompressedColumns(starts: starts, indices: indices, values: values.map(part)).droppingZeros()
    return RealSparseMatrix(
      rows: rows, columns: columns, starts: parts.starts, indices: parts.indices, values: parts.values)
  }
}
