/// Real sparse matrix in compressed columns; the invariants are those of ``SparseMatrix``.
public struct RealSparseMatrix: Sendable, Equatable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// `columns + 1` offsets; column `j` owns `starts[j]..<starts[j + 1]`.
  public let starts: [Int]
  /// Row index of every stored entry.
  public let indices: [Int]
  /// Value of every stored entry.
  public let values: [Double]

  /// Creates a matrix from compressed columns that already satisfy the invariants.
  package init(rows: Int, columns: Int, starts: [Int], indices: [Int], values: [Double]) {
    precondition(
      starts.count == columns + 1, "starts must have \(columns + 1) entries, but has \(starts.count)")
    precondition(
      indices.count == values.count,
      "indices and values must match, but are \(indices.count) and \(values.count)")
    self.rows = rows
    self.columns = columns
    self.starts = starts
    self.indices = indices
    self.values = values
  }

  /// Number of stored entries.
  public var nonzeros: Int { values.count }
}
