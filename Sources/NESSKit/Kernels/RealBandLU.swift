internal import CNESSKernels

/// Order of unknowns in which the entries of a square matrix lie near the diagonal.
package struct BandOrder: Sendable {
  /// Unknown at every place.
  package let unknowns: [Int]
  /// Largest distance of an entry from the diagonal.
  package let halfWidth: Int

  package init(unknowns: [Int], halfWidth: Int) {
    self.unknowns = unknowns
    self.halfWidth = halfWidth
  }

  /// Reverse Cuthill and McKee on the pattern of A + A^T.
  /// - Throws: `invalidArgument` for a matrix that is not square or has no rows; `outOfMemory`.
  package init(of matrix: RealSparseMatrix) throws(KernelError) {
    var width: Int64 = 0
    unknowns = try unsafe [Int](kernelCount: matrix.columns) { out throws(KernelError) in
      try unsafe matrix.withViewPointer { view throws(KernelError) in
        try unsafe ness_band_order(view, out, &width).check()
      }
    }
    halfWidth = Int(width)
  }

  /// The order of the other unknowns when one is taken out of the matrix.
  package func removing(_ unknown: Int) -> BandOrder {
    BandOrder(
      unknowns: unknowns.compactMap { $0 == unknown ? nil : $0 > unknown ? $0 - 1 : $0 }, halfWidth: halfWidth
    )
  }
}

/// Factors of a real band matrix; immutable, shared freely between tasks.
@safe package final class RealBandLU: Sendable {
  /// Number of unknowns.
  package let order: Int
  /// The cheap estimate min|U_ii| / max|U_ii|.
  package let reciprocalCondition: Double
  /// Bytes of the factors.
  package let bytes: Int
  // The kernels never change a factorization after its creation.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// Factorizes a square matrix whose entries lie near the diagonal in an order.
  /// - Throws: `singularMatrix`, `outOfMemory`, `sizeOverflow`, `invalidArgument` when entries lie outside of the band.
  package init(_ matrix: RealSparseMatrix, order: BandOrder) throws(KernelError) {
    guard order.unknowns.count == matrix.columns else { throw .invalidArgument }
    var condition = 0.0
    var created: OpaquePointer?
    let width = min(order.halfWidth, max(0, matrix.columns - 1))
    try unsafe matrix.withViewPointer { view throws(KernelError) in
      try unsafe order.unknowns.withKernelPointer { unknowns throws(KernelError) in
        try unsafe ness_dband_create(view, unknowns, Int64(width), &condition, &created).check()
      }
    }
    guard let created = unsafe created else { throw .libraryFailure }
    unsafe handle = created
    self.order = matrix.columns
    reciprocalCondition = condition
    bytes = Self.bytes(order: matrix.columns, halfWidth: width)
  }

  deinit { unsafe ness_dband_destroy(handle) }

  /// Bytes of the factors of a matrix of this size.
  package static func bytes(order: Int, halfWidth: Int) -> Int {
    Int(ness_dband_bytes(Int64(order), Int64(halfWidth)))
  }

  /// Solves A x = b, or A^T x = b when transposed; `refined` removes what rounding of the elimination costs.
  package func solve(
    _ b: [Double], transposed: Bool = false, refined: Bool = true
  ) throws(KernelError) -> [Double] {
    try unsafe b.solved(order: order, width: 1) {
      unsafe ness_dband_solve(handle, transposed, refined, $0, $1)
    }
  }
}
