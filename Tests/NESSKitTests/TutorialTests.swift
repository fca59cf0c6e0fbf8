import Foundation
import NESSKit
import Testing

/// The code blocks of the articles in `NESSKit.docc`, with what the articles say about them. Public interface only: whoever
/// changes a block here changes the article, and the other way round.
@Suite("Tutorials of the documentation")
struct TutorialTests {
  /// GettingStarted, section "A qubit between two baths".
  struct QubitBetweenBaths {
    let omega = 1.0
    let hot = Bath(name: "hot", inverseTemperature: 0.5)
    let cold = Bath(name: "cold", inverseTemperature: 2.0)
    let coupling = 0.1

    func generator() throws -> LindbladGenerator {
      let space = HilbertSpace([.qubit])
      let hamiltonian = omega / 2 * Operator.local(.pauliZ, at: 0, in: space)
      let lower = Operator.local(.pauliLowering, at: 0, in: space)

      var dissipators: [Dissipator] = []
      for bath in [hot, cold] {
        let beta = bath.inverseTemperature ?? 0
        let down = DetailedBalance.ohmicRate(energyDrop: omega, inverseTemperature: beta, coupling: coupling)
        let up = DetailedBalance.ohmicRate(energyDrop: -omega, inverseTemperature: beta, coupling: coupling)
        dissipators.append(.jump(lower, rate: down, bath: bath))
        dissipators.append(.jump(lower.adjoint, rate: up, bath: bath))
      }
      return try LindbladGenerator(hamiltonian: hamiltonian, dissipators: dissipators)
    }
  }

  @Test("a qubit between two baths has the population and the heat current of its closed form")
  func qubitBetweenBaths() throws {
    let model = QubitBetweenBaths()
    let generator = try model.generator()

    let steady = try SteadyStateSolver().solve(generator)
    let excited = steady.state.populations[1]

    let thermodynamics = try Thermodynamics(of: generator, in: steady.state, stationary: true)
    let heat = thermodynamics.flows[0].heat

    // Closed form: with n = 1/(exp(beta omega) - 1) and Gamma = g omega for both baths.
    let gamma = model.coupling * model.omega
    let nHot = 1 / (exp(0.5 * model.omega) - 1)
    let nCold = 1 / (exp(2.0 * model.omega) - 1)
    let sum = gamma * (2 * nHot + 1) + gamma * (2 * nCold + 1)
    let closedPopulation = gamma * (nHot + nCold) / sum
    let closedHeat = model.omega * gamma * gamma * (nHot - nCold) / sum

    // Two numbers from a well-conditioned system of order 2: a few units in the last place.
    #expect(abs(excited - closedPopulation) < 1e-14)
    #expect(abs(heat - closedHeat) < 1e-14)

    // What the article prints.
    #expect(String(format: "%.6f", excited) == "0.314678")
    #expect(String(format: "%.6f", heat) == "0.025667")

    #expect(thermodynamics.flows.map(\.bath.name) == ["hot", "cold"])
    #expect(heat > 0.02 && thermodynamics.flows[1].heat < -0.02)
    #expect(abs(thermodynamics.firstLawResidual) < 1e-14)
    let production = try #require(thermodynamics.entropyProduction)
    #expect(abs(production - (2.0 - 0.5) * closedHeat) < 1e-14)

    let certificate = steady.certificate
    #expect(certificate.method == "dense-lu")
    #expect(certificate.unknownsFull == 4 && certificate.unknowns == 2)
    #expect(
      certificate.unique == true && certificate.uniquenessMethod == "irreducible: jumps in adjoint pairs")
    #expect(certificate.residual <= 1e-10 * certificate.rateScale)
  }

  @Test("from the ground state the qubit relaxes as p_1 (1 - exp(-sum t))")
  func relaxation() throws {
    let model = QubitBetweenBaths()
    let generator = try model.generator()
    let ground = DensityMatrix(basisState: 0, in: generator.space)
    let evolution = try TimeEvolution(of: generator, from: ground, to: [0, 1, 10])
    let relaxing = evolution.states.map { $0.populations[1] }

    let gamma = model.coupling * model.omega
    let nHot = 1 / (exp(0.5 * model.omega) - 1)
    let nCold = 1 / (exp(2.0 * model.omega) - 1)
    let sum = gamma * (2 * nHot + 1) + gamma * (2 * nCold + 1)
    let final = gamma * (nHot + nCold) / sum
    // The default tolerance of an evolution is 1e-10 of the largest element, here 1.
    for (time, value) in zip([0.0, 1, 10], relaxing) {
      #expect(abs(value - final * (1 - exp(-sum * time))) < 1e-10)
    }
    #expect(relaxing[2] - relaxing[1] > 0.1)
  }

  @Test("the thermal state of a qubit has the populations of Boltzmann, the upper level less")
  func thermalQubit() throws {
    let space = HilbertSpace([.qubit])
    let hamiltonian = 0.5 * Operator.local(.pauliZ, at: 0, in: space)
    let thermal = try ThermalState(of: hamiltonian, inverseTemperature: 2)
    #expect(abs(thermal.state.populations[1] - 1 / (1 + exp(2.0))) < 1e-15)
    #expect(thermal.state.populations[1] < thermal.state.populations[0])
  }

  @Test("a clock ring of four rotors: 6561 unknowns become 675, both laws hold, <J_tun^2> = 2 f^2/3")
  func clockRing() throws {
    let ring = try ChiralClockRing(
      rotors: 4, f: 0.45, staggeredPhase: .pi / 2, oddInverseTemperature: 1.1, evenInverseTemperature: 1.0,
      coupling: 0.2)
    let generator = try ring.generator()

    let steady = try SteadyStateSolver().solve(generator, symmetries: ring.symmetries())
    #expect(steady.certificate.unknownsFull == 6561)
    #expect(steady.certificate.unknowns == 675)
    #expect(steady.certificate.unique == true)

    // Rotor 0 here is rotor 1 of the paper.
    let from = ring.projector(onPosition: 0, ofRotor: 0)
    let to = ring.projector(onPosition: 1, ofRotor: 0)
    let tunnelling = Currents.coherent(from: from, to: to, hamiltonian: generator.hamiltonian)
    let thermal = Currents.dissipative(from: from, to: to, jumps: generator.terms(of: ring.bath(ofRotor: 0)))
    let tunnellingCurrent = steady.state.expectation(of: tunnelling).real
    let thermalCurrent = steady.state.expectation(of: thermal).real
    let meanSquare = steady.state.expectation(of: tunnelling * tunnelling).real

    // The shift symmetry gives every position the probability 1/3, hence 2 f^2/3 exactly; the state is good to its residual.
    #expect(abs(meanSquare - 2 * 0.45 * 0.45 / 3) < 1e-12)
    // Opposite signs of the two currents of a rotor, as in the paper.
    #expect(tunnellingCurrent * thermalCurrent < 0)
    #expect(abs(tunnellingCurrent) > 1e-3 && abs(thermalCurrent) > 1e-3)

    let thermodynamics = try Thermodynamics(of: generator, in: steady.state, stationary: true)
    #expect(abs(thermodynamics.firstLawResidual) < 1e-12)
    let production = try #require(thermodynamics.entropyProduction)
    #expect(production > 0)

    let halves = try steady.state.mutualInformation(between: [0, 1], and: [2, 3])
    #expect(halves > 0)
    let rotor = steady.state.reduced(to: [0])
    #expect(rotor.populations.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 })
  }

  @Test("the ring without symmetries, a wrong symmetry, and a rotor without bath")
  func refusals() throws {
    let ring = try ChiralClockRing(
      rotors: 2, f: 0.3, phases: [0.4, 1.1], inverseTemperatures: [1.0, 2.0], couplings: [0.2, 0.2])
    let generator = try ring.generator()

    // The rotors have different temperatures: exchanging them is no symmetry.
    let exchange = PermutationSymmetry(name: "exchange", on: ring.space) { levels in [levels[1], levels[0]] }
    #expect {
      try SteadyStateSolver().solve(generator, symmetries: [exchange])
    } throws: { error in
      guard case .symmetryViolated(let name, let size) = error as? SolverError else { return false }
      return name == "exchange" && size > 0.01
    }

    // Without tunnelling a rotor without bath keeps its position for ever: one steady state for each.
    let isolated = try ChiralClockRing(
      rotors: 2, f: 0, phases: [0.4, 1.1], inverseTemperatures: [1.0, 2.0], couplings: [0.2, 0])
    #expect {
      try SteadyStateSolver().solve(isolated.generator(), symmetries: isolated.symmetries())
    } throws: { error in
      guard case .notUnique(let count, let exact, _) = error as? SolverError else { return false }
      return count == 3 && exact
    }
  }

  @Test("pure dephasing keeps the populations: an error without, a state with an initial state")
  func severalSteadyStates() throws {
    let space = HilbertSpace([.qubit])
    let sigmaZ = Operator.local(.pauliZ, at: 0, in: space)
    let dephasing = try LindbladGenerator(
      hamiltonian: 0.5 * sigmaZ, dissipators: [.jump(sigmaZ, rate: 0.1, bath: Bath(name: "noise"))])

    #expect {
      try SteadyStateSolver().solve(dephasing)
    } throws: { error in
      guard case .notUnique(let count, _, _) = error as? SolverError else { return false }
      return count == 2
    }

    let initial = StateVector(space: space, amplitudes: [.init(0.6), .init(0.8)])
    let relaxed = try SteadyStateSolver().relaxedState(of: dephasing, from: initial)
    let final = relaxed.state.density()
    #expect(abs(final.populations[0] - 0.36) < 1e-12 && abs(final.populations[1] - 0.64) < 1e-12)
    #expect(final.l1Coherence < 1e-12)
    #expect(relaxed.certificate.unique == nil)
  }

  @Test("routes agree")
  func routes() throws {
    let ring = try ChiralClockRing(
      rotors: 3, f: 0.42, phases: [0.5, -1.3, 2.0], inverseTemperatures: [0.6, 1.4, 1.0],
      couplings: [0.3, 0.2, 0.25])
    let generator = try ring.generator()
    let blocks = try SteadyStateSolver(method: .sylvester).solve(generator, symmetries: ring.symmetries())
    let sparse = try SteadyStateSolver(method: .direct).solve(generator, symmetries: ring.symmetries())
    #expect(blocks.certificate.method == "sylvester(eigenvectors)")
    #expect(sparse.certificate.method.hasPrefix("sparse-lu"))
    #expect(try blocks.state.density().traceDistance(to: sparse.state.density()) < 1e-12)

    // Refused before anything is factorized.
    #expect {
      try SteadyStateSolver(memoryLimit: 10_000).solve(generator, symmetries: ring.symmetries())
    } throws: { error in
      guard case .tooLarge(let bytes, let limit, _) = error as? SolverError else { return false }
      return bytes > 0 && limit == 10_000
    }
  }
}

/// The article Sweeping.
@Suite("Tutorial on sweeps")
struct SweepTutorialTests {
  @Test("a sweep of f: <J_tun^2> = 2 f^2/3 at every point, no current where the closed forms have none")
  func sweep() async throws {
    let sweep = try Sweep(axes: [
      SweepAxis("f", SweepAxis.linear(from: 0, to: 1, points: 5).map { .real($0) })
    ])
    let request = PointRequest(state: "steady", observables: ["J_tun_even", "J_th_even", "Jtun2_even"])
    let outcomes = await sweep.run(
      ChiralClockMachine.kind, fixed: ["M": .integer(2), "phi": .real(.pi / 4)], request: request, width: 2)

    #expect(outcomes.count == sweep.count)
    var finished = 0
    var largest = 0.0
    for (index, outcome) in outcomes.enumerated() {
      guard case .real(let f) = sweep.values(at: index)[0] else { continue }
      let result = try outcome?.get()
      let row = result?.rows[0]
      let (tunnelling, thermal) = (try #require(row?[0]), try #require(row?[1]))
      let meanSquare = try #require(row?[2])
      finished += 1
      #expect(abs(meanSquare - 2 * f * f / 3) < 1e-12)
      // No tunnelling at f = 0; the maximally mixed state, without any current, at f = 1.
      if f == 0 { #expect(abs(tunnelling) < 1e-14 && abs(thermal) > 1e-5) }
      if f == 1 { #expect(abs(tunnelling) < 1e-13 && abs(thermal) < 1e-13) }
      largest = max(largest, abs(tunnelling))
      #expect(result?.certificate.unique == true)
    }
    #expect(finished == 5)
    #expect(largest > 1e-3)
  }
}
