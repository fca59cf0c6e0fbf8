internal import CNESSKernels

extension SparseMatrix {
  /// Calls `body` with a borrowed view of the matrix.
  func withView<R, E>(_ body: (borrowing ness_zcsc) throws(E) -> R) throws(E) -> R {
    // An empty array may have no storage; one spare element keeps every pointer valid.
    let indices = self.indices.isEmpty ? [0] : self.indices
    let values = self.values.isEmpty ? [.zero] : self.values
    return try unsafe starts.withKernelPointer { starts throws(E) -> R in
      try unsafe indices.withKernelPointer { indices throws(E) -> R in
        try unsafe values.withKernelPointer { values throws(E) -> R in
          try unsafe body(
            ness_zcsc(
              rows: Int64(rows), columns: Int64(columns), starts: starts, indices: indices, values: values))
        }
      }
    }
  }

  /// Calls `body` with a pointer to a borrowed view of the matrix, as the kernels take it.
  func withViewPointer<R, E>(_ body: (UnsafePointer<ness_zcsc>) throws(E) -> R) throws(E) -> R {
    try unsafe withView { view throws(E) -> R in
      try unsafe withUnsafePointer(to: view) { pointer throws(E) -> R in try unsafe body(pointer) }
    }
  }
}

extension RealSparseMatrix {
  /// Calls `body` with a borrowed view of the matrix.
  func withView<R, E>(_ body: (borrowing ness_dcsc) throws(E) -> R) throws(E) -> R {
    let indices = self.indices.isEmpty ? [0] : self.indices
    let values = self.values.isEmpty ? [0] : self.values
    return try unsafe starts.withKernelPointer { starts throws(E) -> R in
      try unsafe indices.withKernelPointer { indices throws(E) -> R in
        try unsafe values.withKernelPointer { values throws(E) -> R in
          try unsafe body(
            ness_dcsc(
              rows: Int64(rows), columns: Int64(columns), starts: starts, indices: indices, values: values))
        }
      }
    }
  }

  /// Calls `body` with a pointer to a borrowed view of the matrix, as the kernels take it.
  func withViewPointer<R, E>(_ body: (UnsafePointer<ness_dcsc>) throws(E) -> R) throws(E) -> R {
    try unsafe withView { view throws(E) -> R in
      try unsafe withUnsafePointer(to: view) { pointer throws(E) -> R in try unsafe body(pointer) }
    }
  }
}
