/// An observable of a machine: what it is, and how it is read off the results of one computation.
///
/// `Context` holds one state with whatever observables of the machine share.
struct ObservableDefinition<Context>: Sendable {
  let description: ObservableDescription
  /// States in which the value is computed from the full density matrix.
  var densityStates: [String] = []
  /// What is computed from it there.
  var densityWork = DensityWork.eigenvectors
  /// One value per row of the observable's indices, a single value without indices; nil is undefined.
  let values: @Sendable (Context) throws(ObservableError) -> [Double?]
}

extension ObservableDefinition {
  /// Definitions of the named observables, which must exist in this state and have the same indices.
  static func select(
    _ request: PointRequest, from all: [ObservableDefinition], machine: String
  ) throws(InputError) -> [ObservableDefinition] {
    var selected: [ObservableDefinition] = []
    for name in request.observables {
      guard let found = all.first(where: { $0.description.name == name }),
        found.description.states.contains(request.state)
      else {
        let names = all.filter { $0.description.states.contains(request.state) }.map(\.description.name)
        throw InputError(
          field: "observables", value: ParameterValue.text(name).description,
          allowed:
            "observables of \(machine) for state \"\(request.state)\": \(Suggestion.allowed(names, near: name))"
        )
      }
      if let first = selected.first, first.description.indices != found.description.indices {
        throw InputError(
          field: "observables",
          value:
            "\(first.description.name) with indices \(first.description.indices) beside \(name) with indices \(found.description.indices)",
          allowed: "observables with the same indices")
      }
      selected.append(found)
    }
    return selected
  }
}
