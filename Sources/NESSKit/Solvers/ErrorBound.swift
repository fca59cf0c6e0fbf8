internal import Numerics

/// Bound on the error of a computed solution x of A x = b that does not depend on how rows are scaled,
///
///     max |x - exact| <= || |A^-1| (|r| + 2 eps (|A| |x| + |b|)) ||_max,     r = b - A x,
///
/// (Arioli, Demmel & Duff, SIAM J. Matrix Anal. Appl. 10, 165 (1989); LAPACK's FERR). With w the bracket the right-hand side is the
/// 1-norm of diag(w) A^-T, which Hager's method estimates from a few solves (Higham, ACM TOMS 14, 381 (1988)). A singular system
/// shows as a bound of order one or more: the pivots of a sparse LU need not show it at all.
struct ErrorBound {
  /// The bound, relative to max |x|.
  let relative: Double

  init(
    of solution: [Double], to rightHandSide: [Double], in matrix: RealSparseMatrix,
    solve: (_ rightHandSide: [Double], _ transposed: Bool) throws(KernelError) -> [Double]
  ) throws(KernelError) {
    let order = solution.count
    let product = matrix.applied(to: solution)
    let magnitudes = matrix.appliedMagnitudes(to: solution)
    let weights = (0..<order).map { row in
      abs(rightHandSide[row] - product[row]) + 2 * Double.ulpOfOne
        * (magnitudes[row] + abs(rightHandSide[row]))
    }
    func weighted(_ vector: [Double]) throws(KernelError) -> [Double] {
      zip(weights, try solve(vector, true)).map { $0 * $1 }
    }
    func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + abs($1) } }
    var probe = [Double](repeating: 1 / Double(order), count: order)
    var estimate = 0.0
    for _ in 0..<5 {
      let image = try weighted(probe)
      let size = norm(image)
      guard size > estimate else { break }
      estimate = size
      let gradient = try solve(zip(weights, image).map { $1 < 0 ? -$0 : $0 }, false)
      guard let steepest = gradient.indices.max(by: { abs(gradient[$0]) < abs(gradient[$1]) }) else { break }
      let slope = zip(gradient, probe).reduce(0) { $0 + $1.0 * $1.1 }
      guard abs(gradient[steepest]) > slope else { break }
      probe = [Double](repeating: 0, count: order)
      probe[steepest] = 1
    }
    // A vector on which Hager's method cannot be deceived.
    if order > 1 {
      var alternating = [Double](repeating: 0, count: order)
      for k in 0..<order {
        let size = 1 + Double(k) / Double(order - 1)
        alternating[k] = k % 2 == 0 ? size : -size
      }
      let size = norm(try weighted(alternating))
      estimate = max(estimate, 2 * size / (3 * Double(order)))
    }
    let largest = solution.reduce(0) { max($0, abs($1)) }
    relative = estimate.isFinite && largest > 0 ? estimate / largest : .infinity
  }
}
