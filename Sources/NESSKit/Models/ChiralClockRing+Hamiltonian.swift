internal import Numerics

extension ChiralClockRing {
  /// Energy of every bond for every difference j_k - j_{k+1} mod Ns of its ends, in the clock picture.
  var bondEnergies: [[Double]] {
    let unit = 2 * Double.pi / Double(positions)
    return phases.map { phase in
      (0..<positions).map { -2 * (1 - f) * Double.cos(unit * Double($0) + phase) }
    }
  }

  /// Energy of one rotor in every position, in the rotated picture.
  var positionEnergies: [Double] {
    let unit = 2 * Double.pi / Double(positions)
    return (0..<positions).map { -2 * f * Double.cos(unit * Double($0)) }
  }

  /// Calls `body` with every basis state and its digits, in ascending order.
  func forEachState(_ body: (_ state: Int, _ digits: [Int]) -> Void) {
    var digits = [Int](repeating: 0, count: rotors)
    for state in 0..<space.dimension {
      body(state, digits)
      var rotor = rotors - 1
      while rotor >= 0 {
        digits[rotor] += 1
        if digits[rotor] < positions { break }
        digits[rotor] = 0
        rotor -= 1
      }
    }
  }

  /// Diagonal E_j of the Hamiltonian in use, one energy per basis state.
  public func diagonalEnergies() -> [Double] {
    var energies: [Double] = []
    energies.reserveCapacity(space.dimension)
    switch picture {
    case .clock:
      let bonds = bondEnergies
      forEachState { _, digits in
        var energy = 0.0
        for k in 0..<rotors {
          let difference = digits[k] - digits[k + 1 < rotors ? k + 1 : 0]
          energy += bonds[k][difference < 0 ? difference + positions : difference]
        }
        energies.append(energy)
      }
    case .rotated:
      let single = positionEnergies
      forEachState { _, digits in energies.append(digits.reduce(0) { $0 + single[$1] }) }
    }
    return energies
  }

  /// Diagonal part H_D of the Hamiltonian; the baths see its energy differences.
  public func diagonalHamiltonian() -> Operator {
    Operator(space: space, matrix: .diagonal(diagonalEnergies().map { Complex($0) }))
  }

  /// Hamiltonian in use.
  public func hamiltonian() -> Operator { hamiltonian(energies: diagonalEnergies()) }

  func hamiltonian(energies: [Double]) -> Operator {
    let strides = space.strides
    var starts = [0]
    var indices: [Int] = []
    var values: [Complex<Double>] = []
    starts.reserveCapacity(energies.count + 1)
    indices.reserveCapacity(energies.count * (2 * rotors + 1))
    values.reserveCapacity(energies.count * (2 * rotors + 1))
    // Change of the index when a rotor steps up or down.
    func change(_ digits: [Int], _ rotor: Int, up: Bool) -> Int {
      let last = positions - 1
      return strides[rotor]
        * (up ? (digits[rotor] == last ? -last : 1) : (digits[rotor] == 0 ? last : -1))
    }
    let bonds = phases.map { Complex(length: 1, phase: $0) * Complex(f - 1) }
    let hop = Complex(-f)
    forEachState { state, digits in
      let first = indices.count
      // A column has 2M + 1 entries at most: insertion keeps them in order, and adds up what meets.
      func add(_ row: Int, _ value: Complex<Double>) {
        var place = indices.count
        while place > first, indices[place - 1] > row { place -= 1 }
        if place > first, indices[place - 1] == row {
          values[place - 1] += value
        } else {
          indices.insert(row, at: place)
          values.insert(value, at: place)
        }
      }
      add(state, Complex(energies[state]))
      for k in 0..<rotors {
        switch picture {
        case .clock:
          add(state + change(digits, k, up: false), hop)
          add(state + change(digits, k, up: true), hop)
        case .rotated:
          let next = k + 1 < rotors ? k + 1 : 0
          add(state + change(digits, k, up: false) + change(digits, next, up: true), bonds[k])
          add(state + change(digits, k, up: true) + change(digits, next, up: false), bonds[k].conjugate)
        }
      }
      starts.append(indices.count)
    }
    let matrix = SparseMatrix(
      rows: energies.count, columns: energies.count, starts: starts, indices: indices, values: values)
    return Operator(space: space, matrix: matrix.droppingZeros())
  }
}
