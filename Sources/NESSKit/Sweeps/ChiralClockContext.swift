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
  private var cachedMoments: (second: Double, fourth: Double)?
  private var cachedSchmidt: SchmidtDecomposition?

  init(
    ring: ChiralClockRing, generator: LindbladGenerator, state: any QuantumState, stationary: Bool
  ) {
    self.ring = ring
    self.ground = nil
    super.init(generator: generator, state: state, stationary: stationary)
  }

  /// A ground state: its observables are read off the amplitudes, for which no operator on the full space is built.
  init(ring: ChiralClockRing, ground: GroundState) {
    self.ring = ring
    self.ground = ground
    super.init(pure: ground.state)
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
    if let ground { return ring.tunnellingCurrent(ofRotor: rotor, from: position, in: ground.state) }
    return state.expectation(of: tunnellingOperator(rotor, position)).real
  }

  func tunnellingSquared(_ rotor: Int) -> Double { squared(tunnellingOperator(rotor, 0)) }

  func thermal(_ rotor: Int, _ position: Int) -> Double {
    state.expectation(of: thermalOperator(rotor, position)).real
  }

  func thermalSquared(_ rotor: Int) -> Double { squared(thermalOperator(rotor, 0)) }

  func population(_ rotor: Int, _ position: Int) -> Double {
    if let ground { return ring.probability(ofPosition: position, ofRotor: rotor, in: ground.state) }
    return state.expectation(of: ring.projector(onPosition: position, ofRotor: rotor)).real
  }

  override func energy() -> Double { ground?.energy ?? super.energy() }

  /// <m^2> and <m^4> of the order parameter in the ground state; nil in others.
  func orderParameterMoments() -> (second: Double, fourth: Double)? {
    guard let ground else { return nil }
    if let cachedMoments { return cachedMoments }
    let result = ring.orderParameterMoments(in: ground.state)
    cachedMoments = result
    return result
  }

  /// Division of a ground state into the two halves of the ring; nil for other states.
  func schmidtDecomposition() throws(ObservableError) -> SchmidtDecomposition? {
    guard let ground else { return nil }
    if let cachedSchmidt { return cachedSchmidt }
    let result = try SchmidtDecomposition(of: ground.state, sites: halves.first)
    cachedSchmidt = result
    return result
  }

  override func entropyOfHalf() throws(ObservableError) -> Double {
    if let schmidt = try schmidtDecomposition() { return schmidt.entropy }
    return try super.entropyOfHalf()
  }

  override func mutualInformation() throws(ObservableError) -> Double {
    // Both halves of a pure state have the same entropy, and the whole has none.
    if let schmidt = try schmidtDecomposition() { return 2 * schmidt.entropy }
    return try super.mutualInformation()
  }

  override func coherence() -> Double { ground?.state.l1Coherence ?? super.coherence() }

  override func negativity() throws(ObservableError) -> Double {
    if let schmidt = try schmidtDecomposition() { return schmidt.negativity }
    return try super.negativity()
  }

  override func purity() -> Double { ground?.state.purity ?? super.purity() }

  /// Smallest eigenvalue of the partial transpose over the first half.
  override func smallestTransposedEigenvalue() throws(ObservableError) -> Double? {
    if let schmidt = try schmidtDecomposition() { return schmidt.smallestTransposedEigenvalue }
    return try super.smallestTransposedEigenvalue()
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
