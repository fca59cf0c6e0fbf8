package import Numerics

/// Eigenvalues and eigenvectors of a Hermitian matrix.
package struct Eigensystem: Sendable {
  /// Eigenvalues, ascending.
  package let values: [Double]
  /// Orthonormal eigenvectors; component a of vector k at a + k `order`.
  package let vectors: [Complex<Double>]

  /// Number of eigenvalues.
  package var order: Int { values.count }

  /// Diagonalizes a Hermitian matrix given column by column; only its lower triangle is read.
  package init(hermitian matrix: [Complex<Double>], order: Int) throws(KernelError) {
    (values, vectors) = try DenseEigen.hermitian(matrix, order: order, vectors: true)
  }

  /// |<vector i of self|vector j of other>|^2 at i + j `order`.
  package func overlaps(with other: Eigensystem) throws(KernelError) -> [Double] {
    try denseMultiply(
      vectors, adjointLeft: true, other.vectors, rows: order, inner: order, columns: other.order
    ).map(\.lengthSquared)
  }
}

extension Eigensystem {
  /// Eigensystem of a x b, pairs (i, j) in the order of a Kronecker product, which is not ascending.
  package static func tensor(_ a: Eigensystem, _ b: Eigensystem) -> Eigensystem {
    var values: [Double] = []
    var vectors: [Complex<Double>] = []
    vectors.reserveCapacity(a.vectors.count * b.vectors.count)
    for i in 0..<a.order {
      for j in 0..<b.order {
        values.append(a.values[i] * b.values[j])
        for x in 0..<a.order {
          for y in 0..<b.order {
            vectors.append(a.vectors[x + i * a.order] * b.vectors[y + j * b.order])
          }
        }
      }
    }
    return Eigensystem(values: values, vectors: vectors)
  }

  private init(values: [Double], vectors: [Complex<Double>]) {
    self.values = values
    self.vectors = vectors
  }
}
