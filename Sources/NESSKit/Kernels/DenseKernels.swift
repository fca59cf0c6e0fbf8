internal import CNESSKernels
package import Numerics

// Dense linear algebra on column-major arrays: element (i, j) of an m-row matrix sits at i + j m.

/// Eigenvalues and eigenvectors of dense matrices.
///
/// Every routine throws `invalidArgument` for values that are not finite, `outOfMemory`, `sizeOverflow` for orders
/// beyond LAPACK's integers, and `noConvergence` when its iteration fails. Cost is cubic in the order.
package enum DenseEigen {
  /// Eigenvalues, ascending, of the Hermitian matrix whose lower triangle is stored in `a`, and its orthonormal
  /// eigenvectors as columns (empty unless asked for).
  package static func hermitian(_ a: [Complex<Double>], order: Int, vectors: Bool = true) throws(KernelError)
    -> (values: [Double], vectors: [Complex<Double>])
  {
    requireElements(a.count, order, order)
    if order == 0 { return ([], []) }
    var columns: [Complex<Double>] = []
    let values = try unsafe [Double](kernelCount: order) { values throws(KernelError) in
      try unsafe a.withKernelPointer { a throws(KernelError) in
        guard vectors else { return try unsafe ness_zeigh(Int64(order), a, values, nil).check() }
        columns = try unsafe [Complex<Double>](kernelCount: order * order) { columns throws(KernelError) in
          try unsafe ness_zeigh(Int64(order), a, values, columns).check()
        }
      }
    }
    return (values, columns)
  }

  /// Eigenvalues, in no particular order, of a general complex matrix, and its right eigenvectors as columns of unit
  /// Euclidean norm (empty unless asked for).
  package static func general(_ a: [Complex<Double>], order: Int, vectors: Bool = true) throws(KernelError)
    -> (values: [Complex<Double>], vectors: [Complex<Double>])
  {
    requireElements(a.count, order, order)
    if order == 0 { return ([], []) }
    var columns: [Complex<Double>] = []
    let values = try unsafe [Complex<Double>](kernelCount: order) { values throws(KernelError) in
      try unsafe a.withKernelPointer { a throws(KernelError) in
        guard vectors else { return try unsafe ness_zeig(Int64(order), a, values, nil).check() }
        columns = try unsafe [Complex<Double>](kernelCount: order * order) { columns throws(KernelError) in
          try unsafe ness_zeig(Int64(order), a, values, columns).check()
        }
      }
    }
    return (values, columns)
  }

  /// Eigenvalues of a general real matrix; complex ones follow each other in conjugate pairs.
  package static func realValues(_ a: [Double], order: Int) throws(KernelError) -> [Complex<Double>] {
    requireElements(a.count, order, order)
    if order == 0 { return [] }
    return try unsafe [Complex<Double>](kernelCount: order) { values throws(KernelError) in
      try unsafe a.withKernelPointer { a throws(KernelError) in
        try unsafe ness_deig_values(Int64(order), a, values).check()
      }
    }
  }
}

/// Singular values, descending, of a real matrix; `min(rows, columns)` of them. Errors as in ``DenseEigen``.
package func singularValues(_ a: [Double], rows: Int, columns: Int) throws(KernelError) -> [Double] {
  requireElements(a.count, rows, columns)
  if a.isEmpty { return [] }
  return try unsafe [Double](kernelCount: min(rows, columns)) { values throws(KernelError) in
    try unsafe a.withKernelPointer { a throws(KernelError) in
      try unsafe ness_dsingular_values(Int64(rows), Int64(columns), a, values).check()
    }
  }
}

/// Singular values, descending, of a complex matrix; `min(rows, columns)` of them. Errors as in ``DenseEigen``.
package func singularValues(_ a: [Complex<Double>], rows: Int, columns: Int) throws(KernelError) -> [Double] {
  requireElements(a.count, rows, columns)
  if a.isEmpty { return [] }
  return try unsafe [Double](kernelCount: min(rows, columns)) { values throws(KernelError) in
    try unsafe a.withKernelPointer { a throws(KernelError) in
      try unsafe ness_zsingular_values(Int64(rows), Int64(columns), a, values).check()
    }
  }
}

/// exp(a) - 1 of a general real matrix, accurate also where it is small.
///
/// - Throws: `invalidArgument` for values that are not finite, `outOfMemory`, `sizeOverflow` (norms beyond 2^60), `notFinite`.
package func exponentialMinusOne(_ a: [Double], order: Int) throws(KernelError) -> [Double] {
  requireElements(a.count, order, order)
  if order == 0 { return [] }
  return try unsafe [Double](kernelCount: order * order) { out throws(KernelError) in
    try unsafe a.withKernelPointer { a throws(KernelError) in
      try unsafe ness_dexpm1(Int64(order), a, out).check()
    }
  }
}

/// The product op(a) op(b) of complex matrices, `rows` x `columns`, op the adjoint where asked for; op(a) is
/// `rows` x `inner`, op(b) `inner` x `columns`.
///
/// - Throws: `sizeOverflow` for dimensions beyond BLAS's integers.
package func denseMultiply(
  _ a: [Complex<Double>], adjointLeft: Bool = false, _ b: [Complex<Double>], adjointRight: Bool = false,
  rows: Int, inner: Int, columns: Int
) throws(KernelError) -> [Complex<Double>] {
  requireElements(a.count, rows, inner)
  requireElements(b.count, inner, columns)
  if a.isEmpty || b.isEmpty { return [Complex<Double>](repeating: .zero, count: rows * columns) }
  return try unsafe [Complex<Double>](kernelCount: rows * columns) { product throws(KernelError) in
    try unsafe a.withKernelPointer { a throws(KernelError) in
      try unsafe b.withKernelPointer { b throws(KernelError) in
        try unsafe ness_zmultiply(
          Int64(rows), Int64(columns), Int64(inner), adjointLeft, a, adjointRight, b, product
        ).check()
      }
    }
  }
}

/// Dense LU factors of a real matrix; immutable, shared freely between tasks.
@safe package final class RealDenseLU: Sendable {
  /// Order of the matrix.
  package let order: Int
  /// LAPACK's estimate of the reciprocal condition number in the 1-norm.
  package let reciprocalCondition: Double
  /// Memory held, in bytes.
  package let bytes: Int
  // The kernels never change a factorization after its creation.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// Factorizes a square matrix.
  ///
  /// - Throws: `singularMatrix` (a pivot is exactly zero), `outOfMemory`, `sizeOverflow`, `invalidArgument` (no rows, not
  ///   square, values not finite).
  /// - Complexity: 2/3 n^3 operations and n^2 doubles for order n.
  package init(matrix: RealSparseMatrix) throws(KernelError) {
    var condition = 0.0
    var handle: OpaquePointer?
    try unsafe matrix.withViewPointer { view throws(KernelError) in
      try unsafe ness_ddense_create(view, &condition, &handle).check()
    }
    guard let handle = unsafe handle else { throw .libraryFailure }
    unsafe self.handle = handle
    order = matrix.rows
    reciprocalCondition = condition
    bytes = unsafe Int(clamping: ness_ddense_bytes(handle))
  }

  deinit { unsafe ness_ddense_destroy(handle) }

  /// Solves A X = B, or A^T X = B when transposed, for `width` right-hand sides stored one after the other, each with one
  /// step of iterative refinement.
  package func solve(_ b: [Double], transposed: Bool = false, width: Int = 1) throws(KernelError) -> [Double]
  {
    requireElements(b.count, order, width)
    if b.isEmpty { return [] }
    return try unsafe [Double](kernelCount: b.count) { x throws(KernelError) in
      try unsafe b.withKernelPointer { b throws(KernelError) in
        try unsafe ness_ddense_solve(handle, transposed, Int64(width), b, x).check()
      }
    }
  }
}

private func requireElements(_ count: Int, _ rows: Int, _ columns: Int) {
  precondition(rows >= 0 && columns >= 0, "dimensions must be at least 0, but are \(rows) x \(columns)")
  precondition(
    count == rows * columns,
    "a \(rows) x \(columns) matrix must have \(rows * columns) elements, but has \(count)")
}
