internal import Numerics

extension DensityMatrix {
  /// Relative entropy S(rho || sigma) = tr rho (ln rho - ln sigma), in nats, with rho this state and sigma `reference`.
  ///
  /// Infinite when rho has weight where sigma has none; eigenvalues of sigma below the resolution of an eigensolver,
  /// D times 2e-16 of the largest, count as none.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue is negative beyond rounding.
  /// - Complexity: O(D^3)
  public func relativeEntropy(to reference: DensityMatrix) throws(ObservableError) -> Double {
    requireSameSpace(reference)
    let (system, referenceSystem, overlaps) = try withObservableErrors { () throws(KernelError) in
      let system = try eigensystem()
      let referenceSystem = try reference.eigensystem()
      return (system, referenceSystem, try system.overlaps(with: referenceSystem))
    }
    return kleinSum(
      withoutRounding(try clipped(system.values)), withoutRounding(try clipped(referenceSystem.values)),
      overlaps: overlaps)
  }

  /// Uhlmann fidelity in the squared form, F = (tr sqrt(sqrt(rho) sigma sqrt(rho)))^2; |<a|b>|^2 for pure states.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue is negative beyond rounding.
  /// - Complexity: O(D^3)
  public func fidelity(with other: DensityMatrix) throws(ObservableError) -> Double {
    requireSameSpace(other)
    let order = space.dimension
    let (first, second) = try withObservableErrors { () throws(KernelError) in
      (try eigensystem(), try other.eigensystem())
    }
    let p = withoutRounding(try clipped(first.values)).map { $0.squareRoot() }
    let q = withoutRounding(try clipped(second.values)).map { $0.squareRoot() }
    // The trace is the sum of the singular values of sqrt(rho) sqrt(sigma), here in the two eigenbases.
    let values = try withObservableErrors { () throws(KernelError) in
      var roots = try denseMultiply(
        first.vectors, adjointLeft: true, second.vectors, rows: order, inner: order, columns: order)
      for index in roots.indices {
        roots[index] = roots[index].multiplied(by: p[index % order] * q[index / order])
      }
      return try singularValues(roots, rows: order, columns: order)
    }
    let sum = values.reduce(0, +)
    return sum * sum
  }

  /// Trace distance half the sum of |eigenvalues of rho - sigma|: 0 for equal states, 1 for orthogonal ones.
  ///
  /// - Throws: ``ObservableError`` when the eigenproblem fails.
  /// - Complexity: O(D^3)
  public func traceDistance(to other: DensityMatrix) throws(ObservableError) -> Double {
    requireSameSpace(other)
    let difference = zip(elements, other.elements).map { $0 - $1 }
    let eigenvalues = try withObservableErrors { () throws(KernelError) in
      try DenseEigen.hermitian(difference, order: space.dimension, vectors: false).values
    }
    return eigenvalues.reduce(0) { $0 + abs($1) } / 2
  }

  private func requireSameSpace(_ other: DensityMatrix) {
    precondition(
      space == other.space,
      "two states must live on the same space, but their dimensions are \(space.dimension) and \(other.space.dimension)"
    )
  }
}
