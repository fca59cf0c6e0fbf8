internal import CNESSKernels
package import Numerics

/// Total correlation of the diagonal of a positive matrix in products of local bases; immutable, shared freely between tasks.
///
/// Bases of all sites are passed one after the other, each column by column; site 0 is the slowest digit of a row index.
/// Angles x move them, U -> U exp(i x.Lambda), in the order of the generalized Gell-Mann matrices (`ness_local_bases.h`).
@safe package final class LocalBasisProblem: Sendable {
  /// Levels of every site.
  package let levels: [Int]
  // The kernels never change a problem after its creation.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// Local maximum of the total correlation.
  package struct Maximum: Sendable {
    /// Total correlation, in nats.
    package let value: Double
    /// Euclidean norm of its gradient with respect to the off-diagonal angles.
    package let gradientNorm: Double
    /// Evaluations of value and gradient.
    package let evaluations: Int
    /// Bases of all sites.
    package let bases: [Complex<Double>]
  }

  /// Prepares the matrix C C^+ from the columns of C, one after the other; cheap for few columns.
  ///
  /// - Throws: `outOfMemory`, `sizeOverflow`, `invalidArgument` for values that are not finite.
  package init(levels: [Int], columns: [Complex<Double>]) throws(KernelError) {
    let dimension = levels.reduce(1, *)
    precondition(
      !columns.isEmpty && columns.count % dimension == 0,
      "columns must have \(dimension) elements each, but there are \(columns.count) elements")
    let sites = Int64(levels.count)
    unsafe handle = try Self.create { handle throws(KernelError) in
      try unsafe levels.withKernelPointer { levels throws(KernelError) in
        try unsafe columns.withKernelPointer { elements throws(KernelError) in
          try unsafe ness_local_bases_create_columns(
            sites, levels, Int64(columns.count / dimension), elements, handle
          ).check()
        }
      }
    }
    self.levels = levels
  }

  /// Prepares a Hermitian matrix, given column by column; independent of its rank.
  ///
  /// - Throws: `outOfMemory`, `sizeOverflow`, `invalidArgument` for values that are not finite.
  package init(levels: [Int], matrix: [Complex<Double>]) throws(KernelError) {
    let dimension = levels.reduce(1, *)
    precondition(
      matrix.count == dimension * dimension,
      "a matrix of order \(dimension) must have \(dimension * dimension) elements, but has \(matrix.count)")
    let sites = Int64(levels.count)
    unsafe handle = try Self.create { handle throws(KernelError) in
      try unsafe levels.withKernelPointer { levels throws(KernelError) in
        try unsafe matrix.withKernelPointer { elements throws(KernelError) in
          try unsafe ness_local_bases_create_matrix(sites, levels, elements, handle).check()
        }
      }
    }
    self.levels = levels
  }

  deinit { unsafe ness_local_bases_destroy(handle) }

  private static func create(
    _ body: (UnsafeMutablePointer<OpaquePointer?>) throws(KernelError) -> Void
  ) throws(KernelError) -> OpaquePointer {
    var handle: OpaquePointer?
    try unsafe body(&handle)
    guard let handle = unsafe handle else { throw .libraryFailure }
    return unsafe handle
  }

  /// Numbers in the bases of all sites together.
  package var baseCount: Int { levels.reduce(0) { $0 + $1 * $1 } }

  /// Total correlation and its gradient after moving `bases` by `angles`.
  ///
  /// - Parameters:
  ///   - groups: group of every site; the sites of a group share their angles.
  ///   - diagonal: whether there are levels^2 - 1 angles for each group, or the levels (levels - 1) that matter.
  /// - Throws: `invalidArgument` for groups with gaps or unequal sites, `noConvergence` for angles that are not finite,
  ///   `outOfMemory`.
  package func correlation(
    bases: [Complex<Double>], groups: [Int], angles: [Double], diagonal: Bool = false
  ) throws(KernelError) -> (value: Double, gradient: [Double]) {
    requireSizes(bases, groups)
    var counts: [Int: Int] = [:]
    for (site, group) in groups.enumerated() {
      counts[group] = diagonal ? levels[site] * levels[site] - 1 : levels[site] * (levels[site] - 1)
    }
    let expected = counts.values.reduce(0, +)
    precondition(angles.count == expected, "need \(expected) angles, but got \(angles.count)")
    // Sites of a single level have no angles.
    let padded = angles.isEmpty ? [0] : angles
    var value = 0.0
    let gradient = try unsafe [Double](kernelCount: angles.count) { gradient throws(KernelError) in
      try unsafe bases.withKernelPointer { bases throws(KernelError) in
        try unsafe groups.withKernelPointer { groups throws(KernelError) in
          try unsafe padded.withKernelPointer { angles throws(KernelError) in
            try unsafe ness_local_bases_evaluate(handle, groups, bases, diagonal, angles, &value, gradient)
              .check()
          }
        }
      }
    }
    return (value, gradient)
  }

  /// Climbs from `bases` to a local maximum until the gradient norm is at most `tolerance` or rounding ends the ascent.
  ///
  /// - Parameters:
  ///   - groups: group of every site; the sites of a group are moved alike.
  /// - Throws: `invalidArgument` for groups with gaps or unequal sites, `outOfMemory`, `libraryFailure`.
  package func maximum(
    from bases: [Complex<Double>], groups: [Int], tolerance: Double
  ) throws(KernelError) -> Maximum {
    requireSizes(bases, groups)
    var result = ness_local_bases_result()
    let found = try unsafe [Complex<Double>](kernelCount: bases.count) { found throws(KernelError) in
      try unsafe bases.withKernelPointer { bases throws(KernelError) in
        try unsafe groups.withKernelPointer { groups throws(KernelError) in
          try unsafe ness_local_bases_maximize(handle, groups, bases, tolerance, found, &result).check()
        }
      }
    }
    return Maximum(
      value: result.value, gradientNorm: result.gradient_norm, evaluations: Int(result.evaluations),
      bases: found)
  }

  private func requireSizes(_ bases: [Complex<Double>], _ groups: [Int]) {
    precondition(
      bases.count == baseCount, "bases must have \(baseCount) elements, but have \(bases.count)")
    precondition(
      groups.count == levels.count, "need the group of \(levels.count) sites, but got \(groups.count)")
  }
}
