/// Value of a parameter as a user writes it.
public enum ParameterValue: Sendable, Hashable {
  /// Whole number.
  case integer(Int)
  /// Real number.
  case real(Double)
  /// True or false.
  case flag(Bool)
  /// Text.
  case text(String)
  /// List, for instance one value per rotor.
  case list([ParameterValue])
}

/// A parameter of a machine.
public struct ParameterDescription: Sendable, Hashable {
  /// Name as in the input file.
  public let name: String
  /// Unit; "1" for dimensionless (hbar = k_B = 1).
  public let unit: String
  /// Value when the input file is silent; nil when the parameter is absent then.
  public let defaultValue: ParameterValue?
  /// Allowed values in words, for instance "real number > 0, or a list of M of them".
  public let allowed: String
  /// One-line meaning.
  public let meaning: String

  /// Creates a description.
  public init(name: String, unit: String, defaultValue: ParameterValue?, allowed: String, meaning: String) {
    self.name = name
    self.unit = unit
    self.defaultValue = defaultValue
    self.allowed = allowed
    self.meaning = meaning
  }
}

/// A quantity that a machine can report.
public struct ObservableDescription: Sendable, Hashable {
  /// Name as in the output columns.
  public let name: String
  /// Unit; "1" for dimensionless.
  public let unit: String
  /// Names of the indices that expand into rows, for instance `["k", "j"]`; empty for a single number.
  public let indices: [String]
  /// One-line meaning with the sign convention.
  public let meaning: String
  /// Paper and equation.
  public let source: String
  /// States it is defined for.
  public let states: [String]
  /// Whether it belongs to the standard set that is reported when the input names none.
  public let isStandard: Bool

  /// Creates a description.
  public init(
    name: String, unit: String, indices: [String] = [], meaning: String, source: String,
    states: [String], isStandard: Bool = false
  ) {
    self.name = name
    self.unit = unit
    self.indices = indices
    self.meaning = meaning
    self.source = source
    self.states = states
    self.isStandard = isStandard
  }
}

/// What a machine is, takes and reports.
public struct MachineDescription: Sendable, Hashable {
  /// Name as in `model = "…"`.
  public let name: String
  /// One-line summary.
  public let summary: String
  /// Paper.
  public let source: String
  /// Parameters in the order of documentation.
  public let parameters: [ParameterDescription]
  /// Observables in the order of documentation.
  public let observables: [ObservableDescription]
  /// States it offers; the first is the default.
  public let states: [String]

  /// Creates a description.
  public init(
    name: String, summary: String, source: String, parameters: [ParameterDescription],
    observables: [ObservableDescription], states: [String]
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.parameters = parameters
    self.observables = observables
    self.states = states
  }
}

/// One computation that a machine is asked for.
public struct PointRequest: Sendable {
  /// One of the machine's states.
  public var state: String
  /// Names of observables, all with the same indices; never empty.
  public var observables: [String]
  /// Ascending times for `dynamics`, from 0 to ``largestTime``; empty otherwise.
  public var times: [Double]
  /// Solver options.
  public var solver: SteadyStateSolver
  /// What points share; ``Sweep/run(_:fixed:request:indices:width:didFinish:)`` makes one where there is none.
  public var cache: SymbolicCache?

  /// Latest time of `dynamics`: up to here doubles tell a step of order one from none.
  public static let largestTime = 1e15

  /// Creates a request.
  public init(state: String, observables: [String], times: [Double] = [], solver: SteadyStateSolver = .init())
  {
    self.state = state
    self.observables = observables
    self.times = times
    self.solver = solver
  }
}

/// Rows of one computation.
public struct PointResult: Sendable {
  /// Names of the index columns that precede the observables in every row; `t` comes first for dynamics.
  public let indexNames: [String]
  /// One row per index value: index values, then the observables in the order of the request. nil is undefined (0/0)
  /// or infinite.
  public let rows: [[Double?]]
  /// How the state was found and how good it is.
  public let certificate: Certificate

  /// Creates a result.
  public init(indexNames: [String], rows: [[Double?]], certificate: Certificate) {
    self.indexNames = indexNames
    self.rows = rows
    self.certificate = certificate
  }
}

/// Prediction for one computation.
public struct PointPlan: Sendable, Equatable {
  /// Unknowns of the full problem, D^2 (D for pure states).
  public let unknownsFull: Int
  /// Unknowns after reduction; an upper bound when counting them would itself be expensive.
  public let unknowns: Int
  /// Route that would be taken.
  public let route: String
  /// Predicted peak memory of the state in bytes.
  public let stateBytes: Int
  /// Rough time of the state in seconds on one thread.
  public let stateSeconds: Double
  /// Other routes to the same steady state, the quickest first; `solver.method` takes their names.
  public let alternatives: [RoutePlan]
  /// Observables that need more than the reduced state; they are computed one after another.
  public var observables: [ObservablePlan] = []

  /// Creates a plan without observables.
  public init(
    unknownsFull: Int, unknowns: Int, route: String, stateBytes: Int, stateSeconds: Double,
    alternatives: [RoutePlan] = []
  ) {
    self.alternatives = alternatives
    self.unknownsFull = unknownsFull
    self.unknowns = unknowns
    self.route = route
    self.stateBytes = stateBytes
    self.stateSeconds = stateSeconds
  }

  /// Predicted peak memory of the point in bytes.
  public var bytes: Int { observables.reduce(stateBytes) { max($0, $1.bytes) } }

  /// Rough time of the point in seconds on one thread.
  public var seconds: Double { observables.reduce(stateSeconds) { $0 + $1.seconds } }
}

/// A model with named parameters and observables: the form in which the command drives it.
public protocol Machine: Sendable {
  /// What the machine is, takes and reports.
  var description: MachineDescription { get }
  /// All parameters with defaults filled in, in the order of the description.
  var parameters: [(name: String, value: ParameterValue)] { get }
  /// Computes one point.
  func compute(_ request: PointRequest) throws(ComputationError) -> PointResult
  /// Predicts one point without computing it.
  func plan(_ request: PointRequest) throws(ComputationError) -> PointPlan
}

/// Why a point could not be computed.
public enum ComputationError: Error, Sendable {
  /// The request or a value in it is not allowed.
  case input(InputError)
  /// The computation failed or did not earn its certificate.
  case solver(SolverError)
  /// An observable has no value in the state that was found.
  case observable(ObservableError)
}

extension ComputationError: CustomStringConvertible {
  /// One sentence: what must hold, then what was found.
  public var description: String {
    switch self {
    case .input(let error): return error.description
    case .solver(let error): return error.description
    case .observable(let error): return error.description
    }
  }
}
