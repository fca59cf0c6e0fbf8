internal import Numerics

extension SpinChainMachine {
  typealias Definition = ObservableDefinition<SpinChainContext>

  private static let states = ["steady", "dynamics"]
  /// States without an entropy that is known to be constant: the change of it takes the full density matrix.
  private static let changing = ["dynamics"]
  private static let paper = "Prosen, PRL 107, 137201 (2011)"
  static let siteIndex = ["site"]
  static let pairIndex = ["i", "j"]

  static let description = MachineDescription(
    name: "spin-chain",
    summary: "Open XXZ chain of N spins 1/2, driven by a local bath at each end, with fields and dephasing",
    source: "Prosen, PRL 106, 217206 (2011); \(paper); Znidaric, J. Stat. Mech. L05002 (2010)",
    parameters: parameterDescriptions, observables: definitions.map(\.description), states: states)

  private static let parameterDescriptions: [ParameterDescription] = {
    func each(_ name: String, _ unit: String, _ value: Double?, _ count: String, _ meaning: String)
      -> ParameterDescription
    {
      let number = name == "gamma_phi" ? "a finite number >= 0" : "a finite number"
      return ParameterDescription(
        name: name, unit: unit, defaultValue: value.map(ParameterValue.real),
        allowed: "\(number), or a list of \(count) of them", meaning: meaning)
    }
    var list = [
      ParameterDescription(
        name: "N", unit: "1", defaultValue: .integer(4), allowed: "a whole number >= 2",
        meaning: "number of spins"),
      each(
        "J", "energy", 1, "N - 1",
        "coupling of the bonds, J (sx sx + sy sy + Delta sz sz) with Pauli matrices: a hop has amplitude 2J"),
      each("Delta", "1", 1, "N - 1", "anisotropy of the bonds"),
      each("h", "energy", 0, "N", "field h sz on the sites; flipping a free spin up costs 2h"),
    ]
    let sides = [("L", "first", 1.0), ("R", "last", -1.0)]
    for (side, site, _) in sides {
      list.append(
        ParameterDescription(
          name: "gamma_\(side)", unit: "energy", defaultValue: .real(1), allowed: "a finite number >= 0",
          meaning:
            "coupling of the \(site) spin to its bath: s+ at the rate gamma (1 + mu)/2, s- at gamma (1 - mu)/2"
        ))
    }
    for (side, site, value) in sides {
      list.append(
        ParameterDescription(
          name: "mu_\(side)", unit: "1", defaultValue: .real(value), allowed: "a number from -1 to 1",
          meaning: "magnetization <sz> that its bath alone would give the \(site) spin"))
    }
    for (side, site, _) in sides {
      list.append(
        ParameterDescription(
          name: "beta_\(side)", unit: "1/energy", defaultValue: nil, allowed: "a finite number",
          meaning:
            "inverse temperature of the \(site) spin's bath, instead of mu_\(side): mu_\(side) = -tanh(beta_\(side) h) with the field of that spin"
        ))
    }
    list.append(each("gamma_phi", "energy", 0, "N", "rate of the dephasing jump operator sz on the sites"))
    list.append(
      ParameterDescription(
        name: "initial", unit: "1", defaultValue: nil, allowed: "a list of N numbers, 0 (down) or 1 (up)",
        meaning:
          "spins at time 0 for dynamics (default all down); with state = \"steady\" the stationary state reached from there"
      ))
    return list
  }()

  static let definitions: [Definition] = spin + energy + information + perSite + perPair

  private static let spin: [Definition] = {
    var list: [Definition] = [
      .single(
        "j_spin", unit: "1/time",
        "current of up spins, mean over the bonds, positive from left to right; that of sz is twice this",
        source: paper, states: states, standard: true
      ) { context throws(ObservableError) in context.spinCurrent() }
    ]
    for side in SpinChainContext.Side.allCases {
      list.append(
        .single(
          "j_spin_\(side.rawValue)", unit: "1/time",
          "flow of up spins from the \(side) bath, gamma (mu - <sz>)/2, positive into the chain",
          states: states, standard: true
        ) { context throws(ObservableError) in context.spinFlow(side) })
    }
    return list
  }()

  private static let energy: [Definition] = {
    func flow(
      _ name: String, _ meaning: String, standard: Bool = false,
      _ value: @escaping @Sendable (SpinChainContext) throws(ObservableError) -> Double?
    ) -> Definition {
      .single(
        name, unit: "energy/time", "\(meaning), positive into the chain", states: states, standard: standard,
        densityStates: changing, value)
    }
    var list: [Definition] = []
    for side in SpinChainContext.Side.allCases {
      let letter = side.rawValue
      list += [
        flow("j_\(letter)", "energy drawn from the \(side) bath, tr(H D rho)", standard: true) {
          context throws(ObservableError) in try context.flow(side).map { $0.heat + $0.work }
        },
        flow("Q_\(letter)", "heat from the \(side) bath, tr(H_0 D rho) with H_0 the energy of the fields") {
          context throws(ObservableError) in try context.flow(side)?.heat
        },
        flow("W_\(letter)", "work of the \(side) bath on the interaction, tr((H - H_0) D rho)") {
          context throws(ObservableError) in try context.flow(side)?.work
        },
      ]
    }
    list.append(
      flow("j_phi", "energy from the dephasing of all sites, tr(H D rho)") {
        context throws(ObservableError) in
        try context.flow(from: SpinChain.dephasingBath).map { $0.heat + $0.work } ?? 0
      })
    list.append(.general(.first_law, of: "spins", count: "N", states: states))
    list.append(
      .single(
        "Sigma", unit: "nat/time",
        "entropy production rate dS/dt + 2 artanh(mu_L) j_spin_L + 2 artanh(mu_R) j_spin_R >= 0; undefined for mu = 1 or -1",
        source: "Spohn, J. Math. Phys. 19, 1227 (1978)", states: states, densityStates: changing
      ) { context throws(ObservableError) in try context.entropyProduction() })
    return list
  }()

  private static let information: [Definition] =
    [
      .single(
        "M_mean", unit: "1", "mean magnetization (1/N) sum_l <sz_l>", states: states
      ) { context throws(ObservableError) in
        context.magnetizations().reduce(0, +) / Double(context.chain.sites)
      }
    ]
    + [GeneralObservable.energy, .S, .S_A, .I, .C, .N_A, .purity].map {
      .general($0, of: "spins", count: "N", states: states)
    }

  private static let perSite: [Definition] = {
    func site(
      _ name: String, unit: String, _ meaning: String,
      _ value: @escaping @Sendable (SpinChainContext, Int) throws(ObservableError) -> Double?
    ) -> Definition {
      .indexed(
        by: siteIndex, name, unit: unit, meaning, states: states, over: { Array(0..<$0.chain.sites) }, value)
    }
    return [
      site("M", unit: "1", "magnetization <sz> of a site") { context, site throws(ObservableError) in
        context.magnetizations()[site]
      },
      site(
        "j_spin_l", unit: "1/time",
        "current of up spins J <sx sy' - sy sx'> from a site to the next; undefined at the last one"
      ) { context, site throws(ObservableError) in
        site < context.chain.sites - 1 ? context.spinCurrent(site) : nil
      },
      site(
        "j_heat_l", unit: "energy/time",
        "energy current i <[e_{l-1}, e_l]> through site l, positive from left to right; undefined at the ends"
      ) { context, site throws(ObservableError) in
        (1..<(context.chain.sites - 1)).contains(site) ? context.energyCurrent(site) : nil
      },
    ]
  }()

  private static let perPair: [Definition] = {
    func pair(
      _ name: String, _ meaning: String,
      _ value: @escaping @Sendable (SpinChainContext, (Int, Int)) throws(ObservableError) -> Double?
    ) -> Definition {
      .indexed(
        by: pairIndex, name, unit: "1", meaning, states: states, over: { $0.chain.pairs }, value)
    }
    return [
      pair("zz", "correlation <sz_i sz_j> of two sites") { context, pair throws(ObservableError) in
        context.alignment(pair.0, pair.1)
      },
      pair("zz_c", "connected correlation <sz_i sz_j> - <sz_i> <sz_j>") {
        context, pair throws(ObservableError) in
        let single = context.magnetizations()
        return context.alignment(pair.0, pair.1) - single[pair.0] * single[pair.1]
      },
      pair("concurrence", "concurrence of two sites") { context, pair throws(ObservableError) in
        try context.state.concurrence(between: pair.0, and: pair.1)
      },
    ]
  }()
}
