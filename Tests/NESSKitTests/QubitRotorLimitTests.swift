import NESSKit
import Testing

/// Where flows vanish, rates are far apart or parameters are at the ends of their ranges.
@Suite("Two qubits and a rotor: limits and ends of ranges")
struct QubitRotorLimitTests {
  typealias Qubit = QubitRotor.Qubit

  static func values(
    _ names: [String], state: String = "steady", _ parameters: [String: ParameterValue]
  ) throws -> [Double?] {
    let result = try QubitRotorMachine(parameters).compute(
      PointRequest(state: state, observables: names))
    return try #require(result.rows.first)
  }

  @Test("quotients of flows that vanish have no value", arguments: [1.0, 0.05, 3])
  func quotients(lambda: Double) throws {
    let names = ["eta", "COP", "R", "Gamma_alpha"]
    let unloaded: [String: ParameterValue] = [
      "gamma": .real(0), "lambda": .real(lambda), "chi": .real(0.2), "lmin": .integer(-7),
      "lmax": .integer(12),
    ]
    #expect(try Self.values(names, unloaded).allSatisfy { $0 == nil })
    #expect(try Self.values(["regime"], unloaded) == [0])
    let equal: [String: ParameterValue] = [
      "beta1": .real(0.1), "beta2": .real(0.1), "I": .real(0.3), "master_equation": .text("global"),
    ]
    #expect(try Self.values(names, unloaded.merging(equal) { $1 }).allSatisfy { $0 == nil })
  }

  @Test("R as printed has no value where both heats cancel, although each of them is more than rounding")
  func cancellation() throws {
    let found = try Self.values(
      ["R", "Q2_forward", "Q1_swapped"],
      ["B1": .real(4), "B2": .real(4), "beta1": .real(0.1), "beta2": .real(0.1), "chi": .real(0.3)])
    let (forward, swapped) = (try #require(found[1]), try #require(found[2]))
    #expect(found[0] == nil && abs(forward) > 1e-13 && abs(forward + swapped) < 1e-13)
  }

  @Test("with a window that is found the reversed rotor gets one of its own")
  func reversedRotor() throws {
    let names = ["Lz_forward", "Lz_swapped", "R", "Q1_swapped"]
    let device: [String: ParameterValue] = [
      "I": .real(5), "lambda": .real(1), "beta2": .real(0.005),
    ]
    let wide = try Self.values(
      names, device.merging(["lmin": .integer(-400), "lmax": .integer(400)]) { $1 })
    let found = try Self.values(names, device.merging(["window": .text("auto")]) { $1 })
    // The reversed rotor turns at -152; a window for the other one ends at -49.
    #expect(try #require(wide[1]) < -150)
    for (value, exact) in zip(found, wide) {
      let (value, exact) = (try #require(value), try #require(exact))
      #expect(abs(value / exact - 1) < 1e-6)
    }
  }

  @Test("the local equation refuses senseless parameters of the global one, too")
  func unusedParameters() throws {
    /// Field and what is allowed; nil where nothing is wrong.
    func refused(_ change: [String: ParameterValue]) -> (field: String, allowed: String)? {
      do {
        _ = try QubitRotorMachine(change)
        return nil
      } catch { return (error.field, error.allowed) }
    }
    #expect(refused(["negative_frequency_rule": .text("od")])?.field == "parameters.negative_frequency_rule")
    #expect(refused(["Omega": .real(-3)])?.field == "parameters.Omega")
    #expect(refused(["Omega": .text("omega")])?.field == "parameters.Omega")
    #expect(refused(["Omega": .text("omega_max"), "negative_frequency_rule": .text("odd")]) == nil)
    #expect(refused(["lmax": .integer(20_000_000)])?.allowed.contains("up to 10000000") == true)
    #expect(refused(["g": .real(1e200)])?.field == "parameters.g")
    #expect(refused(["lambda": .real(-1e200)])?.field == "parameters.lambda")
    #expect(refused(["B2": .real(1e200)])?.field == "parameters.B2")
    for name in ["I", "gamma"] {
      #expect(refused([name: .real(1e250)])?.field == "parameters.gamma")
    }
    #expect(refused(["I": .real(1e-250)])?.field == "parameters.I")
    #expect(refused(["beta_r": .real(1e250)])?.field == "parameters.gamma")
    #expect(refused(["beta2": .real(1e-308)])?.field == "parameters.beta2")
  }

  @Test("an initial level outside of the window is named as in the input file")
  func initialLevel() throws {
    for text in ["thermal qubits, rotor |99>", "|0 1 99>"] {
      let machine = try QubitRotorMachine(["initial_state": .text(text)])
      do {
        _ = try machine.compute(PointRequest(state: "dynamics", observables: ["Lz"], times: [0, 1]))
        Issue.record("\(text) was accepted")
      } catch ComputationError.input(let error) {
        #expect(error.field == "parameters.initial_state")
      }
    }
  }

  @Test(
    "windows beyond all numbers are refused",
    arguments: [Int.min...Int.max, 0...Int.max, (Int.max - 1)...Int.max, Int.min...(Int.min + 3)])
  func levels(window: ClosedRange<Int>) throws {
    let qubit = Qubit(field: 1, coupling: 1, inverseTemperature: 1)
    #expect(throws: InputError.self) {
      try QubitRotor(
        first: qubit, second: qubit, interaction: 1, loadInverseTemperature: 1, friction: 1, levels: window)
    }
  }

  @Test("collisions with a bath whose Boltzmann factors underflow are those with a cold one")
  func coldAncillas() throws {
    let window: [String: ParameterValue] = ["lmin": .integer(-3), "lmax": .integer(3)]
    let names = ["Lz", "n1", "Q2"]
    let cold = try Self.values(names, state: "collision", window.merging(["beta1": .real(200)]) { $1 })
    let frozen = try Self.values(names, state: "collision", window.merging(["beta1": .real(1e308)]) { $1 })
    for (a, b) in zip(cold, frozen) {
      #expect(abs(try #require(a) - (try #require(b))) < 1e-12)
    }
  }

  @Test("plans: the band, also where it is asked for, and the load's exponentials")
  func plans() throws {
    func plan(
      _ state: String = "steady", _ method: SteadyStateSolver.Method = .automatic, levels: Int
    ) throws -> PointPlan {
      let machine = try QubitRotorMachine([
        "lmin": .integer(-levels), "lmax": .integer(levels), "beta1": .real(0.5), "beta2": .real(0.3),
      ])
      return try machine.plan(
        PointRequest(state: state, observables: ["Lz"], solver: SteadyStateSolver(method: method)))
    }
    let ladder = try plan(levels: 50_000)
    // Measured: 2.1 s and 0.8 GB.
    #expect(ladder.route == "banded" && ladder.seconds > 0.7 && ladder.seconds < 7)
    #expect(ladder.bytes > 400_000_000 && ladder.bytes < 1_600_000_000)
    #expect(ladder.alternatives.map(\.method).contains(.sylvester))
    #expect(try plan("steady", .banded, levels: 400).route == "banded")
    #expect(try plan("steady", .sylvester, levels: 400).route == "sylvester")
    #expect(try plan(levels: 1).route == "dense")
    // The exponentials of 801 levels take seconds, whatever the collisions do.
    #expect(try plan("collision", levels: 400).seconds > 2)
  }

  @Test(
    "baths too weak for the precision of the load's rates: the state, or an error, never another state",
    arguments: [1e-5, 1e-9, 1e-12, 1e-15, 1e-20, 1e-60])
  func weakBaths(coupling: Double) throws {
    do {
      let excited = try #require(try Self.values(["n1"], ["g": .real(coupling)])[0])
      #expect(abs(excited - 0.526) < 2e-3, "\(excited)")
      #expect(coupling > 1e-6)
    } catch ComputationError.solver { #expect(coupling < 1e-6) }
  }
}
