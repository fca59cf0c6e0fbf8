internal import Numerics

extension GeneratorTerms {
  /// max |(L rho)_ab| over a sample of matrix elements, from the generator itself and elements of the state only.
  ///
  /// The routes that solve on blocks or orbits compute max |L rho| of the reduced generator over all its elements. This is the
  /// check that the reduction itself was right: it knows nothing of it. Half of the sample are populations, half coherences a jump or a
  /// hop away from one, which are the largest.
  /// - Complexity: O(nonzeros + samples × (elements per row)^2)
  package func sampledChange(of state: some QuantumState, samples: Int) -> Double {
    let driftAdjoint = drift.adjoint
    let inflow = rates?.applied(to: state.populations)
    let pairs = jumps.map { (left: $0.left.adjoint, right: $0.right?.adjoint) }
    var random = SplitMix(seed: 0x5A_3B1E)
    // Elements of the state, with their weights and the sample they belong to, asked for all at once.
    var (kets, bras): ([Int], [Int]) = ([], [])
    var weights: [Complex<Double>] = []
    var ends: [(count: Int, inflow: Double)] = []
    func add(_ ket: Int, _ bra: Int, _ weight: Complex<Double>) {
      kets.append(ket)
      bras.append(bra)
      weights.append(weight)
    }
    for sample in 0..<samples {
      let ket = Int(random.next() % UInt64(dimension))
      var bra = ket
      if sample % 2 == 1 {
        let range = driftAdjoint.starts[ket]..<driftAdjoint.starts[ket + 1]
        if !range.isEmpty {
          bra = driftAdjoint.indices[range.lowerBound + Int(random.next() % UInt64(range.count))]
        }
      }
      driftAdjoint.forEachEntry(inColumn: ket) { row, value in add(row, bra, value.conjugate) }
      driftAdjoint.forEachEntry(inColumn: bra) { row, value in add(ket, row, value) }
      for (left, right) in pairs {
        left.forEachEntry(inColumn: ket) { c, a in
          (right ?? left).forEachEntry(inColumn: bra) { d, b in add(c, d, a.conjugate * b) }
        }
      }
      ends.append((weights.count, ket == bra ? inflow?[ket] ?? 0 : 0))
    }
    let elements = state.elements(kets: kets, bras: bras)
    var worst = 0.0
    var begin = 0
    for (end, inflow) in ends {
      var change = Complex(inflow)
      for k in begin..<end { change += weights[k] * elements[k] }
      begin = end
      // A comparison with what is not a number would lose it.
      guard change.length.isFinite else { return .infinity }
      worst = max(worst, change.length)
    }
    return worst
  }
}

extension SparseMatrix {
  fileprivate func forEachEntry(inColumn column: Int, _ body: (Int, Complex<Double>) -> Void) {
    for entry in starts[column]..<starts[column + 1] { body(indices[entry], values[entry]) }
  }
}
