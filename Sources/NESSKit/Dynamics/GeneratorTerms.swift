internal import Numerics

/// A generator in the form every master equation is lowered to,
///
///     L rho = K rho + rho K^+ + sum_k A_k rho B_k^+ + diag(W diag(rho)).
///
/// The lowered form knows matrices only. It preserves the trace when K + K^+ + sum_k B_k^+ A_k + diag(column sums of W) = 0
/// and Hermiticity when the pairs (A, B) and (B, A) both occur.
public struct GeneratorTerms: Sendable, Equatable {
  /// One term A rho B^+.
  public struct JumpPair: Sendable, Equatable {
    /// A.
    public let left: SparseMatrix
    /// B; nil when it equals A, as for a Lindblad jump operator with its rate folded in.
    public let right: SparseMatrix?

    /// Creates a pair; without `right` it is the term A rho A^+.
    public init(left: SparseMatrix, right: SparseMatrix? = nil) {
      self.left = left
      self.right = right
    }
  }

  /// Dimension D of the Hilbert space.
  public let dimension: Int
  /// K, D x D: -i H minus half the decay operators.
  public let drift: SparseMatrix
  /// Terms A rho B^+.
  public let jumps: [JumpPair]
  /// W, D x D: classical jump rates, W[a, c] from c to a, that act on populations only; their decay is part of K.
  public let rates: RealSparseMatrix?

  /// Creates a lowered generator; all matrices must be D x D.
  public init(dimension: Int, drift: SparseMatrix, jumps: [JumpPair] = [], rates: RealSparseMatrix? = nil) {
    for matrix in [drift] + jumps.map(\.left) + jumps.compactMap(\.right) {
      precondition(
        matrix.rows == dimension && matrix.columns == dimension,
        "matrices must be \(dimension) x \(dimension), but one is \(matrix.rows) x \(matrix.columns)")
    }
    if let rates {
      precondition(
        rates.rows == dimension && rates.columns == dimension,
        "rates must be \(dimension) x \(dimension), but are \(rates.rows) x \(rates.columns)")
    }
    self.dimension = dimension
    self.drift = drift
    self.jumps = jumps
    self.rates = rates
  }

  /// The same generator with a common shift of all energies taken off where it is large beside what matters: the shift cancels in
  /// K rho + rho K^+, its rounding does not.
  func withoutCommonEnergy() -> GeneratorTerms {
    let mean = drift.diagonal.reduce(0) { $0 + $1.imaginary } / Double(dimension)
    guard mean.isFinite, abs(mean) > rateScale else { return self }
    let shift = SparseMatrix.diagonal([Complex<Double>](repeating: Complex(0, mean), count: dimension))
    return GeneratorTerms(dimension: dimension, drift: drift - shift, jumps: jumps, rates: rates)
  }

  /// H and G of the drift K = -i H - G/2, both Hermitian: the Hamiltonian, and what decays.
  var driftParts: (hamiltonian: SparseMatrix, decay: SparseMatrix) {
    let adjoint = drift.adjoint
    return (Complex(0, 0.5) * (drift - adjoint), -(drift + adjoint))
  }

  /// Largest decay rate, coupling or energy difference, the scale that residuals are compared with. A common shift of all energies,
  /// which has no physical meaning, does not change it.
  /// - Complexity: O(nonzeros of K)
  public var rateScale: Double {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    var scale = 0.0
    var diagonalEntries = 0
    for column in 0..<drift.columns {
      for entry in drift.starts[column]..<drift.starts[column + 1] {
        let value = drift.values[entry]
        if drift.indices[entry] == column {
          diagonalEntries += 1
          lowest = min(lowest, value.imaginary)
          highest = max(highest, value.imaginary)
          scale = max(scale, -2 * value.real)
        } else {
          scale = max(scale, value.length)
        }
      }
    }
    // Diagonal elements that are not stored are zero.
    if diagonalEntries < dimension { (lowest, highest) = (min(lowest, 0), max(highest, 0)) }
    return max(scale, highest - lowest)
  }
}

extension SparseMatrix {
  /// Largest difference of diagonal elements or magnitude of an off-diagonal one, of a Hermitian matrix.
  var energyScale: Double {
    let energies = diagonal.map(\.real)
    var scale = (energies.max() ?? 0) - (energies.min() ?? 0)
    forEachEntry { row, column, value in
      if row != column { scale = max(scale, value.length) }
    }
    return scale
  }
}
