internal import CNESSKernels
internal import Numerics

// Array storage as the C kernels see it. Every pointer lives only inside the closure that receives it.

/// A number that the kernels know by a type of their own, of the same layout.
protocol KernelNumber: AdditiveArithmetic, Sendable {
  associatedtype Kernel
}

extension Double: KernelNumber { typealias Kernel = Double }
// `Int` has 64 bits on every supported platform.
extension Int: KernelNumber { typealias Kernel = Int64 }
extension Complex: KernelNumber where RealType == Double { typealias Kernel = ness_complex }

extension Array where Element: KernelNumber {
  /// Calls `body` with the elements as the kernels know them.
  func withKernelPointer<R, E>(
    _ body: (UnsafePointer<Element.Kernel>) throws(E) -> R
  ) throws(E) -> R {
    precondition(!isEmpty, "a kernel was handed an empty array")
    return try unsafe withUnsafeBufferPointer { buffer throws(E) -> R in
      try unsafe buffer.withMemoryRebound(to: Element.Kernel.self) { rebound throws(E) -> R in
        guard let base = rebound.baseAddress else { preconditionFailure("non-empty array without storage") }
        return try unsafe body(base)
      }
    }
  }

  /// Array of `count` elements that `body` fills completely; nothing is kept when `body` throws.
  init(kernelCount count: Int, _ body: (UnsafeMutablePointer<Element.Kernel>) throws(KernelError) -> Void)
    throws(KernelError)
  {
    var values = [Element](repeating: .zero, count: Swift.max(count, 1))
    try unsafe values.withUnsafeMutableBufferPointer { buffer throws(KernelError) in
      try unsafe buffer.withMemoryRebound(to: Element.Kernel.self) { rebound throws(KernelError) in
        guard let base = rebound.baseAddress else { preconditionFailure("non-empty array without storage") }
        try unsafe body(base)
      }
    }
    if count == 0 { values.removeAll() }
    self = values
  }
}
