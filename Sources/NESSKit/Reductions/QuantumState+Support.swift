internal import Numerics

extension QuantumState {
  /// Positions of the nonzero matrix elements.
  var nonzeroElements: [(ket: Int, bra: Int)] {
    let support = populations.enumerated().filter { $0.element != 0 }.map(\.offset)
    var found: [(ket: Int, bra: Int)] = []
    // Positivity: an element between states without population vanishes.
    for bra in support {
      for ket in support where ket == bra || element(ket, bra) != .zero { found.append((ket, bra)) }
    }
    return found
  }
}
