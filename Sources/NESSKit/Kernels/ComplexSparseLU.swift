internal import CNESSKernels
package import Numerics

/// Factors of a sparse complex matrix; immutable, shared freely between tasks.
@safe package final class ComplexSparseLU: Sendable {
  /// What the factorization cost and how trustworthy it is.
  package let info: SparseLUInfo
  // The kernels never change a factorization after its creation.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// Factorizes a square matrix.
  ///
  /// - Throws: `singularMatrix`, `outOfMemory`, `invalidArgument` (no rows, not square, values not finite),
  ///   `libraryFailure`.
  package init(_ matrix: SparseMatrix, options: SparseLUOptions = SparseLUOptions()) throws(KernelError) {
    let (handle, info) = try unsafe matrix.withViewPointer { view throws(KernelError) in
      try unsafe options.factors(
        analyze: { unsafe ness_zlu_analyze(view, $0, $1, $2) },
        factorize: { unsafe ness_zlu_factorize($0, view.pointee.values, $1, $2) },
        release: ness_zlu_analysis_release)
    }
    guard let handle = unsafe handle else { throw .singularMatrix }
    unsafe self.handle = handle
    self.info = info
  }

  deinit { unsafe ness_zlu_destroy(handle) }

  /// Solves A X = B, or A^H X = B when adjoint, for `width` right-hand sides stored one after the other.
  ///
  /// - Complexity: four operations per factor entry, refinement step and right-hand side.
  package func solve(_ b: [Complex<Double>], adjoint: Bool = false, width: Int = 1) throws(KernelError)
    -> [Complex<Double>]
  {
    try unsafe b.solved(order: info.order, width: width) {
      unsafe ness_zlu_solve(handle, adjoint, Int64(width), $0, $1)
    }
  }
}
