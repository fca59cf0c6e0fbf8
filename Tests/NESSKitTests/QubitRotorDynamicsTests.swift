import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// Two qubits and a rotor on the way to their steady state.
@Suite("Two qubits and a rotor: dynamics")
struct QubitRotorDynamicsTests {
  /// Golden flows have absolute tolerances down to 1e-12.
  static let tolerance = 1e-12

  static let quantities: [String: @Sendable (QubitRotorFlows) -> Double] = [
    "Q1": { $0.heat(fromQubit: 0) }, "Q2": { $0.heat(fromQubit: 1) }, "Qr": \.heatFromLoad,
    "WQ": \.collisionalWork, "Wr": \.loadWork, "Udot": \.energyChange, "K": \.excitationCurrent,
    "Lz": { $0.momentum() }, "Lz2": { $0.momentum(power: 2) }, "n1": \.excitations.first,
    "n2": \.excitations.second, "U": \.energy, "Wkin": \.kineticPower, "Wint": \.intrinsicPower,
    "QBA": \.backAction, "Wnet": \.netPower,
  ]

  /// Rows of the golden file with times, and the one of the steady state if there is one.
  static func parts(
    _ golden: GoldenCase
  ) throws -> (times: [Double], rows: [[Double?]], steady: [Double?]?) {
    let rows = golden.rows.filter { ($0[0] ?? -1) >= 0 }
    return (try rows.map { try #require($0[0]) }, rows, golden.rows.first { $0[0] == -1 })
  }

  @Test(
    "populations of the rotor through the machine",
    arguments: ["fig6_no_load", "fig7_load", "fig7_load_converged"])
  func populations(id: String) throws {
    let golden = try QubitRotorReferences.golden(id)
    let machine = try QubitRotorReferences.machine(golden)
    let (times, rows, steady) = try Self.parts(golden)
    // Rounding of rates of ten changes the trace by 2e-12 until t = 1e5, which a tolerance of 1e-13 would refuse.
    let solver = SteadyStateSolver(tolerance: 1e-11)
    func computed(_ state: String, _ name: String) throws -> [[Double?]] {
      try machine.compute(
        PointRequest(
          state: state, observables: [name], times: state == "dynamics" ? times : [],
          solver: state == "dynamics" ? solver : SteadyStateSolver())
      ).rows
    }
    let columns = golden.columns.enumerated().filter { $0.element.hasPrefix("p(") }
    #expect(columns.count == 16)
    let momentum = try #require(golden.position(of: "Lz"))
    let evolved = try computed("dynamics", "p_l")
    let levels = machine.device.levels
    #expect(evolved.count == times.count * levels.count)
    for (place, row) in rows.enumerated() {
      for (column, name) in columns {
        let level = try #require(Int(name.dropFirst(2).dropLast()))
        let found = evolved[place * levels.count + level - levels.lowerBound]
        #expect(found[0] == row[0] && found[1] == Double(level))
        QubitRotorReferences.check(golden, column, found[2], row)
      }
    }
    for (found, row) in zip(try computed("dynamics", "Lz"), rows) {
      QubitRotorReferences.check(golden, momentum, found[1], row)
    }
    if let steady {
      let found = try computed("steady", "p_l")
      for (column, name) in columns {
        let level = try #require(Int(name.dropFirst(2).dropLast()))
        QubitRotorReferences.check(golden, column, found[level - levels.lowerBound][1], steady)
      }
      QubitRotorReferences.check(golden, momentum, try computed("steady", "Lz")[0][0], steady)
    }
  }

  @Test("powers and flows through the machine")
  func powers() throws {
    let golden = try QubitRotorReferences.golden("fig8_powers")
    let machine = try QubitRotorReferences.machine(golden)
    let (times, rows, steady) = try Self.parts(golden)
    let names = Array(golden.columns.dropFirst())
    #expect(Set(names) == Set(Self.quantities.keys))
    let result = try machine.compute(
      PointRequest(
        state: "dynamics", observables: names, times: times,
        solver: SteadyStateSolver(tolerance: Self.tolerance)))
    for (found, row) in zip(result.rows, rows) {
      for column in 1...names.count { QubitRotorReferences.check(golden, column, found[column], row) }
    }
    #expect(steady == nil)
  }

  @Test("evolution from a superposition", arguments: ["unit_dynamics_local", "unit_dynamics_global"])
  func superposition(id: String) throws {
    let golden = try QubitRotorReferences.golden(id)
    let device = try QubitRotorReferences.device(id)
    let equation = try device.masterEquation()
    let (times, rows, steady) = try Self.parts(golden)
    let evolution = try TimeEvolution(
      of: equation, from: QubitRotorReferences.superposition(on: device), to: times, tolerance: Self.tolerance
    )
    // Nothing but the sector that the superposition lies in.
    #expect(evolution.certificate.unknowns == 6 * device.levels.count - 2)
    #expect(steady == nil && rows.count == 7)
    for (state, row) in zip(evolution.states, rows) {
      let flows = QubitRotorFlows(of: device, in: state, secular: equation.secular)
      for (column, name) in golden.columns.enumerated().dropFirst() {
        let quantity = try #require(Self.quantities[name])
        QubitRotorReferences.check(golden, column, quantity(flows), row)
      }
    }
  }

  @Test(
    "flows are rates of change along the evolution",
    arguments: [QubitRotor.Equation.local, QubitRotorReferences.global])
  func rates(equation: QubitRotor.Equation) throws {
    let device = try QubitRotorReferences.device(equation: equation)
    let master = try device.masterEquation()
    let step = 1e-3
    for time in [0.2, 3.0] {
      let evolution = try TimeEvolution(
        of: master, from: QubitRotorReferences.superposition(on: device),
        to: [time - step, time, time + step],
        tolerance: Self.tolerance)
      let flows = evolution.states.map {
        QubitRotorFlows(of: device, in: $0, secular: master.secular)
      }
      func rate(_ value: (QubitRotorFlows) -> Double) -> Double {
        (value(flows[2]) - value(flows[0])) / (2 * step)
      }
      // Central differences err by step^2 times third derivatives of order one.
      #expect(abs(rate(\.energy) - flows[1].energyChange) < 1e-5)
      #expect(abs(rate { $0.momentum() } - flows[1].torque) < 1e-5)
      #expect(abs(rate { $0.momentum(power: 2) / (2 * device.inertia) } - flows[1].kineticPower) < 1e-5)
      #expect(abs(flows[1].energyChange) > 1e-3 && abs(flows[1].torque) > 1e-3)
    }
  }

  @Test(
    "what the evolution leads to is the steady state",
    arguments: [QubitRotor.Equation.local, QubitRotorReferences.global])
  func longTimes(equation: QubitRotor.Equation) throws {
    let device = try QubitRotorReferences.device(equation: equation)
    let master = try device.masterEquation()
    let state = try TimeEvolution(of: master, from: device.thermalQubits(), to: [2000], tolerance: 1e-12)
      .states[0]
    let steady = try SteadyStateSolver().solve(master).state
    let distance =
      zip(
        QubitRotorState(of: device, in: state).unknowns, QubitRotorState(of: device, in: steady).unknowns
      ).map { abs($0 - $1) }.max() ?? 1
    #expect(distance < 1e-11)
  }

  @Test("states are read a column at a time, whatever their basis")
  func columnsOfElements() throws {
    let device = try QubitRotorReferences.device(equation: QubitRotorReferences.global)
    let counter = ElementCounter()
    let start = CountedState(base: .maximallyMixed(device.space), counter: counter)
    _ = try TimeEvolution(of: device.masterEquation(), from: start, to: [0.1])
    #expect(counter.single == 0)
    // One call per dressed state and a few more, instead of one per matrix element.
    #expect(counter.batches > 0 && counter.batches < 2 * device.space.dimension)
  }
}

/// Counts how a state is read; used by one thread.
private final class ElementCounter: @unchecked Sendable {
  var single = 0
  var batches = 0
}

private struct CountedState: QuantumState {
  let base: DensityMatrix
  let counter: ElementCounter

  var space: HilbertSpace { base.space }
  var populations: [Double] { base.populations }
  func element(_ ket: Int, _ bra: Int) -> Complex<Double> {
    counter.single += 1
    return base.element(ket, bra)
  }
  func elements(kets: [Int], bras: [Int]) -> [Complex<Double>] {
    counter.batches += 1
    return base.elements(kets: kets, bras: bras)
  }
  func reduced(to sites: [Int]) -> DensityMatrix { base.reduced(to: sites) }
  func density() -> DensityMatrix { base }
}
