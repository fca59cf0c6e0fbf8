/// Compressed columns of many matrices, one behind the other: kernels that take lists of matrices get views into one set of arrays,
/// whatever the number of matrices.
struct MatrixStack<Matrix: KernelMatrix> {
  private var shapes: [(rows: Int, columns: Int, starts: Int, entries: Int)] = []
  private var starts: [Int] = []
  // One spare element keeps every pointer valid.
  private var indices: [Int] = [0]
  private var values: [Matrix.Scalar] = [.zero]

  /// Adds a matrix; returns its number.
  mutating func append(_ matrix: Matrix) -> Int {
    shapes.append((matrix.rows, matrix.columns, starts.count, indices.count))
    starts += matrix.starts
    indices += matrix.indices
    values += matrix.values
    return shapes.count - 1
  }

  /// Calls `body` with one view per matrix, in the order of their numbers; without matrices the buffer has no address.
  func withViews<View, R, E>(
    _ view: ViewInitializer<Matrix.Scalar, View>, _ body: (UnsafeBufferPointer<View>) throws(E) -> R
  ) throws(E) -> R {
    guard !shapes.isEmpty else { return try unsafe body(UnsafeBufferPointer(start: nil, count: 0)) }
    return try unsafe starts.withKernelPointer { starts throws(E) -> R in
      try unsafe indices.withKernelPointer { indices throws(E) -> R in
        try unsafe values.withKernelPointer { values throws(E) -> R in
          let views = shapes.map { shape in
            unsafe view(
              Int64(shape.rows), Int64(shape.columns), starts + shape.starts, indices + shape.entries,
              values + shape.entries)
          }
          return try unsafe views.withUnsafeBufferPointer(body)
        }
      }
    }
  }
}
