internal import Numerics

extension ObservableDefinition {
  /// A single number without indices.
  static func single(
    _ name: String, unit: String, _ meaning: String, source: String = "", states: [String],
    standard: Bool = false, densityStates: [String] = [], densityWork: DensityWork = .eigenvectors,
    _ value: @escaping @Sendable (Context) throws(ObservableError) -> Double?
  ) -> ObservableDefinition {
    ObservableDefinition(
      description: ObservableDescription(
        name: name, unit: unit, meaning: meaning, source: source, states: states, isStandard: standard),
      densityStates: densityStates, densityWork: densityWork
    ) { context throws(ObservableError) in [try value(context)] }
  }

  /// One number for each row of the machine's index values; `rows` lists what a row is computed from.
  static func indexed<Row>(
    by indices: [String], _ name: String, unit: String, _ meaning: String, source: String = "",
    states: [String], densityStates: [String] = [],
    over rows: @escaping @Sendable (Context) -> [Row],
    _ value: @escaping @Sendable (Context, Row) throws(ObservableError) -> Double?
  ) -> ObservableDefinition {
    ObservableDefinition(
      description: ObservableDescription(
        name: name, unit: unit, indices: indices, meaning: meaning, source: source, states: states),
      densityStates: densityStates
    ) { context throws(ObservableError) in
      var values: [Double?] = []
      for row in rows(context) { values.append(try value(context, row)) }
      return values
    }
  }
}

/// Quantities that every quantum state has, under the same name in every machine.
enum GeneralObservable: String {
  case energy, S, S_A, I, C, N_A, purity, lambda_min, first_law

  fileprivate var unit: String {
    switch self {
    case .energy: "energy"
    case .S, .S_A, .I: "nat"
    case .C, .N_A, .purity, .lambda_min: "1"
    case .first_law: "energy/time"
    }
  }

  /// What it is, for a machine whose parts are called `parts`, with the name `count` for their number.
  fileprivate func meaning(_ parts: String, count: String) -> String {
    switch self {
    case .energy: "mean energy tr(rho H)"
    case .S: "von Neumann entropy of the whole state"
    case .S_A: "von Neumann entropy of the first floor(\(count)/2) \(parts)"
    case .I: "mutual information of the first floor(\(count)/2) \(parts) and the others"
    case .C: "L1 coherence: sum of |rho_ij| over i != j in the basis of the space"
    case .N_A:
      "negativity of the first floor(\(count)/2) \(parts) and the others: sum of |negative eigenvalues| of the partial transpose"
    case .purity: "tr rho^2"
    case .lambda_min: "smallest eigenvalue of the partial transpose over the first floor(\(count)/2) \(parts)"
    case .first_law: "energy from all baths minus the change of energy; 0 by the first law"
    }
  }

  /// Whether its value in a state of this kind takes the full density matrix. A steady state of a large system comes in blocks or
  /// orbits, which know shorter ways to their eigenvalues.
  fileprivate func needsDensity(in state: String) -> Bool {
    switch self {
    case .energy, .S_A, .C, .purity, .first_law: false
    case .S, .I: state == "dynamics"
    case .N_A, .lambda_min: state != "ground"
    }
  }

  /// What it is computed from when that is the full density matrix.
  fileprivate var densityWork: DensityWork {
    switch self {
    case .N_A, .lambda_min: .partialTranspose
    default: .spectrum
    }
  }

  fileprivate func value(in context: StateContext) throws(ObservableError) -> Double? {
    switch self {
    case .energy: context.energy()
    case .S: try context.entropy()
    case .S_A: try context.entropyOfHalf()
    case .I: try context.mutualInformation()
    case .C: context.coherence()
    case .N_A: try context.negativity()
    case .purity: context.purity()
    case .lambda_min: try context.smallestTransposedEigenvalue()
    case .first_law: try context.balance().firstLawResidual
    }
  }
}

extension ObservableDefinition where Context: StateContext {
  /// A quantity that every quantum state has; `parts` and `count` are what the machine calls its sites and their number.
  static func general(
    _ quantity: GeneralObservable, of parts: String, count: String, source: String = "", states: [String],
    standard: Bool = false
  ) -> ObservableDefinition {
    single(
      quantity.rawValue, unit: quantity.unit, quantity.meaning(parts, count: count), source: source,
      states: states, standard: standard, densityStates: states.filter(quantity.needsDensity),
      densityWork: quantity.densityWork
    ) { context throws(ObservableError) in try quantity.value(in: context) }
  }
}
