/// Linear operator on a Hilbert space, stored sparse.
public struct Operator: Sendable, Equatable {
  /// Space the operator acts on.
  public let space: HilbertSpace
  /// Matrix in the product basis of the space, `space.dimension` squared.
  public let matrix: SparseMatrix

  /// Creates an operator from its matrix, whose order must be the dimension of the space.
  public init(space: HilbertSpace, matrix: SparseMatrix) {
    precondition(
      matrix.rows == space.dimension && matrix.columns == space.dimension,
      "operator must be \(space.dimension) x \(space.dimension), but is \(matrix.rows) x \(matrix.columns)")
    self.space = space
    self.matrix = matrix
  }
}
