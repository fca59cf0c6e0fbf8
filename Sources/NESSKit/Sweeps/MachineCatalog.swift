/// A kind of machine: its description, and how one is made from parameters.
public struct MachineKind: Sendable {
  /// What machines of this kind are, take and report.
  public let description: MachineDescription
  /// Makes a machine from the parameters that a user gave; what is missing takes its default.
  /// - Throws: ``InputError`` that names the first parameter that is unknown or out of range.
  public let make: @Sendable ([String: ParameterValue]) throws(InputError) -> any Machine

  /// Creates a kind.
  public init(
    description: MachineDescription,
    make: @escaping @Sendable ([String: ParameterValue]) throws(InputError) -> any Machine
  ) {
    self.description = description
    self.make = make
  }
}

/// Machines that can be looked up by the name of their model.
public struct MachineCatalog: Sendable {
  /// Kinds in the order of documentation.
  public let kinds: [MachineKind]

  /// Creates a catalogue.
  /// - Precondition: no two kinds have the same name.
  public init(_ kinds: [MachineKind]) {
    let names = kinds.map(\.description.name)
    precondition(Set(names).count == names.count, "names of machine kinds must differ, but are \(names)")
    self.kinds = kinds
  }

  /// Names of the models, in order.
  public var names: [String] { kinds.map(\.description.name) }

  /// Returns the kind of this name.
  /// - Throws: ``InputError`` for field `model` that lists the names and the nearest one.
  public func kind(named name: String) throws(InputError) -> MachineKind {
    if let kind = kinds.first(where: { $0.description.name == name }) { return kind }
    throw InputError(
      field: "model", value: ParameterValue.text(name).description,
      allowed: Suggestion.allowed(names, near: name))
  }
}
