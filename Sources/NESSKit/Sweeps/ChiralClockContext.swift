internal import Numerics

/// One state of a clock ring with what its observables share, computed when first needed.
final class ChiralClockContext {
  /// The rotors of one parity, counted from 1 as in the paper.
  enum Sublattice: String, CaseIterable, CustomStringConvertible {
    case even, odd
    var description: String { rawValue }
  }

  let ring: ChiralClockRing
  let generator: LindbladGenerator
  let state: any QuantumState
  let stationary: Bool
  let ground: GroundState?
  private var cachedBalance: Thermodynamics?
  private var cachedFlows: ClockRingFlows?
  private var cachedTransposedEigenvalues: [Double]?

  init(
    ring: ChiralClockRing, generator: LindbladGenerator, state: any QuantumState, stationary: Bool,
    ground: GroundState? = nil
  ) {
    self.ring = ring
    self.generator = generator
    self.state = state
    self.stationary = stationary
    self.ground = ground
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

  /// Currents, populations and heat of all rotors.
  var flows: ClockRingFlows {
    if let cachedFlows { return cachedFlows }
    let result = ClockRingFlows(of: ring, hamiltonian: generator.hamiltonian, in: state)
    cachedFlows = result
    return result
  }

  func tunnelling(_ rotor: Int, _ position: Int) -> Double { flows.tunnelling[rotor][position] }

  func thermal(_ rotor: Int, _ position: Int) -> Double { flows.thermal[rotor][position] }

  func thermalSquared(_ rotor: Int) -> Double { flows.thermalSquared[rotor] }

  func population(_ rotor: Int, _ position: Int) -> Double { flows.probabilities[rotor][position] }

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

  /// Energy flows from the generator, without the change of entropy.
  func balance() throws(ObservableError) -> Thermodynamics {
    if let cachedBalance { return cachedBalance }
    let result = try Thermodynamics(of: generator, in: state, stationary: true)
    cachedBalance = result
    return result
  }

  /// Energy current of the nondiagonal part from every rotor's bath.
  func work() throws(ObservableError) -> [Double] {
    if let work = flows.work { return work }
    return try balance().flows.map(\.work)
  }

  func entropyProduction() throws(ObservableError) -> Double? {
    guard stationary else {
      return try Thermodynamics(of: generator, in: state, stationary: false).entropyProduction
    }
    return zip(ring.inverseTemperatures, flows.heat).reduce(0) { $0 - $1.0 * $1.1 }
  }

  func entropy() throws(ObservableError) -> Double { ground == nil ? try state.entropy() : 0 }

  /// The first floor(M/2) rotors, and the others.
  var halves: (first: [Int], second: [Int]) {
    let middle = ring.rotors / 2
    return (Array(0..<middle), Array(middle..<ring.rotors))
  }

  /// Eigenvalues of the partial transpose over the first half, ascending.
  func transposedEigenvalues() throws(ObservableError) -> [Double] {
    if let cachedTransposedEigenvalues { return cachedTransposedEigenvalues }
    let result = try withObservableErrors { () throws(KernelError) in
      try state.density().partialTranspose(over: halves.first).eigenvalues()
    }
    cachedTransposedEigenvalues = result
    return result
  }

  func negativity() throws(ObservableError) -> Double {
    withoutRounding(try transposedEigenvalues()).reduce(0) { $1 < 0 ? $0 - $1 : $0 }
  }
}

extension ChiralClockRing {
  /// Projector |j><j| of one rotor, the identity on all others.
  public func projector(onPosition position: Int, ofRotor rotor: Int) -> Operator {
    .local(.projector(on: position, levels: positions), at: rotor, in: space)
  }
}
