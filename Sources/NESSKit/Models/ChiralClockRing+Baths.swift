internal import Numerics

extension ChiralClockRing {
  /// Steps of one rotor by its bath: what they depend on, and their energies.
  ///
  /// The energy of a step depends on the surroundings of the rotor only: in the clock picture on the differences to both
  /// neighbours, in the rotated picture on its own position.
  struct RotorSteps {
    /// Steps forward and backward; for Ns = 2 both lead to the same position and count once.
    let changes: [Int]
    /// Energy that a step gives to the bath, at `situation * changes.count + direction`.
    let energyDrops: [Double]
    /// Largest energies whose difference an energy drop is; rounding is relative to it.
    let scale: Double
    private let positions: Int
    private let isRelative: Bool

    init(of rotor: Int, in ring: ChiralClockRing) {
      let n = ring.positions
      let changes = n == 2 ? [1] : [1, n - 1]
      var drops: [Double] = []
      switch ring.picture {
      case .clock:
        let bonds = ring.bondEnergies
        let (left, right) = (bonds[(rotor + ring.rotors - 1) % ring.rotors], bonds[rotor])
        for before in 0..<n {
          for after in 0..<n {
            for change in changes {
              // Exactly antisymmetric under exchange of both ends: detailed balance to the last digit.
              drops.append(
                (left[before] + right[after])
                  - (left[(before + n - change) % n] + right[(after + change) % n]))
            }
          }
        }
        scale = 4 * abs(1 - ring.f)
      case .rotated:
        let single = ring.positionEnergies
        for position in 0..<n {
          for change in changes { drops.append(single[position] - single[(position + change) % n]) }
        }
        scale = 2 * abs(ring.f)
      }
      self.changes = changes
      energyDrops = drops
      positions = n
      isRelative = ring.picture == .clock
    }

    /// Index of the surroundings in ``energyDrops``, from the positions of the rotor and its two neighbours.
    func situation(_ previous: Int, _ position: Int, _ next: Int) -> Int {
      guard isRelative else { return position }
      let before = previous - position
      let after = position - next
      return (before < 0 ? before + positions : before) * positions + (after < 0 ? after + positions : after)
    }
  }

  /// Calls `body` with every step of one rotor: its basis state, where it leads, and what it depends on.
  private func forEachStep(
    of rotor: Int, _ steps: RotorSteps,
    _ body: (_ state: Int, _ target: Int, _ digits: (Int, Int, Int), _ step: Int) -> Void
  ) {
    let stride = space.strides[rotor]
    let (before, after) = ((rotor + rotors - 1) % rotors, (rotor + 1) % rotors)
    forEachState { state, digits in
      let position = digits[rotor]
      let first = steps.situation(digits[before], position, digits[after]) * steps.changes.count
      for (direction, change) in steps.changes.enumerated() {
        let moved = position + change
        let target = state + ((moved < positions ? moved : moved - positions) - position) * stride
        body(state, target, (digits[before], position, digits[after]), first + direction)
      }
    }
  }

  /// Jump rates W[a, b] from b to a driven by the bath of one rotor: that rotor moves by one step. The same in all readings of
  /// the jump operators.
  /// For Ns = 2 both steps lead to the same state and count once.
  /// - Complexity: O(D)
  public func rates(ofRotor rotor: Int) -> RealSparseMatrix {
    let steps = RotorSteps(of: rotor, in: self)
    let table = steps.energyDrops.map { rate($0, ofRotor: rotor) }
    let dimension = space.dimension
    var starts = [0]
    var indices: [Int] = []
    var values: [Double] = []
    starts.reserveCapacity(dimension + 1)
    indices.reserveCapacity(dimension * steps.changes.count)
    values.reserveCapacity(dimension * steps.changes.count)
    forEachStep(of: rotor, steps) { state, target, _, step in
      while starts.count <= state { starts.append(indices.count) }
      let rate = table[step]
      // A rate that underflows is none.
      guard rate != 0 else { return }
      if indices.count > starts[state], let last = indices.last, last > target {
        indices.insert(target, at: indices.count - 1)
        values.insert(rate, at: values.count - 1)
      } else {
        indices.append(target)
        values.append(rate)
      }
    }
    while starts.count <= dimension { starts.append(indices.count) }
    return RealSparseMatrix(
      rows: dimension, columns: dimension, starts: starts, indices: indices, values: values)
  }

  /// Bath of one rotor.
  public func bath(ofRotor rotor: Int) -> Bath {
    Bath(name: "rotor \(rotor + 1)", inverseTemperature: inverseTemperatures[rotor])
  }

  /// The master equation; heat is counted with the diagonal part of the Hamiltonian.
  /// - Complexity: O(D M^2)
  public func generator() throws(InputError) -> LindbladGenerator {
    let energies = diagonalEnergies()
    return try LindbladGenerator(
      hamiltonian: hamiltonian(energies: energies),
      dissipators: (0..<rotors).flatMap { dissipators(ofRotor: $0) },
      bareHamiltonian: Operator(space: space, matrix: .diagonal(energies.map { Complex($0) })))
  }

  private func rate(_ energyDrop: Double, ofRotor rotor: Int) -> Double {
    DetailedBalance.ohmicRate(
      energyDrop: energyDrop, inverseTemperature: inverseTemperatures[rotor], coupling: couplings[rotor])
  }

  private func dissipators(ofRotor rotor: Int) -> [Dissipator] {
    guard jumps != .configuration else {
      return [.transitions(rates(ofRotor: rotor), bath: bath(ofRotor: rotor))]
    }
    let steps = RotorSteps(of: rotor, in: self)
    let frequencies = BohrFrequencies(steps.energyDrops, scale: steps.scale)
    let directions = steps.changes.count
    var members: [Int: [(row: Int, column: Int, value: Complex<Double>)]] = [:]
    var frequencyOf: [Int: Int] = [:]
    forEachStep(of: rotor, steps) { state, target, digits, step in
      let frequency = frequencies.group[step]
      var key = step % directions
      switch jumps {
      case .configuration, .neighbours:
        key = ((key * positions + digits.0) * positions + digits.1) * positions + digits.2
      case .frequency:
        key = key * frequencies.values.count + frequency
      case .frequencyPosition:
        key = (key * frequencies.values.count + frequency) * positions + digits.1
      }
      members[key, default: []].append((target, state, .one))
      frequencyOf[key] = frequency
    }
    let dimension = space.dimension
    return members.sorted { $0.key < $1.key }.map { key, entries in
      .jump(
        Operator(space: space, matrix: SparseMatrix(rows: dimension, columns: dimension, entries: entries)),
        rate: rate(frequencies.values[frequencyOf[key] ?? 0], ofRotor: rotor), bath: bath(ofRotor: rotor))
    }
  }
}

/// Energy differences that are the same up to rounding, as one frequency each.
package struct BohrFrequencies {
  /// Mean of every group, ascending.
  package let values: [Double]
  /// Group of every energy difference.
  package let group: [Int]

  /// Gathers neighbours on the axis that are at most 1e-12 of `scale` apart: `scale` is the size of the energies whose
  /// differences these are, so that the unit of energy does not matter. Differences that small are rounding; the bath
  /// cannot tell such frequencies apart within any time of interest.
  package init(_ differences: [Double], scale: Double) {
    var group = [Int](repeating: 0, count: differences.count)
    var values: [Double] = []
    var sum = 0.0
    var count = 0
    var previous = -Double.infinity
    for index in differences.indices.sorted(by: { differences[$0] < differences[$1] }) {
      if differences[index] - previous > 1e-12 * scale {
        if count > 0 { values.append(sum / Double(count)) }
        (sum, count) = (0, 0)
      }
      previous = differences[index]
      sum += previous
      count += 1
      group[index] = values.count
    }
    if count > 0 { values.append(sum / Double(count)) }
    self.values = values
    self.group = group
  }
}
