internal import Numerics

extension ChiralClockRing {
  /// The Hamiltonian in the sector that holds its ground state for 0 < f, Ns^(M-1) states.
  ///
  /// Clock picture: states that the common clock shift leaves unchanged, labelled by the positions relative to rotor 0. All
  /// off-diagonal elements are then -f or sums of it, so that for 0 < f the lowest state is unique and positive (Perron and
  /// Frobenius) and the lowest of all. Rotated picture, its Fourier transform: configurations with sum_k j_k = 0 mod Ns, labelled
  /// by the positions of the rotors 1, 2, ….
  ///
  /// - Complexity: O(Ns^M M), memory for Ns^(M-1) (2M + 1) matrix elements; no operator on the full space is built
  public func groundSector() -> SectorOperator {
    switch picture {
    case .clock: clockSector()
    case .rotated: rotatedSector()
    }
  }

  /// Basis states of the rotors 1, 2, …: position k of a label belongs to rotor k + 1.
  private struct Labels {
    let strides: [Int]
    let count: Int

    init(_ ring: ChiralClockRing) {
      strides = Array(ring.space.strides.dropFirst())
      count = ring.space.strides[0]
    }

    /// Calls `body` with every label and the positions of all rotors, that of rotor 0 being zero.
    func forEach(_ ring: ChiralClockRing, _ body: (_ label: Int, _ digits: [Int]) -> Void) {
      var digits = [Int](repeating: 0, count: ring.rotors)
      for label in 0..<count {
        body(label, digits)
        var rotor = ring.rotors - 1
        while rotor > 0 {
          digits[rotor] += 1
          if digits[rotor] < ring.positions { break }
          digits[rotor] = 0
          rotor -= 1
        }
      }
    }
  }

  /// Positions one step up and one step down, and all differences of positions, modulo Ns without divisions.
  private func wrapped(_ position: Int) -> Int {
    position < 0 ? position + positions : position >= positions ? position - positions : position
  }

  private func clockSector() -> SectorOperator {
    let labels = Labels(self)
    let strides = space.strides
    let unit = 2 * Double.pi / Double(positions)
    let bonds = phases.map { phase in
      (0..<positions).map { -2 * (1 - f) * Double.cos(unit * Double($0) + phase) }
    }
    var rows = [Int](repeating: 0, count: space.dimension)
    var columns = ColumnList<Double>(columns: labels.count, perColumn: 2 * rotors + 1)
    labels.forEach(self) { label, digits in
      var energy = 0.0
      for k in 0..<rotors {
        energy += bonds[k][wrapped(digits[k] - digits[k + 1 == rotors ? 0 : k + 1])]
      }
      columns.add(energy, at: label)
      for step in [-1, 1] {
        var shifted = 0
        for k in 1..<rotors {
          columns.add(-f, at: label + (wrapped(digits[k] + step) - digits[k]) * strides[k])
          // Rotor 0 moving by a step leaves all others behind by as much.
          shifted += wrapped(digits[k] - step) * strides[k]
        }
        columns.add(-f, at: shifted)
      }
      columns.close()
      for shift in 0..<positions {
        var member = shift * strides[0]
        for k in 1..<rotors { member += wrapped(digits[k] + shift) * strides[k] }
        rows[member] = label
      }
    }
    return SectorOperator(
      space: space,
      matrix: .real(
        RealSparseMatrix(
          rows: labels.count, columns: labels.count, starts: columns.starts, indices: columns.indices,
          values: columns.values)),
      rows: rows, weights: Array(repeating: 1 / Double(positions).squareRoot(), count: labels.count))
  }

  private func rotatedSector() -> SectorOperator {
    let labels = Labels(self)
    let strides = space.strides
    let unit = 2 * Double.pi / Double(positions)
    let energies = (0..<positions).map { -2 * f * Double.cos(unit * Double($0)) }
    let amplitudes = phases.map { Complex(length: 1, phase: $0).multiplied(by: f - 1) }
    var rows = [Int](repeating: -1, count: space.dimension)
    var columns = ColumnList<Complex<Double>>(columns: labels.count, perColumn: 2 * rotors + 1)
    labels.forEach(self) { label, others in
      let first = (positions - others.reduce(0, +) % positions) % positions
      rows[first * strides[0] + label] = label
      func moved(_ rotor: Int, by step: Int) -> Int {
        // The position of rotor 0 follows from the others.
        rotor == 0 ? 0 : (wrapped(others[rotor] + step) - others[rotor]) * strides[rotor]
      }
      var energy = energies[first]
      for k in 1..<rotors { energy += energies[others[k]] }
      columns.add(Complex(energy), at: label)
      for k in 0..<rotors {
        let next = k + 1 == rotors ? 0 : k + 1
        columns.add(amplitudes[k], at: label + moved(k, by: -1) + moved(next, by: 1))
        columns.add(amplitudes[k].conjugate, at: label + moved(k, by: 1) + moved(next, by: -1))
      }
      columns.close()
    }
    return SectorOperator(
      space: space,
      matrix: .complex(
        SparseMatrix(
          rows: labels.count, columns: labels.count, starts: columns.starts, indices: columns.indices,
          values: columns.values)),
      rows: rows, weights: Array(repeating: 1, count: labels.count))
  }
}
