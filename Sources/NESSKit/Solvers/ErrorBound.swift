internal import Numerics

/// Bound on the error of a computed solution x of A x = b that does not depend on how rows are scaled,
///
///     max |x - exact| <= || |A^-1| (|r| + 2 eps (|A| |x| + |b|)) ||_max,     r = b - A x,
///
/// (Arioli, Demmel & Duff, SIAM J. Matrix Anal. Appl. 10, 165 (1989); LAPACK's FERR). With w the bracket the right-hand side is the
/// 1-norm of diag(w) A^-T, which Hager's method estimates from a few solves (Higham, ACM TOMS 14, 381 (1988)). A singular system
/// shows as a bound of order one or more: the pivots of a sparse LU need not show it at all.
///
/// Unknowns that vanish carry no weight w, so a part of the matrix that only concerns them could be singular unseen. A second estimate is
/// of their own: what errors of the elements would do if they were of order one.
///
/// Where a theorem says that there is one steady state those unknowns may vanish rightly, behind rates of many orders of magnitude. But a
/// part with fast rates inside and slow ones out of it may also seem empty because rounding of the fast ones leaks more than the slow
/// ones carry. What is known of A^-T shows that: the trace is conserved (``Liouvillian/Conservation``). A part that truly is all but empty
/// and leaks is refused with it, since what leaks does not tell what it would hold.
struct ErrorBound {
  /// The bound, relative to the scale.
  let relative: Double

  /// - Parameter scale: what the error is judged beside; max |x| unless told
  /// - Parameter entryError: error of every element beyond its own rounding
  /// - Parameter conservation: what the factors must reproduce where the steady state is known to be the only one; nil where the part of
  ///   the matrix for unknowns that vanish has to be shown to be regular
  init(
    of solution: [Double], to rightHandSide: [Double], in matrix: RealSparseMatrix, scale: Double? = nil,
    entryError: Double, conservation: Liouvillian.Conservation?, solve: Solve
  ) throws(KernelError) {
    let order = solution.count
    let largest = scale ?? solution.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else {
      relative = .infinity
      return
    }
    let product = matrix.applied(to: solution)
    let changes = matrix.roundings(at: solution, entryError: entryError)
    let weights = (0..<order).map { row in
      abs(rightHandSide[row] - product[row]) + changes[row] + 2 * Double.ulpOfOne * abs(rightHandSide[row])
    }
    var bound = try Self.norm(weights, solve) / largest
    if let conservation, bound.isFinite {
      let defect = zip(try solve(conservation.rightHandSide, true), conservation.solution)
        .reduce(0) { $1.0.isFinite ? max($0, abs($1.0 - $1.1) / ($1.1 == 0 ? 1 : abs($1.1))) : .infinity }
      bound = max(bound, defect)
    } else if bound.isFinite {
      let vanishing = solution.map { abs($0) <= Double.ulpOfOne * largest ? 1.0 : 0 }
      if vanishing.contains(1) {
        let changes = matrix.roundings(at: vanishing, entryError: entryError)
        bound = max(bound, try Self.norm(changes, on: vanishing, solve))
      }
    }
    relative = bound.isFinite ? bound : .infinity
  }

  /// A^-1 or A^-T times a vector.
  typealias Solve = (_ rightHandSide: [Double], _ transposed: Bool) throws(KernelError) -> [Double]

  /// Estimate of the largest element of |A^-1| w for weights w that are not negative, among the unknowns where the mask is 1.
  private static func norm(
    _ weights: [Double], on mask: [Double]? = nil, _ solve: Solve
  ) throws(KernelError) -> Double {
    let order = weights.count
    func masked(_ vector: [Double]) -> [Double] { mask.map { zip($0, vector).map { $0 * $1 } } ?? vector }
    func weighted(_ vector: [Double]) throws(KernelError) -> [Double] {
      zip(weights, try solve(masked(vector), true)).map { $0 * $1 }
    }
    func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + abs($1) } }
    var probe = [Double](repeating: 1 / Double(order), count: order)
    var estimate = 0.0
    for _ in 0..<5 {
      let image = try weighted(probe)
      let size = norm(image)
      // Written so that what is not a number ends as infinite.
      guard size.isFinite else { return .infinity }
      guard size > estimate else { break }
      estimate = size
      let gradient = masked(try solve(zip(weights, image).map { $1 < 0 ? -$0 : $0 }, false))
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
      estimate = size.isFinite ? max(estimate, 2 * size / (3 * Double(order))) : .infinity
    }
    return estimate
  }
}
