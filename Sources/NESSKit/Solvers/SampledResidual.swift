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
    var random = SplitMix(seed: 0x5A_3B1E)
    var places: [(ket: Int, bra: Int)] = []
    for sample in 0..<samples {
      let ket = Int(random.next() % UInt64(dimension))
      var bra = ket
      if sample % 2 == 1 {
        let range = driftAdjoint.starts[ket]..<driftAdjoint.starts[ket + 1]
        if !range.isEmpty {
          bra = driftAdjoint.indices[range.lowerBound + Int(random.next() % UInt64(range.count))]
        }
      }
      places.append((ket, bra))
    }
    // Elements of the state, with their weights and the sample they belong to, asked for all at once.
    var (kets, bras, owners): ([Int], [Int], [Int]) = ([], [], [])
    var weights: [Complex<Double>] = []
    func add(_ sample: Int, _ ket: Int, _ bra: Int, _ weight: Complex<Double>) {
      kets.append(ket)
      bras.append(bra)
      weights.append(weight)
      owners.append(sample)
    }
    for (sample, (ket, bra)) in places.enumerated() {
      driftAdjoint.forEachEntry(inColumn: ket) { row, value in add(sample, row, bra, value.conjugate) }
      driftAdjoint.forEachEntry(inColumn: bra) { row, value in add(sample, ket, row, value) }
    }
    for pair in jumps {
      let left = pair.left.adjoint
      let right = pair.right?.adjoint ?? left
      for (sample, (ket, bra)) in places.enumerated() {
        left.forEachEntry(inColumn: ket) { c, a in
          right.forEachEntry(inColumn: bra) { d, b in add(sample, c, d, a.conjugate * b) }
        }
      }
    }
    let inflow = rates?.applied(to: state.populations)
    var changes = places.map { Complex($0 == $1 ? inflow?[$0] ?? 0 : 0) }
    for (k, element) in state.elements(kets: kets, bras: bras).enumerated() {
      changes[owners[k]] += weights[k] * element
    }
    // A comparison with what is not a number would lose it.
    return changes.reduce(0) { $1.length.isFinite ? max($0, $1.length) : .infinity }
  }
}

extension SparseMatrix {
  fileprivate func forEachEntry(inColumn column: Int, _ body: (Int, Complex<Double>) -> Void) {
    for entry in starts[column]..<starts[column + 1] { body(indices[entry], values[entry]) }
  }
}
