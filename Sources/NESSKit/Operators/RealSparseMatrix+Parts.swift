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
    var corrected = values
    // Of diagonal elements that are not stored.
    var missing: [(row: Int, column: Int, value: Double)] = []
    for column in 0..<columns where weights[column] != 0 {
      var gains = 0.0
      var place: Int?
      for entry in self.starts[column]..<self.starts[column + 1] {
        if self.indices[entry] == column {
          place = entry
        } else {
          gains += weights[self.indices[entry]] * self.values[entry]
        }
      }
      let conserved = -gains / weights[column]
      let defect = (place.map { values[$0] } ?? 0) - conserved
      guard defect != 0, abs(defect) <= tolerance else { continue }
      if let place { corrected[place] = conserved } else { missing.append((column, column, conserved)) }
    }
    let matrix = RealSparseMatrix(
      rows: rows, columns: columns, starts: starts, indices: indices, values: corrected)
    return missing.isEmpty
      ? matrix : matrix + RealSparseMatrix(rows: rows, columns: columns, entries: missing)
  }

  /// Rows and columns `kept` (ascending) of a square matrix.
  package func principalSubmatrix(_ kept: [Int]) -> RealSparseMatrix {
    var position = [Int](repeating: -1, count: rows)
    for (new, old) in kept.enumerated() { position[old] = new }
    var starts = [0]
    var indices: [Int] = []
    var values: [Double] = []
    starts.reserveCapacity(kept.count + 1)
    indices.reserveCapacity(nonzeros)
    values.reserveCapacity(nonzeros)
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
