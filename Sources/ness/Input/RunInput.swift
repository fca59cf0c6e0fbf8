import NESSKit

/// What an input file says, before it is compared with what the model offers.
struct RunInput {
  /// A sweep and where it stands.
  struct Axis {
    let axis: SweepAxis
    /// Dotted path, for instance "sweep.0".
    let path: String
  }

  let document: InputDocument
  let model: String
  let state: String?
  let parameters: [String: ParameterValue]
  let axes: [Axis]
  let observables: [String]?
  /// Dotted path of the key that holds the observables.
  let observablesPath: String
  let times: [Double]?
  let solver: SteadyStateSolver
  let custom: CustomInput?

  init(_ document: InputDocument) throws(Failure) {
    let top = try Section(
      document, "", document.root,
      keys: ["model", "state", "observables", "parameters", "sweep", "time", "solver", "custom"])
    let names = "the name of a model in quotes (see ness models)"
    guard let model = try top.text("model", names) else { throw top.wrong("model", names) }
    self.document = document
    self.model = model
    state = try top.text("state", "the name of a state in quotes (see ness models \(model))")
    parameters = try RunInput.parameters(top)
    let sweeps = try top.tables("sweep")
    var axes: [Axis] = []
    for (number, node) in sweeps.enumerated() {
      axes.append(try RunInput.axis(document, number, node, isLast: number == sweeps.count - 1))
    }
    self.axes = axes
    (observables, observablesPath) = try RunInput.observables(
      top, lastSweep: sweeps.last, at: sweeps.count - 1)
    times = try RunInput.times(top)
    solver = try RunInput.solver(top)
    if let node = top.node("custom") {
      guard model == Models.custom else {
        throw document.failure(
          "custom",
          "custom must be absent unless model = \"custom\", but model is \(ParameterValue.text(model))")
      }
      custom = try CustomInput(document, node)
    } else {
      if model == Models.custom {
        throw top.wrong("custom", "a table that gives the system (see ness init custom)")
      }
      custom = nil
    }
  }

  private static func parameters(_ top: Section) throws(Failure) -> [String: ParameterValue] {
    guard let node = top.node("parameters") else { return [:] }
    guard case .table(let entries) = node else { throw top.wrong("parameters", "a table") }
    var result: [String: ParameterValue] = [:]
    for (name, node) in entries.sorted(by: { $0.key < $1.key }) {
      if let value = node.infiniteValue {
        result[name] = value
      } else {
        result[name] = try value(node, "parameters.\(name)", top.document)
      }
    }
    return result
  }

  private static func value(_ node: TOMLNode, _ path: String, _ document: InputDocument) throws(Failure)
    -> ParameterValue
  {
    if let value = node.parameterValue { return value }
    throw document.failure(
      path, "\(path) must be a finite number, text, true, false, or a list of them, but is \(node)")
  }

  private static func axis(_ document: InputDocument, _ number: Int, _ node: TOMLNode, isLast: Bool)
    throws(Failure) -> Axis
  {
    let path = "sweep.\(number)"
    // A line `observables = …` below the last [[sweep]] belongs to that table in TOML, though not in its writer's mind.
    let keys = ["parameter", "parameters", "values"] + Spacing.keys + (isLast ? ["observables"] : [])
    let section = try Section(document, path, node, keys: keys)
    let single = try section.text("parameter", "the name of a parameter in quotes")
    let several = try section.texts("parameters", "a list of names of parameters in quotes")
    let names: [String]
    switch (single, several) {
    case (let name?, nil): names = [name]
    case (nil, let list?): names = list
    case (nil, nil):
      throw section.wrong("parameter", "there (or parameters, for several that change together)")
    case (_?, _?): throw section.wrong("parameters", "absent when parameter is given")
    }
    if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw section.wrong("parameters", "a list of different names (\(twice) is there twice)")
    }
    guard section.has("values") else {
      if single == nil {
        throw section.wrong("values", "there: a list with one list of \(names.count) values per point")
      }
      return Axis(axis: SweepAxis(names[0], try Spacing(section).values), path: path)
    }
    for key in Spacing.keys where section.has(key) { throw section.wrong(key, "absent when values is given") }
    let list = try section.list("values", "a list") ?? []
    guard !list.isEmpty else { throw section.wrong("values", "a list with at least one value") }
    var points: [[ParameterValue]] = []
    for (position, node) in list.enumerated() {
      let value = try value(node, "\(path).values.\(position)", document)
      if single != nil {
        points.append([value])
      } else if case .list(let group) = value, group.count == names.count {
        points.append(group)
      } else {
        throw document.failure(
          "\(path).values",
          "\(path).values.\(position) must be a list of \(names.count) values, for \(names.joined(separator: ", ")), but is \(node)"
        )
      }
    }
    return Axis(axis: SweepAxis(parameters: names, values: points), path: path)
  }

  private static func observables(
    _ top: Section, lastSweep: TOMLNode?, at number: Int
  ) throws(Failure) -> ([String]?, String) {
    var found: (Section, String) = (top, "observables")
    if case .table(let entries)? = lastSweep, let node = entries["observables"] {
      let section = try Section(
        top.document, "sweep.\(number)", .table(["observables": node]), keys: ["observables"])
      if top.has("observables") {
        throw section.wrong("observables", "absent, since observables is given at the top of the file")
      }
      found = (section, section.path(of: "observables"))
    }
    let names = try found.0.texts("observables", "a list of names of observables in quotes")
    if let names, let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw found.0.wrong("observables", "a list of different names (\(twice) is there twice)")
    }
    return (names, found.1)
  }

  private static func times(_ top: Section) throws(Failure) -> [Double]? {
    guard let node = top.node("time") else { return nil }
    let section = try Section(top.document, "time", node, keys: ["values"] + Spacing.keys)
    let last = Readable.number(PointRequest.largestTime, digits: 3)
    let allowed = "a list of ascending numbers from 0 on, up to \(last)"
    let times: [Double]
    if let list = try section.list("values", allowed) {
      for key in Spacing.keys where section.has(key) {
        throw section.wrong(key, "absent when values is given")
      }
      times = list.compactMap(\.number)
      guard times.count == list.count else { throw section.wrong("values", allowed) }
    } else {
      times = try Spacing(section).values.compactMap(\.number)
    }
    let key = section.has("values") ? "values" : "from"
    let isAscending = zip(times, times.dropFirst()).allSatisfy { $0 < $1 }
    guard let first = times.first, first >= 0, isAscending, times.allSatisfy(\.isFinite) else {
      throw section.wrong(key, key == "values" ? allowed : "at least 0 and less than to")
    }
    guard times.allSatisfy({ $0 <= PointRequest.largestTime }) else {
      throw section.wrong(
        key == "values" ? key : "to", key == "values" ? allowed : "at most \(last)")
    }
    return times
  }

  private static func solver(_ top: Section) throws(Failure) -> SteadyStateSolver {
    var solver = SteadyStateSolver()
    guard let node = top.node("solver") else { return solver }
    let section = try Section(
      top.document, "solver", node, keys: ["method", "tolerance", "threads", "memory_limit"])
    let methods = SteadyStateSolver.Method.allCases.map(\.rawValue)
    if let name = try section.text("method", "one of \(methods.joined(separator: ", "))") {
      guard let method = SteadyStateSolver.Method(rawValue: name) else {
        throw section.wrong("method", Suggestion.allowed(methods, near: name))
      }
      solver.method = method
    }
    let tolerances = "a number greater than 0 and less than 1"
    if let tolerance = try section.number("tolerance", tolerances) {
      guard tolerance > 0 && tolerance < 1 else { throw section.wrong("tolerance", tolerances) }
      solver.tolerance = tolerance
    }
    let widths = "a whole number from 1 to \(mostThreads)"
    if let threads = try section.integer("threads", in: 1...mostThreads, widths) { solver.threads = threads }
    solver.memoryLimit = try section.integer(
      "memory_limit", in: 1...Int.max, "a number of bytes greater than 0")
    return solver
  }

  /// Most threads that may be asked for.
  static let mostThreads = 1024
}
