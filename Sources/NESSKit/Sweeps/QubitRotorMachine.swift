/// Two qubits and a rotor with named parameters and observables.
///
/// With `window = "auto"` the window of rotor levels grows until walls and identities are below tolerance; every point has its own.
public struct QubitRotorMachine: Machine {
  /// The device; its window is of no importance when ``isAutomatic``.
  public let device: QubitRotor
  /// Whether the window is found.
  public let isAutomatic: Bool
  /// All parameters with defaults filled in.
  public let parameters: [(name: String, value: ParameterValue)]
  private let initial: InitialState
  private let alpha: Double
  private let collisions: QubitRotorCollisions

  /// Name, parameters, observables and states.
  public var description: MachineDescription { Self.description }

  /// How the catalogue makes one.
  public static let kind = MachineKind(description: description) { given throws(InputError) in
    try QubitRotorMachine(given)
  }

  /// Creates a machine from what a user gave.
  /// - Throws: ``InputError``
  public init(_ given: [String: ParameterValue]) throws(InputError) {
    let reader = try ParameterReader(given, for: Self.description)
    let g = try reader.real("g")
    let chi = try reader.real("chi")
    guard abs(chi) <= 1 else { throw reader.wrong("chi") }
    guard g >= 0 else { throw reader.wrong("g") }
    func qubit(_ number: Int, _ coupling: Double) throws(InputError) -> QubitRotor.Qubit {
      QubitRotor.Qubit(
        field: try reader.real("B\(number)"), coupling: coupling,
        inverseTemperature: number == 1 ? try reader.real("beta1") : try Self.secondTemperature(reader))
    }
    let (first, second) = (try qubit(1, g * (1 - chi)), try qubit(2, g * (1 + chi)))
    let inertia = try reader.real("I")
    isAutomatic = reader.isGiven("window")
    if isAutomatic {
      _ = try reader.text("window", as: Window.self)
      for name in ["lmin", "lmax"] where reader.isGiven(name) {
        throw InputError(
          field: "parameters.window", value: "\"auto\" together with \(name)",
          allowed: "\"auto\" alone, or lmin and lmax")
      }
    }
    let range = -QubitRotor.largestWindow...QubitRotor.largestWindow
    let (lmin, lmax) = (try reader.integer("lmin", in: range), try reader.integer("lmax", in: range))
    guard lmin < lmax else {
      throw InputError(
        field: "parameters.lmin", value: "\(lmin) with lmax = \(lmax)", allowed: "a whole number below lmax")
    }
    do {
      device = try QubitRotor(
        first: first, second: second, inertia: inertia, interaction: reader.real("lambda"),
        loadInverseTemperature: reader.real("beta_r"), friction: reader.real("gamma"), levels: lmin...lmax,
        equation: Self.equation(reader))
    } catch { throw reader.located(error) }
    initial = try InitialState(reader)
    alpha = try reader.real("alpha")
    guard (0...1).contains(alpha) else { throw reader.wrong("alpha") }
    do {
      collisions = try QubitRotorCollisions(
        duration: reader.real("tau"),
        ancillaLevels: reader.isGiven("ancilla_levels")
          ? reader.integer("ancilla_levels", in: QubitRotorCollisions.allowedLevels) : nil)
    } catch { throw reader.located(error) }
    var names = Self.description.parameters.map(\.name)
    let unused: Set<String> =
      Set(isAutomatic ? ["lmin", "lmax"] : ["window"])
      .union(reader.isGiven("r") && !reader.isGiven("beta2") ? ["beta2"] : [])
      .union(device.equation == .local ? ["Omega", "negative_frequency_rule"] : [])
    names.removeAll { unused.contains($0) }
    parameters = names.compactMap { name in reader.value(name).map { (name, $0) } }
  }

  /// beta2, or r beta1; both may be given where they agree.
  private static func secondTemperature(_ reader: ParameterReader) throws(InputError) -> Double {
    guard reader.isGiven("r") else { return try reader.real("beta2") }
    let ratio = try reader.real("r")
    guard ratio > 0 else { throw reader.wrong("r") }
    let found = ratio * (try reader.real("beta1"))
    guard reader.isGiven("beta2") else { return found }
    let given = try reader.real("beta2")
    guard abs(found - given) <= 1e-9 * abs(given) else { throw reader.wrong("r") }
    return given
  }

  enum Window: String, CaseIterable { case auto }
  enum Kind: String, CaseIterable { case local, global }

  private static func equation(_ reader: ParameterReader) throws(InputError) -> QubitRotor.Equation {
    // Also what the local equation has no use for must make sense.
    let rule = try reader.text("negative_frequency_rule", as: SpectralDensity.NegativeFrequencies.self)
    let cutoff: QubitRotor.Cutoff
    if case .text("omega_max")? = reader.value("Omega") {
      cutoff = .largestTransition
    } else {
      let frequency = try reader.real("Omega")
      guard frequency > 0 else { throw reader.wrong("Omega") }
      cutoff = .frequency(frequency)
    }
    return try reader.text("master_equation", as: Kind.self) == .global
      ? .global(cutoff: cutoff, rule: rule) : .local
  }

  /// Computes one point.
  public func compute(_ request: PointRequest) throws(ComputationError) -> PointResult {
    try checkBaths(request)
    guard isAutomatic else { return try point(device, request).compute(request) }
    var search = try search(request)
    // The observables do not depend on the window.
    let selected = try point(in: search.levels, request).selection(request)
    while true {
      let point = try point(in: search.levels, request)
      // Collisions know how exact their maps are, and choose for themselves.
      var solving = request
      if request.state == "steady" { solving.solver = search.solver(request.solver) }
      var (contexts, certificate): ([QubitRotorContext], Certificate)
      do { (contexts, certificate) = try point.solve(solving, selected) } catch .solver(let error) {
        throw .solver(search.explained(error))
      }
      let isFound: Bool
      do { isFound = try search.accepts(contexts.flatMap(\.passed)) } catch { throw .solver(error) }
      if isFound {
        let levels = point.device.levels
        certificate.method = "window(\(levels.lowerBound)..\(levels.upperBound))+\(certificate.method)"
        return try point.read(selected, request, contexts, certificate)
      }
    }
  }

  /// Predicts one point without computing it; with an automatic window, for the window that the search starts from.
  public func plan(_ request: PointRequest) throws(ComputationError) -> PointPlan {
    try checkBaths(request)
    guard isAutomatic else { return try point(device, request).plan(request) }
    return try point(in: try search(request).levels, request).plan(request)
  }

  /// Refuses what has no unique state to settle in, where the couplings tell so. A qubit without a bath of its own settles only through
  /// the other one, and only with a load: else n1 - l or n2 + l, whose bath is missing, is conserved.
  private func checkBaths(_ request: PointRequest) throws(ComputationError) {
    guard request.state != "dynamics" else { return }
    let free = [device.first, device.second].count { $0.coupling == 0 }
    let settling = "for state \"\(request.state)\""
    if free == 2 {
      throw .input(
        InputError(
          field: "parameters.g", value: "0",
          allowed: "a number > 0 \(settling): without baths nothing determines the state of the qubits"))
    }
    if free == 1, device.interaction == 0 || device.friction == 0 {
      throw .input(
        InputError(
          field: "parameters.chi",
          value:
            "\(device.first.coupling == 0 ? 1 : -1) together with \(device.interaction == 0 ? "lambda" : "gamma") = 0",
          allowed:
            "a number between -1 and 1, without them, \(settling): nothing determines the state of a qubit without bath"
        ))
    }
  }

  /// The search for a window. What settles needs friction to settle; an evolution has reached so far only.
  private func search(_ request: PointRequest) throws(ComputationError) -> QubitRotorWindowSearch {
    let isEvolution = request.state == "dynamics"
    guard isEvolution || device.friction > 0 else {
      throw .input(
        InputError(
          field: "parameters.gamma", value: "0 with window = \"auto\" and state \"\(request.state)\"",
          allowed: "a number > 0: without load the rotor never settles in a window without end"))
    }
    let start = isEvolution ? initial.rotorLevel : 0
    let farthest = QubitRotorWindowSearch.largestWindow / 4
    guard (-farthest...farthest).contains(start) else {
      throw .input(
        InputError(
          field: "parameters.initial_state", value: "rotor level \(start) with window = \"auto\"",
          allowed: "a level from \(-farthest) to \(farthest), or lmin and lmax"))
    }
    return QubitRotorWindowSearch(of: device, from: start)
  }

  private func point(_ device: QubitRotor, _ request: PointRequest) -> QubitRotorPoint {
    QubitRotorPoint(
      device: device, initial: initial, alpha: alpha, collisions: collisions, solver: request.solver,
      cache: request.cache, isAutomatic: isAutomatic)
  }

  private func point(
    in levels: ClosedRange<Int>, _ request: PointRequest
  ) throws(ComputationError) -> QubitRotorPoint {
    do { return point(try device.with(levels: levels), request) } catch { throw .input(error) }
  }

  /// State at time 0 as a user names it.
  enum InitialState: Sendable {
    /// Qubits in the Gibbs states of their baths, and the rotor in this level.
    case thermalQubits(rotor: Int)
    /// |n1 n2 l>.
    case basisState(Int, Int, rotor: Int)

    init(_ reader: ParameterReader) throws(InputError) {
      guard case .text(let text)? = reader.value("initial_state") else { throw reader.wrong("initial_state") }
      let thermal = "thermal qubits, rotor |"
      if text.hasPrefix(thermal), text.hasSuffix(">"),
        let level = Int(text.dropFirst(thermal.count).dropLast())
      {
        self = .thermalQubits(rotor: level)
        return
      }
      let parts = text.dropFirst().dropLast().split(separator: " ").map { Int($0) }
      guard text.hasPrefix("|"), text.hasSuffix(">"), parts.count == 3, let n1 = parts[0], let n2 = parts[1],
        let level = parts[2], (0...1).contains(n1), (0...1).contains(n2)
      else { throw reader.wrong("initial_state") }
      self = .basisState(n1, n2, rotor: level)
    }

    /// Level of the rotor.
    var rotorLevel: Int {
      switch self {
      case .thermalQubits(let level), .basisState(_, _, let level): level
      }
    }

    func state(of device: QubitRotor) throws(InputError) -> any QuantumState {
      do {
        switch self {
        case .thermalQubits(let level): return try device.thermalQubits(rotor: level)
        case .basisState(let n1, let n2, let level): return try device.basisState(n1, n2, rotor: level)
        }
      } catch {
        throw InputError(field: "parameters.\(error.field)", value: error.value, allowed: error.allowed)
      }
    }
  }
}

/// One device with a window of its own.
struct QubitRotorPoint {
  let device: QubitRotor
  let initial: QubitRotorMachine.InitialState
  let alpha: Double
  let collisions: QubitRotorCollisions
  let solver: SteadyStateSolver
  let cache: SymbolicCache?
  /// Whether the window was found, and that of the device with exchanged temperatures is to be found as well.
  let isAutomatic: Bool
}

extension QubitRotorPoint: MasterEquationMachine {
  var description: MachineDescription { QubitRotorMachine.description }
  var parameters: [(name: String, value: ParameterValue)] { [] }
  var definitions: [QubitRotorMachine.Definition] { QubitRotorMachine.definitions }

  func generator() throws(InputError) -> QubitRotorEquation { try device.masterEquation() }
  func symmetries() -> [PermutationSymmetry] { [] }
  func initialState() throws(InputError) -> any QuantumState { try initial.state(of: device) }
  var relaxesFromInitialState: Bool { false }

  func context(
    of state: any QuantumState, under generator: QubitRotorEquation, stationary: Bool
  ) -> QubitRotorContext {
    QubitRotorContext(
      device: device, state: state, equation: generator, alpha: alpha, solver: solver,
      cache: cache, isStationary: stationary, isAutomatic: isAutomatic)
  }

  func indexRows(for indices: [String]) -> [[Double]] {
    indices == QubitRotorMachine.levelIndex ? device.levels.map { [Double($0)] } : [[]]
  }
}
