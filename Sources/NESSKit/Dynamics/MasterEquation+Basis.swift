extension QuantumState {
  /// This state, whose elements are in the basis of an equation, in the basis of the space.
  func inSpaceBasis(of equation: some MasterEquation) -> any QuantumState {
    equation.basis.map { RotatedState(self, basis: $0) } ?? self
  }

  /// This state, whose elements are in the basis of the space, in that of an equation: V^+ rho V.
  func inBasis(of equation: some MasterEquation) -> any QuantumState {
    equation.basis.map { RotatedState(self, basis: $0.adjoint) } ?? self
  }

  /// Elements that a state, in the basis of an equation, evolves from.
  /// - Throws: `excludedCoherence` for a state that the equation does not describe.
  func seeds(of equation: some MasterEquation) throws(SolverError) -> [(ket: Int, bra: Int)] {
    guard let classes = equation.coherenceClasses else { return nonzeroElements }
    let (inside, across, largest) = elements(within: classes)
    guard across.isEmpty else {
      throw .excludedCoherence(found: largest, allowed: Self.negligibleCoherence)
    }
    return inside
  }
}
