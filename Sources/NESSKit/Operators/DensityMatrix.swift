public import Numerics

/// Density matrix stored in full, column by column.
public struct DensityMatrix: Sendable, Equatable {
  /// Space of the state.
  public let space: HilbertSpace
  /// Element (a, b) at a + b D, D = `space.dimension`.
  public let elements: [Complex<Double>]

  /// Creates a state from its matrix elements, D^2 of them, column by column. The trace is not normalized.
  public init(space: HilbertSpace, elements: [Complex<Double>]) {
    precondition(
      elements.count == space.dimension * space.dimension,
      "need \(space.dimension * space.dimension) elements, but got \(elements.count)")
    self.space = space
    self.elements = elements
  }
}
