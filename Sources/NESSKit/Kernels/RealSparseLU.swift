internal import CNESSKernels

/// Factors of a sparse real matrix; immutable, shared freely between tasks.
@safe package final class RealSparseLU: Sendable {
  /// What the factorization cost and how trustworthy it is.
  package let info: SparseLUInfo
  // The kernels never change a factorization after its creation.
  private nonisolated(unsafe) let handle: OpaquePointer

  private init(handle: OpaquePointer, info: SparseLUInfo) {
    unsafe self.handle = handle
    self.info = info
  }

  deinit { unsafe ness_dlu_destroy(handle) }

  /// Factorizes a square matrix.
  ///
  /// - Throws: `singularMatrix`, `outOfMemory`, `invalidArgument` (no rows, not square, values not finite),
  ///   `libraryFailure`.
  package convenience init(_ matrix: RealSparseMatrix, options: SparseLUOptions = SparseLUOptions())
    throws(KernelError)
  {
    let (handle, info) = try unsafe Self.factors(of: matrix, options: options)
    guard let handle = unsafe handle else { throw .singularMatrix }
    unsafe self.init(handle: handle, info: info)
  }

  /// Factorizes a matrix with the sparsity pattern of an earlier one, reusing its ordering and its options.
  ///
  /// - Throws: `singularMatrix`, `outOfMemory`, `invalidArgument` when the patterns differ or values are not finite.
  package convenience init(pattern: RealSparseLU, matrix: RealSparseMatrix) throws(KernelError) {
    var info = ness_lu_info()
    var handle: OpaquePointer?
    try unsafe matrix.withViewPointer { view throws(KernelError) in
      try unsafe ness_dlu_create_like(pattern.handle, view, &info, &handle).check()
    }
    guard let handle = unsafe handle else { throw .libraryFailure }
    unsafe self.init(handle: handle, info: SparseLUInfo(info))
  }

  /// Factorizes a square matrix; a singular one yields no factors, but what the attempt cost and found.
  ///
  /// - Throws: `outOfMemory`, `invalidArgument` (no rows, not square, values not finite), `libraryFailure`.
  package static func factorize(_ matrix: RealSparseMatrix, options: SparseLUOptions = SparseLUOptions())
    throws(KernelError) -> (lu: RealSparseLU?, info: SparseLUInfo)
  {
    let (handle, info) = try unsafe factors(of: matrix, options: options)
    return (unsafe handle.map { unsafe RealSparseLU(handle: $0, info: info) }, info)
  }

  /// Solves A X = B, or A^T X = B when transposed, for `width` right-hand sides stored one after the other.
  ///
  /// - Complexity: four operations per factor entry, refinement step and right-hand side.
  package func solve(_ b: [Double], transposed: Bool = false, width: Int = 1) throws(KernelError) -> [Double]
  {
    try unsafe b.solved(order: info.order, width: width) {
      unsafe ness_dlu_solve(handle, transposed, Int64(width), $0, $1)
    }
  }

  // No handle means that the matrix is singular.
  private static func factors(of matrix: RealSparseMatrix, options: SparseLUOptions)
    throws(KernelError) -> (OpaquePointer?, SparseLUInfo)
  {
    try unsafe matrix.withViewPointer { view throws(KernelError) in
      try unsafe options.factors(
        analyze: { unsafe ness_dlu_analyze(view, $0, $1, $2) },
        factorize: { unsafe ness_dlu_factorize($0, view.pointee.values, $1, $2) },
        release: ness_dlu_analysis_release)
    }
  }
}
