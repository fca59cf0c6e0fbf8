internal import Numerics

extension GeneratorTerms {
  /// Heisenberg-picture generator: K^+ O + O K + sum_k B_k^+ O A_k + diag(W^T diag(O)).
  public func adjointApplied(to observable: SparseMatrix) -> SparseMatrix {
    var sum = drift.adjoint.multiplied(by: observable) + observable.multiplied(by: drift)
    for pair in jumps {
      let right = (pair.right ?? pair.left).adjoint
      sum = sum + right.multiplied(by: observable.multiplied(by: pair.left))
    }
    return sum + jumpAdjoint(onDiagonalOf: observable)
  }

  /// The gain part of the classical rates alone: diag(W^T diag(O)).
  public func jumpAdjoint(onDiagonalOf observable: SparseMatrix) -> SparseMatrix {
    guard let rates else { return .zero(rows: dimension, columns: dimension) }
    let diagonal = observable.diagonal
    let real = rates.appliedTransposed(to: diagonal.map(\.real))
    let imaginary = rates.appliedTransposed(to: diagonal.map(\.imaginary))
    return .diagonal(zip(real, imaginary).map { Complex($0, $1) })
  }
}
