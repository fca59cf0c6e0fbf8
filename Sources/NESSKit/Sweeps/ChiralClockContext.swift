internal import Numerics

/// One state of a clock ring with what its observables share, computed when first needed.
final class ChiralClockContext: StateContext {
  /// The rotors of one parity, counted from 1 as in the paper.
  enum Sublattice: String, CaseIterable, CustomStringConvertible {
    case even, odd
    var description: String { rawValue }
  }

  let ring: ChiralClockRing
  let ground: GroundState?
  private var cachedDiscord: GlobalDiscord?

  init(
    ring: ChiralClockRing, generator: LindbladGenerator, state: any QuantumState, stationary: Bool,
    ground: GroundState? = nil
  ) {
    self.ring = ring
    self.ground = ground
    super.init(generator: generator, state: state, stationary: stationary)
  }

  override var isPure: Bool { ground != nil }

  func rotors(of sublattice: Sublattice) -> [Int] {
    (0..<ring.rotors).filter { ($0 % 2 == 1) == (sublattice == .even) }
  }

  func average(over sublattice: Sublattice, _ value: (Int) -> Double) -> Double {
    let rotors = rotors(of: sublattice)
    return rotors.reduce(0) { $0 + value($1) } / Double(rotors.count)
  }

  func sum(over sublattice: Sublattice, _ value: (Int) -> Double) -> Double {
    rotors(of: sublattice).reduce(0) { $0 + value($1) }
  }

  func sum(_ value: (Int) -> Double) -> Double { (0..<ring.rotors).reduce(0) { $0 + value($1) } }

  func tunnelling(_ rotor: Int, _ position: Int) -> Double {
    state.expectation(of: tunnellingOperator(rotor, position)).real
  }

  func tunnellingSquared(_ rotor: Int) -> Double { squared(tunnellingOperator(rotor, 0)) }

  func thermal(_ rotor: Int, _ position: Int) -> Double {
    state.expectation(of: thermalOperator(rotor, position)).real
  }

  func thermalSquared(_ rotor: Int) -> Double { squared(thermalOperator(rotor, 0)) }

  func population(_ rotor: Int, _ position: Int) -> Double {
    state.expectation(of: ring.projector(onPosition: position, ofRotor: rotor)).real
  }

  /// <m^power> of an even power, m the order parameter: (1/M) sum_k (mu_k + mu_k^+), and sigma for mu in the rotated picture.
  func orderParameterMoment(_ power: Int) -> Double {
    guard let ground else { return .nan }
    let single: SparseMatrix =
      ring.picture == .clock ? .clockPhase(positions: ring.positions) : .clockShift(positions: ring.positions)
    let hermitian = (1 / Double(ring.rotors)) * (single + single.adjoint)
    let operators = (0..<ring.rotors).map { Operator.local(hermitian, at: $0, in: ring.space).matrix }
    // <psi| m^2n |psi> is the squared norm of m^n psi.
    var amplitudes = ground.state.amplitudes
    for _ in 0..<(power / 2) {
      var sum = [Complex<Double>](repeating: .zero, count: amplitudes.count)
      for term in operators {
        for (index, value) in term.applied(to: amplitudes).enumerated() { sum[index] += value }
      }
      amplitudes = sum
    }
    return amplitudes.reduce(0) { $0 + $1.lengthSquared }
  }

  /// Global discord; rotors of one sublattice share their measurement in half of the starts.
  func discord() throws(ObservableError) -> GlobalDiscord {
    if let cachedDiscord { return cachedDiscord }
    let groups = Sublattice.allCases.map(rotors(of:)).filter { $0.count > 1 }
    let result = try GlobalDiscord(of: state, search: GlobalDiscord.Search(equalSites: groups))
    cachedDiscord = result
    return result
  }

  private func squared(_ current: Operator) -> Double {
    state.expectation(
      of: Operator(space: current.space, matrix: current.matrix.multiplied(by: current.matrix))
    ).real
  }

  private func tunnellingOperator(_ rotor: Int, _ position: Int) -> Operator {
    Currents.coherent(
      from: ring.projector(onPosition: position, ofRotor: rotor),
      to: ring.projector(onPosition: (position + 1) % ring.positions, ofRotor: rotor),
      hamiltonian: generator.hamiltonian)
  }

  private func thermalOperator(_ rotor: Int, _ position: Int) -> Operator {
    // Jumps of other rotors' baths leave this rotor's position alone and drop out.
    Currents.dissipative(
      from: ring.projector(onPosition: position, ofRotor: rotor),
      to: ring.projector(onPosition: (position + 1) % ring.positions, ofRotor: rotor),
      jumps: generator.terms(of: ring.bath(ofRotor: rotor)))
  }
}

extension ChiralClockRing {
  /// Projector |j><j| of one rotor, the identity on all others.
  public func projector(onPosition position: Int, ofRotor rotor: Int) -> Operator {
    .local(.projector(on: position, levels: positions), at: rotor, in: space)
  }
}
