internal import CNESSKernels

/// Failure of a numerics kernel that its caller could not rule out beforehand.
public enum KernelError: Error, Equatable, Sendable {
  /// An argument broke the kernel's contract; a programming error that was caught in time.
  case invalidArgument
  /// An allocation failed.
  case outOfMemory
  /// A matrix is singular to working precision.
  case singularMatrix
  /// A size exceeds the range of the library's integers.
  case sizeOverflow
  /// An iteration did not converge.
  case noConvergence
  /// A limit set by the caller (number of unknowns, of group elements) was exceeded.
  case limitExceeded
  /// The index space is not closed under the generator.
  case notClosed
  /// A symmetry is not a permutation.
  case notPermutation
  /// A numerical library reported an internal error.
  case libraryFailure
  /// A matrix element is infinite or not a number.
  case notFinite
}

extension ness_status {
  /// Throws the error that a failing status stands for.
  func check() throws(KernelError) {
    switch self {
    case .ok: return
    case .invalidArgument: throw .invalidArgument
    case .outOfMemory: throw .outOfMemory
    case .singularMatrix: throw .singularMatrix
    case .sizeOverflow: throw .sizeOverflow
    case .noConvergence: throw .noConvergence
    case .limitExceeded: throw .limitExceeded
    case .notClosed: throw .notClosed
    case .notPermutation: throw .notPermutation
    case .libraryFailure: throw .libraryFailure
    case .notFinite: throw .notFinite
    @unknown default: throw .libraryFailure
    }
  }
}
