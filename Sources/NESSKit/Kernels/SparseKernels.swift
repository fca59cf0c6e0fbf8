internal import CNESSKernels
public import Numerics

/// Runs sparse algebra whose only possible failure is exhausted memory; that traps, as growing an array does.
private func trappingOnExhaustedMemory<R>(_ body: () throws(KernelError) -> R) -> R {
  do {
    return try body()
  } catch {
    preconditionFailure("sparse algebra needs memory that is not available: \(error)")
  }
}

extension SparseMatrix {
  /// Transpose, without conjugation.
  ///
  /// - Complexity: linear in rows, columns and stored entries.
  public func transposed() -> SparseMatrix { transposed(conjugating: false) }

  /// Conjugate transpose.
  ///
  /// - Complexity: linear in rows, columns and stored entries.
  public var adjoint: SparseMatrix { transposed(conjugating: true) }

  private func transposed(conjugating: Bool) -> SparseMatrix {
    trappingOnExhaustedMemory { () throws(KernelError) in
      try unsafe SparseMatrix(kernelRows: columns, columns: rows, nonzeros: nonzeros) {
        starts, indices, values throws(KernelError) in
        try unsafe withViewPointer { view throws(KernelError) in
          try unsafe ness_zcsc_transpose(view, conjugating, starts, indices, values).check()
        }
      }
    }
  }

  /// The product `self * other`; entries that cancel stay as explicit zeros.
  ///
  /// - Precondition: `other.rows == columns`.
  /// - Complexity: one multiplication per pair of an entry of `other` and an entry of the column of `self` that it meets.
  public func multiplied(by other: SparseMatrix) -> SparseMatrix {
    precondition(other.rows == columns, "rows of the second factor must be \(columns), but are \(other.rows)")
    return trappingOnExhaustedMemory { () throws(KernelError) in
      try unsafe withViewPointer { left throws(KernelError) in
        try unsafe other.withViewPointer { right throws(KernelError) in
          var count: Int64 = 0
          try unsafe ness_zcsc_multiply_count(left, right, &count).check()
          return try unsafe SparseMatrix(kernelRows: rows, columns: other.columns, nonzeros: Int(count)) {
            starts, indices, values throws(KernelError) in
            try unsafe ness_zcsc_multiply(left, right, starts, indices, values).check()
          }
        }
      }
    }
  }

  /// The product with a vector of `columns` components, of `rows` components.
  ///
  /// - Complexity: one multiplication per stored entry.
  public func applied(to vector: [Complex<Double>]) -> [Complex<Double>] {
    precondition(
      vector.count == columns, "the vector must have \(columns) components, but has \(vector.count)")
    return product(with: vector, adjoint: false)
  }

  /// The product of the adjoint with a vector of `rows` components, of `columns` components.
  ///
  /// - Complexity: one multiplication per stored entry.
  public func appliedAdjoint(to vector: [Complex<Double>]) -> [Complex<Double>] {
    precondition(vector.count == rows, "the vector must have \(rows) components, but has \(vector.count)")
    return product(with: vector, adjoint: true)
  }

  private func product(with vector: [Complex<Double>], adjoint: Bool) -> [Complex<Double>] {
    let count = adjoint ? columns : rows
    if vector.isEmpty { return [Complex<Double>](repeating: .zero, count: count) }
    return trappingOnExhaustedMemory { () throws(KernelError) in
      try unsafe [Complex<Double>](kernelCount: count) { result throws(KernelError) in
        try unsafe withViewPointer { view throws(KernelError) in
          try unsafe vector.withKernelPointer { vector throws(KernelError) in
            try unsafe ness_zcsc_apply(view, adjoint, vector, result).check()
          }
        }
      }
    }
  }

  /// The product with a dense column-major block of `columns` x `width`, as a block of `rows` x `width`.
  ///
  /// - Complexity: `width` multiplications per stored entry.
  public func applied(to block: [Complex<Double>], width: Int) -> [Complex<Double>] {
    precondition(width >= 0, "the width must be at least 0, but is \(width)")
    precondition(
      block.count == columns * width,
      "the block must have \(columns * width) elements, but has \(block.count)")
    if block.isEmpty { return [Complex<Double>](repeating: .zero, count: rows * width) }
    return trappingOnExhaustedMemory { () throws(KernelError) in
      try unsafe [Complex<Double>](kernelCount: rows * width) { result throws(KernelError) in
        try unsafe withViewPointer { view throws(KernelError) in
          try unsafe block.withKernelPointer { block throws(KernelError) in
            try unsafe ness_zcsc_apply_dense(view, Int64(width), block, result).check()
          }
        }
      }
    }
  }

  /// Weakly connected components of the graph of the sparsity pattern of a square matrix: the component of every index,
  /// numbered in order of first appearance, and their number. Explicit zeros connect.
  package func components() -> (labels: [Int], count: Int) {
    precondition(rows == columns, "the matrix must be square, but is \(rows) x \(columns)")
    return patternComponents(columns: columns, starts: starts, indices: indices)
  }
}

extension RealSparseMatrix {
  /// Transpose.
  ///
  /// - Complexity: linear in rows, columns and stored entries.
  public func transposed() -> RealSparseMatrix {
    trappingOnExhaustedMemory { () throws(KernelError) in
      try unsafe RealSparseMatrix(kernelRows: columns, columns: rows, nonzeros: nonzeros) {
        starts, indices, values throws(KernelError) in
        try unsafe withViewPointer { view throws(KernelError) in
          try unsafe ness_dcsc_transpose(view, starts, indices, values).check()
        }
      }
    }
  }

  /// The product with a vector of `columns` components, of `rows` components.
  ///
  /// - Complexity: one multiplication per stored entry.
  public func applied(to vector: [Double]) -> [Double] {
    precondition(
      vector.count == columns, "the vector must have \(columns) components, but has \(vector.count)")
    return product(with: vector, transposed: false)
  }

  /// The product of the transpose with a vector of `rows` components, of `columns` components.
  ///
  /// - Complexity: one multiplication per stored entry.
  public func appliedTransposed(to vector: [Double]) -> [Double] {
    precondition(vector.count == rows, "the vector must have \(rows) components, but has \(vector.count)")
    return product(with: vector, transposed: true)
  }

  private func product(with vector: [Double], transposed: Bool) -> [Double] {
    let count = transposed ? columns : rows
    if vector.isEmpty { return [Double](repeating: 0, count: count) }
    return trappingOnExhaustedMemory { () throws(KernelError) in
      try unsafe [Double](kernelCount: count) { result throws(KernelError) in
        try unsafe withViewPointer { view throws(KernelError) in
          try unsafe vector.withKernelPointer { vector throws(KernelError) in
            try unsafe ness_dcsc_apply(view, transposed, vector, result).check()
          }
        }
      }
    }
  }

  /// Weakly connected components of the graph of the sparsity pattern of a square matrix: the component of every index,
  /// numbered in order of first appearance, and their number. Explicit zeros connect.
  package func components() -> (labels: [Int], count: Int) {
    precondition(rows == columns, "the matrix must be square, but is \(rows) x \(columns)")
    return patternComponents(columns: columns, starts: starts, indices: indices)
  }
}

extension KernelMatrix {
  /// Fills the three arrays of a matrix; nothing is kept when `body` throws.
  fileprivate init(
    kernelRows rows: Int, columns: Int, nonzeros: Int,
    _ body: (
      UnsafeMutablePointer<Int64>, UnsafeMutablePointer<Int64>, UnsafeMutablePointer<Scalar.Kernel>
    ) throws(KernelError) -> Void
  ) throws(KernelError) {
    var indices: [Int] = []
    var values: [Scalar] = []
    let starts = try unsafe [Int](kernelCount: columns + 1) { starts throws(KernelError) in
      indices = try unsafe [Int](kernelCount: nonzeros) { indices throws(KernelError) in
        values = try unsafe [Scalar](kernelCount: nonzeros) { values throws(KernelError) in
          try unsafe body(starts, indices, values)
        }
      }
    }
    self.init(rows: rows, columns: columns, starts: starts, indices: indices, values: values)
  }
}

private func patternComponents(columns: Int, starts: [Int], indices: [Int]) -> (labels: [Int], count: Int) {
  let indices = indices.isEmpty ? [0] : indices
  return trappingOnExhaustedMemory { () throws(KernelError) in
    var count: Int64 = 0
    let labels = try unsafe [Int](kernelCount: columns) { labels throws(KernelError) in
      try unsafe starts.withKernelPointer { starts throws(KernelError) in
        try unsafe indices.withKernelPointer { indices throws(KernelError) in
          try unsafe ness_pattern_components(Int64(columns), starts, indices, labels, &count).check()
        }
      }
    }
    return (labels, Int(count))
  }
}
