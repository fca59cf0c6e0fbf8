internal import CNESSKernels

/// Orthonormal basis and least-squares problem of the generalized minimal residual method on real vectors.
///
/// Mutable, used by one task at a time.
@safe package final class KrylovBasis {
  /// Components of a vector.
  package let order: Int
  /// Largest number of steps.
  package let steps: Int
  let workers: Int
  private let handle: OpaquePointer

  /// - Throws: `outOfMemory`, `sizeOverflow`, `invalidArgument` unless both numbers are positive.
  package init(order: Int, steps: Int, workers: Int) throws(KernelError) {
    var handle: OpaquePointer?
    try unsafe ness_krylov_create(Int64(order), Int64(steps), &handle).check()
    guard let handle = unsafe handle else { throw .libraryFailure }
    unsafe self.handle = handle
    self.order = order
    self.steps = steps
    // Below this the vectors fit into the caches of one core.
    self.workers = order >= 1 << 16 ? workers : 1
  }

  deinit { unsafe ness_krylov_destroy(handle) }

  /// Bytes that a basis takes.
  package static func bytes(order: Int, steps: Int) -> Int {
    Int(ness_krylov_bytes(Int64(order), Int64(steps)))
  }

  /// Steps taken in this round.
  package var count: Int { unsafe Int(ness_krylov_size(handle)) - 1 }
  /// Norm of the residual of the current minimizer.
  package var residual: Double { unsafe ness_krylov_residual(handle) }

  /// Starts a round with a right-hand side.
  package func begin(_ right: [Double]) throws(KernelError) {
    precondition(right.count == order, "need \(order) components, but got \(right.count)")
    let first = unsafe ness_krylov_vector(handle, 0)
    unsafe right.withKernelPointer { unsafe first.update(from: $0, count: order) }
    try run([.measure, .scale])
  }

  /// One step: `apply` computes A v from the last vector v.
  func extend(
    _ apply: (UnsafePointer<Double>, UnsafeMutablePointer<Double>) throws(KernelError) -> Void
  ) throws(KernelError) {
    let size = unsafe ness_krylov_size(handle)
    guard size <= steps else { throw .invalidArgument }
    try unsafe apply(ness_krylov_vector(handle, size - 1), ness_krylov_vector(handle, size))
    try run([.project, .correct, .clean, .scale])
  }

  /// One step with a product of whole vectors.
  package func extend(_ apply: ([Double]) throws(KernelError) -> [Double]) throws(KernelError) {
    try unsafe extend { (vector, image) throws(KernelError) in
      let product = try apply(unsafe Array(UnsafeBufferPointer(start: vector, count: order)))
      unsafe product.withKernelPointer { unsafe image.update(from: $0, count: order) }
    }
  }

  /// Adds the minimizer to `x`.
  package func add(to x: inout [Double]) throws(KernelError) {
    precondition(x.count == order, "need \(order) components, but got \(x.count)")
    unsafe ness_krylov_solve(handle)
    try unsafe x.withUnsafeMutableBufferPointer { x throws(KernelError) in
      let base = x.baseAddress
      try runTasks(tasks, workers: workers) { unsafe ness_krylov_run(handle, .combine, Int64($0), base) }
    }
  }

  private var tasks: Int { unsafe Int(ness_krylov_tasks(handle)) }

  private func run(_ phases: [ness_krylov_phase]) throws(KernelError) {
    for phase in phases {
      try runTasks(tasks, workers: workers) { unsafe ness_krylov_run(handle, phase, Int64($0), nil) }
      unsafe ness_krylov_advance(handle, phase)
    }
  }
}
