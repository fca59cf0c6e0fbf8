extension QuantumState {
  /// This state, whose elements are in the basis of an equation, in the basis of the space.
  func inSpaceBasis(of equation: some MasterEquation) -> any QuantumState {
    equation.basis.map { RotatedState(self, basis: $0) } ?? self
  }

  /// This state, whose elements are in the basis of the space, in that of an equation: V^+ rho V.
  func inBasis(of equation: some MasterEquation) -> any QuantumState {
    equation.basis.map { RotatedState(self, basis: $0.adjoint) } ?? self
  }
}
