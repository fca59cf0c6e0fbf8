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
  private var cachedFlows: ClockRingFlows?
  private var cachedDiscord: GlobalDiscord?

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

  /// Currents, populations and heat of all rotors.
  var rotorFlows: ClockRingFlows {
    if let cachedFlows { return cachedFlows }
    let result = ClockRingFlows(of: ring, hamiltonian: generator.hamiltonian, in: state)
    cachedFlows = result
    return result
  }

  func tunnelling(_ rotor: Int, _ position: Int) -> Double {
    if let ground { return ring.tunnellingCurrent(ofRotor: rotor, from: position, in: ground.state) }
    return rotorFlows.tunnelling[rotor][position]
  }

  /// Ground states have no temperature but zero.
  func thermal(_ rotor: Int, _ position: Int) -> Double {
    if let ground {
      return ring.thermalCurrentAtZeroTemperature(ofRotor: rotor, from: position, in: ground.state)
    }
    return rotorFlows.thermal[rotor][position]
  }

  func thermalSquared(_ rotor: Int) -> Double { rotorFlows.thermalSquared[rotor] }

  func population(_ rotor: Int, _ position: Int) -> Double {
    if let ground { return ring.probability(ofPosition: position, ofRotor: rotor, in: ground.state) }
    return rotorFlows.probabilities[rotor][position]
  }

  func tunnellingSquared(_ rotor: Int) -> Double {
    switch ring.picture {
    case .clock:
      // J = i h (|1><0| - |0><1|) on one rotor: J^2 = h^2 (|0><0| + |1><1|). For Ns = 2 both hops lead to the same position.
      let hop = ring.positions == 2 ? 2 * ring.f : ring.f
      return hop * hop * (population(rotor, 0) + population(rotor, 1))
    case .rotated:
      let current = Currents.coherent(
        from: ring.projector(onPosition: 0, ofRotor: rotor),
        to: ring.projector(onPosition: 1, ofRotor: rotor),
        hamiltonian: generator.hamiltonian)
      return state.expectation(of: current * current).real
    }
  }

  override func energy() -> Double { ground?.energy ?? rotorFlows.energy }

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

  /// Global discord; rotors of one sublattice share their measurement in half of the starts.
  func discord() throws(ObservableError) -> GlobalDiscord {
    if let cachedDiscord { return cachedDiscord }
    let groups = Sublattice.allCases.map(rotors(of:)).filter { $0.count > 1 }
    let result = try GlobalDiscord(of: state, search: GlobalDiscord.Search(equalSites: groups))
    cachedDiscord = result
    return result
  }

  /// Energy current of the nondiagonal part from every rotor's bath.
  func work() throws(ObservableError) -> [Double] {
    if let work = rotorFlows.work { return work }
    return try balance().flows.map(\.work)
  }

  func entropyProduction() throws(ObservableError) -> Double? {
    guard stationary else {
      return try Thermodynamics(of: generator, in: state, stationary: false).entropyProduction
    }
    return zip(ring.inverseTemperatures, rotorFlows.heat).reduce(0) { $0 - $1.0 * $1.1 }
  }

  override func negativity() throws(ObservableError) -> Double {
    if let schmidt = try schmidtDecomposition() { return schmidt.negativity }
    return try super.negativity()
  }

  /// Smallest eigenvalue of the partial transpose over the first half.
  override func smallestTransposedEigenvalue() throws(ObservableError) -> Double? {
    if let schmidt = try schmidtDecomposition() { return schmidt.smallestTransposedEigenvalue }
    return try super.smallestTransposedEigenvalue()
  }
}

extension ChiralClockRing {
  /// Projector |j><j| of one rotor, the identity on all others.
  public func projector(onPosition position: Int, ofRotor rotor: Int) -> Operator {
    .local(.projector(on: position, levels: positions), at: rotor, in: space)
  }
}
