import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// What the boundary-driven chain must obey whatever its parameters.
@Suite("Spin chain identities")
struct SpinChainIdentityTests {
  typealias End = SpinChain.End

  /// Different numbers on every bond and site, so that exchanged indices and signs show.
  static func generic(_ sites: Int = 4, dephasing: Bool = true) throws -> SpinChain {
    try SpinChain(
      sites: sites, couplings: Array([0.9, -0.6, 1.2, 0.8].prefix(sites - 1)),
      anisotropies: Array([0.7, 1.3, -0.4, 0.2].prefix(sites - 1)),
      fields: Array([0.4, -0.3, 0.15, 0.5, -0.1].prefix(sites)), left: End(coupling: 0.8, magnetization: 0.7),
      right: End(coupling: 1.1, magnetization: -0.4),
      dephasing: Array([0.1, 0, 0.3, 0.2, 0.05].prefix(sites)).map { dephasing ? $0 : 0 })
  }

  static func i(_ a: Operator, _ b: Operator) -> Operator { Complex(0, 1) * (a * b - b * a) }

  static func largestElement(_ operand: Operator) -> Double {
    operand.matrix.values.reduce(0) { max($0, $1.length) }
  }

  @Test(
    "the Hamiltonian is the sum of its Pauli matrices, and of the energies of its bonds",
    arguments: [2, 3, 4])
  func hamiltonian(sites: Int) throws {
    let chain = try Self.generic(sites)
    func at(_ matrix: SparseMatrix, _ site: Int) -> Operator { .local(matrix, at: site, in: chain.space) }
    var sum = Operator.zero(chain.space)
    for l in 0..<(sites - 1) {
      let exchange =
        at(.pauliX, l) * at(.pauliX, l + 1) + at(.pauliY, l) * at(.pauliY, l + 1)
        + chain.anisotropies[l] * (at(.pauliZ, l) * at(.pauliZ, l + 1))
      sum += chain.couplings[l] * exchange
    }
    for l in 0..<sites { sum += chain.fields[l] * at(.pauliZ, l) }
    #expect(Self.largestElement(chain.hamiltonian() - sum) < 1e-14)
    let bonds = (0..<(sites - 1)).reduce(Operator.zero(chain.space)) { $0 + chain.bondEnergy(ofBond: $1) }
    #expect(Self.largestElement(bonds - sum) < 1e-14)
    #expect(chain.hamiltonian().isHermitian())
  }

  @Test(
    "continuity in any state: dn_l/dt = j_{l-1} - j_l with the baths' flows; a wrong sign or factor breaks it",
    arguments: [2, 3, 4])
  func continuity(sites: Int) throws {
    let chain = try Self.generic(sites)
    let generator = try chain.generator()
    let state = goldenTestMatrix(on: chain.space)
    let magnetization = (0..<sites).map { state.expectation(of: chain.magnetization(ofSite: $0)).real }
    let currents =
      [chain.left.spinFlow(magnetization: magnetization[0])]
      + (0..<(sites - 1)).map { state.expectation(of: chain.spinCurrent(ofBond: $0)).real }
      + [-chain.right.spinFlow(magnetization: magnetization[sites - 1])]
    for site in 0..<sites {
      let number = 0.5 * chain.magnetization(ofSite: site)
      let change = state.expectation(of: generator.adjointApplied(to: number)).real
      let net = currents[site] - currents[site + 1]
      #expect(abs(change - net) < 1e-14)
      #expect(abs(change + net) > 1e-3)
      #expect(abs(change - 2 * net) > 1e-3)
    }
    for (bath, flow, site) in [
      (SpinChain.leftBath, currents[0], 0), (SpinChain.rightBath, -currents[sites], sites - 1),
    ] {
      let number = 0.5 * chain.magnetization(ofSite: site)
      let change = state.expectation(of: generator.adjointDissipator(of: bath, on: number)).real
      #expect(abs(change - flow) < 1e-14 && abs(flow) > 1e-3)
    }
  }

  @Test("energy continuity as operators: i [H, e_l] is the current through site l minus that through l + 1")
  func energyContinuity() throws {
    let chain = try Self.generic(5)
    let hamiltonian = chain.hamiltonian()
    for bond in 0..<4 {
      let change = Self.i(hamiltonian, chain.bondEnergy(ofBond: bond))
      let none = Operator.zero(chain.space)
      let net =
        (bond > 0 ? chain.energyCurrent(ofSite: bond) : none)
        - (bond < 3 ? chain.energyCurrent(ofSite: bond + 1) : none)
      // Products of numbers up to 5.
      #expect(Self.largestElement(change - net) < 1e-13)
      #expect(Self.largestElement(change + net) > 0.1)
    }
  }

  static func rows(_ parameters: [String: ParameterValue], _ names: [String]) throws -> [[Double?]] {
    try SpinChainExactTests.compute(parameters, names)
  }

  static func list(_ values: [Double]) -> ParameterValue { .list(values.map { .real($0) }) }

  static let genericParameters: [String: ParameterValue] = [
    "N": .integer(4), "J": list([0.9, -0.6, 1.2]), "Delta": list([0.7, 1.3, -0.4]),
    "h": list([0.4, -0.3, 0.15, 0.5]), "gamma_L": .real(0.8), "gamma_R": .real(1.1), "mu_L": .real(0.7),
    "mu_R": .real(-0.4),
  ]

  @Test("in a steady state all bonds carry the flow of the left bath, and all inner sites its energy")
  func uniformCurrents() throws {
    let baths = try Self.rows(
      Self.genericParameters,
      ["j_spin", "j_spin_L", "j_spin_R", "j_L", "j_R", "j_phi", "Q_L", "W_L", "first_law"]
    )[0].map { try #require($0) }
    let sites = try Self.rows(Self.genericParameters, ["j_spin_l", "j_heat_l"])
    for row in sites.prefix(3) { #expect(abs(try #require(row[0]) - baths[1]) < 1e-14) }
    for row in sites[1...2] { #expect(abs(try #require(row[1]) - baths[3]) < 1e-13) }
    #expect(sites[0][1] == nil && sites[3][1] == nil && sites[3][0] == nil)
    #expect(abs(baths[0] - baths[1]) < 1e-14 && abs(baths[1] + baths[2]) < 1e-14 && baths[1] > 0.01)
    #expect(abs(baths[3] + baths[4]) < 1e-13 && abs(baths[3]) > 0.01 && baths[5] == 0)
    #expect(abs(baths[6] + baths[7] - baths[3]) < 1e-14)
    // Every up spin brings the energy 2h of its field as heat.
    #expect(abs(baths[6] - 2 * 0.4 * baths[1]) < 1e-14)
    #expect(abs(baths[8]) < 1e-13)
  }

  @Test("dephasing keeps the spin current uniform and takes part in the first law")
  func dephasing() throws {
    var parameters = Self.genericParameters
    parameters["gamma_phi"] = Self.list([0.1, 0, 0.3, 0.2])
    let baths = try Self.rows(
      parameters, ["j_spin", "j_spin_L", "j_L", "j_R", "j_phi", "first_law"]
    )[0].map { try #require($0) }
    #expect(abs(baths[0] - baths[1]) < 1e-14)
    #expect(abs(baths[2] + baths[3] + baths[4]) < 1e-13 && abs(baths[4]) > 1e-3)
    #expect(abs(baths[5]) < 1e-13)
    let chain = try Self.generic()
    let transient = try Thermodynamics(
      of: chain.generator(), in: goldenTestMatrix(on: chain.space), stationary: false)
    #expect(abs(transient.firstLawResidual) < 1e-12 && abs(transient.energyChange) > 0.1)
    #expect(transient.flows.map(\.bath.name) == ["left", "right", "dephasing"])
  }

  @Test("equal baths: every spin has <sz> = mu, nothing is correlated and nothing flows")
  func equilibrium() throws {
    var parameters = Self.genericParameters
    parameters["mu_R"] = .real(0.7)
    for row in try Self.rows(parameters, ["M", "j_spin_l", "j_heat_l"]) {
      #expect(abs(try #require(row[0]) - 0.7) < 1e-13)
      for current in row[1...] { #expect(abs(current ?? 0) < 1e-14) }
    }
    for row in try Self.rows(parameters, ["zz_c", "concurrence", "zz"]) {
      #expect(abs(try #require(row[0])) < 1e-13 && row[1] == 0)
      #expect(abs(try #require(row[2]) - 0.49) < 1e-13)
    }
    let numbers = try Self.rows(parameters, ["Sigma", "I", "j_L", "M_mean"])[0].map { try #require($0) }
    #expect(abs(numbers[0]) < 1e-14 && abs(numbers[1]) < 1e-13)
    #expect(abs(numbers[2]) < 1e-14 && abs(numbers[3] - 0.7) < 1e-13)
  }

  @Test("flipping all baths and fields flips magnetizations and spin currents, and not the energy current")
  func spinFlip() throws {
    var flipped = Self.genericParameters
    flipped["h"] = Self.list([-0.4, 0.3, -0.15, -0.5])
    flipped["mu_L"] = .real(-0.7)
    flipped["mu_R"] = .real(0.4)
    let names = ["M", "j_spin_l", "j_heat_l"]
    let pairs = zip(try Self.rows(Self.genericParameters, names), try Self.rows(flipped, names))
    for (row, image) in pairs {
      for (position, sign) in [(0, -1.0), (1, -1.0), (2, 1.0)] {
        let (a, b) = (row[position] ?? 0, image[position] ?? 0)
        #expect(abs(a - sign * b) < 1e-13)
      }
      #expect(abs(row[0] ?? 0) > 1e-3)
    }
  }

  @Test("reflecting the chain reverses all currents and the order of the sites")
  func reflection() throws {
    let reflected: [String: ParameterValue] = [
      "N": .integer(4), "J": Self.list([1.2, -0.6, 0.9]), "Delta": Self.list([-0.4, 1.3, 0.7]),
      "h": Self.list([0.5, 0.15, -0.3, 0.4]), "gamma_L": .real(1.1), "gamma_R": .real(0.8),
      "mu_L": .real(-0.4), "mu_R": .real(0.7),
    ]
    let names = ["M", "j_spin_l", "j_heat_l"]
    let rows = try Self.rows(Self.genericParameters, names)
    let image = try Self.rows(reflected, names)
    for site in 0..<4 {
      #expect(abs(try #require(rows[site][0]) - (try #require(image[3 - site][0]))) < 1e-13)
      if site < 3 { #expect(abs(try #require(rows[site][1]) + (try #require(image[2 - site][1]))) < 1e-13) }
      if site == 1 || site == 2 {
        #expect(abs(try #require(rows[site][2]) + (try #require(image[3 - site][2]))) < 1e-13)
      }
    }
  }

  static func uniform(
    fields: [Double] = [0, 0, 0, 0], left: Double, right: Double, couplings: (Double, Double) = (1, 1),
    bonds: [Double] = [1, 1, 1], dephasing: [Double] = [0, 0, 0, 0]
  ) throws -> SpinChain {
    try SpinChain(
      sites: 4, couplings: bonds, anisotropies: [0.5, 0.8, 0.5], fields: fields,
      left: End(coupling: couplings.0, magnetization: left),
      right: End(coupling: couplings.1, magnetization: right), dephasing: dephasing)
  }

  @Test("symmetries are declared exactly when they hold, and reduced and unreduced states agree")
  func symmetries() throws {
    let both = "reflection with spin flip"
    let cases: [(chain: SpinChain, names: [String])] = [
      (try Self.uniform(left: 1, right: -1), [both]),
      (try Self.uniform(fields: [0.3, -0.1, 0.1, -0.3], left: 0.4, right: -0.4), [both]),
      (try Self.uniform(fields: [0.3, -0.1, -0.1, 0.3], left: 0.4, right: 0.4), ["reflection"]),
      (try Self.uniform(left: 0, right: 0, couplings: (1, 2)), ["spin flip"]),
      (try Self.uniform(left: 0, right: 0), [both, "reflection", "spin flip"]),
      (try Self.uniform(left: 0.4, right: -0.4, dephasing: [0.1, 0.2, 0.2, 0.1]), [both]),
      (try Self.uniform(left: 0.4, right: -0.4, dephasing: [0.1, 0.2, 0.3, 0.1]), []),
      (try Self.uniform(left: 0.4, right: -0.4, bonds: [1, 1, 1.1]), []),
      (try Self.uniform(left: 0.4, right: -0.4, couplings: (1, 1.1)), []),
      (try Self.uniform(left: 0.4, right: -0.3), []),
      (try Self.uniform(fields: [0.3, 0, 0, 0.3], left: 0.4, right: -0.4), []),
    ]
    for (chain, names) in cases {
      let generator = try chain.generator()
      let declared = chain.symmetries()
      #expect(declared.map(\.name) == names)
      for symmetry in declared { #expect(try generator.terms().defect(of: symmetry).size < 1e-14) }
      guard !names.isEmpty else {
        // What is not declared does not hold either.
        for other in try Self.uniform(left: 0, right: 0).symmetries() {
          #expect(try generator.terms().defect(of: other).isViolation)
        }
        continue
      }
      let reduced = try SteadyStateSolver().solve(generator, symmetries: declared)
      let full = try SteadyStateSolver().solve(generator)
      #expect(reduced.certificate.unknowns < full.certificate.unknowns)
      #expect(try reduced.state.density().traceDistance(to: full.state.density()) < 1e-12)
    }
  }

  @Test("antisymmetric driving: the profile is odd under reflection")
  func oddProfile() throws {
    let rows = try Self.rows(
      ["Delta": .real(0.8), "mu_L": .real(0.6), "mu_R": .real(-0.6)], ["M", "j_spin_l"])
    for site in 0..<4 {
      #expect(abs(try #require(rows[site][0]) + (try #require(rows[3 - site][0]))) < 1e-14)
    }
    #expect(try #require(rows[0][0]) > 0.05)
    // Of 256 elements U(1) leaves binomial(8, 4) = 70. The reflection with spin flip fixes 4 states, so 16 of them, and joins the
    // others in pairs.
    let machine = try SpinChainMachine([:])
    let request = PointRequest(state: "steady", observables: ["j_spin"])
    #expect(try machine.compute(request).certificate.unknowns == 43)
    #expect(try machine.plan(request).unknowns == 43)
  }

  @Test("entropy production is 2 j (artanh mu_L - artanh mu_R) in a steady state, and positive in any other")
  func secondLaw() throws {
    let names = ["Sigma", "j_spin", "Q_L", "Q_R"]
    let steady = try Self.rows(Self.genericParameters, names)[0].map { try #require($0) }
    let force = 2 * (Double.atanh(0.7) - Double.atanh(-0.4))
    #expect(abs(steady[0] - force * steady[1]) < 1e-13 && steady[0] > 0.01)
    var thermal = Self.genericParameters
    for name in ["mu_L", "mu_R"] { thermal[name] = nil }
    thermal["beta_L"] = .real(2)
    thermal["beta_R"] = .real(0.5)
    let clausius = try Self.rows(thermal, names)[0].map { try #require($0) }
    #expect(abs(clausius[0] + 2 * clausius[2] + 0.5 * clausius[3]) < 1e-13 && clausius[0] > 1e-3)
    // The same rates by another name.
    let machine = try SpinChainMachine(thermal)
    let (up, down) = (machine.chain.left.raisingRate, machine.chain.left.loweringRate)
    #expect(abs(up / down - Double.exp(-2 * 2 * 0.4)) < 1e-14)
    #expect(machine.parameters.map(\.name).contains("beta_L"))
    #expect(!machine.parameters.map(\.name).contains("mu_L"))
    // Along the way from a pure state it is infinite at first and positive later; pure baths have none.
    let rows = try SpinChainMachine(Self.genericParameters).compute(
      PointRequest(state: "dynamics", observables: ["Sigma"], times: [0, 0.5, 2, 40])
    ).rows
    #expect(rows[0][1] == nil)
    for row in rows[1...2] { #expect(try #require(row[1]) > steady[0]) }
    // Relaxed at the slowest rate of about 0.5: e^-20, and the propagator's tolerance.
    #expect(abs(try #require(rows[3][1]) - steady[0]) < 1e-7)
    #expect(try Self.rows([:], ["Sigma"])[0][0] == nil)
  }
}
