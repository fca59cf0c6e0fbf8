import Foundation
import NESSKit
import Testing

@Suite("Models, templates, plans and plots")
struct ModelTests {
  static let names = MachineCatalog.standard.names + ["custom"]

  @Test("the list names every model")
  func list() throws {
    let outcome = try Ness.run(["models"])
    #expect(outcome.status == 0)
    for name in ModelTests.names { #expect(outcome.output.contains(name)) }
    let json = try Ness.run(["models", "--format", "json"])
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    #expect(list.compactMap { $0["model"] as? String } == ModelTests.names)
  }

  @Test(
    "a model's JSON holds its parameters, observables and states",
    arguments: MachineCatalog.standard.kinds.map(\.description.name))
  func description(name: String) throws {
    let json = try Ness.run(["models", name, "--format", "json"]).json()
    let expected = try MachineCatalog.standard.kind(named: name).description
    #expect(json["model"] as? String == name)
    #expect(json["states"] as? [String] == expected.states)
    let parameters = try #require(json["parameters"] as? [[String: Any]])
    #expect(parameters.map { $0["name"] as? String } == expected.parameters.map(\.name))
    let observables = try #require(json["observables"] as? [[String: Any]])
    #expect(observables.map { $0["name"] as? String } == expected.observables.map(\.name))
    #expect(observables.map { $0["indices"] as? [String] } == expected.observables.map(\.indices))
    let text = try Ness.run(["models", name]).output
    for parameter in expected.parameters { #expect(text.contains(parameter.name)) }
    for observable in expected.observables { #expect(text.contains(observable.name)) }
  }

  @Test("an unknown model exits with 65 and suggests one", arguments: ["models", "init"])
  func unknown(command: String) throws {
    let outcome = try Ness.run([command, "chiral-clocks"])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("did you mean chiral-clock?"), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test("the template of every model runs as it is and reports the standard set", arguments: names)
  func template(name: String) throws {
    let template = try Ness.run(["init", name])
    #expect(template.status == 0)
    let outcome = try Ness.run(["run", "-", "--format", "json"], input: template.output)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json()
    #expect(json["model"] as? String == name)
    let plan = try Ness.run(["plan", "-"], input: template.output)
    #expect(plan.status == 0, "\(plan.errors)")
  }

  @Test("every example runs")
  func examples() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Examples")
    let files = try Ness.files(in: folder).filter { $0.hasSuffix(".toml") }
    #expect(files.contains("clock-ring.toml"))
    for file in files {
      let outcome = try Ness.run(["run", file, "--format", "csv", "--set", "sweep.0.points=2"], in: folder)
      #expect(outcome.status == 0, "\(file): \(outcome.errors)")
    }
  }

  @Test("matrices of a custom system are read beside the input file, and a bad one is named with its line")
  func custom() throws {
    try Ness.withFolder { folder in
      let subfolder = folder.appending(path: "system")
      try FileManager.default.createDirectory(at: subfolder, withIntermediateDirectories: true)
      // Decay from level 2 to 1 at rate 1, back at rate 1/4: level 2 is occupied with probability 1/5.
      let head = "%%MatrixMarket matrix coordinate real general\n2 2 1\n"
      for (name, entry) in [("down", "1 2 1.0"), ("up", "2 1 1.0"), ("n", "2 2 1.0"), ("bad", "2 3 1.0")] {
        try Data((head + entry + "\n").utf8).write(to: subfolder.appending(path: name + ".mtx"))
      }
      let text = """
        model = "custom"
        [custom]
        dimensions = [2]
        hamiltonian = "n.mtx"
        [[custom.bath]]
        name = "hot"
        beta = \(Foundation.log(4.0))
        [[custom.jump]]
        operator = "down.mtx"
        rate = 1.0
        bath = "hot"
        [[custom.jump]]
        operator = "up.mtx"
        rate = 0.25
        bath = "hot"
        [[custom.observable]]
        name = "excited"
        operator = "n.mtx"
        """
      func run(_ text: String) throws -> Ness.Outcome {
        try Data(text.utf8).write(to: subfolder.appending(path: "a.toml"))
        return try Ness.run(["run", "system/a.toml", "--format", "json"], in: folder)
      }
      let outcome = try run(text)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let json = try outcome.json()
      let columns = try #require(json["columns"] as? [[String: Any]]).compactMap { $0["name"] as? String }
      let row = try #require((json["rows"] as? [[Double]])?.first)
      let excited = try #require(columns.firstIndex(of: "excited"))
      #expect(abs(row[excited] - 0.2) < 1e-12)
      let heat = try #require(columns.firstIndex { $0.contains("hot") })
      #expect(abs(row[heat]) < 1e-12, "in equilibrium no heat flows")

      let bad = try run(text.replacing("operator = \"up.mtx\"", with: "operator = \"bad.mtx\""))
      #expect(bad.status == 65)
      #expect(
        bad.errors.contains("a.toml:13: custom.jump.1.operator") && bad.errors.contains("bad.mtx, line 3"),
        "\(bad.errors)")
      let missing = try run(text.replacing("\"down.mtx\"", with: "\"gone.mtx\""))
      #expect(missing.status == 74)
      #expect(missing.errors.contains("gone.mtx"))
      let unknown = try run(
        text.replacing("rate = 0.25\nbath = \"hot\"", with: "rate = 0.25\nbath = \"hut\""))
      #expect(unknown.status == 65)
      #expect(unknown.errors.contains("a.toml:15: custom.jump.1.bath"), "\(unknown.errors)")
    }
  }

  @Test("a plan tells the sizes that the run then has")
  func plan() throws {
    let json = try Ness.run(["plan", "-", "--format", "json"], input: Ness.ring).json()
    let point = try #require((json["points"] as? [[String: Any]])?.first)
    let certificate = try #require(
      (try Ness.run(["run", "-", "--format", "json"], input: Ness.ring).json()["certificates"]
        as? [[String: Any]])?.first)
    #expect(point["unknowns_full"] as? Int == certificate["unknowns_full"] as? Int)
    #expect(point["unknowns"] as? Int == certificate["unknowns"] as? Int)
    #expect(point["fits"] as? Bool == true)
    let table = try Ness.run(["plan", "-"], input: Ness.swept(points: 4))
    #expect(table.status == 0)
    #expect(table.output.contains("4 of 4 points fit"))
  }

  @Test("a long plan puts equal lines together")
  func longPlan() throws {
    let sweep = "[[sweep]]\nparameter = \"M\"\nvalues = [2, 3]\n[[sweep]]\nparameter = \"f\"\nfrom = 0.1\n"
    let table = try Ness.run(["plan", "-"], input: Ness.ring + sweep + "to = 0.9\npoints = 60\n")
    #expect(table.status == 0)
    let lines = table.output.split(separator: "\n").map(String.init)
    // Heading and two lines; the two other routes under two lines of heading; the summary.
    #expect(lines.count == 8, "\(table.output)")
    #expect(lines[0].contains("M from") && lines[0].contains("points"))
    #expect(lines[1].contains(" 60 ") && lines[2].contains(" 60 "), "\(table.output)")
    #expect(lines[3].hasPrefix("instead of "), "\(table.output)")
    #expect(lines[7].hasPrefix("120 of 120 points fit"))
    let few = try Ness.run(["plan", "-"], input: Ness.ring + sweep + "to = 0.9\npoints = 3\n")
    #expect(few.output.split(separator: "\n").count == 12, "\(few.output)")
  }

  @Test("templates and help tell of the limit of memory")
  func memoryLimit() throws {
    #expect(try Ness.run(["init", "chiral-clock"]).output.contains("# memory_limit = "))
    #expect(try Ness.run(["run", "--help"]).output.contains("solver.memory_limit"))
  }

  @Test("the last line of a plan speaks of the points that fit only, and sizes saturate")
  func planSummary() throws {
    let refused = try Ness.run(["plan", "-", "--set", "solver.memory_limit=1000"], input: Ness.ring)
    #expect(refused.status == 65)
    #expect(refused.output.hasSuffix("\n0 of 1 point fit into 1000 B\n"), "\(refused.output)")
    let spelled = try Ness.run(
      ["plan", "-", "--set", "parameters.M=4", "--set", "solver.memory_limit=101_100"], input: Ness.ring)
    #expect(spelled.output.contains("fit into 98.7 KiB") && spelled.errors.contains("fit into 98.7 KiB"))
    let huge = try Ness.run(
      [
        "plan", "-", "--set", "parameters.M=19", "--set", "solver.memory_limit=9223372036854775807", "--set",
        "solver.threads=2",
      ], input: Ness.swept(points: 2))
    #expect(huge.status == 0, "\(huge.errors)")
    #expect(huge.output.contains("\n2 of 2 points fit: about "), "\(huge.output)")
  }

  @Test(
    "what cannot fit is refused with 65 by plan and by run, and nothing is written",
    arguments: [
      ["plan", "-", "--set", "parameters.M=12", "--set", "parameters.Ns=5"],
      ["plan", "-", "--set", "solver.memory_limit=1000"],
      ["run", "-", "--set", "solver.memory_limit=1000", "--output", "a.json"],
    ])
  func tooLarge(arguments: [String]) throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(arguments, input: Ness.ring, in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("bytes") || outcome.errors.contains("needs"), "\(outcome.errors)")
      #expect(try Ness.files(in: folder).isEmpty)
    }
  }

  @Test("observables that need the full density matrix are refused where only the reduced problem fits")
  func densityTooLarge() throws {
    // Jumps around a ring of levels with different energies: the populations decouple, and all become equal.
    let count = 600
    let energies = (1...count).map { "\($0) \($0) \($0).0\n" }.joined()
    let jumps = (1...count).map { "\($0 % count + 1) \($0) 1.0\n" }.joined()
    let head = "%%MatrixMarket matrix coordinate real general\n\(count) \(count) \(count)\n"
    let text = """
      model = "custom"
      solver.memory_limit = 20_000_000
      [custom]
      dimensions = [\(count)]
      hamiltonian = \"""
      \(head)\(energies)\"""
      [[custom.bath]]
      name = "cold"
      beta = 1.0
      [[custom.jump]]
      rate = 1.0
      bath = "cold"
      operator = \"""
      \(head)\(jumps)\"""
      """
    func run(_ command: String, _ changes: String...) throws -> Ness.Outcome {
      let options = command == "run" ? ["--format", "json"] : []
      return try Ness.run([command, "-"] + options + changes.flatMap { ["--set", $0] }, input: text)
    }
    let fits = try run("run", "observables=[\"energy\"]")
    #expect(fits.status == 0, "\(fits.errors)")
    let energy = try #require((try fits.json()["rows"] as? [[Double]])?.first?.first)
    // The mean of 1…600, to the solver's tolerance.
    #expect(abs(energy - 300.5) < 1e-6)
    // A steady state of this size knows its spectrum.
    let mixed = try run("run", "observables=[\"S\", \"purity\"]")
    let values = try #require((try mixed.json()["rows"] as? [[Double]])?.first, "\(mixed.errors)")
    #expect(abs(values[0] - log(600)) < 1e-9 && abs(values[1] - 1.0 / 600) < 1e-12)
    for command in ["plan", "run"] {
      let small = try run(command, "observables=[\"energy\"]", "solver.memory_limit=10_000")
      #expect(small.status == 65)
      #expect(small.errors.contains("must fit into 9.77 KiB, but needs about "), "\(small.errors)")
      #expect(small.errors.contains("fewer sites or levels"), "\(small.errors)")
    }
    let changing = try run(
      "run", "observables=[\"Sigma\"]", "state=\"dynamics\"", "time.values=[0.0, 1.0]")
    #expect(changing.status == 65)
    #expect(changing.errors.contains("Sigma must be left out"), "\(changing.errors)")
  }

  @Test("a point that fails leaves a row of nulls, a certificate that says why, and exit code 70")
  func failedPoint() throws {
    // Without coupling to the baths nothing decides which of the many stationary states is reached.
    let text = Ness.ring + "[[sweep]]\nparameter = \"g\"\nvalues = [0.2, 0.0, 0.3]\n"
    let outcome = try Ness.run(["run", "-", "--format", "json"], input: text)
    #expect(outcome.status == 70)
    #expect(outcome.errors.contains("1 of 3 points failed: at g = 0.0: "), "\(outcome.errors)")
    let json = try outcome.json()
    let rows = try #require(json["rows"] as? [[Any]])
    #expect(rows.count == 3)
    #expect(rows[1].dropFirst().allSatisfy { $0 is NSNull })
    #expect(rows[0].allSatisfy { $0 is Double } && rows[2].allSatisfy { $0 is Double })
    let certificates = try #require(json["certificates"] as? [[String: Any]])
    #expect((certificates[1]["failure"] as? String)?.isEmpty == false)
    #expect(certificates[1]["unique"] as? Bool == false)
    #expect(certificates[0]["failure"] is NSNull && certificates[2]["failure"] is NSNull)
    let csv = try Ness.run(["run", "-", "--format", "csv"], input: text)
    #expect(csv.output.split(separator: "\n")[2].hasPrefix("0.0,,,,"))
  }

  @Test("plots name every observable, as SVG and as PNG")
  func plots() throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(
        ["run", "-", "--format", "csv", "--plot", "a.svg", "--plot", "a.png"], input: Ness.swept(points: 9),
        in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let svg = try String(contentsOf: folder.appending(path: "a.svg"), encoding: .utf8)
      #expect(svg.contains("<svg"))
      for name in ["J_tun_T", "J_th_T", "chiral-clock", "beta_o = 1.5"] {
        #expect(svg.contains(name), "\(name)")
      }
      #expect(
        try Data(contentsOf: folder.appending(path: "a.png")).prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    }
  }

  @Test("two sweeps become one map per observable")
  func maps() throws {
    try Ness.withFolder { folder in
      let text = Ness.swept(points: 4) + "[[sweep]]\nparameter = \"H\"\nvalues = [\"ccm\", \"rotated\"]\n"
      let outcome = try Ness.run(["run", "-", "--format", "csv", "--plot", "a.svg"], input: text, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let svg = try String(contentsOf: folder.appending(path: "a.svg"), encoding: .utf8)
      for name in ["J_tun_T", "J_th_T", "ccm", "rotated"] { #expect(svg.contains(name), "\(name)") }
    }
  }

  @Test("what has nothing to be drawn against is refused before it is computed")
  func unplottable() throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--plot", "a.svg"], input: Ness.ring, in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("neither a sweep nor observables with an index"), "\(outcome.errors)")
      #expect(try Ness.files(in: folder).isEmpty)
    }
  }
}
