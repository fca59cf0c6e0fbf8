import Foundation
import Testing

/// A wrong input file, and what its message must hold.
struct WrongInput: CustomTestStringConvertible, Sendable {
  let text: String
  /// Line that the message must name; nil when there is none to name.
  let line: Int?
  let fragments: [String]

  init(_ text: String, line: Int?, _ fragments: String...) {
    self.text = text
    self.line = line
    self.fragments = fragments
  }

  var testDescription: String { fragments.joined(separator: " ") }
}

@Suite("Input files")
struct InputTests {
  static let head = "model = \"chiral-clock\"\n"

  static let structure: [WrongInput] = [
    WrongInput("", line: nil, "model must be", "missing"),
    WrongInput("model = 3\n", line: 1, "model must be", "but is 3"),
    WrongInput("model = \"chiral-clok\"\n", line: 1, "chiral-clock", "\"chiral-clok\""),
    WrongInput("model = \"chiral-clock\"\nmodel = \"custom\"\n", line: 2, "model"),
    WrongInput("model = \"chiral-clock\"\nstate = steady\n", line: 2, "parsing"),
    WrongInput(head + "stat = \"steady\"\n", line: 2, "unknown key stat", "did you mean state?"),
    WrongInput(
      head + "\n[solvr]\nmethod = \"auto\"\n", line: 3, "unknown table solvr", "did you mean solver?"),
    WrongInput(
      head + "state = \"stedy\"\n", line: 2, "state must be one of", "did you mean steady?", "\"stedy\""),
    WrongInput(head + "parameters = 3\n", line: 2, "parameters must be a table"),
    WrongInput(head + "[custom]\ndimensions = [2]\n", line: 2, "custom must be absent"),
    WrongInput(
      head + "[solver]\nmethod = \"magic\"\n", line: 3, "solver.method must be one of auto", "\"magic\""),
    WrongInput(head + "[solver]\ntolerance = 0\n", line: 3, "solver.tolerance must be", "but is 0"),
    WrongInput(head + "[solver]\nthreads = 1.5\n", line: 3, "solver.threads must be a whole number", "1.5"),
    WrongInput(head + "[solver]\niterations = 3\n", line: 3, "unknown key iterations = 3 in solver"),
  ]

  /// Inputs on which the parser would stop the process.
  static let faults: [WrongInput] = [
    WrongInput("[", line: 1, "a table header must be [name]", "there is nothing"),
    WrongInput("[[[\n", line: 1, "a table header must be [name]", "there is ["),
    WrongInput("[a", line: 1, "end-of-file"),
    WrongInput("[[a]", line: 1, "end-of-file"),
    WrongInput("\u{FEFF}" + head + " [\t= 3]\n", line: 2, "a table header must be", "there is ="),
    WrongInput(head + "x = \"\"\"\n[.]\n\"\"\"\"\"\n[\r\n", line: 5, "there is the end of the line"),
    WrongInput(head + "[\u{301}a]\n", line: 2, "a table header must be"),
    WrongInput(head + "values = [1, # }\n }\n", line: 3, "a list must be closed by ], but there is }"),
    WrongInput(head + "[time]\nfrom = 1979-05-27T:\n", line: 3, "time after a date", "two digits"),
    WrongInput(head + "from = [1979-05-2_7 0]\n", line: 2, "time after a date"),
    WrongInput(head + "\u{2028}x = 3\n", line: 2, "printable ASCII", "U+2028"),
    WrongInput(head + "# \u{A0}\n[time]\nfrom\u{A0}= \"\u{A0}\"\n", line: 4, "printable ASCII", "U+00A0"),
    WrongInput(head + "x = 0.1\u{B}\n", line: 2, "printable ASCII", "U+000B"),
    WrongInput("model = chiral\n[=]\n", line: 1, "parsing"),
  ]

  static let parameters: [WrongInput] = [
    WrongInput(
      head + "[parameters]\nM = 2\nbeta_x = 1\n", line: 4, "unknown parameter beta_x = 1",
      "did you mean beta_e?"),
    WrongInput(head + "[parameters]\nM = 1\n", line: 3, "parameters.M must be", "but is 1"),
    WrongInput(head + "[parameters]\nM = 2.5\n", line: 3, "parameters.M must be", "but is 2.5"),
    WrongInput(head + "[parameters]\nM = \"two\"\n", line: 3, "parameters.M must be", "\"two\""),
    WrongInput(head + "[parameters]\nf = nan\n", line: 3, "parameters.f must be a finite number", "nan"),
    WrongInput(
      head + "[parameters]\n\"f\" = -inf\n", line: 3, "parameters.f must be a finite number", "-inf"),
    WrongInput(head + "[parameters]\nf = 1979-05-27\n", line: 3, "parameters.f must be", "1979-05-27"),
    WrongInput(head + "[parameters]\nbeta_e = -1.0\n", line: 3, "parameters.beta_e must be", "-1.0"),
    WrongInput(head + "[parameters]\nH = \"ccn\"\n", line: 3, "parameters.H must be", "\"ccn\""),
    WrongInput(head + "[parameters]\nM = 2\nphis = [0.1,\n 0.2, 0.3]\n", line: 4, "parameters.phis"),
    WrongInput("parameters.f = nan\n" + head, line: 1, "parameters.f must be"),
  ]

  static let observables: [WrongInput] = [
    WrongInput(head + "observables = []\n", line: 2, "observables must be a list"),
    WrongInput(head + "observables = \"S\"\n", line: 2, "observables must be a list", "\"S\""),
    WrongInput(head + "observables = [\"S\", \"S\"]\n", line: 2, "S is there twice"),
    WrongInput(head + "observables = [\"J_tun_t\"]\n", line: 2, "did you mean J_tun_T?"),
    WrongInput(head + "observables = [\"S\", \"E0\"]\n", line: 2, "E0", "state \"steady\"", "ground"),
    WrongInput(head + "observables = [\"S\", \"p_j\"]\n", line: 2, "S has none", "p_j has k, j"),
    WrongInput(
      head + "observables = [\"S\"]\n[[sweep]]\nparameter = \"f\"\nvalues = [0.5]\nobservables = [\"E\"]\n",
      line: 6,
      "sweep.0.observables must be absent"),
  ]

  static func sweep(_ text: String, line: Int?, _ fragments: String...) -> WrongInput {
    let input = WrongInput(head + "[[sweep]]\n" + text, line: line)
    return WrongInput(input.text, line: line, fragments)
  }

  static let sweeps: [WrongInput] = [
    sweep("parameter = \"q\"\nvalues = [1]\n", line: 3, "unknown parameter q in sweep.0"),
    sweep("values = [1]\n", line: 2, "sweep.0.parameter must be there"),
    sweep(
      "parameter = \"f\"\nparameters = [\"g\"]\nvalues = [1]\n", line: 4, "sweep.0.parameters must be absent"),
    sweep("parameter = \"f\"\n", line: 2, "sweep.0.from must be", "missing"),
    sweep("parameter = \"f\"\nvalues = []\n", line: 4, "at least one value"),
    sweep("parameter = \"f\"\nvalues = [0.1, nan]\n", line: 4, "sweep.0.values.1 must be a finite number"),
    sweep("parameter = \"f\"\nvalues = [0.1]\npoints = 3\n", line: 5, "sweep.0.points must be absent"),
    sweep(
      "parameter = \"f\"\nfrom = 0\nto = 1\npoints = 0\n", line: 6,
      "sweep.0.points must be a whole number from 1"),
    sweep("parameter = \"f\"\nfrom = 0\nto = 1\npoints = 1\n", line: 6, "sweep.0.points must be at least 2"),
    sweep("parameter = \"f\"\nfrom = 0\nto = 1\npoints = 2.0\n", line: 6, "sweep.0.points", "2.0"),
    sweep(
      "parameter = \"f\"\nfrom = 0\nto = inf\npoints = 2\n", line: 5, "sweep.0.to must be a finite number",
      "inf"),
    sweep(
      "parameter = \"f\"\nfrom = 0\nto = 1\npoints = 2\nspacing = \"log\"\n", line: 4, "sweep.0.from", "log"),
    sweep(
      "parameter = \"f\"\nfrom = 0\nto = 1\npoints = 2\nspacing = \"cubic\"\n", line: 7,
      "\"linear\" or \"log\""),
    sweep(
      "parameter = \"f\"\nfrom = 0\nto = 1\npoint = 2\n", line: 6, "unknown key point = 2",
      "did you mean points?"),
    sweep(
      "parameter = \"f\"\nvalues = [1]\n[[sweep]]\nparameter = \"f\"\nvalues = [2]\n", line: 5, "sweep.1",
      "\"f\""),
    sweep("parameters = [\"f\", \"f\"]\nvalues = [[1, 2]]\n", line: 3, "f is there twice"),
    sweep(
      "parameters = [\"f\", \"g\"]\nvalues = [[0.1, 0.2], [0.3]]\n", line: 4, "sweep.0.values.1", "2 values"),
    sweep(
      "parameters = [\"f\", \"g\"]\nfrom = 0\nto = 1\npoints = 2\n", line: 2, "sweep.0.values must be there"),
    sweep("parameter = \"M\"\nvalues = [2, 3, 1]\n", line: 2, "parameters.M must be", "point 3 of 3"),
    sweep("parameter = \"M\"\nfrom = 2.0\nto = 4.0\npoints = 2\n", line: 2, "parameters.M must be", "2.0"),
    sweep(
      "parameter = \"f\"\nfrom = 0\nto = 1\npoints = 9999\n[[sweep]]\nparameter = \"g\"\nfrom = 1\nto = 2\npoints = 9999\n",
      line: 2, "at most"),
    WrongInput(head + "[sweep]\nparameter = \"f\"\nvalues = [1]\n", line: 2, "[[sweep]]"),
  ]

  static let times: [WrongInput] = [
    WrongInput(head + "state = \"dynamics\"\n", line: 2, "time must be there"),
    WrongInput(head + "[time]\nvalues = [0.0, 1.0]\n", line: 2, "time must be absent", "\"steady\""),
    WrongInput(head + "state = \"dynamics\"\n[time]\nvalues = [1.0, 0.5]\n", line: 4, "ascending"),
    WrongInput(head + "state = \"dynamics\"\n[time]\nvalues = [-1.0]\n", line: 4, "from 0 on"),
    WrongInput(
      head + "state = \"dynamics\"\n[time]\nfrom = 2\nto = 1\npoints = 3\n", line: 4, "time.from must be"),
  ]

  @Test(
    "bad input exits with 65, names key, value, what is allowed and the line, and writes nothing",
    arguments: structure + faults + parameters + observables + sweeps + times)
  func wrong(input: WrongInput) throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(["run", "-", "--output", "a.json"], input: input.text, in: folder)
      #expect(outcome.status == 65)
      for fragment in input.fragments { #expect(outcome.errors.contains(fragment), "\(outcome.errors)") }
      let place = input.line.map { "ness: standard input:\($0): " } ?? "ness: standard input: "
      #expect(outcome.errors.hasPrefix(place), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(try Ness.files(in: folder).isEmpty)
    }
  }

  @Test("lines are counted across comments, strings and lists of several lines")
  func lines() throws {
    let text = """
      # model = "custom"
      model = 'chiral-clock' # [parameters]
      observables = [
        "S", # ]
        \"""
      E\""",
      ]
      [parameters] # M = 1
      "M"
       = 2
      """
      .replacing("\"M\"\n = 2", with: "  \"M\"  =  1")
    let outcome = try Ness.run(["run", "-"], input: text)
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("ness: standard input:9: parameters.M must be"), "\(outcome.errors)")
  }

  @Test("what looks like a fault inside strings, comments, keys and dates is none")
  func noFault() throws {
    let text = """
      # [=
      model = "chiral-clock" # [=
      "[=" = {'}' = "}", 1979-05-27T = [ '}', \"""
      [.
      "}\""", [1979-05-27T07:32:00, 1979-05-27 07:32:00, 1979-05-27 , # }
      ]]}
      [ "a]b".'[' ] # }
      """
    let outcome = try Ness.run(["run", "-"], input: text)
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("ness: standard input:3: unknown table [="), "\(outcome.errors)")
  }

  @Test("an overridden value is reported with the option that gave it")
  func overridden() throws {
    let outcome = try Ness.run(["run", "-", "--set", "parameters.M=1"], input: Ness.ring)
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("ness: --set parameters.M=1: parameters.M must be"), "\(outcome.errors)")
  }

  @Test("--set changes keys, list elements and tables that were absent")
  func set() throws {
    let outcome = try Ness.run(
      [
        "run", "-", "--format", "json", "--set", "parameters.beta_o=2.0", "--set", "sweep.0.points=3",
        "--set", "observables=[\"energy\"]", "--set", "solver.method=\"dense\"",
      ], input: Ness.swept(points: 9))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json()
    #expect((json["parameters"] as? [String: Any])?["beta_o"] as? Double == 2)
    #expect((json["rows"] as? [[Double]])?.map(\.[0]) == [0, 0.5, 1])
    #expect((json["columns"] as? [[String: Any]])?.map { $0["name"] as? String } == ["f", "energy"])
    let methods = (json["certificates"] as? [[String: Any]])?.map { $0["method"] as? String ?? "" }
    #expect(methods?.allSatisfy { $0.contains("dense") } == true)
  }

  @Test("observables below the last sweep count as those of the file")
  func observablesBelowSweep() throws {
    let text =
      InputTests.head
      + "[parameters]\nM = 2\n[[sweep]]\nparameter = \"f\"\nvalues = [0.3]\nobservables = [\"S\"]\n"
    let outcome = try Ness.run(["run", "-", "--format", "csv"], input: text)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("f,S,cert_method,"))
  }

  @Test(
    "what a parameter of two qubits and a rotor must be is told where it is given",
    arguments: [
      (["parameters.chi=nan"], "parameters.chi must be a number from -1 to 1, but is nan"),
      (["parameters.I=inf"], "parameters.I must be a finite number > 0, but is inf"),
      (["parameters.lmax=-inf"], "parameters.lmax must be a whole number above lmin"),
      (["parameters.initial_state=nan"], "parameters.initial_state must be \"thermal qubits, rotor |l>\""),
      (["parameters.g=0"], "parameters.g must be a number > 0 for state \"steady\""),
      (["parameters.g=0", "parameters.window=\"auto\""], "parameters.g must be a number > 0"),
      (
        ["parameters.g=0", "state=\"collision\""], "parameters.g must be a number > 0 for state \"collision\""
      ),
      (
        ["parameters.chi=1", "parameters.lambda=0"],
        "parameters.chi must be a number between -1 and 1"
      ),
      (["parameters.chi=-1", "parameters.gamma=0"], "but is -1 together with gamma = 0"),
      (
        ["state=\"collision\"", "parameters.beta2=1e-5"],
        "needs about 184207 levels, more than 4096"
      ),
    ])
  func qubitRotor(changes: [String], fragment: String) throws {
    let outcome = try Ness.run(
      ["run", "-"] + changes.flatMap { ["--set", $0] }, input: "model = \"qubit-rotor\"")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
  }

  @Test(
    "a qubit without bath settles through the other one, and evolves without any",
    arguments: [
      ["parameters.chi=1"], ["parameters.chi=-1", "parameters.master_equation=\"global\""],
      ["parameters.g=0", "state=\"dynamics\"", "time.values=[1.0]"],
      ["parameters.chi=1", "parameters.gamma=0", "state=\"dynamics\"", "time.values=[1.0]"],
    ])
  func qubitsWithoutBath(changes: [String]) throws {
    let options = (changes + ["parameters.lmin=-3", "parameters.lmax=3"]).flatMap { ["--set", $0] }
    let outcome = try Ness.run(["run", "-"] + options, input: "model = \"qubit-rotor\"")
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}

extension WrongInput {
  init(_ text: String, line: Int?, _ fragments: [String]) {
    self.text = text
    self.line = line
    self.fragments = fragments
  }
}
