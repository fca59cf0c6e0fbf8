internal import Numerics

extension QuantumState {
  /// Negativity of two groups of sites without common members: sum of |negative eigenvalues| of the partial transpose.
  ///
  /// 1/2 for a Bell pair, ((sum s)^2 - 1)/2 for a pure state with Schmidt coefficients s. Sites in neither
  /// group are traced out; eigenvalues that an eigensolver cannot tell from zero do not count.
  ///
  /// - Complexity: O(d^3), d the dimension of the two groups together
  public func negativity(between first: [Int], and second: [Int]) throws(ObservableError) -> Double {
    let transposed = reduced(to: first + second).partialTranspose(over: Array(first.indices))
    let eigenvalues = try withObservableErrors { () throws(KernelError) in try transposed.eigenvalues() }
    return withoutRounding(eigenvalues).reduce(0) { $1 < 0 ? $0 - $1 : $0 }
  }

  /// Negativity of the sites `sites` and all others; at least one other must exist.
  ///
  /// - Complexity: O(D^3)
  public func negativity(of sites: [Int]) throws(ObservableError) -> Double {
    try negativity(between: sites, and: space.sites.indices.filter { !sites.contains($0) })
  }

  /// Logarithmic negativity ln(1 + 2 negativity), the logarithm of the trace norm of the partial transpose, in nats.
  public func logarithmicNegativity(between first: [Int], and second: [Int]) throws(ObservableError) -> Double
  {
    .log(onePlus: 2 * (try negativity(between: first, and: second)))
  }

  /// Concurrence of two sites with two levels each (Wootters 1998): 0 without entanglement, 1 for a Bell pair.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue of the pair's state is negative beyond rounding.
  public func concurrence(between first: Int, and second: Int) throws(ObservableError) -> Double {
    try reduced(to: [first, second]).pairConcurrence()
  }
}

extension DensityMatrix {
  /// Concurrence max(0, l1 - l2 - l3 - l4) of a two-qubit state.
  ///
  /// The l are the square roots of the eigenvalues of rho (Y rho* Y), Y = sigma^y x sigma^y. With rho = W W^+ they are
  /// the singular values of W^T Y W, which needs neither a non-Hermitian eigenproblem nor the root of a rounding error.
  fileprivate func pairConcurrence() throws(ObservableError) -> Double {
    precondition(
      space.sites.map(\.dimension) == [2, 2],
      "concurrence needs two sites with 2 levels, but they have \(space.sites.map(\.dimension))")
    if let concurrence = try closedFormConcurrence() { return concurrence }
    let system = try withObservableErrors { () throws(KernelError) in try eigensystem() }
    let roots = withoutRounding(try clipped(system.values)).map { $0.squareRoot() }
    // Y has ones of alternating sign on the antidiagonal: Y |a> = sign[a] |3 - a>.
    let sign = [-1.0, 1, 1, -1]
    var overlap: [Complex<Double>] = []
    for j in 0..<4 {
      for i in 0..<4 {
        let sum = (0..<4).reduce(Complex<Double>.zero) {
          $0 + (system.vectors[3 - $1 + 4 * i] * system.vectors[$1 + 4 * j]).multiplied(by: sign[$1])
        }
        overlap.append(sum.multiplied(by: roots[i] * roots[j]))
      }
    }
    let values = try withObservableErrors { () throws(KernelError) in
      try singularValues(overlap, rows: 4, columns: 4)
    }
    return max(0, values[0] - values[1] - values[2] - values[3])
  }

  /// Concurrence of a state with elements on the two diagonals only, as conserved quantities leave them; nil for others.
  /// Exact where populations vanish, while the general route has errors of the root of rounding there.
  private func closedFormConcurrence() throws(ObservableError) -> Double? {
    for column in 0..<4 {
      for row in 0..<4 where row != column && row != 3 - column && element(row, column) != .zero {
        return nil
      }
    }
    let p = try clipped(populations)
    let outer = element(0, 3).length - (p[1] * p[2]).squareRoot()
    let inner = element(1, 2).length - (p[0] * p[3]).squareRoot()
    return 2 * max(0, outer, inner)
  }
}
