/// The boundary-driven spin chain with named parameters and observables.
///
/// Sites and bonds count from 1 in index columns; bond l joins the sites l and l + 1.
public struct SpinChainMachine: Machine {
  /// The chain.
  public let chain: SpinChain
  /// Level (0 down, 1 up) of every site at time 0; nil when not given.
  public let initial: [Int]?
  /// All parameters with defaults filled in.
  public let parameters: [(name: String, value: ParameterValue)]

  /// Name, parameters, observables and states.
  public var description: MachineDescription { Self.description }

  /// How the catalogue makes one.
  public static let kind = MachineKind(description: description) { given throws(InputError) in
    try SpinChainMachine(given)
  }

  /// Creates a machine from what a user gave.
  /// - Throws: ``InputError``
  public init(_ given: [String: ParameterValue]) throws(InputError) {
    let reader = try ParameterReader(given, for: Self.description)
    let sites = try reader.integer("N", in: 2...64)
    let fields = try reader.oneOrEach("h", count: sites)
    var names = ["N", "J", "Delta", "h", "gamma_L", "gamma_R"]
    var ends: [SpinChain.End] = []
    for (side, field) in [("L", fields[0]), ("R", fields[sites - 1])] {
      let coupling = try reader.real("gamma_\(side)")
      let name = try reader.alternative(["mu_\(side)", "beta_\(side)"]) ?? "mu_\(side)"
      let value = try reader.real(name)
      names.append(name)
      ends.append(
        name.hasPrefix("mu")
          ? SpinChain.End(coupling: coupling, magnetization: value)
          : .thermal(coupling: coupling, inverseTemperature: value, field: field))
    }
    names.append("gamma_phi")
    do {
      chain = try SpinChain(
        sites: sites, couplings: reader.oneOrEach("J", count: sites - 1),
        anisotropies: reader.oneOrEach("Delta", count: sites - 1), fields: fields, left: ends[0],
        right: ends[1], dephasing: reader.oneOrEach("gamma_phi", count: sites))
    } catch { throw reader.located(error) }
    initial =
      reader.isGiven("initial") ? try reader.integers("initial", count: sites, in: 0..<2) : nil
    if initial != nil { names.append("initial") }
    var listed: [(name: String, value: ParameterValue)] = []
    for name in names { if let value = reader.value(name) { listed.append((name, value)) } }
    parameters = listed
  }
}

extension SpinChainMachine: ScalableMachine {
  static var sizeParameter: String { "N" }
  static var otherAdvice: String? { nil }
  var size: Int { chain.sites }
  var levels: Int { 2 }
  var dimension: Int { chain.space.dimension }
  var definitions: [Definition] { Self.definitions }

  func generator() throws(InputError) -> LindbladGenerator { try chain.generator() }

  func symmetries() -> [PermutationSymmetry] { chain.symmetries() }

  var relaxesFromInitialState: Bool { initial != nil }

  func initialState() throws(InputError) -> any QuantumState { chain.space.productState(initial) }

  func context(
    of state: any QuantumState, under generator: LindbladGenerator, stationary: Bool
  ) -> SpinChainContext {
    SpinChainContext(chain: chain, generator: generator, state: state, stationary: stationary)
  }

  func indexRows(for indices: [String]) -> [[Double]] {
    switch indices {
    case Self.siteIndex: (1...chain.sites).map { [Double($0)] }
    case Self.pairIndex: chain.pairs.map { [Double($0.0 + 1), Double($0.1 + 1)] }
    default: [[]]
    }
  }

  func prediction(_ request: PointRequest, size: Int) throws -> PointPlan {
    let chain = try chain.prefix(size)
    let space = chain.space
    if request.state == "dynamics" {
      // binomial(2N, N) = prod_k (N + k)/k elements without net magnetization between ket and bra, exact at every step. An initial
      // configuration breaks the symmetries.
      let elements = (1...size).reduce(1.0) { $0 * Double(size + $1) / Double($1) }
      // Per element: hopping of ket and bra where neighbours differ, its own phase and decay, and the jumps of two ends.
      return request.planDynamics(
        dimension: space.dimension, unknowns: PointPlan.clamped(elements),
        nonzerosPerUnknown: 2 * chain.sites + 4)
    }
    guard space.dimension <= Self.largestCounted else {
      var plan = ProblemSize.estimated(
        dimension: space.dimension, groupOrder: chain.symmetryFactor, driftRow: chain.sites,
        jumpsAreClassical: false)
      // Sectors of binomial(N, n) states; symmetries pair them.
      var order = 1.0
      plan.blockOrders = (0...size).map { n in
        if n > 0 { order *= Double(size - n + 1) / Double(n) }
        return Int(min(order, 9e18))
      }
      plan.unknowns = PointPlan.clamped(plan.blockOrders.reduce(0.0) { $0 + Double($1) * Double($1) })
      plan.nonzeros = PointPlan.clamped(Double(plan.unknowns) * Double(2 * chain.sites + 4))
      return try request.plan(plan)
    }
    return try request.plan(
      .counted(try chain.generator().terms(), space: space, symmetries: chain.symmetries()))
  }
}

extension SpinChain {
  /// Pairs of different sites, the first one varying slowest.
  var pairs: [(Int, Int)] {
    (0..<sites).flatMap { a in ((a + 1)..<sites).map { (a, $0) } }
  }

  /// The chain of the first `count` sites with the same baths at its ends.
  func prefix(_ count: Int) throws(InputError) -> SpinChain {
    try SpinChain(
      sites: count, couplings: Array(couplings.prefix(count - 1)),
      anisotropies: Array(anisotropies.prefix(count - 1)), fields: Array(fields.prefix(count)), left: left,
      right: right, dephasing: Array(dephasing.prefix(count)))
  }
}
