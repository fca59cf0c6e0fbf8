import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// What the clock ring must obey whatever the golden numbers say (rotors.md, sections 2, 4, 6, 7).
@Suite("Clock ring identities")
struct ClockRingIdentityTests {
  static func staggered(
    _ rotors: Int = 4, f: Double = 0.45, phi: Double = .pi / 2, even: Double = 1, odd: Double = 1.1,
    positions: Int = 3, picture: ChiralClockRing.Picture = .clock
  ) throws -> ChiralClockRing {
    try ChiralClockRing(
      rotors: rotors, positions: positions, f: f, staggeredPhase: phi, oddInverseTemperature: odd,
      evenInverseTemperature: even, coupling: 0.2, picture: picture)
  }

  static func generic(positions: Int = 3, f: Double = 0.42, picture: ChiralClockRing.Picture = .clock) throws
    -> ChiralClockRing
  {
    try ChiralClockRing(
      rotors: 3, positions: positions, f: f, phases: [0.5, -1.3, 2.0], inverseTemperatures: [0.6, 1.4, 1.0],
      couplings: [0.3, 0.2, 0.25], picture: picture)
  }

  static func observables(_ parameters: [String: ParameterValue], _ names: [String]) throws -> [Double] {
    let result = try ChiralClockMachine(parameters).compute(PointRequest(state: "steady", observables: names))
    return try result.rows[0].map { try #require($0) }
  }

  @Test("both pictures have the same spectrum", arguments: [2, 3, 4])
  func isospectral(positions: Int) throws {
    let spectra = try [ChiralClockRing.Picture.clock, .rotated].map { picture in
      let hamiltonian = try Self.generic(positions: positions, picture: picture).hamiltonian()
      #expect(hamiltonian.hermiticityDefect < 1e-14)
      return try DenseEigen.hermitian(
        hamiltonian.matrix.dense, order: hamiltonian.space.dimension, vectors: false
      ).values
    }
    let distance = zip(spectra[0], spectra[1]).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(distance < 1e-12)
  }

  @Test("the Hamiltonian is the sum of embedded clock operators", arguments: [2, 3, 5])
  func hamiltonianFromOperators(positions: Int) throws {
    let ring = try Self.generic(positions: positions)
    let rotated = try Self.generic(positions: positions, picture: .rotated)
    let mu = SparseMatrix.clockPhase(positions: positions)
    let sigma = SparseMatrix.clockShift(positions: positions)
    func assembled(_ single: SparseMatrix, _ pair: SparseMatrix) -> Operator {
      var sum = Operator.zero(ring.space)
      for k in 0..<3 {
        let local = Operator.local(single, at: k, in: ring.space)
        let bond =
          Operator.local(pair, at: k, in: ring.space)
          * Operator.local(pair.adjoint, at: (k + 1) % 3, in: ring.space)
        let term = Complex(length: 1, phase: ring.phases[k]) * bond
        sum = sum - ring.f * (local + local.adjoint) - (1 - ring.f) * (term + term.adjoint)
      }
      return sum
    }
    func distance(_ a: Operator, _ b: Operator) -> Double {
      (a.matrix - b.matrix).values.reduce(0) { max($0, $1.length) }
    }
    #expect(distance(ring.hamiltonian(), assembled(sigma, mu)) < 1e-13)
    #expect(distance(rotated.hamiltonian(), assembled(mu, sigma)) < 1e-13)
    #expect(distance(ring.hamiltonian(), rotated.hamiltonian()) > 0.1)
  }

  @Test("rates obey local detailed balance with the diagonal energies")
  func detailedBalance() throws {
    let ring = try Self.generic()
    let energies = ring.diagonalEnergies()
    for rotor in 0..<3 {
      let rates = ring.rates(ofRotor: rotor)
      #expect(rates.nonzeros == 27 * 2)
      for b in 0..<27 {
        for a in 0..<27 where rates[a, b] != 0 {
          let expected = Double.exp(ring.inverseTemperatures[rotor] * (energies[b] - energies[a]))
          #expect(abs(rates[a, b] / rates[b, a] / expected - 1) < 1e-12)
        }
      }
    }
  }

  @Test("for Ns = 2 both directions are one jump")
  func twoPositions() throws {
    let ring = try Self.generic(positions: 2)
    let rates = ring.rates(ofRotor: 1)
    #expect(rates.nonzeros == 8)
    #expect(abs(ring.hamiltonian().element(0, 1).real + 2 * ring.f) < 1e-14)
  }

  @Test(
    "continuity: d<x_j>/dt is the sum of both currents, and a wrong sign or factor breaks it",
    arguments: [2, 3, 4])
  func continuity(positions: Int) throws {
    let ring = try Self.generic(positions: positions)
    let generator = try ring.generator()
    let state = goldenTestMatrix(on: ring.space)
    let terms = generator.terms()
    for rotor in 0..<3 {
      let projectors = (0..<positions).map { ring.projector(onPosition: $0, ofRotor: rotor) }
      for j in 0..<positions {
        var coherent = 0.0
        var dissipative = 0.0
        for other in 0..<positions where other != j {
          coherent +=
            state.expectation(
              of: Currents.coherent(
                from: projectors[other], to: projectors[j], hamiltonian: generator.hamiltonian)
            ).real
          dissipative +=
            state.expectation(
              of: Currents.dissipative(from: projectors[other], to: projectors[j], jumps: terms)
            ).real
        }
        let change = state.expectation(of: generator.adjointApplied(to: projectors[j])).real
        #expect(abs(change - coherent - dissipative) < 1e-13)
        #expect(abs(change + coherent - dissipative) > 1e-5)
        #expect(abs(change - coherent - 2 * dissipative) > 1e-5)
      }
    }
  }

  @Test("first law in any state; its parts do not vanish")
  func firstLaw() throws {
    let ring = try Self.generic()
    let generator = try ring.generator()
    let transient = try Thermodynamics(of: generator, in: goldenTestMatrix(on: ring.space), stationary: false)
    #expect(abs(transient.firstLawResidual) < 1e-12)
    #expect(abs(transient.energyChange) > 0.1)
    let steady = try SteadyStateSolver().solve(generator)
    let stationary = try Thermodynamics(of: generator, in: steady.state, stationary: true)
    #expect(abs(stationary.firstLawResidual) < 1e-13)
    #expect(abs(stationary.energyChange) < 1e-13)
    #expect(stationary.flows.reduce(0) { $0 + abs($1.heat) + abs($1.work) } > 0.1)
  }

  @Test("entropy production is positive in every state with the split heat, and not with the total")
  func secondLaw() throws {
    var totalViolates = false
    for (f, even, odd) in [(0.3, 1.0, 1.0), (0.45, 0.2, 1.1), (0.7, 3.0, 0.5), (0.5, 1.0, 1.02)] {
      let ring = try Self.staggered(2, f: f, even: even, odd: odd)
      let generator = try ring.generator()
      let thermal = try ThermalState(of: ring.hamiltonian(), inverseTemperature: even).state
      let steady = try SteadyStateSolver().solve(generator, symmetries: ring.symmetries()).state.density()
      for state in [goldenTestMatrix(on: ring.space), .maximallyMixed(ring.space), thermal, steady] {
        let thermodynamics = try Thermodynamics(of: generator, in: state, stationary: false)
        let production = try #require(thermodynamics.entropyProduction)
        #expect(production > -1e-12)
        let work = thermodynamics.flows.reduce(0) { $0 - ($1.bath.inverseTemperature ?? 0) * $1.work }
        if production + work < -1e-3 { totalViolates = true }
      }
    }
    #expect(totalViolates)
  }

  @Test("the entropy change of a transient is the derivative of its entropy")
  func entropyChange() throws {
    let ring = try Self.generic()
    let generator = try ring.generator()
    // Mixed with the identity: the logarithm of a nearly singular state has no step size that suits it.
    let state = DensityMatrix.mixture(of: [
      (0.5, goldenTestMatrix(on: ring.space)), (0.5, .maximallyMixed(ring.space)),
    ])
    let change = try generator.terms().applied(to: state.elements)
    let step = 1e-5
    func entropy(_ sign: Double) throws -> Double {
      try DensityMatrix(
        space: ring.space, elements: zip(state.elements, change).map { $0 + Complex(sign * step) * $1 }
      ).vonNeumannEntropy()
    }
    let derivative = (try entropy(1) - entropy(-1)) / (2 * step)
    let computed = try #require(Thermodynamics(of: generator, in: state, stationary: false).entropyChange)
    // Central difference: error of order step^2 times the third derivative.
    #expect(abs(computed - derivative) < 1e-5 * abs(derivative))
  }

  @Test("equal temperatures without hopping give the Gibbs state and no current")
  func classicalEquilibrium() throws {
    let ring = try Self.staggered(3, f: 0, even: 0.8, odd: 0.8)
    let steady = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries())
    let gibbs = try ThermalState(of: ring.hamiltonian(), inverseTemperature: 0.8).state
    #expect(try steady.state.density().traceDistance(to: gibbs) < 1e-13)
    let other = try ThermalState(of: ring.hamiltonian(), inverseTemperature: 0.9).state
    #expect(try steady.state.density().traceDistance(to: other) > 1e-3)
  }

  @Test("with hopping the state at equal temperatures is not a Gibbs state")
  func noEquilibriumWithHopping() throws {
    let ring = try Self.staggered(3, f: 0.4, even: 0.8, odd: 0.8)
    let steady = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries())
    let gibbs = try ThermalState(of: ring.hamiltonian(), inverseTemperature: 0.8).state
    #expect(try steady.state.density().traceDistance(to: gibbs) > 1e-2)
  }

  @Test("f = 1 gives the maximally mixed state")
  func freeRotors() throws {
    let ring = try Self.staggered(3, f: 1)
    let steady = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries())
    #expect(try steady.state.density().traceDistance(to: .maximallyMixed(ring.space)) < 1e-13)
  }

  static let currents = ["J_tun_even", "J_tun_odd", "J_th_even", "J_th_odd"]

  @Test("currents vanish at phi = q pi/Ns, are odd in phi and 2 pi/Ns periodic")
  func phaseSymmetry() throws {
    func at(_ phi: Double) throws -> [Double] { try Self.observables(["phi": .real(phi)], Self.currents) }
    for q in 0...3 { for value in try at(Double(q) * .pi / 3) { #expect(abs(value) < 1e-14) } }
    let reference = try at(0.4)
    for (plus, minus) in zip(reference, try at(-0.4)) {
      #expect(abs(plus + minus) < 1e-13 && abs(plus) > 1e-4)
    }
    for (value, shifted) in zip(reference, try at(0.4 + 2 * .pi / 3)) {
      #expect(abs(value - shifted) < 1e-13)
    }
    for (value, shifted) in zip(reference, try at(0.4 + .pi / 3)) { #expect(abs(value - shifted) > 1e-5) }
  }

  @Test("exchanging the temperatures gives J_odd -> -J_even; totals vanish at equal temperatures")
  func temperatureExchange() throws {
    let one = try Self.observables(["beta_e": .real(1), "beta_o": .real(1.4)], Self.currents)
    let two = try Self.observables(["beta_e": .real(1.4), "beta_o": .real(1)], Self.currents)
    #expect(abs(one[0] + two[1]) < 1e-13 && abs(one[1] + two[0]) < 1e-13)
    #expect(abs(one[2] + two[3]) < 1e-13 && abs(one[3] + two[2]) < 1e-13)
    let equal = try Self.observables(
      ["beta_e": .real(1), "beta_o": .real(1)], ["J_tun_T", "J_th_T", "J_tun_even", "J_th_even"])
    #expect(abs(equal[0]) < 1e-14 && abs(equal[1]) < 1e-14)
    #expect(abs(equal[2]) > 1e-3 && abs(equal[3]) > 1e-3)
  }

  @Test("the mean square of the tunnelling current is 2 f^2 / Ns", arguments: [0.1, 0.45, 0.9])
  func tunnellingSquare(f: Double) throws {
    let values = try Self.observables(["f": .real(f)], ["Jtun2_even", "Jtun2_odd"])
    for value in values { #expect(abs(value - 2 * f * f / 3) < 1e-13) }
  }

  @Test("symmetric and unreduced solutions agree", arguments: [ChiralClockRing.Picture.clock, .rotated])
  func reductionAgrees(picture: ChiralClockRing.Picture) throws {
    let ring = try Self.staggered(3, f: 0.4, phi: 0, even: 0.7, odd: 0.7, picture: picture)
    let generator = try ring.generator()
    let reduced = try SteadyStateSolver().solve(generator, symmetries: ring.symmetries())
    let full = try SteadyStateSolver().solve(generator)
    #expect(reduced.certificate.unknowns < full.certificate.unknowns)
    #expect(try reduced.state.density().traceDistance(to: full.state.density()) < 1e-12)
  }

  @Test("M = 4 has 675 real unknowns after reduction, 6561 before")
  func reducedSize() throws {
    let ring = try Self.staggered()
    let steady = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries())
    #expect(steady.certificate.unknowns == 675)
    #expect(steady.certificate.unknownsFull == 6561)
    #expect(steady.certificate.unique == true)
  }
}
