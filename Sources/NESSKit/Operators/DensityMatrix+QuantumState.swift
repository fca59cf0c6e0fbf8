public import Numerics

extension DensityMatrix: QuantumState {
  /// Matrix element <ket| rho |bra>.
  public func element(_ ket: Int, _ bra: Int) -> Complex<Double> {
    precondition(
      ket >= 0 && ket < space.dimension && bra >= 0 && bra < space.dimension,
      "an element must lie in \(space.dimension) x \(space.dimension), but is at (\(ket), \(bra))")
    return elements[ket + bra * space.dimension]
  }

  /// Diagonal <a| rho |a>.
  public var populations: [Double] {
    (0..<space.dimension).map { elements[$0 * (space.dimension + 1)].real }
  }

  /// tr(rho O); real when `operator` is Hermitian.
  /// - Complexity: O(nonzeros of the operator)
  public func expectation(of operator: Operator) -> Complex<Double> {
    requireSameSpace(`operator`)
    var sum = Complex<Double>.zero
    `operator`.matrix.forEachEntry { row, column, value in
      sum += elements[column + row * space.dimension] * value
    }
    return sum
  }

  /// State of the sites `sites` (in that order), the others traced out.
  ///
  /// The result lives on the full product of the kept sites, also when this space is restricted.
  /// - Complexity: O(dimension × dimension of the kept sites)
  public func reduced(to sites: [Int]) -> DensityMatrix {
    SitePartition(of: space, keeping: sites).reducedState { elements[$0 + $1 * space.dimension] }
  }

  /// Sum of |<a| rho |b>| over all a and b.
  public var elementwiseNorm: Double { elements.reduce(0) { $0 + $1.length } }

  /// Eigenvalues; the matrix is there already, whatever its size.
  public func spectrum() throws(KernelError) -> [(eigenvalue: Double, multiplicity: Int)] {
    try eigenvalues().map { ($0, 1) }
  }

  /// The state itself.
  public func density() -> DensityMatrix { self }

  func requireSameSpace(_ operand: Operator) {
    precondition(
      operand.space == space,
      "an operator must act on the space of the state, but their dimensions are \(operand.space.dimension) and \(space.dimension)"
    )
  }
}
