import NESSKit

/// Models that the command offers.
struct Models {
  let catalog: MachineCatalog

  static let standard = Models(catalog: .standard)

  var kinds: [MachineKind] { catalog.kinds }

  /// The kind of this name.
  func kind(named name: String) throws(Failure) -> MachineKind {
    do throws(InputError) {
      return try catalog.kind(named: name)
    } catch {
      throw Failure(.input, error.description)
    }
  }

  /// The kind that an input file asks for.
  func kind(for input: RunInput) throws(Failure) -> MachineKind {
    do throws(InputError) {
      return try catalog.kind(named: input.model)
    } catch {
      throw input.document.failure(error)
    }
  }
}
