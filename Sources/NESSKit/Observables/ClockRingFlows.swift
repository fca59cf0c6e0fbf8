internal import Numerics

/// Currents, populations and heat of all rotors of a clock ring in one state.
///
/// Everything comes from one pass over the populations and one over the matrix elements that the Hamiltonian connects, 2 M D of them,
/// fetched at once: no operator is built, and no part of the density matrix beyond that.
///
/// Signs and definitions: Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eqs. (7), (10), (11).
public struct ClockRingFlows: Sendable, Equatable {
  /// Probability of every position, of every rotor.
  public let probabilities: [[Double]]
  /// Tunnelling current from every position j to j + 1 of every rotor, 1/time.
  public let tunnelling: [[Double]]
  /// Thermal current from every position j to j + 1 of every rotor, 1/time. The same operator in all readings of the jumps.
  public let thermal: [[Double]]
  /// Mean square of the thermal current from position 0 to 1 of every rotor, 1/time^2.
  public let thermalSquared: [Double]
  /// Heat current of the diagonal energy from every rotor's bath, energy/time, positive into the system.
  public let heat: [Double]
  /// Energy current of the nondiagonal part from every rotor's bath, energy/time, positive into the system; nil when jump
  /// operators stand for several steps, whose coherence counts too: ``Thermodynamics`` has it then.
  public let work: [Double]?
  /// Mean energy tr(rho H).
  public let energy: Double

  /// Evaluates all of them.
  /// - Parameters:
  ///   - ring: The ring.
  ///   - hamiltonian: Its Hamiltonian, which the caller has.
  ///   - state: Any state of the ring; it need not be stationary.
  /// - Complexity: O(D M^2), and fetching 2 M D matrix elements
  public init(of ring: ChiralClockRing, hamiltonian: Operator, in state: some QuantumState) {
    precondition(
      state.space == ring.space && hamiltonian.space == ring.space,
      "ring, Hamiltonian and state must share a space")
    let positions = ring.positions
    let strides = ring.space.strides
    let populations = state.populations
    let zeros = [[Double]](repeating: Array(repeating: 0, count: positions), count: ring.rotors)
    var energies = [Double](repeating: 0, count: populations.count)

    // H_ab rho_ba for a != b: the imaginary part is a flow of probability, the real part energy.
    var rows: [Int] = []
    var columns: [Int] = []
    var amplitudes: [Complex<Double>] = []
    rows.reserveCapacity(hamiltonian.matrix.nonzeros)
    columns.reserveCapacity(hamiltonian.matrix.nonzeros)
    amplitudes.reserveCapacity(hamiltonian.matrix.nonzeros)
    hamiltonian.matrix.forEachEntry { row, column, value in
      if row == column {
        energies[row] = value.real
      } else if row > column {
        // The other half is its conjugate.
        rows.append(row)
        columns.append(column)
        amplitudes.append(value)
      }
    }
    let coherences = state.elements(kets: columns, bras: rows)
    var tunnelling = zeros
    var hopping = [Double](repeating: 0, count: populations.count)
    for (entry, coherence) in coherences.enumerated() {
      let (row, column) = (rows[entry], columns[entry])
      let product = amplitudes[entry] * coherence
      hopping[row] += product.real
      hopping[column] += product.real
      for rotor in 0..<ring.rotors {
        let to = row / strides[rotor] % positions
        let from = column / strides[rotor] % positions
        guard to != from else { continue }
        // i (x_from H x_to - x_to H x_from): both elements of the pair, so twice the imaginary part.
        if (from + 1) % positions == to { tunnelling[rotor][from] += 2 * product.imaginary }
        if (to + 1) % positions == from { tunnelling[rotor][to] -= 2 * product.imaginary }
      }
    }

    var probabilities = zeros
    var thermal = zeros
    var squared = [Double](repeating: 0, count: ring.rotors)
    var heat = squared
    var work = squared
    for rotor in 0..<ring.rotors {
      let rates = ring.rates(ofRotor: rotor)
      for state in populations.indices {
        let position = state / strides[rotor] % positions
        let population = populations[state]
        probabilities[rotor][position] += population
        var escape = 0.0
        var first = 0.0
        for entry in rates.starts[state]..<rates.starts[state + 1] {
          let (target, rate) = (rates.indices[entry], rates.values[entry])
          let next = target / strides[rotor] % positions
          escape += rate
          heat[rotor] += rate * population * (energies[target] - energies[state])
          if (position + 1) % positions == next { thermal[rotor][position] += rate * population }
          if (next + 1) % positions == position { thermal[rotor][next] -= rate * population }
          if position == 0 && next == 1 { first += rate }
          if position == 1 && next == 0 { first -= rate }
        }
        work[rotor] -= escape * hopping[state]
        squared[rotor] += first * first * population
      }
    }
    self.probabilities = probabilities
    self.tunnelling = tunnelling
    self.thermal = thermal
    thermalSquared = squared
    self.heat = heat
    self.work = ring.jumps == .configuration ? work : nil
    energy = zip(energies, populations).reduce(0) { $0 + $1.0 * $1.1 } + hopping.reduce(0, +)
  }
}
