internal import CNESSKernels
package import Numerics
internal import Synchronization

// Guards a library's hidden state: ARPACK keeps its iteration in Fortran variables with static storage, one set for the
// process, so two iterations must not interleave.
private let arpackLock = Mutex<Void>(())

/// Lowest levels of large sparse Hermitian matrices by restarted Lanczos and Arnoldi iterations (ARPACK).
///
/// Iterations anywhere in the process take turns.
package struct Lanczos: Sendable {
  /// Number of lowest levels, at least 1.
  package var wanted: Int
  /// Basis vectors that are held.
  package var subspace: Int
  /// Largest number of restarts.
  package var restarts: Int
  /// Residual norm of a level relative to its energy.
  package var tolerance: Double
  /// Seed of the start vector.
  package var seed: UInt64

  /// Creates options for a number of levels.
  ///
  /// More vectors mean fewer restarts and more orthogonalization: with 24, clock rings of up to 177,147 states take 110 to 220
  /// products. Energies converge with the square of the tolerance, observables with its first power.
  package init(
    wanted: Int, subspace: Int = 24, restarts: Int = 1000, tolerance: Double = 1e-14, seed: UInt64 = 0x5EED
  ) {
    self.wanted = wanted
    self.subspace = subspace
    self.restarts = restarts
    self.tolerance = tolerance
    self.seed = seed
  }

  /// Levels and what they took.
  package struct Result<Scalar: Sendable>: Sendable {
    /// Lowest levels, ascending.
    package let values: [Double]
    /// Their unit eigenvectors, one after the other, each with its component of largest modulus positive.
    package let vectors: [Scalar]
    /// Matrix-vector products.
    package let products: Int
    /// Bytes of workspace.
    package let bytes: Int
  }

  /// Lowest levels of a + shift |u><u|, with `a` real symmetric; the order of `a` must exceed `wanted + 2`.
  ///
  /// - Throws: `noConvergence`; `invalidArgument` for values that are not finite; `outOfMemory`, `sizeOverflow`.
  package func lowest(
    of matrix: RealSparseMatrix, raising u: [Double]? = nil, by shift: Double = 0
  ) throws(KernelError) -> Result<Double> {
    try unsafe matrix.withViewPointer { view throws(KernelError) in
      try unsafe lowest(of: view, order: matrix.rows, raising: u, by: shift, calling: ness_dlanczos)
    }
  }

  /// Lowest levels of a + shift |u><u|, with `a` Hermitian; the order of `a` must exceed `wanted + 2`.
  ///
  /// - Throws: As for real matrices.
  package func lowest(
    of matrix: SparseMatrix, raising u: [Complex<Double>]? = nil, by shift: Double = 0
  ) throws(KernelError) -> Result<Complex<Double>> {
    try unsafe matrix.withViewPointer { view throws(KernelError) in
      try unsafe lowest(of: view, order: matrix.rows, raising: u, by: shift, calling: ness_zlanczos)
    }
  }

  private typealias Kernel<View, Scalar: KernelNumber> = (
    _ matrix: UnsafePointer<View>, _ u: UnsafePointer<Scalar.Kernel>?, _ shift: Double,
    _ options: UnsafePointer<ness_lanczos_options>, _ values: UnsafeMutablePointer<Double>,
    _ vectors: UnsafeMutablePointer<Scalar.Kernel>, _ info: UnsafeMutablePointer<ness_lanczos_info>
  ) -> ness_status

  private func lowest<View, Scalar: KernelNumber>(
    of matrix: UnsafePointer<View>, order: Int, raising u: [Scalar]?, by shift: Double,
    calling kernel: Kernel<View, Scalar>
  ) throws(KernelError) -> Result<Scalar> {
    var options = ness_lanczos_options()
    options.wanted = Int64(wanted)
    options.subspace = Int64(min(order, max(subspace, 2 * wanted + 2)))
    options.restarts = Int64(restarts)
    options.tolerance = tolerance
    options.seed = seed
    var info = ness_lanczos_info()
    var vectors: [Scalar] = []
    let values = try unsafe [Double](kernelCount: wanted) { values throws(KernelError) in
      vectors = try unsafe [Scalar](kernelCount: order * wanted) { vectors throws(KernelError) in
        func run(_ u: UnsafePointer<Scalar.Kernel>?) throws(KernelError) {
          let status = arpackLock.withLock { _ in
            unsafe kernel(matrix, u, u == nil ? 0 : shift, &options, values, vectors, &info)
          }
          try status.check()
        }
        guard let u else { return try run(nil) }
        try unsafe u.withKernelPointer(run)
      }
    }
    return Result(values: values, vectors: vectors, products: Int(info.products), bytes: Int(info.bytes))
  }
}
