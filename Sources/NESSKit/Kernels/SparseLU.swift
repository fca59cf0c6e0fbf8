internal import CNESSKernels
internal import Synchronization

/// How a sparse LU factorization looks for pivots, orders unknowns and refines solutions.
///
/// The defaults were measured best on vectorized Lindblad generators: compared with a general-purpose choice they
/// halve the entries of the factors or better.
public struct SparseLUOptions: Sendable, Equatable, Codable {
  /// How pivots are looked for.
  public enum Strategy: String, Sendable, CaseIterable, Codable {
    /// Chosen from the sparsity pattern.
    case automatic
    /// Pivots on the diagonal where they are large enough, ordered by the pattern of A + A^T.
    case symmetric
    /// Pivots anywhere, ordered by the pattern of A^T A.
    case unsymmetric
  }

  /// Fill-reducing ordering.
  public enum Ordering: String, Sendable, CaseIterable, Codable {
    /// Approximate minimum degree.
    case amd
    /// Nested dissection.
    case metis
    /// Several methods, keeping the best.
    case best
    /// The order of the unknowns as they are.
    case none
  }

  /// How pivots are looked for.
  public var strategy: Strategy
  /// Fill-reducing ordering.
  public var ordering: Ordering
  /// Upper bound on the steps of iterative refinement per solve, at least 0.
  public var refinementSteps: Int

  /// Creates options.
  public init(strategy: Strategy = .symmetric, ordering: Ordering = .metis, refinementSteps: Int = 2) {
    precondition(
      (0...Int(Int32.max)).contains(refinementSteps),
      "the number of refinement steps must be at least 0, but is \(refinementSteps)")
    self.strategy = strategy
    self.ordering = ordering
    self.refinementSteps = refinementSteps
  }
}

extension SparseLUOptions {
  /// The options as the kernels take them.
  var kernelOptions: ness_lu_options {
    var options = ness_lu_options()
    options.strategy =
      switch strategy {
      case .automatic: .automatic
      case .symmetric: .symmetric
      case .unsymmetric: .unsymmetric
      }
    options.ordering =
      switch ordering {
      case .amd: .amd
      case .metis: .metis
      case .best: .best
      case .none: .none
      }
    options.refinement_steps = Int32(clamping: refinementSteps)
    return options
  }

  /// Runs an analysis phase, one at a time when the ordering may call METIS.
  func withOrderingLock<R: Sendable, E>(_ body: () throws(E) -> R) throws(E) -> R {
    switch ordering {
    case .amd, .none: return try body()
    case .metis, .best:
      return try metisLock.withLock { _ throws(E) -> R in try body() }
    }
  }
}

extension SparseLUOptions {
  /// Factors by the kernels of one scalar; no handle means that the matrix is singular.
  func factors(
    analyze: (
      _ options: UnsafePointer<ness_lu_options>, _ info: UnsafeMutablePointer<ness_lu_info>,
      _ analysis: UnsafeMutablePointer<OpaquePointer?>
    ) -> ness_status,
    factorize: (
      _ analysis: OpaquePointer, _ info: UnsafeMutablePointer<ness_lu_info>,
      _ factors: UnsafeMutablePointer<OpaquePointer?>
    ) -> ness_status,
    release: (_ analysis: OpaquePointer?) -> Void
  ) throws(KernelError) -> (OpaquePointer?, SparseLUInfo) {
    var info = ness_lu_info()
    var handle: OpaquePointer?
    // The lock covers the analysis only: numeric phases run side by side.
    let analysis = try withOrderingLock { () throws(KernelError) in
      var kernelOptions = self.kernelOptions
      var analysis: OpaquePointer?
      try unsafe analyze(&kernelOptions, &info, &analysis).check()
      return unsafe LockedHandle(handle: analysis)
    }
    defer { unsafe release(analysis.handle) }
    guard let shared = unsafe analysis.handle else { throw KernelError.libraryFailure }
    let status = unsafe factorize(shared, &info, &handle)
    if status != .singularMatrix { try status.check() }
    return unsafe (handle, SparseLUInfo(info))
  }
}

extension Array where Element: KernelNumber {
  /// Solutions for `width` right-hand sides of `order` components each, stored one after the other.
  func solved(
    order: Int, width: Int,
    by kernel: (_ b: UnsafePointer<Element.Kernel>, _ x: UnsafeMutablePointer<Element.Kernel>) -> ness_status
  ) throws(KernelError) -> [Element] {
    precondition(width >= 0, "the number of right-hand sides must be at least 0, but is \(width)")
    precondition(
      count == order * width,
      "the right-hand sides must have \(order * width) components, but have \(count)")
    if isEmpty { return [] }
    return try unsafe [Element](kernelCount: count) { x throws(KernelError) in
      try unsafe withKernelPointer { b throws(KernelError) in try unsafe kernel(b, x).check() }
    }
  }
}

// Global because what it guards is: METIS keeps its random state and its signal handlers per process, so that no lock
// of smaller scope would protect two unrelated factorizations from each other.
private let metisLock = Mutex<Void>(())

/// A handle on its way out of the lock.
@safe struct LockedHandle: Sendable {
  // Nothing else refers to it yet, hence it may pass to any task.
  nonisolated(unsafe) let handle: OpaquePointer?
}

/// What a sparse LU factorization cost and how trustworthy it is.
public struct SparseLUInfo: Sendable, Equatable, Codable {
  /// Matrix order.
  public let order: Int
  /// Entries of the matrix.
  public let nonzeros: Int
  /// Entries of both factors together.
  public let factorNonzeros: Int
  /// Floating-point operations of the numeric phase.
  public let flops: Double
  /// Cheap estimate of the reciprocal condition: the smallest over the largest pivot, in modulus, after row scaling.
  public let reciprocalCondition: Double
  /// Peak memory of analysis and factorization, in bytes.
  public let peakBytes: Int
  /// Memory held by the factors, in bytes.
  public let factorBytes: Int

  init(_ info: ness_lu_info) {
    order = Int(info.order)
    nonzeros = Int(info.nonzeros)
    factorNonzeros = Int(info.factor_nonzeros)
    flops = info.flops
    reciprocalCondition = info.reciprocal_condition
    peakBytes = Int(clamping: info.peak_bytes)
    factorBytes = Int(clamping: info.factor_bytes)
  }
}

extension SparseLUInfo {
  /// What factorizing a real matrix would cost, from its pattern alone.
  package static func estimate(for matrix: RealSparseMatrix) throws(KernelError) -> SparseLUInfo {
    var info = ness_lu_info()
    try unsafe matrix.withViewPointer { view throws(KernelError) in
      try unsafe ness_dlu_estimate(view, &info).check()
    }
    return SparseLUInfo(info)
  }
}
