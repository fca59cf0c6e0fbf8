internal import Numerics

extension QuantumState {
  /// L1 coherence sum_{a != b} |rho_ab| in the basis of the space; never needs the full matrix.
  public var l1Coherence: Double { elementwiseNorm - populations.reduce(0) { $0 + abs($1) } }
}

extension DensityMatrix {
  /// Relative entropy of coherence S(diag rho) - S(rho) in the basis of the space, in nats.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue or a population is negative beyond rounding.
  /// - Complexity: O(D^3)
  public func relativeEntropyOfCoherence() throws(ObservableError) -> Double {
    let populations = try clipped(populations)
    return max(0, shannonEntropy(of: populations) - (try vonNeumannEntropy()))
  }
}
