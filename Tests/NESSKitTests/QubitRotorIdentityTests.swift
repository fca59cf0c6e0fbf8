import NESSKit
import Numerics
import Testing

/// Identities, limits and wrong variants of two qubits with a rotor.
@Suite("Two qubits and a rotor: identities")
struct QubitRotorIdentityTests {
  typealias Qubit = QubitRotor.Qubit

  @Test(
    "flows from sums over the sector are those of the generator's operators, in any state",
    arguments: [0.0, 0.7])
  func flowsOfOperators(phase: Double) throws {
    let device = try QubitRotorReferences.device()
    let generator = try device.localGenerator()
    let count = device.levels.count
    // A state with everything that the sums read: populations and coherences without pattern.
    let order = device.space.dimension
    var elements = [Complex<Double>](repeating: .zero, count: order * order)
    for state in 0..<order { elements[state * (order + 1)] = Complex(1.5 + .cos(Double(3 * state))) }
    for l in 0..<(count - 1) {
      let (ket, bra) = (count + l, 2 * count + l + 1)
      let value = Complex(length: 0.2 + 0.1 * .sin(Double(l)), phase: phase + 0.3 * Double(l))
      elements[ket + bra * order] = value
      elements[bra + ket * order] = value.conjugate
    }
    let trace = (0..<order).reduce(0) { $0 + elements[$1 * (order + 1)].real }
    let state = DensityMatrix(space: device.space, elements: elements.map { $0 / Complex(trace) })
    let flows = QubitRotorFlows(of: device, in: state)
    let exact = try Thermodynamics(of: generator, in: state, stationary: true)
    for (flow, heat, work) in [
      (exact.flows[0], flows.heat(fromQubit: 0), nil), (exact.flows[1], flows.heat(fromQubit: 1), nil),
      (exact.flows[2], flows.heatFromLoad, flows.loadWork),
    ] {
      #expect(abs(flow.heat - heat) < 1e-13)
      if let work { #expect(abs(flow.work - work) < 1e-13) }
    }
    #expect(abs(exact.flows[0].work + exact.flows[1].work - flows.collisionalWork) < 1e-13)
    #expect(abs(exact.energyChange - flows.energyChange) < 1e-12)
    #expect(abs(state.expectation(of: generator.hamiltonian).real - flows.energy) < 1e-13)
    // The opposite sign of the work violates the first law by twice the work, at leading order.
    #expect(abs(exact.energyChange - (flows.energyChange - 2 * flows.collisionalWork)) > 0.01)
    let momentum = Operator.local(.rotorMomentum(levels: device.levels), at: 2, in: device.space)
    func rate(_ observable: Operator) -> Double {
      state.expectation(of: generator.adjointApplied(to: observable)).real
    }
    #expect(abs(rate(momentum) - flows.torque) < 1e-13)
    #expect(abs(rate(momentum * momentum) / (2 * device.inertia) - flows.kineticPower) < 1e-13)
  }

  @Test(
    "steady states: first law, equal currents, positive entropy production", arguments: [0.05, 0.3, 0.9, 2.0])
  func steadyLocal(beta2: Double) throws {
    let flows = try QubitRotorReferences.flows(QubitRotorReferences.device(beta2: beta2))
    let scale = flows.largestTerm
    #expect(abs(flows.energyChange) < 1e-12 * scale && abs(flows.torque) < 1e-12 * scale)
    #expect(abs(flows.heat(fromQubit: 0) + 2 * 0.7 * flows.excitationCurrent) < 1e-12 * scale)
    #expect(abs(flows.heat(fromQubit: 1) - 2 * 1.3 * flows.excitationCurrent) < 1e-12 * scale)
    #expect(flows.entropyProduction > 0)
    #expect(abs(flows.kineticPower) < 1e-12 * scale)
  }

  @Test("global steady states: first law, positive entropy production, Gibbs at one temperature")
  func steadyGlobal() throws {
    for rule in SpectralDensity.NegativeFrequencies.allCases {
      let equation = QubitRotor.Equation.global(cutoff: .frequency(3.5), rule: rule)
      let flows = try QubitRotorReferences.flows(QubitRotorReferences.device(equation: equation))
      #expect(abs(flows.energyChange) < 1e-12 && abs(flows.torque) < 1e-12)
      #expect(flows.entropyProduction > 0 && flows.collisionalWork == 0)
    }
    for (equation, isGibbs) in [(QubitRotorReferences.global, true), (.local, false)] {
      let device = try QubitRotorReferences.device(gamma: 0, beta1: 0.6, beta2: 0.6, equation: equation)
      let state = try SteadyStateSolver().solve(device.masterEquation()).state
      let gibbs = try ThermalState(of: device.hamiltonian(), inverseTemperature: 0.6).state
      let distance = zip(state.density().elements, gibbs.elements).map { ($0 - $1).length }.max() ?? 1
      #expect(isGibbs ? distance < 1e-13 : distance > 1e-3, "\(distance)")
    }
  }

  @Test(
    "mirror: exchanging the qubits turns the rotor around",
    arguments: [QubitRotor.Equation.local, QubitRotorReferences.global])
  func mirror(equation: QubitRotor.Equation) throws {
    let device = try QubitRotorReferences.device(levels: -5...5, equation: equation)
    let mirrored = try QubitRotor(
      first: device.second, second: device.first, inertia: device.inertia, interaction: device.interaction,
      loadInverseTemperature: device.loadInverseTemperature, friction: device.friction, levels: -5...5,
      equation: equation)
    let (flows, other) = (try QubitRotorReferences.flows(device), try QubitRotorReferences.flows(mirrored))
    #expect(abs(flows.momentum() + other.momentum()) < 1e-12 && abs(flows.momentum()) > 0.1)
    #expect(abs(flows.heat(fromQubit: 0) - other.heat(fromQubit: 1)) < 1e-12)
    #expect(abs(flows.excitationCurrent + other.excitationCurrent) < 1e-12)
    let reversed = try QubitRotorReferences.flows(
      QubitRotor(
        first: device.first, second: device.second, inertia: device.inertia, interaction: -device.interaction,
        loadInverseTemperature: device.loadInverseTemperature, friction: device.friction, levels: -5...5,
        equation: equation))
    #expect(abs(flows.heat(fromQubit: 0) - reversed.heat(fromQubit: 0)) < 1e-12)
  }

  @Test("limits: no interaction, no load, one bath alone, symmetric device")
  func limits() throws {
    let free = try QubitRotorReferences.flows(QubitRotorReferences.device(lambda: 0))
    for (value, law) in zip(free.rotorPopulations, free.device.loadDistribution()) {
      #expect(abs(value - law) < 1e-14)
    }
    // beta B in the place of 2 beta B would be far off.
    #expect(abs(free.excitations.first - 1 / (1 + .exp(2 * 0.9 * 0.7))) < 1e-14)
    let unloaded = try QubitRotorReferences.flows(QubitRotorReferences.device(gamma: 0))
    let ratio = Double.exp(2 * (0.9 * 0.7 - 0.3 * 1.3))
    for (low, high) in zip(unloaded.rotorPopulations, unloaded.rotorPopulations.dropFirst()) {
      #expect(abs(high / low - ratio) < 1e-11)
    }
    #expect(unloaded.coherences.allSatisfy { $0.length < 1e-14 } && abs(unloaded.excitationCurrent) < 1e-14)
    for chi in [-1.0, 1] {
      let alone = try QubitRotorReferences.flows(QubitRotorReferences.device(chi: chi, levels: -9...9))
      #expect(abs(alone.excitationCurrent) < 1e-13 && abs(alone.momentum()) < 1e-10)
      #expect(alone.efficiency == nil && alone.regime == .none)
    }
    let qubit = Qubit(field: 1, coupling: 0.5, inverseTemperature: 0.7)
    let symmetric = try QubitRotorReferences.flows(
      QubitRotor(
        first: qubit, second: qubit, inertia: 1, interaction: 0.3, loadInverseTemperature: 0.7,
        friction: 0.02,
        levels: -9...9))
    #expect(abs(symmetric.excitationCurrent) < 1e-14 && abs(symmetric.momentum()) < 1e-11)
    // Collisions heat the rotor.
    #expect(symmetric.collisionalWork > 1e-6 && symmetric.heatFromLoad < -1e-6)
    #expect(abs(symmetric.collisionalWork + symmetric.heatFromLoad + symmetric.loadWork) < 1e-13)
  }

  @Test("the band, sparse and dense routes agree, and the sector is 6N - 2")
  func routes() throws {
    for equation in [QubitRotor.Equation.local, QubitRotorReferences.global] {
      let device = try QubitRotorReferences.device(levels: -10...20, equation: equation)
      let master = try device.masterEquation()
      let band = try SteadyStateSolver().solve(master)
      #expect(band.certificate.method.hasPrefix("band-lu"))
      #expect(band.certificate.unknowns == 6 * 31 - 2 && band.certificate.unknownsFull == 16 * 31 * 31)
      for method in [SteadyStateSolver.Method.dense, .direct, .sylvester] {
        let other = try SteadyStateSolver(method: method).solve(master)
        let distance = zip(band.state.populations, other.state.populations).map { abs($0 - $1) }.max() ?? 1
        #expect(distance < 1e-10, "\(method): \(distance)")
      }
    }
  }

  @Test("bad input names the parameter")
  func badInput() throws {
    func field(_ change: [String: ParameterValue]) -> String? {
      do {
        _ = try QubitRotorMachine(change)
        return nil
      } catch { return error.field }
    }
    #expect(field(["lambda": .real(0), "gamma": .real(0)]) == "parameters.gamma")
    #expect(field(["lmin": .integer(5), "lmax": .integer(4)]) == "parameters.lmin")
    #expect(field(["chi": .real(1.1)]) == "parameters.chi")
    for name in ["beta1", "beta2", "beta_r", "I", "B1", "B2"] {
      #expect(field([name: .real(0)]) == "parameters.\(name)")
    }
    #expect(field(["g": .real(-1)]) == "parameters.g")
    #expect(field(["window": .text("auto"), "lmin": .integer(3)]) == "parameters.window")
    #expect(field(["master_equation": .text("global"), "Omega": .real(-2)]) == "parameters.Omega")
    #expect(field(["initial_state": .text("somewhere")]) == "parameters.initial_state")
    #expect(field(["r": .real(0.3), "beta2": .real(0.02)]) == "parameters.r")
    #expect(field(["r": .real(-0.3)]) == "parameters.r")
    #expect(field([:]) == nil && field(["r": .real(0.2), "beta2": .real(0.02)]) == nil)
    let device = try QubitRotorMachine(["r": .real(0.3), "beta1": .real(0.2)]).device
    #expect(abs(device.second.inverseTemperature - 0.06) < 1e-15)
  }
}

extension QubitRotorFlows {
  /// Largest term of the energy balance.
  var largestTerm: Double {
    [heat(fromQubit: 0), heat(fromQubit: 1), heatFromLoad, collisionalWork, loadWork].reduce(1e-2) {
      max($0, abs($1))
    }
  }
}
