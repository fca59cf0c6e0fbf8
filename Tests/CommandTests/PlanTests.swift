import Foundation
import Testing

@Suite("Predictions and refusals")
struct PlanTests {
  @Test(
    "plan and run name the next smaller case that fits, whatever the model and state",
    arguments: [
      // Dimensions below and above 2000, where run plans before it solves.
      (
        "chiral-clock", ["parameters.M=4", "solver.memory_limit=100_000"],
        "M = 3 would fit, with 243 unknowns"
      ),
      (
        "chiral-clock", ["parameters.M=8", "solver.memory_limit=100_000"],
        "M = 3 would fit, with 243 unknowns"
      ),
      (
        "chiral-clock", ["parameters.M=4", "solver.memory_limit=1000"],
        "not even M = 2 would fit; fewer positions"
      ),
      (
        "chiral-clock", ["parameters.M=4", "state=\"ground\"", "solver.memory_limit=40_000"],
        "M = 3 would fit"
      ),
      ("chiral-clock", ["parameters.M=8", "state=\"thermal\"", "parameters.beta_o=1"], "M = 7 would fit"),
      (
        "chiral-clock",
        ["parameters.M=4", "state=\"dynamics\"", "time.values=[1.0]", "solver.memory_limit=1_000_000"],
        "M = 2 would fit"
      ),
      ("spin-chain", ["parameters.N=6", "solver.memory_limit=50_000"], "N = 4 would fit, with 43 unknowns"),
      ("spin-chain", ["parameters.N=12", "solver.memory_limit=50_000"], "N = 4 would fit, with 43 unknowns"),
      ("spin-chain", ["parameters.N=4", "solver.memory_limit=500"], "not even N = 2 would fit"),
    ])
  func smallerCase(model: String, changes: [String], advice: String) throws {
    let input = "model = \"\(model)\"\nobservables = [\"energy\"]\n"
    let options = changes.flatMap { ["--set", $0] }
    for command in ["plan", "run"] {
      let outcome = try Ness.run([command, "-"] + options, input: input)
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("but needs about "), "\(command): \(outcome.errors)")
      #expect(outcome.errors.contains(advice), "\(command): \(outcome.errors)")
    }
  }

  @Test("a sweep over the size keeps what fits and names the next smaller case for the rest")
  func smallerCaseInSweep() throws {
    let input = """
      model = "spin-chain"
      observables = ["energy"]
      solver.memory_limit = 50_000
      [[sweep]]
      parameter = "N"
      values = [3, 4, 6]
      """
    let outcome = try Ness.run(["run", "-", "--format", "json"], input: input)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("1 of 3 points failed: at N = 6: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("N = 4 would fit"), "\(outcome.errors)")
    let rows = try #require(try outcome.json()["rows"] as? [[Any]])
    #expect(rows[0][1] is Double && rows[1][1] is Double && rows[2][1] is NSNull)
  }

  /// The first point of a plan in JSON.
  private func point(_ changes: String...) throws -> [String: Any] {
    let outcome = try Ness.run(
      ["plan", "-", "--format", "json"] + changes.flatMap { ["--set", $0] }, input: Ness.ring)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try #require((try outcome.json()["points"] as? [[String: Any]])?.first)
  }

  private func observables(of point: [String: Any]) throws -> [(names: [String], bytes: Int, seconds: Double)]
  {
    try #require(point["observables"] as? [[String: Any]]).map { entry in
      (
        try #require(entry["names"] as? [String]), try #require(entry["bytes"] as? Int),
        try #require(entry["seconds"] as? Double)
      )
    }
  }

  @Test("a plan counts observables of the full density matrix, once where they share it, and no others")
  func observables() throws {
    let cheap = try point("parameters.M=4", "observables=[\"S\", \"C\", \"I\", \"QND\"]")
    #expect(try observables(of: cheap).isEmpty)
    #expect(cheap["bytes"] as? Int == cheap["state_bytes"] as? Int)
    let names = "observables=[\"N_A\", \"S\", \"lambda_min\", \"G\"]"
    let costly = try point("parameters.M=4", names)
    let parts = try observables(of: costly)
    #expect(parts.map(\.names) == [["N_A", "lambda_min"], ["G"]])
    // The matrix and its partial transpose, of 81 states.
    #expect(parts[0].bytes >= 2 * 16 * 81 * 81)
    let seconds = try #require(costly["seconds"] as? Double)
    let state = try #require(costly["state_seconds"] as? Double)
    #expect(abs(seconds - state - parts[0].seconds - parts[1].seconds) < 1e-12)
    #expect(costly["bytes"] as? Int == parts[1].bytes)
    // One rotor more: 3^2 times the memory, about 3^3 times the time of eigenvalues.
    let larger = try observables(of: point("parameters.M=5", names))
    #expect(abs(Double(larger[0].bytes) / Double(parts[0].bytes) - 9) < 1e-3)
    #expect(abs(larger[0].seconds / parts[0].seconds - 27) < 1e-9)
    let table = try Ness.run(["plan", "-", "--set", names], input: Ness.ring).output
    #expect(table.contains("\nof which") && table.contains("\nN_A, lambda_min ") && table.contains("\nG "))
  }

  @Test("dynamics compute observables anew at every time")
  func observablesOfTimes() throws {
    func seconds(_ times: String) throws -> Double {
      let point = try point("state=\"dynamics\"", "observables=[\"S\", \"Sigma\"]", "time.values=\(times)")
      let parts = try observables(of: point)
      #expect(parts.map(\.names) == [["S"], ["Sigma"]])
      return parts[0].seconds
    }
    #expect(abs(try seconds("[0.0, 1.0, 2.0]") / seconds("[1.0]") - 3) < 1e-9)
  }

  @Test(
    "observables that do not fit are named, and so is the size at which they would",
    arguments: ["plan", "run"])
  func observablesTooLarge(command: String) throws {
    // The state of four rotors takes some hundred kilobytes, the matrices of 81 states twice to four times 105 kB.
    let options = ["--set", "parameters.M=4", "--set", "solver.memory_limit=250_000"]
    func outcome(_ names: String) throws -> Ness.Outcome {
      try Ness.run([command, "-"] + options + ["--set", "observables=[\(names)]"], input: Ness.ring)
    }
    #expect(try outcome("\"S\"").status == 0)
    let refused = try outcome("\"S\", \"G\"")
    #expect(refused.status == 65)
    #expect(refused.errors.contains(": G must be left out"), "\(refused.errors)")
    #expect(refused.errors.contains("; M = 3 would fit, with 243 unknowns"), "\(refused.errors)")
  }

  /// The first point of a plan of two qubits and a rotor, and the outcome.
  private func ladder(_ changes: String...) throws -> (outcome: Ness.Outcome, point: [String: Any]) {
    let outcome = try Ness.run(
      ["plan", "-", "--format", "json"] + changes.flatMap { ["--set", $0] }, input: "model = \"qubit-rotor\"")
    return (outcome, try #require((try outcome.json()["points"] as? [[String: Any]])?.first))
  }

  @Test(
    "dynamics on a ladder grow with its length",
    arguments: [
      // Seconds of an optimized build, and memory of the process beyond the 41 MB that it takes without any ladder.
      (1000, "[1.0]", 0.165, 18e6), (1000, "[10.0]", 0.53, 30e6), (1000, "[1000.0]", 0.83, 34e6),
      (5000, "[1.0]", 1.43, 115e6),
    ])
  func ladderDynamics(top: Int, times: String, seconds: Double, bytes: Double) throws {
    let bottom = top == 1000 ? -100 : -1000
    let point = try ladder(
      "state=\"dynamics\"", "time.values=\(times)", "parameters.lmin=\(bottom)", "parameters.lmax=\(top)"
    ).point
    let time = try #require(point["seconds"] as? Double) / seconds
    #expect(time > 1.0 / 3 && time < 3, "\(time)")
    let memory = Double(try #require(point["bytes"] as? Int)) / bytes
    #expect(memory > 1.0 / 3 && memory < 3, "\(memory)")
  }

  @Test(
    "what needs more memory than there is does not fit, whoever predicted it",
    arguments: [["state=\"dynamics\"", "time.values=[1.0]"], ["solver.method=\"direct\""]])
  func verdict(changes: [String]) throws {
    let options = (changes + ["solver.memory_limit=100_000"]).flatMap { ["--set", $0] }
    let input = "model = \"qubit-rotor\""
    let outcome = try Ness.run(["plan", "-", "--format", "json"] + options, input: input)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("1 of 1 points cannot fit: "), "\(outcome.errors)")
    let point = try #require((try outcome.json()["points"] as? [[String: Any]])?.first)
    #expect(point["fits"] as? Bool == false)
    #expect(try #require(point["bytes"] as? Int) > 100_000)
    #expect(try Ness.run(["plan", "-"] + options, input: input).output.contains("0 of 1 point fit into"))
  }

  @Test("decay rates are among the observables of a plan, with the cost of a dense spectrum")
  func rates() throws {
    let point = try ladder("observables=[\"Lz\", \"rate1\", \"rate3\"]").point
    let parts = try observables(of: point)
    #expect(parts.map(\.names) == [["rate1", "rate3"]])
    // 101 levels, 604 unknowns.
    #expect(parts[0].bytes >= 16 * 604 * 604)
    #expect(parts[0].seconds > 0.05 && parts[0].seconds < 0.3)
  }

  @Test(
    "decay rates of a window too wide for them are refused before anything is computed",
    arguments: ["plan", "run"])
  func tooManyRates(command: String) throws {
    // 6 * 684 - 2 = 4102 unknowns.
    let outcome = try Ness.run(
      [command, "-", "--set", "observables=[\"rate1\"]", "--set", "parameters.lmax=643"],
      input: "model = \"qubit-rotor\"")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("a full spectrum is limited to 4096 unknowns"), "\(outcome.errors)")
  }

  @Test("times beyond the largest one are refused", arguments: ["plan", "run"])
  func largestTime(command: String) throws {
    for (time, fragment) in [
      ("time.values=[1.0, 1e300]", "time.values must be a list of ascending numbers from 0 on, up to 1e+15"),
      ("time={from=0.0, to=1e300, points=3}", "time.to must be at most 1e+15"),
    ] {
      let outcome = try Ness.run(
        [command, "-", "--set", "state=\"dynamics\"", "--set", time], input: "model = \"qubit-rotor\"")
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
    }
  }
}
