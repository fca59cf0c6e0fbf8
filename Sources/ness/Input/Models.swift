import NESSKit

/// Models that the command offers: those of the library, and systems that an input file gives by matrices.
struct Models {
  private let catalog: MachineCatalog

  static let standard = Models(catalog: .standard)

  /// Name of the model whose matrices the input file gives.
  static let custom = "custom"

  /// Descriptions in the order of documentation.
  var descriptions: [MachineDescription] {
    catalog.kinds.map(\.description) + [CustomMachine.generalDescription]
  }

  /// The description of this name.
  func description(named name: String) throws(Failure) -> MachineDescription {
    guard let description = descriptions.first(where: { $0.name == name }) else {
      throw Failure(.input, unknown(name).description)
    }
    return description
  }

  /// The kind of machine that an input file asks for.
  func kind(for input: RunInput) throws(Failure) -> MachineKind {
    if let custom = input.custom {
      let system = try custom.system(input.document)
      return MachineKind(description: CustomMachine.generalDescription) { given throws(InputError) in
        try CustomMachine(system, given)
      }
    }
    guard let kind = catalog.kinds.first(where: { $0.description.name == input.model }) else {
      throw input.document.failure(unknown(input.model))
    }
    return kind
  }

  private func unknown(_ name: String) -> InputError {
    InputError(
      field: "model", value: ParameterValue.text(name).description,
      allowed: Suggestion.allowed(descriptions.map(\.name), near: name))
  }
}
