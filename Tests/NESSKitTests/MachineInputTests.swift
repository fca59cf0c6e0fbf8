import NESSKit
import Numerics
import Testing

@Suite("Input of machines")
struct MachineInputTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let given: [String: ParameterValue]
    let field: String
    let allowed: String
    var testDescription: String { "\(given)" }
    init(_ given: [String: ParameterValue], _ field: String, _ allowed: String) {
      (self.given, self.field, self.allowed) = (given, field, allowed)
    }
  }

  static func list(_ values: [Double]) -> ParameterValue { .list(values.map { .real($0) }) }

  static let bad: [Case] = [
    Case(["M": .integer(1)], "parameters.M", ">= 2"), Case(["M": .integer(-3)], "parameters.M", ">= 2"),
    Case(["M": .real(4)], "parameters.M", "whole number"),
    Case(["M": .text("4")], "parameters.M", "whole number"),
    Case(["M": .flag(true)], "parameters.M", "whole number"),
    Case(["Ns": .integer(1)], "parameters.Ns", ">= 2"),
    Case(["Ns": .list([.integer(3)])], "parameters.Ns", "whole number"),
    Case(["M": .integer(64)], "parameters.M", "Ns^M"), Case(["f": .real(.nan)], "parameters.f", "finite"),
    Case(["f": .real(.infinity)], "parameters.f", "finite"),
    Case(["f": .text("x")], "parameters.f", "finite number"),
    Case(["f": list([1])], "parameters.f", "finite number"),
    Case(["phi": .real(-.infinity)], "parameters.phi", "finite"),
    Case(["phis": list([1, 2, 3])], "parameters.phis", "M finite numbers"),
    Case(["phis": .real(1)], "parameters.phis", "list of M"),
    Case(["phis": list([1, 2, .nan, 4])], "parameters.phis[2]", "finite"),
    Case(
      ["phis": .list([.integer(1), .integer(1), .integer(1), .text("a")])], "parameters.phis[3]", "finite"),
    Case(["beta_e": .real(0)], "parameters.beta_e", "> 0"),
    Case(["beta_e": .real(-1)], "parameters.beta_e", "> 0"),
    Case(["beta_o": .real(-1)], "parameters.beta_o", "> 0"),
    Case(["beta_o": .real(.nan)], "parameters.beta_o", "> 0"),
    Case(["betas": list([1, 1, 0, 1])], "parameters.betas[2]", "> 0"),
    Case(["betas": list([1, 1])], "parameters.betas", "M finite numbers"),
    Case(["g": .real(-0.1)], "parameters.g", ">= 0"),
    Case(["g": list([1, 1, 1])], "parameters.g", "list of M"),
    Case(["g": list([1, 1, 1, -1])], "parameters.g[3]", ">= 0"),
    Case(["g": .text("no")], "parameters.g", ">= 0"),
    Case(["H": .text("clock")], "parameters.H", "\"ccm\" or \"rotated\""),
    Case(["H": .integer(1)], "parameters.H", "\"ccm\" or \"rotated\""),
    Case(
      ["initial": .list([.integer(0), .integer(3), .integer(0), .integer(0)])], "parameters.initial",
      "0 to Ns - 1"),
    Case(["initial": .list([.integer(0)])], "parameters.initial", "list of M"),
    Case(["initial": list([0, 0, 0, 0])], "parameters.initial", "whole numbers"),
    Case(["initial": .integer(0)], "parameters.initial", "list of M"),
    Case(["phi": .real(1), "phis": list([1, 1, 1, 1])], "parameters.phi", "only one"),
    Case(["phi": .real(1), "phi_uniform": .real(1)], "parameters.phi", "only one"),
    Case(["phi_uniform": .real(1), "phis": list([1, 1, 1, 1])], "parameters.phi_uniform", "only one"),
    Case(["phi_uniform": .real(.nan)], "parameters.phi_uniform", "finite"),
    Case(["betas": list([1, 1, 1, 1]), "beta_e": .real(1)], "parameters.beta_e", "only one"),
    Case(["betas": list([1, 1, 1, 1]), "beta_o": .real(1)], "parameters.beta_o", "only one"),
    Case(["beta": .real(1)], "parameters.beta", "betas"),
    Case(["Phi": .real(1)], "parameters.Phi", "did you mean phi?"),
    Case(["beta_O": .real(1)], "parameters.beta_O", "did you mean beta_o?"),
    Case(["ns": .integer(3)], "parameters.ns", "did you mean Ns?"),
  ]

  @Test("bad parameters of the clock ring name the field and what is allowed", arguments: bad)
  func clock(bad: Case) {
    let error = #expect(throws: InputError.self) { try ChiralClockMachine(bad.given) }
    #expect(error?.field == bad.field)
    #expect(error?.allowed.contains(bad.allowed) == true, "\(error?.description ?? "")")
    #expect(error?.value.isEmpty == false)
  }

  static let badChain: [Case] = [
    Case(["N": .integer(1)], "parameters.N", ">= 2"), Case(["N": .real(4)], "parameters.N", "whole number"),
    Case(["N": .integer(40)], "parameters.N", "2^N"),
    Case(["J": .real(.nan)], "parameters.J", "finite"),
    Case(["J": list([1, 1, 1, 1])], "parameters.J", "list of N - 1"),
    Case(["J": list([1, .infinity, 1])], "parameters.J[1]", "finite"),
    Case(["Delta": list([1])], "parameters.Delta", "list of N - 1"),
    Case(["Delta": .text("XX")], "parameters.Delta", "finite number"),
    Case(["h": list([1, 1, 1])], "parameters.h", "list of N of them"),
    Case(["h": .real(.infinity)], "parameters.h", "finite"),
    Case(["gamma_L": .real(-0.1)], "parameters.gamma_L", ">= 0"),
    Case(["gamma_R": .real(.nan)], "parameters.gamma_R", ">= 0"),
    Case(["gamma_R": list([1, 1])], "parameters.gamma_R", ">= 0"),
    Case(["mu_L": .real(1.5)], "parameters.mu_L", "from -1 to 1"),
    Case(["mu_R": .real(-1.0000001)], "parameters.mu_R", "from -1 to 1"),
    Case(["mu_R": .real(.nan)], "parameters.mu_R", "from -1 to 1"),
    Case(["beta_L": .real(.infinity)], "parameters.beta_L", "finite"),
    Case(["mu_R": .real(0), "beta_R": .real(1)], "parameters.beta_R", "only one"),
    Case(["gamma_phi": .real(-1)], "parameters.gamma_phi", ">= 0"),
    Case(["gamma_phi": list([0, 0, -1, 0])], "parameters.gamma_phi[2]", ">= 0"),
    Case(["gamma_phi": list([0])], "parameters.gamma_phi", "list of N of them"),
    Case(
      ["initial": .list([.integer(0), .integer(2), .integer(0), .integer(0)])], "parameters.initial",
      "0 (down)"),
    Case(["delta": .real(1)], "parameters.delta", "did you mean Delta?"),
    Case(["gamma": .real(1)], "parameters.gamma", "gamma_L"),
  ]

  @Test("bad parameters of the spin chain name the field and what is allowed", arguments: badChain)
  func chain(bad: Case) {
    let error = #expect(throws: InputError.self) { try SpinChainMachine(bad.given) }
    #expect(error?.field == bad.field)
    #expect(error?.allowed.contains(bad.allowed) == true, "\(error?.description ?? "")")
    #expect(error?.value.isEmpty == false)
  }

  @Test("what is given is kept, and shorthands mean what they say")
  func parameters() throws {
    let defaults = try ChiralClockMachine([:])
    #expect(
      defaults.parameters.map(\.name) == ["M", "Ns", "f", "phi", "beta_e", "beta_o", "g", "H", "jumps"])
    #expect(defaults.ring.inverseTemperatures == [1.1, 1, 1.1, 1])
    #expect(defaults.ring.phases == [-1, 1, -1, 1].map { $0 * Double.pi / 2 })
    let given = try ChiralClockMachine([
      "M": .integer(3), "phi_uniform": .integer(2), "betas": Self.list([1, 2, 3]),
      "g": Self.list([0.1, 0, 0.3]),
      "H": .text("rotated"), "initial": .list([.integer(0), .integer(2), .integer(1)]),
    ])
    #expect(given.ring.phases == [2, 2, 2] && given.ring.couplings == [0.1, 0, 0.3])
    #expect(given.ring.picture == .rotated && given.initial == [0, 2, 1])
    #expect(
      given.parameters.map(\.name) == ["M", "Ns", "f", "phi_uniform", "betas", "g", "H", "jumps", "initial"])
  }

  static func inputError(_ machine: some Machine, _ state: String, _ observables: [String]) -> InputError? {
    let error = #expect(throws: ComputationError.self) {
      try machine.compute(PointRequest(state: state, observables: observables))
    }
    guard case .input(let input)? = error else { return nil }
    return input
  }

  @Test("unknown observables, wrong states and mixed indices are input errors")
  func observables() throws {
    let machine = try ChiralClockMachine(["M": .integer(2)])
    let typo = Self.inputError(machine, "steady", ["J_tun_evne"])
    #expect(typo?.field == "observables" && typo?.value == "\"J_tun_evne\"")
    #expect(typo?.allowed.contains("did you mean J_tun_even?") == true)
    #expect(Self.inputError(machine, "ground", ["J_net_even"])?.field == "observables")
    let mixed = Self.inputError(machine, "steady", ["S", "p_j"])
    #expect(mixed?.field == "observables" && mixed?.allowed.contains("same indices") == true)
    #expect(Self.inputError(machine, "thermal", ["S"])?.field == "parameters.beta_e")
    #expect(throws: ComputationError.self) {
      try machine.plan(PointRequest(state: "steady", observables: ["nothing"]))
    }
  }

  typealias Bath = (name: String, beta: Double)

  /// A qubit of gap `gap` between two baths.
  static func custom(
    dimensions: [Int] = [2], hamiltonian: SparseMatrix = .pauliZ,
    jumps: [CustomSystem.Jump] = [(.pauliLowering, 0.5, "cold")],
    baths: [Bath] = [("cold", 2), ("hot", 0.5)], observables: [(name: String, operator: SparseMatrix)] = [],
    given: [String: ParameterValue] = [:]
  ) throws -> CustomMachine {
    try CustomMachine(
      CustomSystem(
        dimensions: dimensions, hamiltonian: hamiltonian, jumps: jumps, baths: baths, observables: observables
      ), given)
  }

  struct Custom: CustomTestStringConvertible, Sendable {
    let field: String
    let allowed: String
    let make: @Sendable () throws -> CustomMachine
    var testDescription: String { "\(field) \(allowed)" }
    init(_ field: String, _ allowed: String, _ make: @escaping @Sendable () throws -> CustomMachine) {
      (self.field, self.allowed, self.make) = (field, allowed, make)
    }
  }

  static let badCustom: [Custom] = [
    Custom("custom.dimensions", "at least one") { try custom(dimensions: []) },
    Custom("custom.dimensions", ">= 1") { try custom(dimensions: [2, 0]) },
    Custom("custom.dimensions", ">= 1") { try custom(dimensions: [-2]) },
    Custom("custom.dimensions", "at most") { try custom(dimensions: [Int.max, 4]) },
    Custom("custom.dimensions", "at most") { try custom(dimensions: [1 << 20, 1 << 20]) },
    Custom("custom.hamiltonian", "3 x 3") { try custom(dimensions: [3]) },
    Custom("custom.hamiltonian", "Hermitian") { try custom(hamiltonian: .pauliLowering) },
    Custom("custom.hamiltonian", "finite") { try custom(hamiltonian: .nan * .pauliZ) },
    Custom("custom.jump[0].rate", ">= 0") { try custom(jumps: [(.pauliLowering, -1, "cold")]) },
    Custom("custom.jump[1].rate", "finite") {
      try custom(jumps: [(.pauliLowering, 1, "cold"), (.pauliLowering, .nan, "cold")])
    },
    Custom("custom.jump[0].bath", "did you mean cold?") { try custom(jumps: [(.pauliLowering, 1, "clod")]) },
    Custom("custom.jump[0].bath", "absent") { try custom(jumps: [(.pauliLowering, 1, "cold")], baths: []) },
    Custom("custom.jump[0].operator", "2 x 2") { try custom(jumps: [(.identity(3), 1, "cold")]) },
    Custom("custom.jump[0].operator", "finite") { try custom(jumps: [(.infinity * .pauliX, 1, "cold")]) },
    Custom("custom.bath", "different names") { try custom(baths: [("cold", 1), ("cold", 1)]) },
    Custom("custom.bath \"cold\".beta", ">= 0") { try custom(baths: [("cold", -1)]) },
    Custom("custom.bath \"cold\".beta", "finite") { try custom(baths: [("cold", .infinity)]) },
    Custom("custom.observable[1].name", "not used before") {
      try custom(observables: [("n", .pauliZ), ("n", .pauliX)])
    },
    Custom("custom.observable \"n\".operator", "Hermitian") {
      try custom(observables: [("n", .pauliLowering)])
    },
    Custom("custom.observable \"n\".operator", "2 x 2") { try custom(observables: [("n", .identity(3))]) },
    Custom("custom.observable.name", "other than") { try custom(observables: [("purity", .pauliZ)]) },
    Custom("custom.observable.name", "other than") { try custom(observables: [("Q_cold", .pauliZ)]) },
    Custom("bath \"environment\"", "one inverse temperature") {
      try custom(
        jumps: [(.pauliLowering, 1, nil), (.pauliLowering, 1, "environment")], baths: [("environment", 1)])
    },
    Custom("parameters.initial", "one level") {
      try custom(given: ["initial": .list([.integer(0), .integer(0)])])
    },
    Custom("parameters.initial", "one level") { try custom(given: ["initial": .list([.integer(2)])]) },
    Custom("parameters.initial[0]", "at most 1") {
      try custom(
        dimensions: [2, 3], hamiltonian: .identity(6), jumps: [],
        given: ["initial": .list([.integer(2), .integer(2)])])
    },
    Custom("parameters.inital", "initial") { try custom(given: ["inital": .list([.integer(0)])]) },
  ]

  @Test("bad custom systems name the field and what is allowed", arguments: badCustom)
  func custom(bad: Custom) {
    let error = #expect(throws: InputError.self) { try bad.make() }
    #expect(error?.field == bad.field)
    #expect(error?.allowed.contains(bad.allowed) == true, "\(error?.description ?? "")")
  }

  @Test("heat currents and entropy production of a qubit between two baths are the closed forms")
  func twoBaths() throws {
    // Gap w = 2; bath k has up = g n, down = g (n + 1). Current into the qubit from the hot bath: w g (n_h - n_c) / (2 (n_h + n_c + 1))
    // for equal g.
    let (gap, g, cold, hot) = (2.0, 0.3, 2.0, 0.5)
    func occupation(_ beta: Double) -> Double { 1 / Double.expMinusOne(beta * gap) }
    let (nc, nh) = (occupation(cold), occupation(hot))
    let machine = try Self.custom(
      jumps: [
        (.pauliLowering, g * (nc + 1), "cold"), (.pauliRaising, g * nc, "cold"),
        (.pauliLowering, g * (nh + 1), "hot"),
        (.pauliRaising, g * nh, "hot"),
      ], observables: [("excited", .projector(on: 1, levels: 2)), ("x", .pauliX)])
    let names = ["energy", "S", "purity", "first_law", "Sigma", "Q_cold", "Q_hot", "excited", "x"]
    let result = try machine.compute(PointRequest(state: "steady", observables: names))
    let values = Dictionary(uniqueKeysWithValues: zip(names, result.rows[0].map { $0 ?? .nan }))
    let p = (nc + nh) / (2 * (nc + nh + 1))
    let heat = gap * g * (nh - nc) / (2 * (nh + nc + 1))
    let expected: [String: Double] = [
      "energy": 2 * p - 1, "S": -p * Double.log(p) - (1 - p) * Double.log(1 - p),
      "purity": p * p + (1 - p) * (1 - p),
      "first_law": 0, "Sigma": (cold - hot) * heat, "Q_cold": -heat, "Q_hot": heat, "excited": p, "x": 0,
    ]
    for (name, value) in expected { #expect(abs((values[name] ?? .nan) - value) < 1e-14, "\(name)") }
    #expect(heat > 0.01 && machine.description.observables.map(\.name) == names)
    #expect(result.indexNames.isEmpty && result.certificate.unique == true)
  }

  @Test(
    "without temperatures the entropy production is undefined; a given initial state selects the stationary one"
  )
  func undefinedAndInitial() throws {
    let anonymous = try Self.custom(jumps: [(.pauliLowering, 0.5, nil)])
    let rows = try anonymous.compute(
      PointRequest(state: "steady", observables: ["Sigma", "Q_environment", "energy"])
    ).rows
    #expect(rows.count == 1 && rows[0][0] == nil && rows[0][1] == 0 && rows[0][2] == -1)
    for level in [0, 1] {
      let dephasing = try Self.custom(
        jumps: [(.pauliZ, 0.5, nil)], given: ["initial": .list([.integer(level)])])
      let value = try dephasing.compute(PointRequest(state: "steady", observables: ["energy"])).rows[0][0]
      #expect(value == Double(2 * level - 1))
    }
    #expect(throws: ComputationError.self) {
      try Self.custom(jumps: [(.pauliZ, 0.5, nil)]).compute(
        PointRequest(state: "steady", observables: ["energy"]))
    }
    #expect(Self.inputError(anonymous, "ground", ["energy"]) != nil)
  }

  @Test("an unknown error of a singular system is told in words")
  func singularDescription() {
    let description = SolverError.singular(errorBound: .infinity).description
    #expect(description.contains("determine the state to 0.0001, but do not at all"))
    #expect(SolverError.singular(errorBound: 0.5).description.contains("but only do to 0.5"))
  }

  @Test("observables of two qubits and a rotor cite the equations that define them")
  func qubitRotorSources() throws {
    // Compared with the text of the paper, equation by equation.
    let equations = [
      "Q1": "Eqs. (18), (19), (29)", "Q2": "Eqs. (18), (19), (29)", "Qr": "Eq. (21)", "W": "Eq. (22)",
      "WQ": "Eqs. (23), (24)", "Wr": "Eq. (25)", "Udot": "Eqs. (26), (28)", "Wkin": "Eq. (30)",
      "Wint": "Eq. (32)", "QBA": "Eqs. (31), (33)", "Wnet": "Eq. (34)", "regime": "Table I",
      "eta": "Eq. (36)", "COP": "Eq. (37)", "ergotropy_total": "Eq. (35)", "n1": "Eq. (20)",
      "R": "Eq. (39)", "J": "Eq. (40)", "Gamma_alpha": "Eq. (41)", "J_angular": "Eq. (43)",
      "omega_max": "Eqs. (A16), (A17)",
    ]
    let sources = Dictionary(
      uniqueKeysWithValues: QubitRotorMachine.kind.description.observables.map { ($0.name, $0.source) })
    for (name, equation) in equations {
      #expect(sources[name] == "Leitch, Hammam & De Chiara (2024), \(equation)")
    }
    // The paper has no entropy production.
    for name in ["S", "Sdot", "sigma_exact", "sigma_clausius"] {
      #expect(try #require(sources[name]).contains("Sec.") == false)
    }
    #expect(sources["sigma_exact"]?.contains("Spohn") == true)
  }
}
