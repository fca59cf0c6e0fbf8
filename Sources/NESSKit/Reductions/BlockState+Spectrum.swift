extension BlockState {
  /// Eigenvalues of the full matrix from those of the blocks, each with the number of times it occurs, block by block and
  /// ascending within a block. The matrices are taken as Hermitian and only their lower triangles are read.
  /// - Complexity: O(n_b^3) per block
  public func blockEigenvalues() throws(KernelError) -> [(value: Double, multiplicity: Int)] {
    var found: [(value: Double, multiplicity: Int)] = []
    for (block, shape) in blocks.plan.enumerated() {
      let values = try DenseEigen.hermitian(matrix(block), order: shape.order, vectors: false).values
      found += values.map { (value: $0, multiplicity: shape.multiplicity) }
    }
    return found
  }
}
