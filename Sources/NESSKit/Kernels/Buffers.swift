internal import CNESSKernels
internal import Numerics

// Array storage as the C kernels see it. Every pointer lives only inside the closure that receives it.

extension Array where Element == Complex<Double> {
  /// Calls `body` with the elements as interleaved doubles.
  func withKernelPointer<R, E>(
    _ body: (UnsafePointer<ness_complex>) throws(E) -> R
  ) throws(E) -> R {
    precondition(!isEmpty, "a kernel was handed an empty array")
    return try unsafe withUnsafeBufferPointer { buffer throws(E) -> R in
      try unsafe buffer.withMemoryRebound(to: ness_complex.self) { rebound throws(E) -> R in
        guard let base = rebound.baseAddress else { preconditionFailure("non-empty array without storage") }
        return try unsafe body(base)
      }
    }
  }

  /// Array of `count` elements that `body` fills completely; nothing is kept when `body` throws.
  init(kernelCount count: Int, _ body: (UnsafeMutablePointer<ness_complex>) throws(KernelError) -> Void)
    throws(KernelError)
  {
    var values = [Complex<Double>](repeating: .zero, count: Swift.max(count, 1))
    try unsafe values.withUnsafeMutableBufferPointer { buffer throws(KernelError) in
      try unsafe buffer.withMemoryRebound(to: ness_complex.self) { rebound throws(KernelError) in
        guard let base = rebound.baseAddress else { preconditionFailure("non-empty array without storage") }
        try unsafe body(base)
      }
    }
    if count == 0 { values.removeAll() }
    self = values
  }
}

extension Array where Element == Double {
  /// Calls `body` with the elements.
  func withKernelPointer<R, E>(_ body: (UnsafePointer<Double>) throws(E) -> R) throws(E) -> R {
    precondition(!isEmpty, "a kernel was handed an empty array")
    return try unsafe withUnsafeBufferPointer { buffer throws(E) -> R in
      guard let base = buffer.baseAddress else { preconditionFailure("non-empty array without storage") }
      return try unsafe body(base)
    }
  }

  /// Array of `count` elements that `body` fills completely.
  init(kernelCount count: Int, _ body: (UnsafeMutablePointer<Double>) throws(KernelError) -> Void)
    throws(KernelError)
  {
    var values = [Double](repeating: 0, count: Swift.max(count, 1))
    try unsafe values.withUnsafeMutableBufferPointer { buffer throws(KernelError) in
      guard let base = buffer.baseAddress else { preconditionFailure("non-empty array without storage") }
      try unsafe body(base)
    }
    if count == 0 { values.removeAll() }
    self = values
  }
}

extension Array where Element == Int {
  /// Calls `body` with the elements as 64-bit integers. `Int` has 64 bits on every supported platform.
  func withKernelPointer<R, E>(_ body: (UnsafePointer<Int64>) throws(E) -> R) throws(E) -> R {
    precondition(!isEmpty, "a kernel was handed an empty array")
    return try unsafe withUnsafeBufferPointer { buffer throws(E) -> R in
      try unsafe buffer.withMemoryRebound(to: Int64.self) { rebound throws(E) -> R in
        guard let base = rebound.baseAddress else { preconditionFailure("non-empty array without storage") }
        return try unsafe body(base)
      }
    }
  }

  /// Array of `count` elements that `body` fills completely.
  init(kernelCount count: Int, _ body: (UnsafeMutablePointer<Int64>) throws(KernelError) -> Void)
    throws(KernelError)
  {
    var values = [Int](repeating: 0, count: Swift.max(count, 1))
    try unsafe values.withUnsafeMutableBufferPointer { buffer throws(KernelError) in
      try unsafe buffer.withMemoryRebound(to: Int64.self) { rebound throws(KernelError) in
        guard let base = rebound.baseAddress else { preconditionFailure("non-empty array without storage") }
        try unsafe body(base)
      }
    }
    if count == 0 { values.removeAll() }
    self = values
  }
}
