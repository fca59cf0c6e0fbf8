internal import Numerics

extension BlockState {
  /// Eigenvalues of the full matrix from those of the blocks, each with the number of times it occurs, block by block and
  /// ascending within a block. The matrices are taken as Hermitian and only their lower triangles are read.
  /// - Complexity: O(n_b^3) per block
  public func spectrum() throws(KernelError) -> [(eigenvalue: Double, multiplicity: Int)] {
    var found: [(eigenvalue: Double, multiplicity: Int)] = []
    for (block, shape) in blocks.plan.enumerated() {
      let values = try DenseEigen.hermitian(matrix(block), order: shape.order, vectors: false).values
      found += values.map { (eigenvalue: $0, multiplicity: shape.multiplicity) }
    }
    return found
  }

  /// tr rho^2 from the elements of the blocks.
  public var purity: Double {
    blocks.plan.indices.reduce(0) { sum, block in
      sum + Double(blocks.plan[block].multiplicity) * matrix(block).reduce(0) { $0 + $1.lengthSquared }
    }
  }
}
