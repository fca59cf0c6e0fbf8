internal import CNESSKernels
internal import Numerics

// Kernels that take lists of matrices get views into one set of arrays, whatever the number of matrices.

/// Compressed columns of many complex matrices, one behind the other.
struct ComplexMatrixStack {
  private var shapes: [(rows: Int, columns: Int, starts: Int, entries: Int)] = []
  private var starts: [Int] = []
  // One spare element keeps every pointer valid.
  private var indices: [Int] = [0]
  private var values: [Complex<Double>] = [.zero]

  /// Adds a matrix; returns its number.
  mutating func append(_ matrix: SparseMatrix) -> Int {
    shapes.append((matrix.rows, matrix.columns, starts.count, indices.count))
    starts += matrix.starts
    indices += matrix.indices
    values += matrix.values
    return shapes.count - 1
  }

  /// Calls `body` with one view per matrix, in the order of their numbers.
  func withViews<R, E>(_ body: ([ness_zcsc]) throws(E) -> R) throws(E) -> R {
    guard !shapes.isEmpty else { return unsafe try body([]) }
    return try unsafe starts.withKernelPointer { starts throws(E) -> R in
      try unsafe indices.withKernelPointer { indices throws(E) -> R in
        try unsafe values.withKernelPointer { values throws(E) -> R in
          try unsafe body(
            shapes.map { shape in
              unsafe ness_zcsc(
                rows: Int64(shape.rows), columns: Int64(shape.columns), starts: starts + shape.starts,
                indices: indices + shape.entries, values: values + shape.entries)
            })
        }
      }
    }
  }
}

/// Compressed columns of many real matrices, one behind the other.
struct RealMatrixStack {
  private var shapes: [(rows: Int, columns: Int, starts: Int, entries: Int)] = []
  private var starts: [Int] = []
  private var indices: [Int] = [0]
  private var values: [Double] = [0]

  /// Adds a matrix; returns its number.
  mutating func append(_ matrix: RealSparseMatrix) -> Int {
    shapes.append((matrix.rows, matrix.columns, starts.count, indices.count))
    starts += matrix.starts
    indices += matrix.indices
    values += matrix.values
    return shapes.count - 1
  }

  /// Calls `body` with one view per matrix, in the order of their numbers, as consecutive elements.
  func withViews<R, E>(_ body: (UnsafePointer<ness_dcsc>?) throws(E) -> R) throws(E) -> R {
    guard !shapes.isEmpty else { return try body(nil) }
    return try unsafe starts.withKernelPointer { starts throws(E) -> R in
      try unsafe indices.withKernelPointer { indices throws(E) -> R in
        try unsafe values.withKernelPointer { values throws(E) -> R in
          let views = unsafe shapes.map { shape in
            unsafe ness_dcsc(
              rows: Int64(shape.rows), columns: Int64(shape.columns), starts: starts + shape.starts,
              indices: indices + shape.entries, values: values + shape.entries)
          }
          return try unsafe views.withUnsafeBufferPointer { buffer throws(E) -> R in
            try unsafe body(buffer.baseAddress)
          }
        }
      }
    }
  }
}
