/// Compressed columns under construction: counting sorts bring entries into the order that
/// ``SparseMatrix`` and ``RealSparseMatrix`` promise.
struct CompressedColumns<Scalar: Numeric> {
  var starts: [Int]
  var indices: [Int]
  var values: [Scalar]

  /// Sorts `entries` by column and row and sums duplicates, in the order of the input.
  ///
  /// Sorting stably by row and then by column costs O(entries + rows + columns), without comparisons.
  init(rows: Int, columns: Int, entries: [(row: Int, column: Int, value: Scalar)]) {
    precondition(
      rows >= 0 && columns >= 0, "a matrix must not have a negative size, but is \(rows) x \(columns)")
    var rowStarts = [Int](repeating: 0, count: rows + 1)
    var columnStarts = [Int](repeating: 0, count: columns + 1)
    for entry in entries {
      precondition(
        entry.row >= 0 && entry.row < rows && entry.column >= 0 && entry.column < columns,
        "an entry must lie in \(rows) x \(columns), but is at (\(entry.row), \(entry.column))")
      rowStarts[entry.row + 1] += 1
      columnStarts[entry.column + 1] += 1
    }
    for row in 0..<rows { rowStarts[row + 1] += rowStarts[row] }
    for column in 0..<columns { columnStarts[column + 1] += columnStarts[column] }
    var byRow = [Int](repeating: 0, count: entries.count)
    for (number, entry) in entries.enumerated() {
      byRow[rowStarts[entry.row]] = number
      rowStarts[entry.row] += 1
    }
    var ordered = [Int](repeating: 0, count: entries.count)
    var next = columnStarts
    for number in byRow {
      let column = entries[number].column
      ordered[next[column]] = number
      next[column] += 1
    }
    starts = [0]
    starts.reserveCapacity(columns + 1)
    indices = []
    indices.reserveCapacity(entries.count)
    values = []
    values.reserveCapacity(entries.count)
    for column in 0..<columns {
      let first = indices.count
      for position in columnStarts[column]..<columnStarts[column + 1] {
        let entry = entries[ordered[position]]
        if indices.count > first, indices[indices.count - 1] == entry.row {
          values[values.count - 1] += entry.value
        } else {
          indices.append(entry.row)
          values.append(entry.value)
        }
      }
      starts.append(indices.count)
    }
  }

  init(starts: [Int], indices: [Int], values: [Scalar]) {
    self.starts = starts
    self.indices = indices
    self.values = values
  }

  /// The same columns with the entries that satisfy `isKept`.
  func filtered(_ isKept: (_ row: Int, _ column: Int, _ value: Scalar) -> Bool) -> Self {
    var result = Self(starts: [0], indices: [], values: [])
    result.starts.reserveCapacity(starts.count)
    for column in 0..<(starts.count - 1) {
      for position in starts[column]..<starts[column + 1]
      where isKept(indices[position], column, values[position]) {
        result.indices.append(indices[position])
        result.values.append(values[position])
      }
      result.starts.append(result.indices.count)
    }
    return result
  }

  /// The same columns without entries that are exactly zero; free when there are none.
  func droppingZeros() -> Self {
    values.contains(.zero) ? filtered { _, _, value in value != .zero } : self
  }

  /// Entrywise `self + other`, or `self - other` when `subtracting`; both must have the same shape.
  func merged(with other: Self, subtracting: Bool) -> Self {
    var result = Self(starts: [0], indices: [], values: [])
    result.starts.reserveCapacity(starts.count)
    result.indices.reserveCapacity(indices.count + other.indices.count)
    result.values.reserveCapacity(indices.count + other.indices.count)
    for column in 0..<(starts.count - 1) {
      var mine = starts[column]
      var theirs = other.starts[column]
      let myEnd = starts[column + 1]
      let theirEnd = other.starts[column + 1]
      while mine < myEnd || theirs < theirEnd {
        let myRow = mine < myEnd ? indices[mine] : Int.max
        let theirRow = theirs < theirEnd ? other.indices[theirs] : Int.max
        var value = Scalar.zero
        if myRow <= theirRow {
          value += values[mine]
          mine += 1
        }
        if theirRow <= myRow {
          if subtracting { value -= other.values[theirs] } else { value += other.values[theirs] }
          theirs += 1
        }
        if value != .zero {
          result.indices.append(min(myRow, theirRow))
          result.values.append(value)
        }
      }
      result.starts.append(result.indices.count)
    }
    return result
  }

  /// Kronecker product; the indices of `other`, which has `otherRows` rows, run fastest.
  func kroneckerProduct(with other: Self, otherRows: Int) -> Self {
    var result = Self(starts: [0], indices: [], values: [])
    result.starts.reserveCapacity((starts.count - 1) * (other.starts.count - 1) + 1)
    result.indices.reserveCapacity(indices.count * other.indices.count)
    result.values.reserveCapacity(indices.count * other.indices.count)
    for column in 0..<(starts.count - 1) {
      for otherColumn in 0..<(other.starts.count - 1) {
        for position in starts[column]..<starts[column + 1] {
          for otherPosition in other.starts[otherColumn]..<other.starts[otherColumn + 1] {
            result.indices.append(indices[position] * otherRows + other.indices[otherPosition])
            result.values.append(values[position] * other.values[otherPosition])
          }
        }
        result.starts.append(result.indices.count)
      }
    }
    return result.droppingZeros()
  }

  /// Position of entry (row, column) in `values`; nil when it is not stored.
  static func position(of row: Int, in column: Int, starts: [Int], indices: [Int]) -> Int? {
    var low = starts[column]
    var high = starts[column + 1]
    while low < high {
      let middle = (low + high) / 2
      if indices[middle] < row { low = middle + 1 } else { high = middle }
    }
    return low < starts[column + 1] && indices[low] == row ? low : nil
  }
}
