import NESSKit
import Numerics

// Exact solutions of the boundary-driven chain that share no code with the library.

/// Matrix-product steady state for J = 1, no fields, mu_L = 1, mu_R = -1 and gamma_L = gamma_R = 2 epsilon.
///
/// rho = S S^+ / tr(S S^+), S = sum_s <0| A_{s_1} … A_{s_N} |0> sigma^{s_1} … sigma^{s_N} over s = 0, +, - (T. Prosen, Phys. Rev.
/// Lett. 107, 137201 (2011)). The spin representation behind A_s leaves, up to a diagonal gauge,
///
///     <k|A_0|k>   = T_k(Delta) + (i epsilon / 2) U_{k-1}(Delta)
///     <k|A_+|k+1> = 1
///     <k+1|A_-|k> = U_k(Delta) [i epsilon T_k(Delta) - (1 - Delta^2 + epsilon^2 / 4) U_{k-1}(Delta)]
///
/// with Chebyshev polynomials, U_{-1} = 0: valid on both sides of Delta = 1.
struct ProsenState {
  let anisotropy: Double
  let epsilon: Double

  private func chebyshevU(_ k: Int) -> Double {
    var (before, value) = (0.0, 1.0)
    if k < 0 { return 0 }
    for _ in 0..<k { (before, value) = (value, 2 * anisotropy * value - before) }
    return value
  }

  private func chebyshevT(_ k: Int) -> Double {
    k == 0 ? 1 : chebyshevU(k) - anisotropy * chebyshevU(k - 1)
  }

  private func amplitude(_ letter: Int, from k: Int) -> Complex<Double> {
    switch letter {
    case 0: return Complex(chebyshevT(k), epsilon / 2 * chebyshevU(k - 1))
    case 1: return .one
    default:
      let lower = 1 - anisotropy * anisotropy + epsilon * epsilon / 4
      return Complex(chebyshevU(k - 1))
        * Complex(
          -lower * chebyshevU(k - 2), epsilon * chebyshevT(k - 1))
    }
  }

  /// S of `sites` spins, column by column; level 0 is down.
  func root(_ sites: Int) -> [Complex<Double>] {
    let order = 1 << sites
    var elements = [Complex<Double>](repeating: .zero, count: order * order)
    /// Follows all strings from site `site` on; an element grows by one digit of its row and column per site.
    func follow(_ site: Int, _ k: Int, _ row: Int, _ column: Int, _ weight: Complex<Double>) {
      if site == sites {
        if k == 0 { elements[row + column * order] += weight }
        return
      }
      for level in 0..<2 {
        follow(site + 1, k, 2 * row + level, 2 * column + level, weight * amplitude(0, from: k))
      }
      follow(site + 1, k + 1, 2 * row + 1, 2 * column, weight * amplitude(1, from: k))
      if k > 0 { follow(site + 1, k - 1, 2 * row, 2 * column + 1, weight * amplitude(-1, from: k)) }
    }
    follow(0, 0, 0, 0, .one)
    return elements
  }

  func density(_ sites: Int) -> DensityMatrix {
    let order = 1 << sites
    let s = root(sites)
    let product = naiveProduct(s, naiveAdjoint(s, order), order)
    let trace = (0..<order).reduce(0.0) { $0 + product[$1 * (order + 1)].real }
    return DensityMatrix(space: qubits(sites), elements: product.map { $0 / Complex(trace) })
  }
}

/// Two-point functions C_ij = <c_i^+ c_j> of the chain with Delta = 0, any mu, fields and dephasing:
///
///     dC/dt = i (h C - C h) - {G, C}/2 + F - 2 (gamma_phi_i + gamma_phi_j) C_ij (i != j) = 0
///
/// with h_{l,l+1} = 2 J_l, h_ll = 2 h_l, and at the ends G = gamma, F = gamma (1 + mu)/2: closed because the jump operators are linear or
/// quadratic in the fermions.
func freeFermionCorrelations(_ chain: SpinChain) -> [[Complex<Double>]] {
  let n = chain.sites
  var hopping = [[Double]](repeating: .init(repeating: 0, count: n), count: n)
  for l in 0..<(n - 1) {
    (hopping[l][l + 1], hopping[l + 1][l]) = (2 * chain.couplings[l], 2 * chain.couplings[l])
  }
  for l in 0..<n { hopping[l][l] = 2 * chain.fields[l] }
  var (loss, gain) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
  for (site, end) in [(0, chain.left), (n - 1, chain.right)] {
    loss[site] += end.coupling
    gain[site] += end.coupling * (1 + end.magnetization) / 2
  }
  let size = n * n
  var matrix = [[Complex<Double>]](repeating: .init(repeating: .zero, count: size + 1), count: size)
  for i in 0..<n {
    for j in 0..<n {
      for a in 0..<n {
        matrix[i * n + j][a * n + j] += Complex(0, hopping[i][a])
        matrix[i * n + j][i * n + a] -= Complex(0, hopping[a][j])
      }
      var decay = (loss[i] + loss[j]) / 2
      if i != j { decay += 2 * (chain.dephasing[i] + chain.dephasing[j]) }
      matrix[i * n + j][i * n + j] -= Complex(decay)
      if i == j { matrix[i * n + j][size] = Complex(-gain[i]) }
    }
  }
  // Gauss and Jordan.
  for k in 0..<size {
    let pivot = (k..<size).max { matrix[$0][k].length < matrix[$1][k].length }!
    matrix.swapAt(k, pivot)
    for row in 0..<size where row != k && matrix[row][k] != .zero {
      let factor = matrix[row][k] / matrix[k][k]
      for column in k...size { matrix[row][column] -= factor * matrix[k][column] }
    }
  }
  return (0..<n).map { i in (0..<n).map { j in matrix[i * n + j][size] / matrix[i * n + j][i * n + j] } }
}

/// Current of up spins through a uniform chain with Delta = 0 and h = 0, with any uniform dephasing:
///
///     j = (mu_L - mu_R)/2 / (1/gamma_L + 1/gamma_R + (8 gamma_phi (N - 1) + gamma_L + gamma_R)/(16 J^2))
///
/// Only neighbours are correlated, C_{l,l+1} = -i j/(4J) on every bond (M. Znidaric, J. Stat. Mech. L05002 (2010)).
func diffusiveCurrent(
  _ sites: Int, coupling: Double, left: SpinChain.End, right: SpinChain.End, dephasing: Double
) -> Double {
  let widths = left.coupling + right.coupling
  let resistance =
    1 / left.coupling + 1 / right.coupling
    + (8 * dephasing * Double(sites - 1) + widths) / (16 * coupling * coupling)
  return (left.magnetization - right.magnetization) / 2 / resistance
}
