internal import CNESSKernels
package import Numerics
internal import Synchronization

// Guards a library's hidden state: FFTW's planner keeps tables for the process. Transforms themselves need no lock.
private let plannerLock = Mutex<Void>(())

/// Discrete Fourier transform of one length and direction (FFTW); immutable, shared freely between tasks.
@safe package final class FourierTransform: Sendable {
  /// Sign of the exponent.
  package enum Sign: Sendable {
    /// y_k = sum_j x_j exp(-2 pi i j k / n).
    case negative
    /// y_k = sum_j x_j exp(+2 pi i j k / n).
    case positive
  }

  /// Length n.
  package let count: Int
  // Transforms never change a plan.
  private nonisolated(unsafe) let handle: OpaquePointer

  /// Prepares transforms of `count` >= 1 numbers.
  /// - Throws: `outOfMemory`, `sizeOverflow`, `libraryFailure`.
  package init(count: Int, sign: Sign) throws(KernelError) {
    precondition(count >= 1, "a Fourier transform must have at least 1 number, but has \(count)")
    let made = try plannerLock.withLock { _ throws(KernelError) in
      var handle: OpaquePointer?
      try unsafe ness_fft_create(Int64(count), sign == .positive, &handle).check()
      return unsafe LockedHandle(handle: handle)
    }
    guard let handle = unsafe made.handle else { throw .libraryFailure }
    unsafe self.handle = handle
    self.count = count
  }

  deinit {
    plannerLock.withLock { _ in unsafe ness_fft_destroy(handle) }
  }

  /// The transform of `count` numbers, without any factor.
  /// - Complexity: O(count log count)
  package func transformed(_ values: [Complex<Double>]) throws(KernelError) -> [Complex<Double>] {
    precondition(values.count == count, "need \(count) numbers, but got \(values.count)")
    return try unsafe [Complex<Double>](kernelCount: count) { result throws(KernelError) in
      unsafe values.withKernelPointer { unsafe ness_fft_execute(handle, $0, result) }
    }
  }
}
