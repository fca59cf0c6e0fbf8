import NESSKit

/// Two resonant qubits that exchange excitations, each with a heat bath of its own.
///
///     H = w (n_1 + n_2) + J (sigma_1^+ sigma_2^- + sigma_1^- sigma_2^+),   n = sigma^+ sigma^-
///     bath k:  sigma_k^+ at rate g N_k,   sigma_k^- at rate g (N_k + 1),   N_k = 1 / (exp(beta_k w) - 1)
///
/// hbar = k_B = 1. Heat is positive into the qubits.
struct TwoQubits {
  var frequency = 1.0
  var coupling = 0.05
  var bathCoupling = 0.02
  var inverseTemperatures = [0.5, 2.0]

  /// The master equation. Energy is counted with the bare Hamiltonian, which each bath would thermalize on its own.
  func generator() throws -> LindbladGenerator {
    let space = HilbertSpace([.qubit, .qubit])
    let raise = [0, 1].map { Operator.local(.pauliRaising, at: $0, in: space) }
    let lower = raise.map(\.adjoint)

    let bare = frequency * (raise[0] * lower[0] + raise[1] * lower[1])
    let exchange = coupling * (raise[0] * lower[1] + raise[1] * lower[0])

    var dissipators: [Dissipator] = []
    for k in [0, 1] {
      let bath = Bath(name: "bath \(k + 1)", inverseTemperature: inverseTemperatures[k])
      dissipators.append(.jump(raise[k], rate: upRate(k), bath: bath))
      dissipators.append(.jump(lower[k], rate: downRate(k), bath: bath))
    }
    return try LindbladGenerator(
      hamiltonian: bare + exchange, dissipators: dissipators, bareHamiltonian: bare)
  }

  private func upRate(_ k: Int) -> Double { bathCoupling * occupation(k) }
  private func downRate(_ k: Int) -> Double { bathCoupling * (occupation(k) + 1) }
}
