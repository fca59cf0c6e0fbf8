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
    let couplings = try reader.oneOrEach("g", count: rotors)
    names += ["g", "H", "jumps"]
    do {
      ring = try ChiralClockRing(
        rotors: rotors, positions: positions, f: reader.real("f"), phases: phases,
        inverseTemperatures: temperatures, couplings: couplings,
        picture: reader.text("H", as: ChiralClockRing.Picture.self),
        jumps: reader.text("jumps", as: ChiralClockRing.Jumps.self))
    } catch {
      throw Self.renamed(error, given: names, reader)
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
  private static func renamed(_ error: InputError, given names: [String], _ reader: ParameterReader)
    -> InputError
  {
    var field = error.field
    if field.hasPrefix("betas["), !names.contains("betas") {
      field = (Int(field.dropFirst(6).dropLast()) ?? 0) % 2 == 0 ? "beta_o" : "beta_e"
    } else if field.hasPrefix("phis["), !names.contains("phis") {
      field = names.contains("phi_uniform") ? "phi_uniform" : "phi"
    }
    return reader.located(InputError(field: field, value: error.value, allowed: error.allowed))
  }
}

extension ChiralClockMachine: MasterEquationMachine {
  var definitions: [Definition] { Self.definitions }

  func generator() throws(InputError) -> LindbladGenerator { try ring.generator() }

  func symmetries() -> [PermutationSymmetry] { ring.symmetries() }

  var relaxesFromInitialState: Bool { initial != nil }

  func initialState() throws(InputError) -> any QuantumState {
    ring.space.productState(initial)
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
    do {
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

  func computeWithoutBaths(
    _ request: PointRequest
  ) throws(ComputationError) -> (context: ChiralClockContext, certificate: Certificate)? {
    guard request.state == "ground" else { return nil }
    guard ring.f > 0 else {
      throw .input(
        InputError(
          field: "parameters.f", value: "\(ring.f)",
          allowed:
            "> 0 for state \"ground\": only then is the ground state in the sector that is diagonalized"))
    }
    do {
      let start = ContinuousClock.now
      let ground = try GroundState(in: ring.groundSector(), memoryLimit: request.solver.memoryLimit)
      var certificate = ground.certificate
      certificate.uniquenessMethod = "Perron-Frobenius (f > 0)"
      certificate.seconds = (ContinuousClock.now - start).inSeconds
      return (ChiralClockContext(ring: ring, ground: ground), certificate)
    } catch { throw .solver(error) }
  }
}

extension ChiralClockMachine: ScalableMachine {
  static var sizeParameter: String { "M" }
  static var otherAdvice: String? { "fewer positions per rotor would be needed" }
  var size: Int { ring.rotors }
  var levels: Int { ring.positions }
  var dimension: Int { ring.space.dimension }

  func prediction(_ request: PointRequest, size: Int) throws -> PointPlan {
    let ring = try ring.prefix(size)
    let dimension = ring.space.dimension
    if request.state == "ground" {
      return PointPlan.groundState(
        dimension: dimension, sector: max(1, dimension / ring.positions), perState: 2 * ring.rotors + 1,
        isReal: ring.picture == .clock)
    }
    if request.state == "thermal" {
      try ThermalState.checkSize(dimension)
      return PointPlan.denseEigen(unknownsFull: dimension, order: dimension)
    }
    let group = try ring.symmetryFactor()
    if request.state == "dynamics" {
      let (full, overflow) = dimension.multipliedReportingOverflow(by: dimension)
      // An initial configuration breaks the clock shift.
      let unknowns = ((overflow ? Int.max : full) / group).multipliedReportingOverflow(by: ring.positions)
      return request.planDynamics(
        dimension: dimension, unknowns: unknowns.overflow ? Int.max : unknowns.partialValue,
        nonzerosPerUnknown: 4 * ring.rotors + 1)
    }
    guard dimension <= Self.largestCounted else {
      return try request.plan(
        .estimated(
          dimension: dimension, groupOrder: group, driftRow: 2 * ring.rotors + 1,
          jumpsAreClassical: ring.jumps == .configuration))
    }
    return try request.plan(
      .counted(try ring.generator().terms(), space: ring.space, symmetries: ring.symmetries()))
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
