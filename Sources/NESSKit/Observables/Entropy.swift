internal import Numerics

extension DensityMatrix {
  /// Von Neumann entropy -tr(rho ln rho), in nats.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue is negative beyond rounding.
  /// - Complexity: O(D^3)
  public func vonNeumannEntropy() throws(ObservableError) -> Double {
    shannonEntropy(of: try clipped(try withObservableErrors { () throws(KernelError) in try eigenvalues() }))
  }

  /// Renyi entropy of order two, -ln tr rho^2, in nats.
  public var renyi2Entropy: Double { -.log(purity) }
}

extension QuantumState {
  /// Von Neumann entropy of the whole state, in nats, from ``QuantumState/spectrum()``.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue is negative beyond rounding, or `needsFullMatrix` when the state offers no other way
  ///   to its spectrum and is too large for that one.
  public func entropy() throws(ObservableError) -> Double {
    var eigenvalues: [Double] = []
    var multiplicities: [Double] = []
    try withObservableErrors(of: "the entropy of the whole state", self) { () throws(KernelError) in
      for (eigenvalue, multiplicity) in try spectrum() {
        eigenvalues.append(eigenvalue)
        multiplicities.append(Double(multiplicity))
      }
    }
    let probabilities = try clipped(eigenvalues, multiplicities: multiplicities)
    var entropy = 0.0
    for (probability, multiplicity) in zip(probabilities, multiplicities) {
      entropy += multiplicity * shannonEntropy(of: [probability])
    }
    return entropy
  }

  /// Von Neumann entropy of the sites `sites`, the others traced out, in nats.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue is negative beyond rounding.
  public func entropy(of sites: [Int]) throws(ObservableError) -> Double {
    try reduced(to: sites).vonNeumannEntropy()
  }

  /// Mutual information I = S_A + S_B - S_AB of two groups of sites without common members, in nats.
  ///
  /// Sites in neither group are traced out. Small values are computed as relative entropy of the joint state
  /// and the product of its parts, whose terms are all positive: a correlation of 1e-8 keeps its digits
  /// although I is then of the order of 1e-16. In spaces of more than ``largestDenseSpectrum`` states the difference of entropies
  /// must do.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue is negative beyond rounding.
  public func mutualInformation(between first: [Int], and second: [Int]) throws(ObservableError) -> Double {
    let a = reduced(to: first)
    let b = reduced(to: second)
    let isWhole = Set(first + second).count == space.sites.count && space.selection == nil
    let joint = isWhole ? try entropy() : try entropy(of: first + second)
    let difference = try a.vonNeumannEntropy() + b.vonNeumannEntropy() - joint
    // Below, rounding of the three entropies would cost more than a few of the digits.
    guard difference < 1e-3, space.dimension <= Self.largestDenseSpectrum else { return difference }
    let whole = reduced(to: first + second)
    let (systemA, systemB, system) = try withObservableErrors { () throws(KernelError) in
      (try a.eigensystem(), try b.eigensystem(), try whole.eigensystem())
    }
    let (p, pA, pB) = (
      withoutRounding(try clipped(system.values)), withoutRounding(try clipped(systemA.values)),
      withoutRounding(try clipped(systemB.values))
    )
    let product = Eigensystem.tensor(systemA, systemB)
    let q = pA.flatMap { x in pB.map { x * $0 } }
    let overlaps = try withObservableErrors { () throws(KernelError) in try system.overlaps(with: product) }
    return kleinSum(p, q, overlaps: overlaps)
  }
}
