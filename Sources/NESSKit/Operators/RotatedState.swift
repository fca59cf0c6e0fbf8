public import Numerics

/// A state given by its matrix elements in another orthonormal basis: rho = V rho' V^+.
///
/// Nothing is multiplied out: elements in the basis of the space are summed from those that the columns of V reach.
public struct RotatedState: QuantumState {
  /// The state in the other basis, rho'.
  public let base: any QuantumState
  /// V, D x D and unitary: column j is basis vector j in the basis of the space.
  public let basis: SparseMatrix
  /// V^+, whose columns are the rows of V.
  private let adjoint: SparseMatrix

  /// Creates a state; `basis` must be unitary.
  public init(_ base: any QuantumState, basis: SparseMatrix) {
    precondition(
      basis.rows == base.space.dimension && basis.columns == basis.rows,
      "the basis must be \(base.space.dimension) x \(base.space.dimension), but is \(basis.rows) x \(basis.columns)"
    )
    self.base = base
    self.basis = basis
    adjoint = basis.adjoint
  }

  /// Space of the state.
  public var space: HilbertSpace { base.space }

  /// Matrix element <ket| rho |bra>.
  public func element(_ ket: Int, _ bra: Int) -> Complex<Double> { elements(kets: [ket], bras: [bra])[0] }

  /// Matrix elements at many pairs at once.
  /// - Complexity: O(pairs × squared number of nonzeros of a row of V)
  public func elements(kets: [Int], bras: [Int]) -> [Complex<Double>] {
    precondition(
      kets.count == bras.count,
      "elements need a bra for every ket, but there are \(bras.count) and \(kets.count)")
    var result: [Complex<Double>] = []
    result.reserveCapacity(kets.count)
    var (left, right): ([Int], [Int]) = ([], [])
    var weights: [Complex<Double>] = []
    var counts: [Int] = []
    func sum() {
      let values = base.elements(kets: left, bras: right)
      var place = 0
      for count in counts {
        var sum = Complex<Double>.zero
        for k in place..<(place + count) { sum += weights[k] * values[k] }
        result.append(sum)
        place += count
      }
      left.removeAll(keepingCapacity: true)
      right.removeAll(keepingCapacity: true)
      weights.removeAll(keepingCapacity: true)
      counts.removeAll(keepingCapacity: true)
    }
    for (ket, bra) in zip(kets, bras) {
      let before = weights.count
      for a in adjoint.starts[ket]..<adjoint.starts[ket + 1] {
        for b in adjoint.starts[bra]..<adjoint.starts[bra + 1] {
          left.append(adjoint.indices[a])
          right.append(adjoint.indices[b])
          weights.append(adjoint.values[a].conjugate * adjoint.values[b])
        }
      }
      counts.append(weights.count - before)
      // What is held at a time stays small however many pairs there are.
      if weights.count > 1 << 18 { sum() }
    }
    sum()
    return result
  }

  /// Diagonal of the density matrix.
  public var populations: [Double] {
    let states = Array(0..<space.dimension)
    return elements(kets: states, bras: states).map(\.real)
  }

  /// The full matrix.
  /// - Complexity: O(D × nonzeros of V)
  public func density() -> DensityMatrix {
    let order = space.dimension
    // Twice the product of V and the adjoint of what there is: V (V rho'^+)^+ = V rho' V^+.
    func product(_ elements: [Complex<Double>]) -> [Complex<Double>] {
      var result = [Complex<Double>](repeating: .zero, count: order * order)
      basis.forEachEntry { row, inner, value in
        for column in 0..<order {
          result[row + column * order] += value * elements[column + inner * order].conjugate
        }
      }
      return result
    }
    return DensityMatrix(space: space, elements: product(product(base.density().elements)))
  }

  /// Eigenvalues, which do not depend on the basis.
  public func spectrum() throws(KernelError) -> [(eigenvalue: Double, multiplicity: Int)] {
    try base.spectrum()
  }

  /// tr rho^2, which does not depend on the basis.
  public var purity: Double { base.purity }
}
