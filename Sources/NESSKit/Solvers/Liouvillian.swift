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
  /// Error of every element, in units of inverse time, beyond the rounding of the element itself.
  public let entryError: Double

  /// Assembles a generator on a reduced space and leaves out the unknowns that decouple from all populations.
  /// - Complexity: proportional to the nonzeros produced
  public init(terms: GeneratorTerms, on reduced: ReducedSpace) throws(SolverError) {
    try self.init(terms: terms, on: reduced, like: nil)
  }

  /// The same, with the parts of another one on this space if its elements stand where these do.
  init(terms: GeneratorTerms, on reduced: ReducedSpace, like other: Liouvillian?) throws(SolverError) {
    do {
      let assembled = try reduced.sector.assembleHermitian(terms)
      let conserving = assembled.conserving(
        reduced.traceWeights, within: 1e-14 * max(terms.rateScale, assembled.largestMagnitude))
      if let other, other.active.count == conserving.columns, other.matrix.hasPlaces(of: conserving) {
        self.init(other, with: conserving)
      } else {
        self.init(
          matrix: conserving, traceWeights: reduced.traceWeights, entryError: 0, keepingOnlyPopulations: true)
      }
    } catch { throw .kernel(error) }
  }

  private init(_ other: Liouvillian, with matrix: RealSparseMatrix) {
    // One copy of the places for all that share them.
    self.matrix = RealSparseMatrix(
      rows: matrix.rows, columns: matrix.columns, starts: other.matrix.starts, indices: other.matrix.indices,
      values: matrix.values)
    (traceWeights, entryError) = (other.traceWeights, other.entryError)
    (active, unknownCount) = (other.active, other.unknownCount)
    populationComponents = other.populationComponents
  }

  /// Wraps a matrix and its normalization functional.
  ///
  /// - Parameters:
  ///   - matrix: Generator in units of inverse time, square.
  ///   - traceWeights: Normalization functional, one number per unknown; nonzero for populations only.
  ///   - entryError: Error of every element, in units of inverse time. Zero for elements that are rates, each of them right to rounding
  ///     however small it is; what rounding leaves of a product or difference of maps is not.
  public init(matrix: RealSparseMatrix, traceWeights: [Double], entryError: Double = 0) {
    self.init(
      matrix: matrix, traceWeights: traceWeights, entryError: entryError, keepingOnlyPopulations: false)
  }

  private init(
    matrix: RealSparseMatrix, traceWeights: [Double], entryError: Double, keepingOnlyPopulations: Bool
  ) {
    self.entryError = entryError
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

  /// Whether this is a generator of classical jumps under which every state leads to the one given. Then there is one steady state, however
  /// small the rates: a closed class of states would have to hold that state.
  func everyStateLeads(to state: Int) -> Bool {
    guard entryError == 0, traceWeights.allSatisfy({ $0 > 0 }) else { return false }
    let origins = matrix.transposed()
    var isClassical = true
    let reached = placesReached(from: state, of: matrix.columns) { target, visit in
      for entry in origins.starts[target]..<origins.starts[target + 1] where origins.indices[entry] != target
      {
        if origins.values[entry] > 0 { visit(origins.indices[entry]) }
        if origins.values[entry] < 0 { isClassical = false }
      }
    }
    return isClassical && reached == matrix.columns
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
    try Self.checkSpectrum(order: order)
    do { return try DenseEigen.realValues(matrix.dense, order: order) } catch { throw .kernel(error) }
  }

  /// Refuses a spectrum of more than 4096 eigenvalues.
  static func checkSpectrum(order: Int) throws(SolverError) {
    let most = 4096
    guard order > most else { return }
    throw .tooLarge(
      bytes: Int(min(16 * Double(order) * Double(order), 9e18)), limit: 16 * most * most,
      advice: "a full spectrum is limited to \(most) unknowns, but would be one of \(order)")
  }
}
