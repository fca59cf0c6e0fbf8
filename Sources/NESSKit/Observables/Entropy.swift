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
  /// although I is then of the order of 1e-16.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue is negative beyond rounding.
  public func mutualInformation(between first: [Int], and second: [Int]) throws(ObservableError) -> Double {
    let joint = reduced(to: first + second)
    let a = joint.reduced(to: Array(first.indices))
    let b = joint.reduced(to: Array(first.count..<(first.count + second.count)))
    let difference = try a.vonNeumannEntropy() + b.vonNeumannEntropy() - joint.vonNeumannEntropy()
    // Below, rounding of the three entropies would cost more than a few of the digits.
    guard difference < 1e-3 else { return difference }
    let (systemA, systemB, system) = try withObservableErrors { () throws(KernelError) in
      (try a.eigensystem(), try b.eigensystem(), try joint.eigensystem())
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
