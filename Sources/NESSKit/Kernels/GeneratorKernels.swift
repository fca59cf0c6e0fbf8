internal import CNESSKernels
package import Numerics

extension GeneratorTerms {
  /// Calls `body` with a borrowed view of all matrices.
  func withView<R, E>(_ body: (UnsafePointer<ness_terms>) throws(E) -> R) throws(E) -> R {
    // All jump operators lie one behind the other, so that one set of pointers covers any number of them.
    var stack = MatrixStack<SparseMatrix>()
    let pairs = jumps.map { jump in
      let left = stack.append(jump.left)
      return (left: left, right: jump.right.map { stack.append($0) } ?? left)
    }
    let rates = self.rates ?? RealSparseMatrix(rows: 0, columns: 0, starts: [0], indices: [], values: [])
    return try unsafe drift.withViewPointer { drift throws(E) -> R in
      try unsafe rates.withViewPointer { rates throws(E) -> R in
        try unsafe stack.withViews(ness_zcsc.init) { views throws(E) -> R in
          let left = unsafe pairs.map { unsafe views[$0.left] }
          let right = unsafe pairs.map { unsafe views[$0.right] }
          return try unsafe left.withUnsafeBufferPointer { left throws(E) -> R in
            try unsafe right.withUnsafeBufferPointer { right throws(E) -> R in
              var terms = unsafe ness_terms(
                order: Int64(dimension), drift: drift.pointee, jump_count: Int64(pairs.count),
                left: left.baseAddress, right: right.baseAddress, rates: self.rates == nil ? nil : rates)
              return try unsafe withUnsafePointer(to: &terms, body)
            }
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
