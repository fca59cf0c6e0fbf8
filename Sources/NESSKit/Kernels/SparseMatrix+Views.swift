internal import CNESSKernels
internal import Numerics

/// Arrays of compressed columns, which the kernels take as a view of the scalar's own type.
protocol KernelMatrix {
  associatedtype Scalar: KernelNumber
  var rows: Int { get }
  var columns: Int { get }
  var starts: [Int] { get }
  var indices: [Int] { get }
  var values: [Scalar] { get }
  init(rows: Int, columns: Int, starts: [Int], indices: [Int], values: [Scalar])
}

/// Initializer of a view: rows, columns, starts, row indices, values.
typealias ViewInitializer<Scalar: KernelNumber, View> = (
  Int64, Int64, UnsafePointer<Int64>, UnsafePointer<Int64>, UnsafePointer<Scalar.Kernel>
) -> View

extension SparseMatrix: KernelMatrix {
  /// Calls `body` with a pointer to a borrowed view of the matrix, as the kernels take it.
  func withViewPointer<R, E>(_ body: (UnsafePointer<ness_zcsc>) throws(E) -> R) throws(E) -> R {
    try unsafe withView(ness_zcsc.init, body)
  }
}

extension RealSparseMatrix: KernelMatrix {
  /// Calls `body` with a pointer to a borrowed view of the matrix, as the kernels take it.
  func withViewPointer<R, E>(_ body: (UnsafePointer<ness_dcsc>) throws(E) -> R) throws(E) -> R {
    try unsafe withView(ness_dcsc.init, body)
  }
}

extension KernelMatrix {
  fileprivate func withView<View, R, E>(
    _ view: ViewInitializer<Scalar, View>, _ body: (UnsafePointer<View>) throws(E) -> R
  ) throws(E) -> R {
    // An empty array may have no storage; one spare element keeps every pointer valid.
    let indices = self.indices.isEmpty ? [0] : self.indices
    let values = self.values.isEmpty ? [.zero] : self.values
    return try unsafe starts.withKernelPointer { starts throws(E) -> R in
      try unsafe indices.withKernelPointer { indices throws(E) -> R in
        try unsafe values.withKernelPointer { values throws(E) -> R in
          try unsafe withUnsafePointer(to: view(Int64(rows), Int64(columns), starts, indices, values), body)
        }
      }
    }
  }
}
