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
    precondition(width >= 0, "the number of right-hand sides must be at least 0, but is \(width)")
    precondition(
      b.count == info.order * width,
      "the right-hand sides must have \(info.order * width) components, but have \(b.count)")
    if b.isEmpty { return [] }
    return try unsafe [Double](kernelCount: b.count) { x throws(KernelError) in
      try unsafe b.withKernelPointer { b throws(KernelError) in
        try unsafe ness_dlu_solve(handle, transposed, Int64(width), b, x).check()
      }
    }
  }

  // No handle means that the matrix is singular.
  private static func factors(of matrix: RealSparseMatrix, options: SparseLUOptions)
    throws(KernelError) -> (OpaquePointer?, SparseLUInfo)
  {
    var info = ness_lu_info()
    var handle: OpaquePointer?
    try unsafe matrix.withViewPointer { view throws(KernelError) in
      // The lock covers the analysis only: numeric phases run side by side.
      let analysis = try options.withOrderingLock { () throws(KernelError) in
        var kernelOptions = options.kernelOptions
        var analysis: OpaquePointer?
        try unsafe ness_dlu_analyze(view, &kernelOptions, &info, &analysis).check()
        return unsafe LockedHandle(handle: analysis)
      }
      defer { unsafe ness_dlu_analysis_release(analysis.handle) }
      guard let shared = unsafe analysis.handle else { throw KernelError.libraryFailure }
      let status = unsafe ness_dlu_factorize(shared, view.pointee.values, &info, &handle)
      if status != .singularMatrix { try status.check() }
    }
    return unsafe (handle, SparseLUInfo(info))
  }
}
