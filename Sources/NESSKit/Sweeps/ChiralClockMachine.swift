/// The chiral clock ring with named parameters and observables.
///
/// Specification of names and signs: Puebla et al., Phys. Rev. Research 4, 043066 (2022). Rotors k and positions j in index columns
/// count as in the paper: k from 1, j from 0.
public struct ChiralClockMachine: Machine {
  /// The ring.
  public let ring: ChiralClockRing
  /// Clock positions at time 0; nil when not given.
  public let initial: [Int]?
  /// All parameters with defaults filled in.
  public let parameters: [(name: String, value: ParameterValue)]

  /// Name, parameters, observables and states.
  public var description: MachineDescription { Self.description }

  /// How the catalogue makes one.
  public static let kind = MachineKind(description: description) { given throws(InputError) in
    try ChiralClockMachine(given)
  }

  /// Creates a machine from what a user gave.
  /// - Throws: ``InputError``
  public init(_ given: [String: ParameterValue]) throws(InputError) {
    let reader = try ParameterReader(given, for: Self.description)
    let rotors = try reader.integer("M", in: 2...64)
    let positions = try reader.integer("Ns", in: 2...1024)
    var names = ["M", "Ns", "f"]
    let phases: [Double]
    switch try reader.alternative(["phis", "phi_uniform", "phi"]) {
    case "phis":
      phases = try reader.reals("phis", count: rotors)
      names.append("phis")
    case "phi_uniform":
      phases = Array(repeating: try reader.real("phi_uniform"), count: rotors)
      names.append("phi_uniform")
    default:
      let phi = try reader.real("phi")
      phases = (0..<rotors).map { $0 % 2 == 0 ? -phi : phi }
      names.append("phi")
    }
    let temperatures: [Double]
    if reader.isGiven("betas") {
      _ = try reader.alternative(["betas", "beta_e"])
      _ = try reader.alternative(["betas", "beta_o"])
      temperatures = try reader.reals("betas", count: rotors)
      names.append("betas")
    } else {
      let even = try reader.real("beta_e")
      let odd = try reader.real("beta_o")
      temperatures = (0..<rotors).map { $0 % 2 == 0 ? odd : even }
      names += ["beta_e", "beta_o"]
    }
    let couplings: [Double]
    if case .list = reader.value("g") {
      couplings = try reader.reals("g", count: rotors)
    } else {
      couplings = Array(repeating: try reader.real("g"), count: rotors)
    }
    names += ["g", "H", "jumps"]
    do {
      ring = try ChiralClockRing(
        rotors: rotors, positions: positions, f: reader.real("f"), phases: phases,
        inverseTemperatures: temperatures, couplings: couplings,
        picture: reader.text("H", as: ChiralClockRing.Picture.self),
        jumps: reader.text("jumps", as: ChiralClockRing.Jumps.self))
    } catch {
      var listed = false
      if case .list = reader.value("g") { listed = true }
      throw Self.renamed(error, given: names, couplingsListed: listed)
    }
    if reader.isGiven("initial") {
      initial = try reader.integers("initial", count: rotors, in: 0..<positions)
      names.append("initial")
    } else {
      initial = nil
    }
    var listed: [(name: String, value: ParameterValue)] = []
    for name in names { if let value = reader.value(name) { listed.append((name, value)) } }
    parameters = listed
  }

  /// The library names the per-rotor lists; a user may have given their shorthands.
  private static func renamed(_ error: InputError, given names: [String], couplingsListed: Bool) -> InputError
  {
    var field = error.field
    if field.hasPrefix("betas["), !names.contains("betas") {
      field = (Int(field.dropFirst(6).dropLast()) ?? 0) % 2 == 0 ? "beta_o" : "beta_e"
    } else if field.hasPrefix("phis["), !names.contains("phis") {
      field = names.contains("phi_uniform") ? "phi_uniform" : "phi"
    } else if field.hasPrefix("g["), !couplingsListed {
      field = "g"
    }
    return InputError(
      field: field.hasPrefix("parameters.") ? field : "parameters.\(field)", value: error.value,
      allowed: error.allowed)
  }
}

extension ChiralClockMachine: LindbladMachine {
  var definitions: [Definition] { Self.definitions }

  func generator() throws(InputError) -> LindbladGenerator { try ring.generator() }

  func symmetries() -> [PermutationSymmetry] { ring.symmetries() }

  var relaxesFromInitialState: Bool { initial != nil }

  func initialState() throws(InputError) -> any QuantumState {
    let digits = initial ?? Array(repeating: 0, count: ring.rotors)
    let index = zip(digits, ring.space.strides).reduce(0) { $0 + $1.0 * $1.1 }
    return StateVector(basisState: index, in: ring.space)
  }

  func context(
    of state: any QuantumState, under generator: LindbladGenerator, stationary: Bool
  ) -> ChiralClockContext {
    ChiralClockContext(ring: ring, generator: generator, state: state, stationary: stationary)
  }

  func indexRows(for indices: [String]) -> [[Double]] {
    guard !indices.isEmpty else { return [[]] }
    return (0..<ring.rotors).flatMap { rotor in
      (0..<ring.positions).map { [Double(rotor + 1), Double($0)] }
    }
  }

  func computeOther(
    _ state: String, _ generator: LindbladGenerator
  ) throws(ComputationError) -> (context: ChiralClockContext, certificate: Certificate) {
    let dimension = ring.space.dimension
    do {
      if state == "ground" {
        guard ring.f > 0 else {
          throw ComputationError.input(
            InputError(
              field: "parameters.f", value: "\(ring.f)",
              allowed:
                "> 0 for state \"ground\": only then is the ground state in the sector that is diagonalized"))
        }
        let start = ContinuousClock.now
        let ground = try groundState(generator.hamiltonian)
        let context = ChiralClockContext(
          ring: ring, generator: generator, state: ground.state, stationary: true, ground: ground)
        return (
          context,
          Certificate(
            method: "hermitian-eigen", unknownsFull: dimension, unknowns: ground.sectorDimension,
            residual: ground.residual, traceDefect: abs(ground.state.norm - 1), unique: true,
            uniquenessMethod: "Perron-Frobenius (f > 0)",
            seconds: (ContinuousClock.now - start).inSeconds,
            peakBytes: 48 * ground.sectorDimension * ground.sectorDimension)
        )
      }
      let beta = ring.inverseTemperatures[0]
      guard ring.inverseTemperatures.allSatisfy({ $0 == beta }) else {
        throw ComputationError.input(
          InputError(
            field: parameters.contains { $0.name == "betas" }
              ? "parameters.betas" : "parameters.beta_e",
            value: "\(ring.inverseTemperatures.map { ParameterValue.real($0) })",
            allowed: "the same for all rotors in state \"thermal\", which has one temperature"))
      }
      let thermal = try ThermalState(of: generator.hamiltonian, inverseTemperature: beta)
      return (context(of: thermal.state, under: generator, stationary: false), thermal.certificate)
    } catch let error as ComputationError {
      throw error
    } catch let error as SolverError {
      throw .solver(error)
    } catch {
      throw .solver(.unavailable(reason: "\(error)"))
    }
  }

  /// Ground state in the symmetric sector of the clock shift, or, rotated, among the configurations with sum_k j_k = 0 mod Ns.
  private func groundState(_ hamiltonian: Operator) throws(SolverError) -> GroundState {
    switch ring.picture {
    case .clock:
      return try GroundState(
        of: hamiltonian, symmetries: [ring.clockShift()])
    case .rotated:
      let space = ring.space
      return try GroundState(
        of: hamiltonian,
        within: (0..<space.dimension).filter { space.digits(of: $0).reduce(0, +) % ring.positions == 0 })
    }
  }

  /// Predicts one point: the reduced size is counted where that is cheap and estimated as D^2 / |G| otherwise.
  /// - Throws: `tooLarge` with the largest smaller ring that fits.
  public func plan(_ request: PointRequest) throws(ComputationError) -> PointPlan {
    let selected: [Definition]
    do {
      selected = try Definition.select(request, from: Self.definitions, machine: Self.description.name)
    } catch { throw .input(error) }
    let limit = request.solver.availableMemory
    do {
      let plan = try Self.prediction(for: ring, request)
      if plan.bytes <= limit {
        try Definition.checkDensity(of: selected, dimension: ring.space.dimension, request)
        return plan
      }
      for rotors in (2..<ring.rotors).reversed() {
        let smaller = try Self.prediction(for: try ring.prefix(rotors), request)
        if smaller.bytes <= limit {
          throw SolverError.tooLarge(
            bytes: plan.bytes, limit: limit,
            advice:
              "M = \(rotors) would fit, with \(smaller.unknowns) unknowns in \(smaller.bytes.readableBytes)")
        }
      }
      throw SolverError.tooLarge(
        bytes: plan.bytes, limit: limit, advice: "fewer positions per rotor would be needed")
    } catch let error as InputError {
      throw .input(error)
    } catch let error as SolverError {
      throw .solver(error)
    } catch {
      throw .solver(.unavailable(reason: "\(error)"))
    }
  }

  func checkSize(_ request: PointRequest) throws(ComputationError) {
    if ring.space.dimension > Self.largestCounted { _ = try plan(request) }
  }

  /// Hilbert space up to which the reduced problem is counted instead of estimated.
  private static let largestCounted = 2000

  private static func prediction(for ring: ChiralClockRing, _ request: PointRequest) throws -> PointPlan {
    let dimension = ring.space.dimension
    if request.state == "ground" || request.state == "thermal" {
      let order = request.state == "ground" ? max(1, dimension / ring.positions) : dimension
      try ThermalState.checkSize(order)
      return PointPlan.denseEigen(unknownsFull: dimension, order: order)
    }
    let isDynamics = request.state == "dynamics"
    let (full, overflow) = dimension.multipliedReportingOverflow(by: dimension)
    var unknowns = (overflow ? Int.max : full) / (try ring.symmetryFactor())
    if dimension <= largestCounted, !isDynamics {
      let terms = try ring.generator().terms()
      unknowns = try ReducedSpace(terms: terms, space: ring.space, symmetries: ring.symmetries()).unknownCount
    } else if isDynamics {
      // An initial configuration breaks the clock shift.
      unknowns = unknowns.multipliedReportingOverflow(by: ring.positions).partialValue
    }
    let nonzeros = unknowns.multipliedReportingOverflow(by: 4 * ring.rotors + 1)
    let plan = request.solver.plan(
      unknownsFull: overflow ? Int.max : full, unknowns: unknowns,
      nonzeros: nonzeros.overflow ? Int.max / 64 : nonzeros.partialValue)
    guard isDynamics else { return plan }
    // One real and two complex factorizations for a step size, and two step sizes at a time.
    return PointPlan(
      unknownsFull: plan.unknownsFull, unknowns: unknowns, route: "radau-iia",
      bytes: PointPlan.clamped(10 * Double(plan.bytes)),
      seconds: 10 * plan.seconds)
  }
}

extension ChiralClockRing {
  /// The ring of the first `count` rotors.
  func prefix(_ count: Int) throws(InputError) -> ChiralClockRing {
    try ChiralClockRing(
      rotors: count, positions: positions, f: f, phases: Array(phases.prefix(count)),
      inverseTemperatures: Array(inverseTemperatures.prefix(count)),
      couplings: Array(couplings.prefix(count)),
      picture: picture, jumps: jumps)
  }
}
