extension RealSparseMatrix {
  /// Bound on what rounding does to A x: 2 eps |A| |x|, and what errors of the elements add.
  ///
  /// - Parameter entryError: error of every stored element beyond its own rounding
  package func roundings(at vector: [Double], entryError: Double) -> [Double] {
    var sums = [Double](repeating: 0, count: rows)
    for column in 0..<columns where vector[column] != 0 {
      let factor = abs(vector[column])
      for entry in starts[column]..<starts[column + 1] {
        sums[indices[entry]] += (2 * Double.ulpOfOne * abs(values[entry]) + entryError) * factor
      }
    }
    return sums
  }

  /// Largest magnitude of an entry.
  package var largestMagnitude: Double { values.reduce(0) { max($0, abs($1)) } }

  /// The matrix with diagonal elements corrected so that sum_u weights[u] A[u, v] = 0 in every column v with a weight; columns
  /// that miss this by more than `tolerance` are left alone, since they truly lose or gain.
  ///
  /// The escape rate of a population comes out of K as a difference of larger numbers when something fast, such as dephasing,
  /// leaves the populations alone. The rates into other populations are free of that cancellation.
  package func conserving(_ weights: [Double], within tolerance: Double) -> RealSparseMatrix {
    var corrections: [(row: Int, column: Int, value: Double)] = []
    for column in 0..<columns where weights[column] != 0 {
      var gains = 0.0
      var diagonal = 0.0
      for entry in self.starts[column]..<self.starts[column + 1] {
        if self.indices[entry] == column {
          diagonal = self.values[entry]
        } else {
          gains += weights[self.indices[entry]] * self.values[entry]
        }
      }
      let defect = diagonal + gains / weights[column]
      if defect != 0, abs(defect) <= tolerance {
        corrections.append((column, column, -gains / weights[column] - diagonal))
      }
    }
    if corrections.isEmpty { return self }
    return self + RealSparseMatrix(rows: rows, columns: columns, entries: corrections)
  }

  /// Rows and columns `kept` (ascending) of a square matrix.
  package func principalSubmatrix(_ kept: [Int]) -> RealSparseMatrix {
    var position = [Int](repeating: -1, count: rows)
    for (new, old) in kept.enumerated() { position[old] = new }
    var starts = [0]
    var indices: [Int] = []
    var values: [Double] = []
    for column in kept {
      for entry in self.starts[column]..<self.starts[column + 1] where position[self.indices[entry]] >= 0 {
        indices.append(position[self.indices[entry]])
        values.append(self.values[entry])
      }
      starts.append(indices.count)
    }
    return RealSparseMatrix(
      rows: kept.count, columns: kept.count, starts: starts, indices: indices, values: values)
  }

  /// The matrix with `shift` subtracted from every diagonal element.
  package func shifted(by shift: Double) -> RealSparseMatrix {
    var starts = [0]
    var indices: [Int] = []
    var values: [Double] = []
    for column in 0..<columns {
      var pending = true
      for entry in self.starts[column]..<self.starts[column + 1] {
        let row = self.indices[entry]
        if pending && row > column {
          indices.append(column)
          values.append(-shift)
          pending = false
        }
        indices.append(row)
        values.append(self.values[entry] - (row == column ? shift : 0))
        if row == column { pending = false }
      }
      if pending {
        indices.append(column)
        values.append(-shift)
      }
      starts.append(indices.count)
    }
    return RealSparseMatrix(rows: rows, columns: columns, starts: starts, indices: indices, values: values)
  }
}
