internal import Numerics

// Functions of eigenvalues that stay accurate next to zero.

/// Eigenvalues of a state with the negative ones that stand for zero set to zero.
///
/// A steady state is only as positive as the linear solver made it: ill-conditioned systems leave
/// eigenvalues of about -1e-12. They are forgiven down to -1e-10 times the sum of all; -x ln x then errs by
/// at most 2.3e-9. Anything below is no state and throws.
///
/// `multiplicities` says how often each eigenvalue occurs; nil means once.
func clipped(_ eigenvalues: [Double], multiplicities: [Double]? = nil) throws(ObservableError) -> [Double] {
  let sum =
    multiplicities.map { zip(eigenvalues, $0).reduce(0) { $0 + abs($1.0) * $1.1 } }
    ?? eigenvalues.reduce(0) { $0 + abs($1) }
  let allowed = -1e-10 * sum
  for eigenvalue in eigenvalues where !(eigenvalue >= allowed) {
    throw .notPositive(eigenvalue: eigenvalue, allowed: allowed)
  }
  return eigenvalues.map { max($0, 0) }
}

/// The values with those that an eigensolver cannot tell from zero set to zero.
func withoutRounding(_ values: [Double]) -> [Double] {
  let threshold = Double(values.count) * Double.ulpOfOne * values.reduce(0) { max($0, abs($1)) }
  return values.map { abs($0) <= threshold ? 0 : $0 }
}

/// -sum x ln x, in nats.
func shannonEntropy(of probabilities: [Double]) -> Double {
  probabilities.reduce(0) { $1 > 0 ? $0 - $1 * .log($1) : $0 }
}

/// p ln(p / q) - p + q >= 0, without cancellation when p and q are close; infinite for q = 0 < p.
func relativeEntropyTerm(_ p: Double, _ q: Double) -> Double {
  if p == 0 { return q }
  if q == 0 { return .infinity }
  let x = (q - p) / p
  // x - ln(1 + x) = x^2/2 - x^3/3 + …: below 0.01, ten terms reach rounding.
  guard abs(x) < 0.01 else { return p * (x - .log(onePlus: x)) }
  var series = 0.0
  for power in stride(from: 11, through: 2, by: -1) { series = 1 / Double(power) - x * series }
  return p * x * x * series
}

/// Relative entropy of two states from their eigenvalues and the overlaps |<r_i|s_j>|^2 at i + j n, as
/// sum_ij |<r_i|s_j>|^2 (p_i ln(p_i / q_j) - p_i + q_j) (Klein). Every term is positive, so small values keep their digits.
func kleinSum(_ p: [Double], _ q: [Double], overlaps: [Double]) -> Double {
  let order = p.count
  var sum = 0.0
  for (j, q) in q.enumerated() {
    if q == 0 {
      // Weight of the first state outside the support of the second one. Eigenvectors are accurate to about
      // 1e-15, so a smaller weight proves nothing.
      let weight = p.indices.reduce(0) { $0 + p[$1] * overlaps[$1 + j * order] }
      if weight > 1e-13 { return .infinity }
    } else {
      for (i, p) in p.enumerated() { sum += overlaps[i + j * order] * relativeEntropyTerm(p, q) }
    }
  }
  return sum
}
