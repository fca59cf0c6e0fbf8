internal import Numerics

/// One state of a clock ring with what its observables share, computed when first needed.
final class ChiralClockContext {
  /// The rotors of one parity, counted from 1 as in the paper.
  enum Sublattice: String, CaseIterable, CustomStringConvertible {
    case even, odd
    var description: String { rawValue }
  }

  let ring: ChiralClockRing
  let state: any QuantumState
  let stationary: Bool
  let ground: GroundState?
  private let masterEquation: LindbladGenerator?
  private var cachedThermodynamics: Thermodynamics?
  private var cachedDensity: DensityMatrix?
  private var cachedEigenvalues: [Double]?
  private var cachedMoments: (second: Double, fourth: Double)?
  private var cachedSchmidt: SchmidtDecomposition?

  init(
    ring: ChiralClockRing, generator: LindbladGenerator, state: any QuantumState, stationary: Bool
  ) {
    self.ring = ring
    self.masterEquation = generator
    self.state = state
    self.stationary = stationary
    self.ground = nil
  }

  /// A ground state: its observables are read off the amplitudes, for which no operator on the full space is built.
  init(ring: ChiralClockRing, ground: GroundState) {
    self.ring = ring
    self.masterEquation = nil
    self.state = ground.state
    self.stationary = true
    self.ground = ground
  }

  var generator: LindbladGenerator {
    guard let masterEquation else { preconditionFailure("a ground state must be read without baths") }
    return masterEquation
  }

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

  func energy() -> Double { ground?.energy ?? state.expectation(of: generator.hamiltonian).real }

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

  func thermodynamics() throws(ObservableError) -> Thermodynamics {
    if let cachedThermodynamics { return cachedThermodynamics }
    let result = try Thermodynamics(of: generator, in: state, stationary: stationary)
    cachedThermodynamics = result
    return result
  }

  /// Energy flows, rotor by rotor.
  func flows() throws(ObservableError) -> [Thermodynamics.Flow] { try thermodynamics().flows }

  func density() -> DensityMatrix {
    if let cachedDensity { return cachedDensity }
    let result = state.density()
    cachedDensity = result
    return result
  }

  func eigenvalues() throws(ObservableError) -> [Double] {
    if let cachedEigenvalues { return cachedEigenvalues }
    let result = try withObservableErrors { () throws(KernelError) in try density().eigenvalues() }
    cachedEigenvalues = result
    return result
  }

  func entropy() throws(ObservableError) -> Double {
    ground == nil ? shannonEntropy(of: try clipped(try eigenvalues())) : 0
  }

  func entropyOfHalf() throws(ObservableError) -> Double {
    if let schmidt = try schmidtDecomposition() { return schmidt.entropy }
    return try state.entropy(of: halves.first)
  }

  func mutualInformation() throws(ObservableError) -> Double {
    // Both halves of a pure state have the same entropy, and the whole has none.
    if let schmidt = try schmidtDecomposition() { return 2 * schmidt.entropy }
    return try state.mutualInformation(between: halves.first, and: halves.second)
  }

  func coherence() -> Double { ground?.state.l1Coherence ?? density().l1Coherence }

  func negativity() throws(ObservableError) -> Double {
    if let schmidt = try schmidtDecomposition() { return schmidt.negativity }
    return try density().negativity(of: halves.first)
  }

  func purity() -> Double { ground?.state.purity ?? density().purity }

  /// The first floor(M/2) rotors, and the others.
  var halves: (first: [Int], second: [Int]) {
    let middle = ring.rotors / 2
    return (Array(0..<middle), Array(middle..<ring.rotors))
  }

  /// Smallest eigenvalue of the partial transpose over the first half.
  func smallestTransposedEigenvalue() throws(ObservableError) -> Double? {
    if let schmidt = try schmidtDecomposition() { return schmidt.smallestTransposedEigenvalue }
    return try withObservableErrors { () throws(KernelError) in
      try density().partialTranspose(over: halves.first).eigenvalues().first
    }
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
