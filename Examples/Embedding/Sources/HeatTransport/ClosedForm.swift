import Foundation

/// The steady state by hand.
///
/// A Jordan-Wigner transformation turns the two qubits into free fermions, whose occupations and current close among themselves. With
/// a_k the rate up, Gamma_k = up + down and I the flow of excitations from qubit 1 to qubit 2,
///
///     0 = a_1 - Gamma_1 n_1 - I,   0 = a_2 - Gamma_2 n_2 + I,   I = 4 J^2 (n_1 - n_2) / (Gamma_1 + Gamma_2),
///
/// and <n_1 n_2> = n_1 n_2 - (I / 2J)^2 by Wick's theorem. The interaction energy vanishes, so each bath exchanges w I of heat and no
/// work.
extension TwoQubits {
  /// Mean number of quanta in a mode of bath `k`.
  func occupation(_ k: Int) -> Double { 1 / (exp(inverseTemperatures[k] * frequency) - 1) }

  /// What the numbers must be.
  func closedForm() -> (populations: [Double], heat: [Double]) {
    let up = [0, 1].map { bathCoupling * occupation($0) }
    let total = [0, 1].map { bathCoupling * (2 * occupation($0) + 1) }
    let exchange = 4 * coupling * coupling / (total[0] + total[1])
    let flow =
      exchange * (up[0] / total[0] - up[1] / total[1]) / (1 + exchange * (1 / total[0] + 1 / total[1]))
    let n = [(up[0] - flow) / total[0], (up[1] + flow) / total[1]]
    let coherence = flow / (2 * coupling)
    let both = n[0] * n[1] - coherence * coherence
    // Basis states |00>, |01>, |10>, |11>: site 1 is the slowest digit.
    return (
      [1 - n[0] - n[1] + both, n[1] - both, n[0] - both, both], [frequency * flow, -frequency * flow]
    )
  }
}
