import NESSKit
import Numerics
import Testing

/// Change of entropy and entropy production of two qubits and a rotor on their way.
@Suite("Two qubits and a rotor: entropy production")
struct QubitRotorEntropyTests {
  typealias References = QubitRotorReferences

  static let equations: [QubitRotor.Equation] = [
    .local, References.global, .global(cutoff: .frequency(3.5), rule: .rwa),
  ]

  /// Positive states of the sector: one without pattern, one near the pure superposition, and products far from equilibrium.
  static func states(of device: QubitRotor) throws -> [any QuantumState] {
    let pure = References.superposition(on: device).elements
    let mixed = DensityMatrix.maximallyMixed(device.space).elements
    let nearlyPure = zip(pure, mixed).map { Complex(0.999) * $0 + Complex(0.001) * $1 }
    let weights = (0..<device.space.dimension).map { Double.exp(-0.2 * Double($0)) }
    let sum = weights.reduce(0, +)
    return [
      References.state(of: device),
      DensityMatrix(space: device.space, elements: nearlyPure),
      DiagonalState(space: device.space, populations: weights.map { $0 / sum }),
    ]
  }

  @Test("dS/dt of the local equation is that of the full density matrix")
  func wholeMatrix() throws {
    let device = try References.device(levels: -2...3)
    let generator = try device.localGenerator()
    for state in try Self.states(of: device) {
      let exact = try #require(try Thermodynamics(of: generator, in: state, stationary: false).entropyChange)
      let change = try QubitRotorFlows(of: device, in: state).entropyChange()
      #expect(abs(change - exact) < 1e-12 * max(1, abs(exact)) && abs(exact) > 1e-3)
    }
  }

  @Test(
    "dS/dt of both equations is the derivative of the entropy of the full density matrix",
    arguments: equations)
  func derivative(equation: QubitRotor.Equation) throws {
    let device = try References.device(levels: -2...3, equation: equation)
    let master = try device.masterEquation()
    let step = 1e-3
    for time in [0.05, 1.0, 20] {
      let evolution = try TimeEvolution(
        of: master, from: References.superposition(on: device),
        to: [time - step, time, time + step],
        tolerance: 1e-13)
      let entropies = try evolution.states.map { try $0.density().vonNeumannEntropy() }
      let flows = QubitRotorFlows(of: device, in: evolution.states[1], secular: master.secular)
      // Central differences err by a sixth of step^2 times the third derivative, which falls as t^-2 from a pure state.
      let allowed = 1e-9 + step * step / (time * time)
      #expect(abs((entropies[2] - entropies[0]) / (2 * step) - (try flows.entropyChange())) < allowed)
    }
  }

  @Test("entropy production is positive in every state, and needs dS/dt for that", arguments: equations)
  func positive(equation: QubitRotor.Equation) throws {
    var needed = false
    for (beta1, beta2, betaR) in [(0.9, 0.3, 0.6), (0.2, 2.0, 0.1), (3.0, 3.0, 1.5)] {
      let device = try References.device(beta1: beta1, beta2: beta2, betaR: betaR, equation: equation)
      let master = try device.masterEquation()
      let times = [1e-6, 1e-3, 0.1, 0.5, 2, 10, 50, 400]
      let start = try device.thermalQubits(rotor: 2)
      let evolved = try TimeEvolution(
        of: master, from: References.superposition(on: device), to: times
      ).states
      let other = try TimeEvolution(of: master, from: start, to: times).states
      for state in try Self.states(of: device) + evolved + other {
        let flows = QubitRotorFlows(of: device, in: state, secular: master.secular)
        let production = try flows.transientEntropyProduction()
        // Rounding of eigenvalues, times logarithms up to 35 and rates up to ten.
        #expect(production > -1e-12, "\(production)")
        needed = needed || flows.entropyProduction < -1e-2
      }
    }
    #expect(needed)
  }

  @Test("pure states gain rank at an infinite rate, stationary ones not at all", arguments: equations)
  func limits(equation: QubitRotor.Equation) throws {
    let device = try References.device(equation: equation)
    let master = try device.masterEquation()
    func change(_ state: any QuantumState) throws -> Double {
      try QubitRotorFlows(of: device, in: state, secular: master.secular).entropyChange()
    }
    #expect(try change(device.thermalQubits()) == .infinity)
    #expect(try change(References.superposition(on: device)) == .infinity)
    #expect(abs(try change(SteadyStateSolver().solve(master).state)) < 1e-12)
    let negative = DiagonalState(
      space: device.space, populations: (0..<40).map { $0 == 0 ? 1.01 : $0 == 1 ? -0.01 : 0 })
    #expect(throws: ObservableError.self) { try change(negative) }
  }

  @Test(
    "through the machine: undefined at first, then positive, and at last that of the steady state",
    arguments: ["local", "global"])
  func machine(equation: String) throws {
    let machine = try QubitRotorMachine(
      References.quick.merging([
        "master_equation": .text(equation), "lmin": .integer(-9), "lmax": .integer(9),
      ]) {
        $1
      })
    let names = ["sigma_exact", "sigma_clausius", "S"]
    let times = [0, 0.1, 1, 10, 2000]
    let rows = try machine.compute(
      PointRequest(
        state: "dynamics", observables: names + ["Sdot", "Q1", "Q2", "Qr"], times: times,
        solver: SteadyStateSolver(tolerance: 1e-12))
    ).rows
    let steady = try machine.compute(PointRequest(state: "steady", observables: names)).rows[0]
    #expect(rows[0][1] == nil && rows[0][2] == nil && rows[0][4] == nil && rows[0][3] != nil)
    for row in rows.dropFirst() {
      let values = try row.map { try #require($0) }
      #expect(values[1] > 0)
      let clausius = values[4] - 0.9 * values[5] - 0.3 * values[6] - 0.6 * values[7]
      #expect(abs(values[2] - clausius) < 1e-13)
    }
    for column in 0..<3 {
      #expect(abs(try #require(rows[4][column + 1]) - #require(steady[column])) < 1e-10)
    }
    #expect(try #require(rows[1][1]) > 10 * #require(steady[0]))
  }

  @Test("a rotor hotter than its load loses entropy, which the load takes up", arguments: [false, true])
  func cooling(isGlobal: Bool) throws {
    let device = try References.device(
      lambda: 0.01, beta1: 0.6, beta2: 0.6, betaR: 3, equation: isGlobal ? References.global : .local)
    let equation = try device.masterEquation()
    let rotor = device.levels.map { Double.exp(-0.1 * Double($0 * $0)) }
    let first = [1, Double.exp(-2 * 0.6 * 0.7)]
    let second = [1, Double.exp(-2 * 0.6 * 1.3)]
    let weights = first.flatMap { a in second.flatMap { b in rotor.map { a * b * $0 } } }
    let sum = weights.reduce(0, +)
    let state = DiagonalState(space: device.space, populations: weights.map { $0 / sum })
    let flows = QubitRotorFlows(of: device, in: state, secular: equation.secular)
    #expect(try flows.entropyChange() < 0 && flows.transientEntropyProduction() > 0)
  }
}
