public import Numerics

extension SymmetryBlocks {
  /// The blocks U_b^+ rho U_b of a state that has the symmetries; elements between different blocks are not looked at.
  ///
  /// - Complexity: O(number of orbits of basis states × D) elements of the state, O(D × sum of the orders) operations
  public func project(_ state: some QuantumState) throws(SolverError) -> BlockState {
    let states = 0..<space.dimension
    return try project(fromColumns: { source in states.map { state.element($0, source) } })
  }

  /// The same from columns rho[:, source] of D elements each, asked for one per orbit of basis states.
  public func project(fromColumns columns: (_ source: Int) -> [Complex<Double>]) throws(SolverError)
    -> BlockState
  {
    do {
      var elements = [Complex<Double>](repeating: .zero, count: elementCount)
      for source in try handle.sources() {
        try handle.project(column: columns(source), at: source, into: &elements)
      }
      return BlockState(in: self, elements: elements)
    } catch { throw .kernel(error) }
  }
}
