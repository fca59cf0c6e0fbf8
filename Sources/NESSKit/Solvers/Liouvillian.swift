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
      let conserving = assembled.conserving(
        reduced.traceWeights, within: 1e-14 * max(terms.rateScale, assembled.largestMagnitude))
      self.init(matrix: conserving, traceWeights: reduced.traceWeights, keepingOnlyPopulations: true)
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
  public var scale: Double { matrix.largestMagnitude }

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
