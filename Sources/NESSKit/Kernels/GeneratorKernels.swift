internal import CNESSKernels
package import Numerics

extension GeneratorTerms {
  /// Calls `body` with a borrowed view of all matrices.
  func withView<R, E>(_ body: (UnsafePointer<ness_terms>) throws(E) -> R) throws(E) -> R {
    // All jump operators lie one behind the other, so that one set of pointers covers any number of them.
    let stack = JumpStack(jumps)
    let rates = self.rates ?? RealSparseMatrix(rows: 0, columns: 0, starts: [0], indices: [], values: [])
    return try unsafe drift.withView { drift throws(E) -> R in
      try unsafe rates.withView { rateView throws(E) -> R in
        try unsafe stack.withViews { left, right throws(E) -> R in
          var rateView = unsafe copy rateView
          return try unsafe withUnsafePointer(to: &rateView) { ratePointer throws(E) -> R in
            var terms = unsafe ness_terms(
              order: Int64(dimension), drift: copy drift, jump_count: Int64(jumps.count), left: left,
              right: right,
              rates: self.rates == nil ? nil : ratePointer)
            return try unsafe withUnsafePointer(to: &terms, body)
          }
        }
      }
    }
  }

  /// L rho of a dense matrix, column by column, D^2 elements.
  /// - Complexity: O(D × nonzeros)
  package func applied(to elements: [Complex<Double>]) throws(KernelError) -> [Complex<Double>] {
    precondition(
      elements.count == dimension * dimension,
      "need \(dimension * dimension) elements, but got \(elements.count)")
    return try unsafe [Complex<Double>](kernelCount: elements.count) { out throws(KernelError) in
      try unsafe elements.withKernelPointer { rho throws(KernelError) in
        try unsafe withView { terms throws(KernelError) in
          try unsafe ness_terms_apply(terms, rho, out).check()
        }
      }
    }
  }

  /// <x| L(|u><v|) |y>. - Complexity: O(nonzeros)
  package func form(
    _ x: [Complex<Double>], _ u: [Complex<Double>], _ v: [Complex<Double>], _ y: [Complex<Double>]
  ) throws(KernelError) -> Complex<Double> {
    var value = ness_complex(re: 0, im: 0)
    try unsafe x.withKernelPointer { x throws(KernelError) in
      try unsafe u.withKernelPointer { u throws(KernelError) in
        try unsafe v.withKernelPointer { v throws(KernelError) in
          try unsafe y.withKernelPointer { y throws(KernelError) in
            try unsafe withView { terms throws(KernelError) in
              try unsafe ness_terms_form(terms, x, u, v, y, &value).check()
            }
          }
        }
      }
    }
    return Complex(value.re, value.im)
  }
}

/// Compressed columns of all left and right factors, concatenated.
private struct JumpStack {
  let order: Int
  let leftOffsets: [(starts: Int, entries: Int)]
  let rightOffsets: [(starts: Int, entries: Int)]
  let starts: [Int]
  let indices: [Int]
  let values: [Complex<Double>]

  init(_ jumps: [GeneratorTerms.JumpPair]) {
    var starts: [Int] = [0]
    var indices: [Int] = [0]
    var values: [Complex<Double>] = [.zero]
    var left: [(starts: Int, entries: Int)] = []
    var right: [(starts: Int, entries: Int)] = []
    func append(_ matrix: SparseMatrix) -> (starts: Int, entries: Int) {
      let offset = (starts: starts.count, entries: indices.count)
      starts += matrix.starts
      indices += matrix.indices
      values += matrix.values
      return offset
    }
    for pair in jumps {
      left.append(append(pair.left))
      right.append(pair.right.map(append) ?? left[left.count - 1])
    }
    self.order = jumps.first?.left.rows ?? 0
    self.leftOffsets = left
    self.rightOffsets = right
    self.starts = starts
    self.indices = indices
    self.values = values
  }

  func withViews<R, E>(
    _ body: (UnsafePointer<ness_zcsc>?, UnsafePointer<ness_zcsc>?) throws(E) -> R
  ) throws(E) -> R {
    guard order > 0 else { return try body(nil, nil) }
    return try unsafe starts.withKernelPointer { starts throws(E) -> R in
      try unsafe indices.withKernelPointer { indices throws(E) -> R in
        try unsafe values.withKernelPointer { values throws(E) -> R in
          func view(_ offset: (starts: Int, entries: Int)) -> ness_zcsc {
            unsafe ness_zcsc(
              rows: Int64(order), columns: Int64(order), starts: starts + offset.starts,
              indices: indices + offset.entries, values: values + offset.entries)
          }
          var left: [ness_zcsc] = unsafe []
          var right: [ness_zcsc] = unsafe []
          for offset in leftOffsets { unsafe left.append(view(offset)) }
          for offset in rightOffsets { unsafe right.append(view(offset)) }
          return try unsafe left.withUnsafeBufferPointer { left throws(E) -> R in
            try unsafe right.withUnsafeBufferPointer { right throws(E) -> R in
              try unsafe body(left.baseAddress, right.baseAddress)
            }
          }
        }
      }
    }
  }
}
