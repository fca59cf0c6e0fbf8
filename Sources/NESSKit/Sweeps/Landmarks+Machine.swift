/// One observable of a machine as a function of one of its parameters.
public struct MachineCurve: Sendable {
  /// Makes the machine of a point.
  public let kind: MachineKind
  /// Parameters that do not change.
  public let fixed: [String: ParameterValue]
  /// Parameter that varies; it takes real numbers.
  public let parameter: String
  /// Name of the observable, one without indices.
  public let observable: String
  /// One of the machine's states other than dynamics.
  public let state: String
  /// Solver options.
  public let solver: SteadyStateSolver
  private let cache = SymbolicCache()

  /// Creates a curve.
  public init(
    of observable: String, in kind: MachineKind, state: String, varying parameter: String,
    fixed: [String: ParameterValue], solver: SteadyStateSolver = .init()
  ) {
    self.kind = kind
    self.fixed = fixed
    self.parameter = parameter
    self.observable = observable
    self.state = state
    self.solver = solver
  }

  /// The observable at a value of the parameter; nil where it is undefined.
  /// - Throws: ``ComputationError``, also for an observable with indices, which has no single value.
  public func value(at position: Double) throws(ComputationError) -> Double? {
    var parameters = fixed
    parameters[parameter] = .real(position)
    let machine: any Machine
    do { machine = try kind.make(parameters) } catch { throw .input(error) }
    var request = PointRequest(state: state, observables: [observable], solver: solver)
    request.cache = cache
    let result = try machine.compute(request)
    guard result.indexNames.isEmpty, result.rows.count == 1 else {
      throw .input(
        InputError(
          field: "observables", value: "\"\(observable)\" with indices \(result.indexNames)",
          allowed: "an observable without indices, where a zero or an extremum is looked for"))
    }
    return result.rows[0][0]
  }
}

extension LandmarkFinder {
  /// Zeros and extrema of an observable.
  public func landmarks(
    _ kinds: Set<Landmark.Kind> = Set(Landmark.Kind.allCases), of curve: MachineCurve, on grid: [Double]
  ) throws(ComputationError) -> [Landmark] {
    try landmarks(kinds, on: grid) { position throws(ComputationError) in try curve.value(at: position) }
  }

  /// Where two curves cross, for instance the Binder cumulants of two system sizes; `value` of a crossing is the difference left.
  public func crossings(
    of first: MachineCurve, with second: MachineCurve, on grid: [Double]
  ) throws(ComputationError) -> [Landmark] {
    try landmarks([.zero], on: grid) { position throws(ComputationError) in
      guard let a = try first.value(at: position), let b = try second.value(at: position) else { return nil }
      return a - b
    }
  }
}
