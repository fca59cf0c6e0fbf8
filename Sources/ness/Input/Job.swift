import NESSKit

/// A checked computation: what is computed at which points, and the columns of the result.
struct Job {
  let input: RunInput
  let kind: MachineKind
  let sweep: Sweep
  /// What is asked of the machine at each point.
  let request: PointRequest
  /// Parameters that are the same at all points, defaults included.
  let fixed: [(name: String, value: ParameterValue)]
  /// Columns of the result: swept parameters, indices, observables.
  let columns: [Column]

  /// Compares the input with what the model offers, and makes the machine of every point once, so that a bad value
  /// is found before anything is computed.
  init(_ input: RunInput, models: Models) throws(Failure) {
    let document = input.document
    self.input = input
    kind = try models.kind(for: input)
    let offered = kind.description.parameters.map(\.name)
    for (name, value) in input.parameters.sorted(by: { $0.key < $1.key }) where !offered.contains(name) {
      throw document.failure(
        "parameters.\(name)",
        "unknown parameter \(name) = \(value); \(Job.offer(offered, near: name, of: kind))")
    }
    for axis in input.axes {
      for name in axis.axis.parameters where !offered.contains(name) {
        throw document.failure(
          "\(axis.path).parameter\(axis.axis.parameters.count > 1 ? "s" : "")",
          "unknown parameter \(name) in \(axis.path); \(Job.offer(offered, near: name, of: kind))")
      }
    }
    do throws(InputError) {
      sweep = try Sweep(axes: input.axes.map(\.axis))
    } catch {
      throw document.failure(error)
    }
    guard sweep.count <= Spacing.mostPoints else {
      throw document.failure(
        "sweep.0",
        "the sweeps must have at most \(Spacing.mostPoints) points together, but have \(sweep.count)"
      )
    }
    let machines = try Job.check(input, kind, sweep)
    // Machines refuse what is not finite where they read it; none of it may be left over.
    for (name, value) in input.parameters.sorted(by: { $0.key < $1.key }) where !value.isFinite {
      throw document.failure("parameters.\(name)", "parameters.\(name) must be finite, but is \(value)")
    }
    fixed = machines.fixed
    request = try Job.request(input, machines.first.description)
    columns = Job.columns(sweep, request, machines.first.description)
  }

  private static func offer(_ names: [String], near name: String, of kind: MachineKind) -> String {
    if names.isEmpty { return "model \(kind.description.name) has no parameters" }
    let near = Suggestion.nearest(to: name, among: names).map { " (did you mean \($0)?)" } ?? ""
    return "model \(kind.description.name) has \(names.joined(separator: ", "))\(near)"
  }

  /// Makes every machine once.
  /// - Returns: The first machine, and the parameters that are neither swept nor differ from point to point.
  private static func check(
    _ input: RunInput, _ kind: MachineKind, _ sweep: Sweep
  ) throws(Failure) -> (first: any Machine, fixed: [(name: String, value: ParameterValue)]) {
    let first = try machine(input, kind, sweep, at: 0)
    var fixed = first.parameters.filter { !sweep.parameters.contains($0.name) }
    for index in stride(from: 1, to: sweep.count, by: 1) {
      let other = try machine(input, kind, sweep, at: index).parameters
      fixed = fixed.filter { entry in other.contains { $0.name == entry.name && $0.value == entry.value } }
    }
    return (first, fixed)
  }

  private static func machine(
    _ input: RunInput, _ kind: MachineKind, _ sweep: Sweep, at index: Int
  ) throws(Failure) -> any Machine {
    do throws(InputError) {
      return try kind.make(sweep.parameters(at: index, fixed: input.parameters))
    } catch {
      // The library names an element of a list as parameters.phis[2].
      let named = error.field.split { $0 == "." || $0 == "[" }.map(String.init)
      guard let axis = input.axes.first(where: { $0.axis.parameters.contains(where: named.contains) }) else {
        throw input.document.failure(error)
      }
      throw input.document.failure(
        axis.path, "\(error) (point \(index + 1) of \(sweep.count), in \(axis.path))")
    }
  }

  private static func request(_ input: RunInput, _ description: MachineDescription) throws(Failure)
    -> PointRequest
  {
    let document = input.document
    let states = description.states
    let state = input.state ?? states.first ?? "steady"
    guard states.contains(state) else {
      throw document.failure(
        "state",
        "state must be \(Suggestion.allowed(states, near: state)) for model \(description.name), but is \(ParameterValue.text(state))"
      )
    }
    if state == "dynamics" && input.times == nil {
      throw document.failure(
        "state", "time must be there for state = \"dynamics\": a table with values, or from, to and points")
    }
    if state != "dynamics" && input.times != nil {
      throw document.failure(
        "time", "time must be absent unless state = \"dynamics\", but state is \(ParameterValue.text(state))")
    }
    let chosen = try observables(input, description, state)
    return PointRequest(
      state: state, observables: chosen.map(\.name), times: input.times ?? [], solver: input.solver)
  }

  private static func observables(
    _ input: RunInput, _ description: MachineDescription, _ state: String
  ) throws(Failure) -> [ObservableDescription] {
    let document = input.document
    let path = input.observablesPath
    let available = description.observables.filter { $0.states.contains(state) }
    var chosen: [ObservableDescription] = []
    if let names = input.observables {
      for name in names {
        if let observable = available.first(where: { $0.name == name }) {
          chosen.append(observable)
        } else if let elsewhere = description.observables.first(where: { $0.name == name }) {
          throw document.failure(
            path,
            "\(name) in observables must be defined for state \"\(state)\", but it is only for \(elsewhere.states.joined(separator: ", ")); available are \(available.map(\.name).joined(separator: ", "))"
          )
        } else {
          throw document.failure(
            path,
            "every name in observables must be \(Suggestion.allowed(available.map(\.name), near: name)), but one is \(ParameterValue.text(name))"
          )
        }
      }
    } else {
      chosen = available.filter(\.isStandard)
      if chosen.isEmpty {
        throw document.failure(
          "state",
          "observables must be given, since model \(description.name) has no standard set for state \"\(state)\"; available are \(available.map(\.name).joined(separator: ", "))"
        )
      }
    }
    if let first = chosen.first, let other = chosen.first(where: { $0.indices != first.indices }) {
      throw document.failure(
        path,
        "observables must all have the same indices, but \(first.name) has \(indices(first)) and \(other.name) has \(indices(other)): ask for them in separate runs"
      )
    }
    return chosen
  }

  private static func indices(_ observable: ObservableDescription) -> String {
    observable.indices.isEmpty ? "none" : observable.indices.joined(separator: ", ")
  }

  private static func columns(_ sweep: Sweep, _ request: PointRequest, _ description: MachineDescription)
    -> [Column]
  {
    var columns: [Column] = []
    for (number, axis) in sweep.axes.enumerated() {
      for (place, name) in axis.parameters.enumerated() {
        let unit = description.parameters.first { $0.name == name }?.unit ?? "1"
        let kind = Column.Kind(axis.values.map { $0[place] })
        columns.append(
          Column(name: name, role: .parameter, unit: unit, source: nil, kind: kind, axis: number))
      }
    }
    let observables = request.observables.compactMap { name in
      description.observables.first { $0.name == name }
    }
    let indices = (request.times.isEmpty ? [] : ["t"]) + (observables.first?.indices ?? [])
    columns += indices.map {
      Column(name: $0, role: .index, unit: $0 == "t" ? "time" : "1", source: nil, kind: .number, axis: nil)
    }
    columns += observables.map {
      Column(name: $0.name, role: .observable, unit: $0.unit, source: $0.source, kind: .number, axis: nil)
    }
    return columns
  }
}

extension ParameterValue {
  /// Whether no number in it is infinite or not a number.
  fileprivate var isFinite: Bool {
    switch self {
    case .real(let value): return value.isFinite
    case .list(let values): return values.allSatisfy(\.isFinite)
    case .integer, .flag, .text: return true
    }
  }
}
