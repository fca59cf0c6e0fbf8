internal import Numerics

/// Gibbs state exp(-beta H) / Z of a small system.
public struct ThermalState: Sendable {
  /// The state.
  public let state: DensityMatrix
  /// Method, commutator with H as residual, and defects.
  public let certificate: Certificate

  /// Diagonalizes the Hamiltonian; beta = 0 gives the maximally mixed state.
  ///
  /// - Parameters:
  ///   - hamiltonian: Hermitian Hamiltonian.
  ///   - beta: Inverse temperature >= 0.
  /// - Throws: `tooLarge` beyond a dimension of ``largestDimension``.
  /// - Complexity: O(D^3)
  public init(of hamiltonian: Operator, inverseTemperature beta: Double) throws(SolverError) {
    precondition(beta >= 0 && beta.isFinite, "inverse temperature must be finite and >= 0, but is \(beta)")
    let clock = ContinuousClock()
    let start = clock.now
    let dimension = hamiltonian.space.dimension
    try Self.checkSize(dimension)
    try Self.checkHermitian(hamiltonian)
    do {
      let (energies, vectors) = try DenseEigen.hermitian(
        hamiltonian.matrix.dense, order: dimension, vectors: true)
      // Energies count from the lowest, so that no exponential overflows.
      let weights = energies.map { Double.exp(-beta * ($0 - energies[0])) }
      let sum = weights.reduce(0, +)
      var scaled = vectors
      for k in 0..<dimension {
        for a in 0..<dimension { scaled[a + k * dimension] *= Complex(weights[k] / sum) }
      }
      let elements = try denseMultiply(
        scaled, vectors, adjointRight: true, rows: dimension, inner: dimension, columns: dimension)
      state = DensityMatrix(space: hamiltonian.space, elements: elements)
      let product = hamiltonian.matrix.multiplied(
        by: SparseMatrix(rows: dimension, columns: dimension, dense: elements))
      let commutator = product - product.adjoint
      certificate = Certificate(
        method: "hermitian-eigen", unknownsFull: dimension, unknowns: dimension,
        residual: commutator.values.reduce(0) { max($0, $1.length) },
        rateScale: max(abs(energies[0]), abs(energies[dimension - 1])),
        traceDefect: abs(state.populations.reduce(-1, +)), hermiticityDefect: state.hermiticityDefect,
        minEigenvalue: weights.map { $0 / sum }.min(), unique: true, uniquenessMethod: "Gibbs state",
        seconds: (clock.now - start).inSeconds, peakBytes: dimension * dimension * 64)
    } catch { throw .kernel(error) }
  }

  /// Largest dimension that is diagonalized in full.
  public static let largestDimension = 4096

  static func checkHermitian(_ hamiltonian: Operator) throws(SolverError) {
    guard hamiltonian.isHermitian() else {
      throw .unavailable(
        reason: "a Hamiltonian must be Hermitian, but max |H - H^+| is \(hamiltonian.hermiticityDefect)")
    }
  }

  static func checkSize(_ dimension: Int) throws(SolverError) {
    guard dimension <= largestDimension else {
      let (bytes, overflow) = (dimension * 3).multipliedReportingOverflow(by: dimension * 16)
      throw .tooLarge(
        bytes: overflow ? Int.max : bytes, limit: largestDimension * largestDimension * 48,
        advice: "full diagonalization is limited to \(largestDimension) states, but there are \(dimension)")
    }
  }
}
