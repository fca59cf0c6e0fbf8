internal import Numerics

extension QuantumState {
  /// Positions of the nonzero matrix elements.
  var nonzeroElements: [(ket: Int, bra: Int)] {
    let support = populations.enumerated().filter { $0.element != 0 }.map(\.offset)
    var found: [(ket: Int, bra: Int)] = []
    // Positivity: an element between states without population vanishes. A column at a time, since many representations find one
    // element no sooner than a column.
    for bra in support {
      let column = elements(kets: support, bras: Array(repeating: bra, count: support.count))
      for (ket, value) in zip(support, column) where ket == bra || value != .zero {
        found.append((ket, bra))
      }
    }
    return found
  }
}
