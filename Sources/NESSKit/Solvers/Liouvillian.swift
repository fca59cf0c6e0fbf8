public import Numerics

/// Assembled generator on the real unknowns of a reduced space: x' = matrix x, with tr rho = sum traceWeights x.
///
/// Solvers start here. A problem that is no density matrix (moment equations, a multipole expansion) enters with its own matrix
/// and normalization.
public struct Liouvillian: Sendable {
  /// Generator in units of inverse time.
  public let matrix: RealSparseMatrix
  /// Normalization functional; nonzero for populations only.
  public let traceWeights: [Double]
  /// Indices of these unknowns among those of the reduced space; all others vanish in every steady state
  /// that is reached from populations.
  public let active: [Int]
  /// Unknowns before decoupled ones were left out.
  public let unknownCount: Int
  /// Number of disconnected parts that hold populations; each has a steady state of its own.
  public let populationComponents: Int

  /// Assembles a generator on a reduced space and leaves out the unknowns that decouple from all populations.
  /// - Complexity: proportional to the nonzeros produced
  public init(terms: GeneratorTerms, on reduced: ReducedSpace) throws(SolverError) {
    do {
      let assembled = try reduced.sector.assembleHermitian(terms)
        .conserving(reduced.traceWeights, within: 1e-14 * terms.rateScale)
      self.init(matrix: assembled, traceWeights: reduced.traceWeights, keepingOnlyPopulations: true)
    } catch { throw .kernel(error) }
  }

  /// Wraps a matrix and its normalization functional.
  public init(matrix: RealSparseMatrix, traceWeights: [Double]) {
    self.init(matrix: matrix, traceWeights: traceWeights, keepingOnlyPopulations: false)
  }

  private init(matrix: RealSparseMatrix, traceWeights: [Double], keepingOnlyPopulations: Bool) {
    precondition(
      matrix.rows == matrix.columns && matrix.rows == traceWeights.count,
      "matrix \(matrix.rows) x \(matrix.columns) and \(traceWeights.count) weights must match")
    let (labels, parts) = matrix.components()
    var isPopulated = [Bool](repeating: false, count: parts)
    for (unknown, weight) in traceWeights.enumerated() where weight != 0 {
      isPopulated[labels[unknown]] = true
    }
    populationComponents = isPopulated.count { $0 }
    unknownCount = matrix.columns
    let kept =
      keepingOnlyPopulations
      ? (0..<matrix.columns).filter { isPopulated[labels[$0]] } : Array(0..<matrix.columns)
    active = kept
    self.matrix = kept.count == matrix.columns ? matrix : matrix.principalSubmatrix(kept)
    self.traceWeights = kept.map { traceWeights[$0] }
  }

  /// Values on all unknowns of the reduced space from those that are active.
  public func expanded(_ values: [Double]) -> [Double] {
    var all = [Double](repeating: 0, count: unknownCount)
    for (position, unknown) in active.enumerated() { all[unknown] = values[position] }
    return all
  }

  /// Largest magnitude of an element, the scale of the rates.
  public var scale: Double { matrix.values.reduce(0) { max($0, abs($1)) } }

  /// The matrix with one population row replaced by the normalization, scaled like the matrix. The rows of populations
  /// are linearly dependent (their weighted sum vanishes), so dropping any one of them loses nothing.
  package func normalizedSystem() -> (matrix: RealSparseMatrix, rightHandSide: [Double])? {
    guard let row = traceWeights.firstIndex(where: { $0 != 0 }), scale > 0 else { return nil }
    let factor = scale
    var starts = [0]
    var indices: [Int] = []
    var values: [Double] = []
    starts.reserveCapacity(matrix.starts.count)
    indices.reserveCapacity(matrix.nonzeros + matrix.columns)
    values.reserveCapacity(matrix.nonzeros + matrix.columns)
    for column in 0..<matrix.columns {
      var pending = traceWeights[column] != 0
      for entry in matrix.starts[column]..<matrix.starts[column + 1] where matrix.indices[entry] != row {
        if pending && matrix.indices[entry] > row {
          indices.append(row)
          values.append(factor * traceWeights[column])
          pending = false
        }
        indices.append(matrix.indices[entry])
        values.append(matrix.values[entry])
      }
      if pending {
        indices.append(row)
        values.append(factor * traceWeights[column])
      }
      starts.append(indices.count)
    }
    var rightHandSide = [Double](repeating: 0, count: matrix.columns)
    rightHandSide[row] = factor
    return (
      RealSparseMatrix(
        rows: matrix.rows, columns: matrix.columns, starts: starts, indices: indices, values: values),
      rightHandSide
    )
  }
}

extension RealSparseMatrix {
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

extension Liouvillian {
  /// Eigenvalues of the generator on the active unknowns; the largest real part below zero is minus the relaxation gap of the
  /// observables that these unknowns describe.
  ///
  /// - Throws: `tooLarge` beyond 4096 unknowns.
  /// - Complexity: O(n^3)
  public func eigenvalues() throws(SolverError) -> [Complex<Double>] {
    let order = matrix.columns
    guard order <= 4096 else {
      throw .tooLarge(
        bytes: order * order * 16, limit: 4096 * 4096 * 16,
        advice: "a full spectrum is limited to 4096 unknowns")
    }
    do { return try DenseEigen.realValues(matrix.dense, order: order) } catch { throw .kernel(error) }
  }
}
