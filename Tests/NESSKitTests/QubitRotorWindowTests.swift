import NESSKit
import Testing

/// Windows of rotor levels that are found.
@Suite("Two qubits and a rotor: the window")
struct QubitRotorWindowTests {
  static func compute(
    _ given: [String: ParameterValue], _ state: String, _ names: [String], times: [Double] = []
  ) throws -> PointResult {
    try QubitRotorMachine(QubitRotorReferences.quick.merging(given) { $1 }).compute(
      PointRequest(state: state, observables: names, times: times))
  }

  static let found: [String: ParameterValue] = ["window": .text("auto")]

  @Test(
    "the window that is found holds the rotor, and a wider one changes nothing",
    arguments: [0.02, 0.05, 0.08])
  func automaticWindow(beta2: Double) throws {
    let start = try QubitRotor(
      first: QubitRotor.Qubit(field: 4, coupling: 1, inverseTemperature: 0.1),
      second: QubitRotor.Qubit(field: 10, coupling: 1, inverseTemperature: beta2), interaction: 0.1,
      loadInverseTemperature: 0.09, friction: 5e-5, levels: -1...1)
    let found = try start.steadyStateInGrowingWindow()
    let flows = QubitRotorFlows(of: found.device, in: found.steady.state)
    #expect(flows.wallPopulation <= 1e-12)
    #expect(abs(5e-5 * flows.momentum() / flows.excitationCurrent - 1) < 1e-7)
    let wide = try QubitRotorReferences.flows(
      found.device.with(levels: (found.device.levels.lowerBound - 20)...(found.device.levels.upperBound + 20))
    )
    #expect(abs(wide.momentum() / flows.momentum() - 1) < 1e-7)
    #expect(abs(wide.collisionalWork / flows.collisionalWork - 1) < 1e-6)
    // The first window of the paper does not.
    #expect(try QubitRotorReferences.flows(start.with(levels: -5...10)).wallPopulation > 1e-4)
  }

  @Test(
    "dynamics: empty walls at every time, numbers of a wider window, and the window is told",
    arguments: ["local", "global"], ["thermal qubits, rotor |0>", "|1 0 -9>"])
  func dynamics(equation: String, initial: String) throws {
    let given: [String: ParameterValue] = [
      "master_equation": .text(equation), "Omega": .real(3.5), "initial_state": .text(initial),
    ]
    let names = ["Q1", "Q2", "Qr", "Lz", "Lz2", "U", "p_wall", "window_min", "window_max"]
    let times = [0, 1e-9, 0.1, 3, 100]
    let result = try Self.compute(
      given.merging(Self.found) { $1 }, "dynamics", names, times: times)
    let (low, high) = (try #require(result.rows[0][8]), try #require(result.rows[0][9]))
    #expect(result.certificate.method.hasPrefix("window(\(Int(low))..\(Int(high)))+radau"))
    let wide = try Self.compute(
      given.merging(["lmin": .integer(Int(low) - 8), "lmax": .integer(Int(high) + 8)]) { $1 }, "dynamics",
      names,
      times: times)
    for (row, other) in zip(result.rows, wide.rows) {
      #expect(try #require(row[7]) <= 1e-12 && row[8] == low && row[9] == high)
      // Errors of both evolutions, times energies of levels up to 20.
      for column in 1...6 {
        #expect(abs(try #require(row[column]) - #require(other[column])) < 1e-7, "\(names[column - 1])")
      }
    }
    // The narrow window of a first guess would not do.
    let narrow = try Self.compute(
      given.merging(["lmin": .integer(-9), "lmax": .integer(3)]) { $1 }, "dynamics", ["Lz2"], times: [100])
    #expect(abs(try #require(narrow.rows[0][1]) - #require(wide.rows[4][5])) > 1e-3)
  }

  @Test("dynamics without load: the window grows with time, and so does the rotor")
  func withoutLoad() throws {
    let given = Self.found.merging(["gamma": .real(0), "beta2": .real(0.05)]) { $1 }
    let names = ["Lz", "p_wall", "window_max"]
    let early = try Self.compute(given, "dynamics", names, times: [1]).rows[0]
    let late = try Self.compute(given, "dynamics", names, times: [1, 1e5])
    #expect(late.rows.allSatisfy { ($0[2] ?? 1) <= 1e-12 })
    #expect(try #require(late.rows[1][1]) > 3 * #require(early[1]))
    #expect(try #require(late.rows[1][3]) > #require(early[3]))
    #expect(abs(try #require(late.rows[0][1]) - #require(early[1])) < 1e-8)
  }

  @Test("collisions: both states are held, and a wider window changes nothing", arguments: [0.1, 0.8])
  func collisions(tau: Double) throws {
    let given: [String: ParameterValue] = [
      "tau": .real(tau), "beta2": .real(0.6), "ancilla_levels": .integer(4), "gamma": .real(1),
      "beta_r": .real(1.5),
    ]
    let names = ["Q1", "Q2", "Qr", "W", "Lz", "Lz2", "p_wall", "window_min", "window_max"]
    let result = try Self.compute(given.merging(Self.found) { $1 }, "collision", names)
    let (low, high) = (try #require(result.rows[0][7]), try #require(result.rows[0][8]))
    #expect(result.certificate.method.hasPrefix("window(\(Int(low))..\(Int(high)))+collisions"))
    #expect(try #require(result.rows[0][6]) <= 1e-12)
    let wide = try Self.compute(
      given.merging(["lmin": .integer(Int(low) - 3), "lmax": .integer(Int(high) + 3)]) { $1 }, "collision",
      names)
    for column in 0...5 {
      #expect(
        abs(try #require(result.rows[0][column]) - #require(wide.rows[0][column])) < 1e-9, "\(names[column])")
    }
  }

  @Test("the device with exchanged temperatures has a window of its own")
  func swapped() throws {
    let names = ["Lz_swapped", "Q1_swapped"]
    let result = try Self.compute(Self.found, "steady", names).rows[0]
    let wide = try Self.compute(["lmin": .integer(-40), "lmax": .integer(40)], "steady", names).rows[0]
    for (value, reference) in zip(result, wide) {
      #expect(abs(try #require(value) - #require(reference)) < 1e-9)
    }
  }

  @Test("a search goes on where walls are full, and gives up at its limit")
  func limit() throws {
    let device = try QubitRotorReferences.device()
    var search = QubitRotorWindowSearch(of: device, limit: 100)
    let first = search.levels
    func flows(_ levels: ClosedRange<Int>, _ level: Int) throws -> QubitRotorFlows {
      let wider = try device.with(levels: levels)
      return QubitRotorFlows(of: wider, in: try wider.thermalQubits(rotor: level))
    }
    // One state of several is enough, and only its wall moves.
    let (inner, outer) = (try flows(first, 0), try flows(first, first.upperBound))
    #expect(try !search.accepts([inner, outer, inner]))
    #expect(search.levels.lowerBound == first.lowerBound && search.levels.upperBound > first.upperBound)
    #expect(try search.accepts([flows(search.levels, 0)]))
    #expect {
      while try !search.accepts([flows(search.levels, search.levels.upperBound)]) {}
    } throws: { error in
      guard case .unavailable(let reason)? = error as? SolverError else { return false }
      return reason.contains("give lmin and lmax") && search.levels.count <= 100
    }
    // However heavy the rotor, the limit.
    let qubit = QubitRotor.Qubit(field: 1, coupling: 1, inverseTemperature: 1)
    let heavy = try QubitRotor(
      first: qubit, second: qubit, inertia: 1e130, interaction: 1, loadInverseTemperature: 1e-10,
      friction: 1,
      levels: 0...1)
    #expect(QubitRotorWindowSearch(of: heavy, limit: 100).levels == -25...25)
    // Where the rotor starts is well inside.
    let far = QubitRotorWindowSearch(of: device, from: -70).levels
    #expect(far.lowerBound < -75 && far.upperBound == first.upperBound)
  }

  @Test("states that no window holds are refused")
  func refusals() throws {
    func field(_ given: [String: ParameterValue], _ state: String, times: [Double] = []) -> String? {
      do {
        let machine = try QubitRotorMachine(given.merging(Self.found) { $1 })
        let request = PointRequest(state: state, observables: ["Q1"], times: times)
        #expect(throws: ComputationError.self) { try machine.plan(request) }
        _ = try machine.compute(request)
        return nil
      } catch ComputationError.input(let error) { return error.field } catch { return "\(error)" }
    }
    #expect(field(["gamma": .real(0)], "steady") == "parameters.gamma")
    #expect(field(["gamma": .real(0)], "collision") == "parameters.gamma")
    let far: ParameterValue = .text("|0 1 6000>")
    #expect(field(["initial_state": far], "dynamics", times: [1]) == "parameters.initial_state")
    #expect(throws: SolverError.self) {
      try QubitRotorReferences.device(gamma: 0).steadyStateInGrowingWindow()
    }
  }

  @Test("walls that disturb the friction move, however much they may hold")
  func friction() throws {
    let device = try QubitRotorReferences.device()
    func flows(_ levels: ClosedRange<Int>, _ level: Int) throws -> QubitRotorFlows {
      let wider = try device.with(levels: levels)
      return QubitRotorFlows(of: wider, in: try wider.thermalQubits(rotor: level))
    }
    var search = QubitRotorWindowSearch(of: device, wall: 1)
    let first = search.levels
    #expect(try !search.accepts([flows(first, first.upperBound)]))
    #expect(search.levels.lowerBound < first.lowerBound && search.levels.upperBound > first.upperBound)
    #expect(try search.accepts([flows(search.levels, 0)]))
  }
}
