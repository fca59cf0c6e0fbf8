internal import Numerics

extension ChiralClockMachine {
  private static let steadyLike = ["steady", "thermal", "dynamics"]
  /// States without an entropy that is known to be constant: the change of it takes the full density matrix.
  private static let changing = ["thermal", "dynamics"]
  /// States that a solver returns in whatever form it found them in.
  private static let computed = ["steady", "dynamics"]
  private static let paper = "Puebla et al., PRR 4, 043066 (2022)"

  static let description = MachineDescription(
    name: "chiral-clock",
    summary: "Ring of M clock rotors with Ns positions, chiral coupling, one heat bath per rotor",
    source: "\(paper), Eqs. (1)-(7), (B1)",
    parameters: [
      ParameterDescription(
        name: "M", unit: "1", defaultValue: .integer(4), allowed: "a whole number >= 2",
        meaning: "number of rotors"),
      ParameterDescription(
        name: "Ns", unit: "1", defaultValue: .integer(3), allowed: "a whole number >= 2",
        meaning: "positions of a rotor"),
      ParameterDescription(
        name: "f", unit: "energy", defaultValue: .real(0.45), allowed: "a finite number",
        meaning: "weight of the single-rotor term; the interaction has weight 1 - f"),
      ParameterDescription(
        name: "phi", unit: "rad", defaultValue: .real(Double.pi / 2), allowed: "a finite number",
        meaning: "staggered phase: bond k has phi_k = (-1)^k phi, k = 1…M"),
      ParameterDescription(
        name: "phi_uniform", unit: "rad", defaultValue: nil, allowed: "a finite number",
        meaning: "the same phase for every bond, instead of phi"),
      ParameterDescription(
        name: "phis", unit: "rad", defaultValue: nil, allowed: "a list of M finite numbers",
        meaning: "phase of every bond (k, k+1), instead of phi; the last one closes the ring"),
      ParameterDescription(
        name: "beta_e", unit: "1/energy", defaultValue: .real(1), allowed: "a finite number > 0",
        meaning: "inverse temperature of the baths of the even rotors 2, 4, …"),
      ParameterDescription(
        name: "beta_o", unit: "1/energy", defaultValue: .real(1.1), allowed: "a finite number > 0",
        meaning: "inverse temperature of the baths of the odd rotors 1, 3, …"),
      ParameterDescription(
        name: "betas", unit: "1/energy", defaultValue: nil, allowed: "a list of M finite numbers > 0",
        meaning: "inverse temperature of every rotor's bath, instead of beta_e and beta_o"),
      ParameterDescription(
        name: "g", unit: "1", defaultValue: .real(0.2),
        allowed: "a finite number >= 0, or a list of M of them",
        meaning: "coupling to the baths, for all rotors or for each"),
      ParameterDescription(
        name: "H", unit: "", defaultValue: .text("ccm"), allowed: "\"ccm\" or \"rotated\"",
        meaning:
          "Hamiltonian: chiral clock model, Eq. (1), or the rotated one with sigma and mu exchanged, Eq. (B1)"
      ),
      ParameterDescription(
        name: "jumps", unit: "", defaultValue: .text("configuration"),
        allowed: "\"configuration\", \"neighbours\", \"frequency\" or \"frequency-position\"",
        meaning:
          "steps of a rotor that share a jump operator: none (the paper's), those with the same positions of the rotor and its neighbours, or with the same direction and Bohr frequency, without or with the rotor's position"
      ),
      ParameterDescription(
        name: "initial", unit: "1", defaultValue: nil, allowed: "a list of M whole numbers from 0 to Ns - 1",
        meaning:
          "clock positions at time 0 for dynamics (default all 0); with state = \"steady\" the stationary state reached from there"
      ),
    ],
    observables: definitions.map(\.description),
    states: ["steady", "ground", "thermal", "dynamics"])

  typealias Definition = ObservableDefinition<ChiralClockContext>

  private static func single(
    _ name: String, unit: String, _ meaning: String, _ equation: String, states: [String] = steadyLike,
    standard: Bool = false, densityStates: [String] = [], densityWork: DensityWork = .eigenvectors,
    _ value: @escaping @Sendable (ChiralClockContext) throws(ObservableError) -> Double?
  ) -> Definition {
    .single(
      name, unit: unit, meaning, source: source(equation), states: states, standard: standard,
      densityStates: densityStates, densityWork: densityWork, value)
  }

  private static func general(
    _ quantity: GeneralObservable, _ equation: String, states: [String], standard: Bool = false
  ) -> Definition {
    .general(
      quantity, of: "rotors", count: "M", source: source(equation), states: states, standard: standard)
  }

  private static func source(_ equation: String) -> String { equation.isEmpty ? "" : "\(paper), \(equation)" }

  private static func perPosition(
    _ name: String, unit: String, _ meaning: String, _ equation: String, states: [String] = steadyLike,
    _ value:
      @escaping @Sendable (ChiralClockContext, _ rotor: Int, _ position: Int) throws(ObservableError) ->
      Double?
  ) -> Definition {
    .indexed(
      by: ["k", "j"], name, unit: unit, meaning, source: source(equation), states: states,
      over: { context in
        (0..<context.ring.rotors).flatMap { rotor in
          (0..<context.ring.positions).map { (rotor: rotor, position: $0) }
        }
      },
      { context, row throws(ObservableError) in try value(context, row.rotor, row.position) })
  }

  static let definitions: [Definition] = currents + heat + information + groundState + perRotor

  private static let currents: [Definition] = {
    let withGround = steadyLike + ["ground"]
    let sense = "from position 0 to 1"
    let cold = "in state \"ground\" with baths at zero temperature"
    func of(_ sublattice: ChiralClockContext.Sublattice) -> String {
      "one \(sublattice) rotor (average over the sublattice)"
    }
    var list: [Definition] = []
    for sublattice in ChiralClockContext.Sublattice.allCases {
      list.append(
        single(
          "J_tun_\(sublattice)", unit: "1/time", "tunnelling current of \(of(sublattice)), positive \(sense)",
          "Eq. (10)",
          states: withGround, standard: true
        ) { context throws(ObservableError) in context.average(over: sublattice) { context.tunnelling($0, 0) }
        })
      list.append(
        single(
          "J_th_\(sublattice)", unit: "1/time",
          "thermal current of \(of(sublattice)), positive \(sense); \(cold)",
          "Eq. (11)",
          states: withGround, standard: true
        ) { context throws(ObservableError) in context.average(over: sublattice) { context.thermal($0, 0) } })
      list.append(
        single(
          "J_net_\(sublattice)", unit: "1/time",
          "sum of both currents of \(of(sublattice)), positive \(sense)",
          "Fig. 2(e), (f)"
        ) { context throws(ObservableError) in
          context.average(over: sublattice) { context.tunnelling($0, 0) + context.thermal($0, 0) }
        })
      list.append(
        single(
          "Jtun2_\(sublattice)", unit: "1/time^2",
          "mean square of the tunnelling current of \(of(sublattice))",
          "Sec. III A"
        ) { context throws(ObservableError) in
          context.average(over: sublattice) { context.tunnellingSquared($0) }
        })
      list.append(
        single(
          "Jth2_\(sublattice)", unit: "1/time^2", "mean square of the thermal current of \(of(sublattice))",
          "Sec. III A"
        ) { context throws(ObservableError) in
          context.average(over: sublattice) { context.thermalSquared($0) }
        })
    }
    list.append(
      single(
        "J_tun_T", unit: "1/time", "tunnelling current summed over all rotors, positive \(sense)", "Fig. 3",
        states: withGround, standard: true
      ) { context throws(ObservableError) in context.sum { context.tunnelling($0, 0) } })
    list.append(
      single(
        "J_th_T", unit: "1/time", "thermal current summed over all rotors, positive \(sense); \(cold)",
        "Fig. 3",
        states: withGround, standard: true
      ) { context throws(ObservableError) in context.sum { context.thermal($0, 0) } })
    list.append(
      single(
        "J_net_T", unit: "1/time", "sum of both currents over all rotors, positive \(sense)", "Fig. 3"
      ) { context throws(ObservableError) in
        context.sum { context.tunnelling($0, 0) + context.thermal($0, 0) }
      })
    return list
  }()

  private static let heat: [Definition] = {
    var list: [Definition] = []
    for sublattice in ChiralClockContext.Sublattice.allCases {
      list.append(
        single(
          "QD_\(sublattice)", unit: "energy/time",
          "heat current of the diagonal energy, summed over the \(sublattice) rotors' baths, positive into the system",
          "Eq. (7)"
        ) { context throws(ObservableError) in
          context.sum(over: sublattice) { context.rotorFlows.heat[$0] }
        })
      list.append(
        single(
          "QND_\(sublattice)", unit: "energy/time",
          "energy current of the nondiagonal part (work of the baths), summed over the \(sublattice) rotors' baths, positive into the system",
          "Eq. (7)"
        ) { context throws(ObservableError) in
          let work = try context.work()
          return context.sum(over: sublattice) { work[$0] }
        })
    }
    list.append(
      single(
        "QND", unit: "energy/time", "nondiagonal energy current of all baths, positive into the system",
        "Eq. (7)"
      ) { context throws(ObservableError) in
        try context.work().reduce(0, +)
      })
    list.append(general(.first_law, "Eq. (7)", states: steadyLike))
    list.append(
      single(
        "Sigma", unit: "nat/time", "entropy production rate dS/dt - sum_k beta_k QD_k >= 0", "Sec. II",
        standard: true, densityStates: changing
      ) { context throws(ObservableError) in try context.entropyProduction() })
    return list
  }()

  private static let information: [Definition] = {
    let states = ["steady", "ground", "thermal", "dynamics"]
    return [
      general(.energy, "Eq. (1)", states: states),
      general(.S, "Eq. (12)", states: states, standard: true),
      general(.S_A, "Eq. (12)", states: states),
      general(.I, "Eq. (14)", states: states),
      general(.C, "Eq. (15)", states: states),
      single(
        "C_over_dim", unit: "1", "L1 coherence divided by Ns^M", "Fig. 8", states: states
      ) {
        context throws(ObservableError) in context.coherence() / Double(context.state.space.dimension)
      },
      general(.N_A, "Eq. (13)", states: states),
      single(
        "G", unit: "nat",
        "global quantum discord of all rotors: total correlation minus the largest one of local measurements",
        "Eq. (16)", states: states, densityStates: steadyLike, densityWork: .discord
      ) { context throws(ObservableError) in try context.discord().value },
      single(
        "G_hits", unit: "1",
        "starts of the search for the best measurement that reached G; a single one calls for doubt",
        "Eq. (16)", states: states, densityStates: steadyLike, densityWork: .discord
      ) { context throws(ObservableError) in Double(try context.discord().hits) },
      general(.purity, "", states: states),
      general(.lambda_min, "Eq. (13)", states: states),
    ]
  }()

  private static let groundState: [Definition] = [
    single(
      "E0", unit: "energy",
      "ground-state energy (clock picture: clock-shift symmetric sector; rotated: sector sum_k j_k = 0 mod Ns)",
      "App. A", states: ["ground"], standard: true
    ) { context throws(ObservableError) in context.ground?.energy },
    single(
      "gap_sector", unit: "energy", "distance to the next level of the same sector", "App. A",
      states: ["ground"],
      standard: true
    ) { context throws(ObservableError) in context.ground?.gap },
    single(
      "m2", unit: "1", "<m^2>, m = (1/M) sum_k (mu_k + mu_k^+), with sigma for mu in the rotated picture",
      "App. A", states: ["ground"]
    ) { context throws(ObservableError) in context.orderParameterMoments()?.second },
    single(
      "m4", unit: "1", "<m^4>, m = (1/M) sum_k (mu_k + mu_k^+), with sigma for mu in the rotated picture",
      "App. A", states: ["ground"]
    ) { context throws(ObservableError) in context.orderParameterMoments()?.fourth },
    single(
      "B", unit: "1", "Binder cumulant (3 - <m^4>/<m^2>^2)/2", "App. A", states: ["ground"], standard: true
    ) { context throws(ObservableError) in
      guard let (second, fourth) = context.orderParameterMoments(), second != 0 else { return nil }
      return (3 - fourth / (second * second)) / 2
    },
  ]

  private static let perRotor: [Definition] = [
    perPosition(
      "J_tun_j_to_j+1", unit: "1/time", "tunnelling current of rotor k from position j to j + 1", "Eq. (10)",
      states: steadyLike + ["ground"]
    ) { context, rotor, position throws(ObservableError) in context.tunnelling(rotor, position) },
    perPosition(
      "J_th_j_to_j+1", unit: "1/time",
      "thermal current of rotor k from position j to j + 1; in state \"ground\" with baths at zero temperature",
      "Eq. (11)", states: steadyLike + ["ground"]
    ) { context, rotor, position throws(ObservableError) in context.thermal(rotor, position) },
    perPosition(
      "p_j", unit: "1", "probability of position j of rotor k", "Sec. II", states: steadyLike + ["ground"]
    ) { context, rotor, position throws(ObservableError) in context.population(rotor, position) },
    perPosition(
      "QD_k", unit: "energy/time",
      "heat current of rotor k's bath, diagonal energy, positive into the system; the same for every j",
      "Eq. (7)"
    ) { context, rotor, _ throws(ObservableError) in context.rotorFlows.heat[rotor] },
    perPosition(
      "QND_k", unit: "energy/time",
      "nondiagonal energy current of rotor k's bath, positive into the system; the same for every j",
      "Eq. (7)"
    ) { context, rotor, _ throws(ObservableError) in try context.work()[rotor] },
  ]
}
