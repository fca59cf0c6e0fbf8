internal import Numerics

/// A system given by its matrices, with the observables that any open system has and those its user names.
public struct CustomMachine: Machine {
  /// The system.
  public let system: CustomSystem
  /// Level of every site at time 0; nil when not given.
  public let initial: [Int]?
  /// Name, parameters, observables and states of this system.
  public let description: MachineDescription
  /// All parameters.
  public let parameters: [(name: String, value: ParameterValue)]
  let definitions: [ObservableDefinition<StateContext>]

  /// What the model offers whatever the system is.
  public static let generalDescription = description(definitions: generalDefinitions)

  /// Creates a machine.
  /// - Parameters:
  ///   - system: The system.
  ///   - given: Parameters of the input file; `initial` is the only one.
  /// - Throws: ``InputError`` for an unknown parameter, or an observable with the name of a general one.
  public init(_ system: CustomSystem, _ given: [String: ParameterValue] = [:]) throws(InputError) {
    let baths = system.generator.baths.map { bath in
      ObservableDefinition<StateContext>.single(
        "Q_\(bath.name)", unit: "energy/time",
        "heat current tr(H D rho) from bath \(bath.name), positive into the system",
        states: Self.states, standard: true, densityStates: ["dynamics"]
      ) { context throws(ObservableError) in
        try context.thermodynamics().flows.first { $0.bath.name == bath.name }?.heat
      }
    }
    let named = system.observables.map { observable in
      ObservableDefinition<StateContext>.single(
        observable.name, unit: "1", "expectation value of the operator given in the input file",
        states: Self.states, standard: true
      ) { context throws(ObservableError) in context.state.expectation(of: observable.operator).real }
    }
    let all = Self.generalDefinitions + baths + named
    let names = all.map(\.description.name)
    for observable in system.observables where names.count(where: { $0 == observable.name }) > 1 {
      throw InputError(
        field: "custom.observable.name", value: "\"\(observable.name)\"",
        allowed:
          "a name other than \((Self.generalDefinitions + baths).map(\.description.name).joined(separator: ", "))"
      )
    }
    let description = Self.description(definitions: all)
    let reader = try ParameterReader(given, for: description)
    initial =
      reader.isGiven("initial")
      ? try reader.integers(
        "initial", count: system.space.sites.count, in: 0..<(system.space.sites.map(\.dimension).max() ?? 1))
      : nil
    for (k, level) in (initial ?? []).enumerated() where level >= system.space.sites[k].dimension {
      throw InputError(
        field: "parameters.initial[\(k)]", value: "\(level)",
        allowed: "a level of site \(k + 1), at most \(system.space.sites[k].dimension - 1)")
    }
    self.system = system
    self.description = description
    self.definitions = all
    parameters = reader.value("initial").map { [("initial", $0)] } ?? []
  }

  private static func description(definitions: [ObservableDefinition<StateContext>]) -> MachineDescription {
    MachineDescription(
      name: "custom",
      summary: "Any finite open system: Hamiltonian and jump operators from Matrix Market files",
      source: "Gorini, Kossakowski, Sudarshan, J. Math. Phys. 17, 821 (1976); Lindblad, CMP 48, 119 (1976)",
      parameters: [
        ParameterDescription(
          name: "initial", unit: "1", defaultValue: nil, allowed: "a list with one level (from 0) per site",
          meaning:
            "product state at time 0 for dynamics (default all 0); with state = \"steady\" the stationary state reached from there"
        )
      ],
      observables: definitions.map(\.description), states: states)
  }

  private static let states = ["steady", "dynamics"]

  private static let generalDefinitions: [ObservableDefinition<StateContext>] = [
    .general(.energy, of: "sites", count: "n", states: states),
    .general(.S, of: "sites", count: "n", states: states),
    .general(.purity, of: "sites", count: "n", states: states),
    .general(.first_law, of: "sites", count: "n", states: states),
    ObservableDefinition.single(
      "Sigma", unit: "nat/time",
      "entropy production rate dS/dt - sum_k beta_k Q_k; undefined unless every bath has a temperature",
      states: states, standard: true, densityStates: ["dynamics"]
    ) { context throws(ObservableError) in
      let thermodynamics = try context.thermodynamics()
      return thermodynamics.flows.allSatisfy { $0.bath.inverseTemperature != nil }
        ? thermodynamics.entropyProduction : nil
    },
  ]
}

extension CustomMachine: MasterEquationMachine {
  func generator() throws(InputError) -> LindbladGenerator { system.generator }

  func symmetries() -> [PermutationSymmetry] { [] }

  var relaxesFromInitialState: Bool { initial != nil }

  func initialState() throws(InputError) -> any QuantumState {
    system.space.productState(initial)
  }

  func context(of state: any QuantumState, under generator: LindbladGenerator, stationary: Bool)
    -> StateContext
  {
    StateContext(generator: generator, state: state, stationary: stationary)
  }

  func indexRows(for indices: [String]) -> [[Double]] { [[]] }

  /// Predicts one point by counting the unknowns of the sector that holds the populations.
  /// - Throws: `tooLarge` when it does not fit.
  public func plan(_ request: PointRequest) throws(ComputationError) -> PointPlan {
    let selected: [ObservableDefinition<StateContext>]
    do {
      selected = try ObservableDefinition.select(request, from: definitions, machine: description.name)
    } catch { throw .input(error) }
    let terms = system.generator.terms()
    do throws(SolverError) {
      var plan = try request.plan(.counted(terms, space: system.space, symmetries: []))
      let limit = request.solver.availableMemory
      guard plan.bytes <= limit else {
        throw SolverError.tooLarge(
          bytes: plan.bytes, limit: limit,
          advice: "the reduced problem has \(plan.unknowns) unknowns; fewer sites or levels would fit")
      }
      plan.observables = try ObservableDefinition.plans(
        of: selected, dimension: terms.dimension, levelSum: system.space.levelSum, request)
      return plan
    } catch { throw .solver(error) }
  }
}
