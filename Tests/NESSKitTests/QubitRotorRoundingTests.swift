import NESSKit
import Numerics
import Testing

@Suite("Qubits and rotor: what rounding leaves")
struct QubitRotorRoundingTests {
  private func point(
    _ changes: [String: ParameterValue], _ names: [String], state: String = "steady", times: [Double] = []
  ) throws -> [[Double?]] {
    let levels: [String: ParameterValue] = ["lmin": .integer(-20), "lmax": .integer(30)]
    return try QubitRotorMachine(levels.merging(changes) { $1 }).compute(
      PointRequest(state: state, observables: names, times: times)
    ).rows
  }

  @Test(
    "hot baths, weak interactions and strong loads leave flows, their quotients and the regime their digits",
    arguments: ["beta2", "lambda", "gamma"])
  func limits(parameter: String) throws {
    // Towards each limit the flows fall as a known power, and their quotients settle.
    let (near, far, power) =
      switch parameter {
      case "beta2": (1e-6, 1e-8, 1.0)
      case "lambda": (1e-4, 1e-9, 2.0)
      default: (1e6, 1e8, -1.0)
      }
    let names = ["Q1", "Q2", "WQ", "regime", "COP"]
    let first = try point([parameter: .real(near)], names)[0]
    let second = try point([parameter: .real(far)], names)[0]
    let factor = Double.pow(far / near, power)
    for k in 0..<2 {
      let (a, b) = (try #require(first[k]), try #require(second[k]))
      #expect(abs(b / (a * factor) - 1) < 1e-3, "\(names[k]): \(a), \(b)")
    }
    #expect(first[3] == 1 && second[3] == 1)
    let (q1, q2) = (try #require(second[0]), try #require(second[1]))
    #expect(abs(q1 / q2 + 0.4) < 1e-12)
    if parameter != "gamma" {
      #expect(abs(try #require(second[4]) / #require(first[4]) - 1) < 1e-3)
    }
  }

  @Test("heat from the current of quanta is tr(H_0 L_i rho) of a steady state, and not of others")
  func definition() throws {
    let device = try QubitRotorReferences.device()
    let equation = try device.masterEquation()
    func difference(_ state: any QuantumState) -> Double {
      let current = QubitRotorFlows(of: device, in: state, isStationary: true)
      let trace = QubitRotorFlows(of: device, in: state)
      return (0..<2).reduce(0) {
        max($0, abs(current.heat(fromQubit: $1) - trace.heat(fromQubit: $1)))
      }
    }
    #expect(difference(try SteadyStateSolver().solve(equation).state) < 1e-12)
    #expect(difference(try device.basisState(0, 1, rotor: device.levels.lowerBound)) > 1e-3)
  }

  @Test(
    "nothing flows into a rotor without load, so that quotients are undefined", arguments: [0.01, 0.04, 0.08])
  func idle(beta2: Double) throws {
    let row = try point(
      ["beta2": .real(beta2), "gamma": .real(0)], ["eta", "COP", "regime", "Q1", "Q2", "WQ"])[0]
    #expect(row[0] == nil && row[1] == nil && row[2] == 0)
    for flow in row.dropFirst(3) { #expect(abs(try #require(flow)) < 1e-12) }
  }

  @Test("a rotor that one bath alone drives does not turn, and has no rectification", arguments: [1.0, -1])
  func decoupled(chi: Double) throws {
    for method in [SteadyStateSolver.Method.automatic, .dense, .direct] {
      let result = try QubitRotorMachine(["master_equation": .text("global"), "chi": .real(chi)]).compute(
        PointRequest(
          state: "steady", observables: ["Lz_forward", "Lz_swapped", "R_angular_magnitudes"],
          solver: SteadyStateSolver(method: method)))
      #expect(result.rows[0][2] == nil, "\(result.rows[0])")
    }
    let driven = try point(
      ["master_equation": .text("global"), "chi": .real(0.99 * chi)], ["R_angular_magnitudes"])
    #expect(driven[0][0] != nil)
  }

  @Test("dynamics reaches the steady state and stays there", arguments: ["local", "global"])
  func longTimes(equation: String) throws {
    let changes: [String: ParameterValue] = ["master_equation": .text(equation)]
    let steady = try point(changes, ["Lz", "Q1", "Q2"])[0]
    for row in try point(changes, ["Lz", "Q1", "Q2"], state: "dynamics", times: [1e6, 1e8]) {
      for (found, limit) in zip(row.dropFirst(), steady) {
        let (found, limit) = (try #require(found), try #require(limit))
        #expect(abs(found - limit) < 1e-8 * max(1, abs(limit)), "\(found), \(limit)")
      }
    }
  }

  @Test("a window that would have to be too wide is refused at once")
  func window() throws {
    let error = #expect(throws: ComputationError.self) {
      try QubitRotorMachine(["window": .text("auto"), "gamma": .real(1e-13)]).compute(
        PointRequest(state: "steady", observables: ["Lz"]))
    }
    #expect("\(String(describing: error))".contains("the window had to grow to"))
  }

  @Test("a rotor that is not driven at all has no rectification")
  func undriven() throws {
    for changes in [
      ["B1": .real(4), "B2": .real(4), "beta1": .real(0.1), "beta2": .real(0.1)],
      ["lambda": .real(0), "gamma": .real(1e-3)],
    ] as [[String: ParameterValue]] {
      // Walls that no rotor reaches: their asymmetry turns it as well.
      let wide: [String: ParameterValue] = ["lmin": .integer(-40), "lmax": .integer(60)]
      let row = try point(changes.merging(wide) { $1 }, ["R_angular_magnitudes", "Gamma_alpha_angular"])[0]
      #expect(row[0] == nil && row[1] == nil)
    }
  }
}
