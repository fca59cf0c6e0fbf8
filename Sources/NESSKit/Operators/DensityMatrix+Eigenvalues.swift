extension DensityMatrix {
  /// Eigenvalues, ascending; the matrix is taken as Hermitian and only its lower triangle is read.
  /// - Complexity: O(D^3)
  public func eigenvalues() throws(KernelError) -> [Double] {
    try DenseEigen.hermitian(elements, order: space.dimension, vectors: false).values
  }

  /// Eigenvalues and eigenvectors under the same assumption.
  package func eigensystem() throws(KernelError) -> Eigensystem {
    try Eigensystem(hermitian: elements, order: space.dimension)
  }
}

extension Operator {
  /// Eigenvalues of a Hermitian operator, ascending; only the lower triangle is read.
  /// - Complexity: O(D^3) time, O(D^2) memory
  public func eigenvalues() throws(KernelError) -> [Double] {
    try DenseEigen.hermitian(matrix.dense, order: space.dimension, vectors: false).values
  }

  /// Eigenvalues and eigenvectors under the same assumption.
  package func eigensystem() throws(KernelError) -> Eigensystem {
    try Eigensystem(hermitian: matrix.dense, order: space.dimension)
  }
}
