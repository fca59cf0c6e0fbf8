/// Compressed columns that grow one column after the other, with few entries in each: those of one row are added up, and the others
/// sorted as they come. No list of all entries is held, which would take four times the memory of the matrix.
struct ColumnList<Scalar: AdditiveArithmetic> {
  private(set) var starts = [0]
  private(set) var indices: [Int] = []
  private(set) var values: [Scalar] = []
  private var column = SortedColumn<Scalar>()

  /// Reserves storage for a number of columns with about `perColumn` entries each.
  init(columns: Int, perColumn: Int) {
    starts.reserveCapacity(columns + 1)
    indices.reserveCapacity(columns * perColumn)
    values.reserveCapacity(columns * perColumn)
  }

  /// Adds a number to the open column.
  mutating func add(_ value: Scalar, at row: Int) { column.add(value, at: row) }

  /// Closes the open column and opens the next one.
  mutating func close() {
    indices.append(contentsOf: column.indices)
    values.append(contentsOf: column.values)
    starts.append(indices.count)
    column.removeAll()
  }
}

/// One column under construction, in order of its rows.
private struct SortedColumn<Scalar: AdditiveArithmetic> {
  private(set) var indices: [Int] = []
  private(set) var values: [Scalar] = []

  mutating func removeAll() {
    indices.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  mutating func add(_ value: Scalar, at row: Int) {
    var place = indices.count
    while place > 0, indices[place - 1] >= row { place -= 1 }
    if place < indices.count, indices[place] == row {
      values[place] += value
    } else {
      indices.insert(row, at: place)
      values.insert(value, at: place)
    }
  }
}
