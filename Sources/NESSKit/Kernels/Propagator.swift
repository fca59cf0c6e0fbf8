internal import CNESSKernels

/// What a time evolution cost.
package struct PropagatorInfo: Sendable, Equatable, Codable {
  /// Accepted steps.
  package let steps: Int
  /// Rejected steps.
  package let rejected: Int
  /// Sparse factorizations; each step size in use takes three.
  package let factorizations: Int
  /// Largest memory of the factorizations held at once, in bytes.
  package let peakBytes: Int
  /// Sum of the bounds on local errors, in the maximum norm per unit of max|y0|; at most the tolerance.
  package let error: Double
}

/// Time evolution y' = A y of one real matrix, for rates of any spread; immutable, shared freely between tasks.
@safe package final class Propagator: Sendable {
  /// Order of the matrix.
  package let order: Int
  // The kernels never change a propagator after its creation.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// Copies a square matrix and orders its shifted factorizations.
  ///
  /// - Throws: `outOfMemory`, `invalidArgument` (no rows, not square, values not finite), `libraryFailure`.
  package init(_ matrix: RealSparseMatrix, options: SparseLUOptions = SparseLUOptions()) throws(KernelError) {
    let made = try unsafe matrix.withViewPointer { view throws(KernelError) in
      try options.withOrderingLock { () throws(KernelError) in
        var kernelOptions = options.kernelOptions
        var handle: OpaquePointer?
        try unsafe ness_dpropagator_create(view, &kernelOptions, &handle).check()
        return unsafe LockedHandle(handle: handle)
      }
    }
    guard let handle = unsafe made.handle else { throw .libraryFailure }
    unsafe self.handle = handle
    order = matrix.rows
  }

  deinit { unsafe ness_dpropagator_destroy(handle) }

  /// The values y(t) at ascending times from y(0) = `y0` at 0.
  ///
  /// - Parameters:
  ///   - times: at least 0, ascending, equal ones allowed; any number of them costs no factorizations of its own.
  ///   - tolerance: above 0; bounds the sum of the local errors, per unit of max|y0|. Rounding adds about 1e-14.
  /// - Throws: `noConvergence` when the step size underflows or a growing solution overflows, `outOfMemory`,
  ///   `singularMatrix` (only for growing solutions), `invalidArgument` for values that are not finite.
  package func propagate(from y0: [Double], to times: [Double], tolerance: Double) throws(KernelError)
    -> (states: [[Double]], info: PropagatorInfo)
  {
    precondition(y0.count == order, "the initial vector must have \(order) components, but has \(y0.count)")
    precondition(tolerance > 0, "the tolerance must be positive, but is \(tolerance)")
    precondition(
      zip([0] + times, times).allSatisfy { $0 <= $1 }, "times must ascend from 0, but are \(times)")
    var info = ness_propagator_info()
    if times.isEmpty { return ([], PropagatorInfo(info)) }
    let all = try unsafe [Double](kernelCount: order * times.count) { y throws(KernelError) in
      try unsafe y0.withKernelPointer { y0 throws(KernelError) in
        try unsafe times.withKernelPointer { instants throws(KernelError) in
          try unsafe ness_dpropagate(handle, y0, Int64(times.count), instants, tolerance, y, &info).check()
        }
      }
    }
    let states = times.indices.map { Array(all[$0 * order..<($0 + 1) * order]) }
    return (states, PropagatorInfo(info))
  }
}

/// The values y(t) of y' = A y at ascending times; see ``Propagator`` to evolve several vectors.
package func propagate(
  _ matrix: RealSparseMatrix, from y0: [Double], to times: [Double], tolerance: Double,
  options: SparseLUOptions = SparseLUOptions()
) throws(KernelError) -> (states: [[Double]], info: PropagatorInfo) {
  try Propagator(matrix, options: options).propagate(from: y0, to: times, tolerance: tolerance)
}

extension PropagatorInfo {
  fileprivate init(_ info: ness_propagator_info) {
    steps = Int(info.steps)
    rejected = Int(info.rejected)
    factorizations = Int(info.factorizations)
    peakBytes = Int(clamping: info.peak_bytes)
    error = info.error
  }
}
