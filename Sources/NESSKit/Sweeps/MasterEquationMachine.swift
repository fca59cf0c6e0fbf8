/// A machine with a master equation: steady states and dynamics are computed here for all of them.
protocol MasterEquationMachine: Machine {
  /// One state with whatever the machine's observables share.
  associatedtype Context
  /// Type of the master equation.
  associatedtype Equation: MasterEquation
  /// All observables.
  var definitions: [ObservableDefinition<Context>] { get }
  /// The master equation.
  func generator() throws(InputError) -> Equation
  /// Permutation symmetries; solvers verify them.
  func symmetries() -> [PermutationSymmetry]
  /// State at time 0 for dynamics.
  func initialState() throws(InputError) -> any QuantumState
  /// Whether the user asked for the stationary state that the initial state relaxes to.
  var relaxesFromInitialState: Bool { get }
  /// What observables of a state share.
  func context(of state: any QuantumState, under generator: Equation, stationary: Bool) -> Context
  /// Values of the index columns, one row per index value; a single empty row without indices.
  func indexRows(for indices: [String]) -> [[Double]]
  /// Refuses what cannot fit before anything large is built.
  func checkSize(_ request: PointRequest) throws(ComputationError)
  /// What the solver refused as too large, with what would fit.
  func advised(_ refused: SolverError, of request: PointRequest) -> ComputationError
  /// Computes a state that needs no master equation, which may be much larger than the state; nil for other states.
  func computeWithoutBaths(
    _ request: PointRequest
  ) throws(ComputationError) -> (context: Context, certificate: Certificate)?
  /// Computes a state other than `steady` and `dynamics`.
  func computeOther(
    _ state: String, _ generator: Equation
  ) throws(ComputationError) -> (context: Context, certificate: Certificate)
}

extension MasterEquationMachine {
  /// Nothing is refused here; the solver still looks at the reduced problem.
  func checkSize(_ request: PointRequest) throws(ComputationError) {}

  /// The solver's own advice.
  func advised(_ refused: SolverError, of request: PointRequest) -> ComputationError { .solver(refused) }

  /// There is no other state.
  func computeOther(
    _ state: String, _ generator: Equation
  ) throws(ComputationError) -> (context: Context, certificate: Certificate) {
    throw .input(
      InputError(
        field: "state", value: ParameterValue.text(state).description,
        allowed: Suggestion.allowed(description.states, near: state)))
  }

  /// All states need the master equation.
  func computeWithoutBaths(
    _ request: PointRequest
  ) throws(ComputationError) -> (context: Context, certificate: Certificate)? { nil }

  /// Computes one point.
  public func compute(_ request: PointRequest) throws(ComputationError) -> PointResult {
    let selected = try selection(request)
    try checkSize(request)
    do {
      let (contexts, certificate) = try solve(request, selected)
      return try read(selected, request, contexts, certificate)
    } catch .solver(let error) {
      throw advised(error, of: request)
    }
  }

  /// The observables that are asked for.
  func selection(
    _ request: PointRequest
  ) throws(ComputationError) -> [ObservableDefinition<Context>] {
    try input { () throws(InputError) in
      try ObservableDefinition.select(request, from: definitions, machine: description.name)
    }
  }

  /// The states that are asked for: one for every time of dynamics, otherwise a single one.
  func solve(
    _ request: PointRequest, _ selected: [ObservableDefinition<Context>]
  ) throws(ComputationError) -> (contexts: [Context], certificate: Certificate) {
    if let (context, certificate) = try computeWithoutBaths(request) { return ([context], certificate) }
    let generator = try input(generator)
    let space = generator.space
    do {
      _ = try ObservableDefinition.plans(
        of: selected, dimension: space.dimension, levelSum: space.levelSum, request)
    } catch { throw .solver(error) }
    switch request.state {
    case "steady":
      let steady = try steadyState(generator, request)
      return ([context(of: steady.state, under: generator, stationary: true)], steady.certificate)
    case "dynamics":
      try input { () throws(InputError) in try Self.check(times: request.times) }
      let (evolution, equation) = try evolution(generator, request)
      return (
        evolution.states.map { context(of: $0, under: equation, stationary: false) }, evolution.certificate
      )
    default:
      let (context, certificate) = try computeOther(request.state, generator)
      return ([context], certificate)
    }
  }

  /// Observables of the states that ``solve(_:_:)`` found.
  func read(
    _ selected: [ObservableDefinition<Context>], _ request: PointRequest, _ contexts: [Context],
    _ certificate: Certificate
  ) throws(ComputationError) -> PointResult {
    let isTimed = request.state == "dynamics"
    var all: [[Double?]] = []
    for (place, context) in contexts.enumerated() {
      let time: [Double?] = isTimed ? [request.times[place]] : []
      all += try rows(selected, context).map { time + $0 }
    }
    return PointResult(
      indexNames: (isTimed ? ["t"] : []) + (selected.first?.description.indices ?? []), rows: all,
      certificate: certificate)
  }

  private func steadyState(
    _ generator: Equation, _ request: PointRequest
  ) throws(ComputationError) -> SteadyState {
    let solver = request.solver
    let initial = relaxesFromInitialState ? try input(initialState) : nil
    do {
      if let initial { return try solver.relaxedState(of: generator.describing(initial), from: initial) }
      return try solver.solve(generator, symmetries: symmetries(), reusing: request.cache)
    } catch { throw .solver(error) }
  }

  private func evolution(
    _ generator: Equation, _ request: PointRequest
  ) throws(ComputationError) -> (TimeEvolution, equation: Equation) {
    let initial = try input(initialState)
    do {
      let equation = try generator.describing(initial)
      return (
        try TimeEvolution(
          of: equation, from: initial, to: request.times, symmetries: symmetries(),
          tolerance: request.solver.tolerance, memoryLimit: request.solver.memoryLimit), equation
      )
    } catch { throw .solver(error) }
  }

  private func rows(
    _ selected: [ObservableDefinition<Context>], _ context: Context
  ) throws(ComputationError) -> [[Double?]] {
    var columns: [[Double?]] = []
    for definition in selected {
      do { columns.append(try definition.values(context)) } catch { throw .observable(error) }
    }
    return indexRows(for: selected.first?.description.indices ?? []).enumerated().map { row, index in
      // What diverges in a state (the entropy production of a pure one) has no number either.
      index.map { $0 } + columns.map { $0[row].flatMap { $0.isFinite ? $0 : nil } }
    }
  }

  private static func check(times: [Double]) throws(InputError) {
    var previous = 0.0
    for time in times {
      guard time >= previous, time <= PointRequest.largestTime else {
        throw InputError(
          field: "time.values", value: "\(time) after \(previous)",
          allowed: "ascending numbers from 0 to \(PointRequest.largestTime)")
      }
      previous = time
    }
    guard !times.isEmpty else {
      throw InputError(
        field: "time.values", value: "empty", allowed: "at least one time for state \"dynamics\"")
    }
  }

  private func input<R>(_ body: () throws(InputError) -> R) throws(ComputationError) -> R {
    do { return try body() } catch { throw .input(error) }
  }
}

extension HilbertSpace {
  /// Levels of all sites together.
  var levelSum: Int { sites.reduce(0) { $0 + $1.dimension } }

  /// The basis state with these levels, all 0 when nil.
  func productState(_ levels: [Int]?) -> StateVector {
    StateVector(
      basisState: zip(levels ?? sites.map { _ in 0 }, strides).reduce(0) { $0 + $1.0 * $1.1 }, in: self)
  }
}
