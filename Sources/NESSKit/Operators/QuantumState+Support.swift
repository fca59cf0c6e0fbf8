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

  /// The nonzero elements between basis states of one class, given the class of each, and the largest one between classes.
  func elements(
    within classes: [Int]
  ) -> (inside: [(ket: Int, bra: Int)], across: [(ket: Int, bra: Int)], largestAcross: Double) {
    let all = nonzeroElements
    let across = all.filter { classes[$0.ket] != classes[$0.bra] }
    let sizes = elements(kets: across.map(\.ket), bras: across.map(\.bra)).map(\.length)
    return (
      all.filter { classes[$0.ket] == classes[$0.bra] },
      zip(across, sizes).filter { $0.1 > Self.negligibleCoherence }.map(\.0), sizes.max() ?? 0
    )
  }

  /// Elements of a state of trace one up to this are rounding of the basis that it was turned into.
  static var negligibleCoherence: Double { 1e-12 }
}
