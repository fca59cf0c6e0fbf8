import NESSKit

/// A commented input file made from the description of a model.
struct Template {
  private let description: MachineDescription

  init(_ description: MachineDescription) { self.description = description }

  /// The file; it runs as it is, since whatever has no default is a comment.
  var text: String {
    var lines = comment("\(description.name): \(description.summary)") + comment(description.source)
    lines += comment("Run with: ness run FILE.toml   (see also: ness models \(description.name))")
    lines += ["", "model = \"\(description.name)\""]
    if let state = description.states.first {
      lines.append("state = \"\(state)\"  # \(description.states.joined(separator: " | "))")
    }
    lines += [""] + observables
    if description.name == Models.custom {
      lines += [""] + CustomTemplate.lines
    } else {
      lines += [""] + parameters + [""] + sweep
    }
    lines += [""] + solver
    return lines.joined(separator: "\n") + "\n"
  }

  private var observables: [String] {
    let state = description.states.first ?? ""
    let available = description.observables.filter { $0.states.contains(state) }
    var lines = comment(
      "What is reported; without this line the standard set. All must have the same indices.")
    for observable in available {
      let indices = observable.indices.isEmpty ? "" : "(\(observable.indices.joined(separator: ", ")))"
      lines += comment("  \(observable.name)\(indices): \(observable.meaning)", indent: "#     ")
    }
    let standard = available.filter(\.isStandard).map { ParameterValue.text($0.name).description }
    let list = "observables = [\(standard.joined(separator: ", "))]"
    // A custom system reports by itself what its baths and its own observables are called.
    if description.name == Models.custom {
      return lines
        + comment("Heat from every bath (Q_NAME) and the observables named below are reported as well.")
    }
    return lines + [standard.isEmpty ? "# observables = []" : list]
  }

  private var parameters: [String] {
    var lines = ["[parameters]"]
    for parameter in description.parameters {
      let unit = ["", "1"].contains(parameter.unit) ? "" : " [\(parameter.unit)]"
      lines += comment("\(parameter.meaning)\(unit); \(parameter.allowed)")
      lines.append(parameter.defaultValue.map { "\(parameter.name) = \($0)" } ?? "# \(parameter.name) =")
    }
    return lines
  }

  private var sweep: [String] {
    let real = description.parameters.first { if case .real? = $0.defaultValue { true } else { false } }
    guard let name = (real ?? description.parameters.first)?.name else { return [] }
    return comment("Sweeps: several [[sweep]] make a grid, the first varying slowest.") + [
      "# [[sweep]]", "# parameter = \"\(name)\"", "# from = 0.1", "# to = 1.0",
      "# points = 10           # or: values = [0.1, 0.5]; also: spacing = \"log\"",
    ]
  }

  private var solver: [String] {
    let methods = SteadyStateSolver.Method.allCases.map(\.rawValue).joined(separator: " | ")
    let solver = SteadyStateSolver()
    return [
      "[solver]", "method = \"\(solver.method.rawValue)\"  # \(methods)",
      "tolerance = \(solver.tolerance)  # largest accepted residual relative to the largest rate",
      "threads = \(solver.threads)  # points of a sweep computed at the same time, or shared by one large point",
      "# memory_limit = 8_000_000_000  # bytes that a point may take; without this line what the machine has",
    ]
  }

  private func comment(_ text: String, indent: String = "# ") -> [String] {
    TextBlock.wrapped(text, columns: 100, head: "# ", indent: indent)
  }
}

/// The part of the template that describes a system of one's own: a driven and damped qubit.
enum CustomTemplate {
  static let lines = [
    "# A qubit that a field drives and a bath damps. Matrices are Matrix Market files beside this one, for instance",
    "# hamiltonian = \"h.mtx\", or stand here as text.",
    "[custom]", "dimensions = [2]",
    "hamiltonian = '''",
    "%%MatrixMarket matrix coordinate real symmetric", "2 2 2", "2 1 0.5", "2 2 1.0", "'''", "",
    "[[custom.bath]]", "name = \"cold\"", "beta = 2.0  # inverse temperature", "",
    "# Jumps down and up with rates in detailed balance: exp(-2) = 0.1353352832366127.",
    "[[custom.jump]]", "rate = 0.1", "bath = \"cold\"", "operator = '''",
    "%%MatrixMarket matrix coordinate real general", "2 2 1", "1 2 1.0", "'''", "",
    "[[custom.jump]]", "rate = 0.01353352832366127", "bath = \"cold\"", "operator = '''",
    "%%MatrixMarket matrix coordinate real general", "2 2 1", "2 1 1.0", "'''", "",
    "[[custom.observable]]", "name = \"excited\"", "operator = '''",
    "%%MatrixMarket matrix coordinate real general", "2 2 1", "2 2 1.0", "'''",
  ]
}
