internal import Numerics

// Observables of a ring of clock rotors in a pure state, from its amplitudes alone: no operator on the full space is built.

extension ChiralClockRing {
  /// Mean tunnelling current of a rotor from position j to j + 1, <i (x_j H x_{j+1} - x_{j+1} H x_j)>, with x_j = |j><j|.
  ///
  /// Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eq. (10).
  /// - Complexity: O(D / Ns)
  public func tunnellingCurrent(ofRotor rotor: Int, from position: Int, in state: StateVector) -> Double {
    requireSpace(of: state)
    let strides = space.strides
    let next = (position + 1) % positions
    let psi = state.amplitudes
    func neighbour(_ index: Int, _ site: Int, _ step: Int) -> Int {
      let digit = index / strides[site] % positions
      return index + ((digit + step + positions) % positions - digit) * strides[site]
    }
    // What takes this rotor one step: by itself, or with one of its neighbours going the other way.
    var moves: [(step: Int, partner: Int?, amplitude: Complex<Double>)] = []
    let previous = (rotor + rotors - 1) % rotors
    let following = (rotor + 1) % rotors
    for step in [-1, 1] where (next + step + positions) % positions == position {
      switch picture {
      case .clock: moves.append((step, nil, Complex(-f)))
      case .rotated:
        let own = Complex(length: 1, phase: -Double(step) * phases[rotor]).multiplied(by: f - 1)
        let other = Complex(length: 1, phase: Double(step) * phases[previous]).multiplied(by: f - 1)
        moves += [(step, following, own), (step, previous, other)]
      }
    }
    var sum = Complex<Double>.zero
    let stride = strides[rotor]
    for block in Swift.stride(from: next * stride, to: psi.count, by: stride * positions) {
      for source in block..<(block + stride) {
        let reached = source + (position - next) * stride
        for move in moves {
          let target = move.partner.map { neighbour(reached, $0, -move.step) } ?? reached
          sum += psi[target].conjugate * move.amplitude * psi[source]
        }
      }
    }
    // i (z - z*) with z = <psi| x_j H x_{j+1} |psi>.
    return -2 * sum.imaginary
  }

  /// Mean thermal current of a rotor from position j to j + 1 for baths at zero temperature, which drive only steps downhill in the
  /// diagonal energy, at rate g times the energy that they release.
  ///
  /// Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eq. (11) with the limit beta -> infinity of Eqs. (5), (6). The
  /// inverse temperatures of the ring are not used.
  /// - Complexity: O(D M)
  public func thermalCurrentAtZeroTemperature(
    ofRotor rotor: Int, from position: Int, in state: StateVector
  ) -> Double {
    requireSpace(of: state)
    let steps = RotorSteps(of: rotor, in: self)
    let next = (position + 1) % positions
    let (before, after) = ((rotor + rotors - 1) % rotors, (rotor + 1) % rotors)
    var sum = 0.0
    forEachState { index, digits in
      let first = steps.situation(digits[before], digits[rotor], digits[after]) * steps.changes.count
      for (direction, change) in steps.changes.enumerated() {
        let target = (digits[rotor] + change) % positions
        let flow = max(0, steps.energyDrops[first + direction]) * state.amplitudes[index].lengthSquared
        // For two positions one step is both: it leads to j + 1 from j and back from there.
        if digits[rotor] == position && target == next { sum += flow }
        if digits[rotor] == next && target == position { sum -= flow }
      }
    }
    return couplings[rotor] * sum
  }

  /// Probability of one position of a rotor.
  public func probability(ofPosition position: Int, ofRotor rotor: Int, in state: StateVector) -> Double {
    requireSpace(of: state)
    let stride = space.strides[rotor]
    var sum = 0.0
    for block in Swift.stride(from: position * stride, to: state.amplitudes.count, by: stride * positions) {
      for index in block..<(block + stride) { sum += state.amplitudes[index].lengthSquared }
    }
    return sum
  }

  /// <m^2> and <m^4> of the order parameter m = (1/M) sum_k (mu_k + mu_k^+), with sigma for mu in the rotated picture.
  ///
  /// - Complexity: O(D), and O(D M) in the rotated picture
  public func orderParameterMoments(in state: StateVector) -> (second: Double, fourth: Double) {
    requireSpace(of: state)
    switch picture {
    case .clock:
      let unit = 2 * Double.pi / Double(positions)
      let single = (0..<positions).map { 2 * Double.cos(unit * Double($0)) / Double(rotors) }
      var values = [0.0]
      for _ in 0..<rotors { values = values.flatMap { value in single.map { value + $0 } } }
      var (second, fourth) = (0.0, 0.0)
      for (value, amplitude) in zip(values, state.amplitudes) {
        let square = value * value
        second += square * amplitude.lengthSquared
        fourth += square * square * amplitude.lengthSquared
      }
      return (second, fourth)
    case .rotated:
      // <psi| m^2n |psi> is the squared norm of m^n psi.
      let once = shifted(state.amplitudes)
      let twice = shifted(once)
      return (once.reduce(0) { $0 + $1.lengthSquared }, twice.reduce(0) { $0 + $1.lengthSquared })
    }
  }

  /// (1/M) sum_k (sigma_k + sigma_k^+) applied to amplitudes.
  private func shifted(_ amplitudes: [Complex<Double>]) -> [Complex<Double>] {
    var sum = [Complex<Double>](repeating: .zero, count: amplitudes.count)
    for stride in space.strides {
      let period = stride * positions
      for block in Swift.stride(from: 0, to: amplitudes.count, by: period) {
        for offset in 0..<period {
          let up = offset + stride < period ? offset + stride : offset + stride - period
          sum[block + offset] += amplitudes[block + up]
          sum[block + up] += amplitudes[block + offset]
        }
      }
    }
    return sum.map { $0.divided(by: Double(rotors)) }
  }

  private func requireSpace(of state: StateVector) {
    precondition(
      state.space == space,
      "a state must live on the space of the ring, but their dimensions are \(state.space.dimension) and \(space.dimension)"
    )
  }
}
