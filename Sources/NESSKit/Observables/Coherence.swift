internal import Numerics

extension DensityMatrix {
  /// L1 coherence sum_{a != b} |rho_ab| in the basis of the space.
  public var l1Coherence: Double {
    elements.reduce(0) { $0 + $1.length } - (0..<space.dimension).reduce(0) { $0 + element($1, $1).length }
  }

  /// Relative entropy of coherence S(diag rho) - S(rho) in the basis of the space, in nats.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue or a population is negative beyond rounding.
  /// - Complexity: O(D^3)
  public func relativeEntropyOfCoherence() throws(ObservableError) -> Double {
    let populations = try clipped(populations)
    return max(0, shannonEntropy(of: populations) - (try vonNeumannEntropy()))
  }
}
