extension QubitRotorMachine {
  typealias Definition = ObservableDefinition<QubitRotorContext>

  /// The fixed point of repeated collisions.
  static let collision = "collision"
  private static let states = ["steady", "dynamics", collision]
  /// States of a master equation.
  private static let continuous = ["steady", "dynamics"]
  private static let steady = ["steady"]
  static let levelIndex = ["l"]
  private static let paper = "Leitch, Hammam & De Chiara (2024)"
  private static func source(_ equation: String) -> String { "\(paper), \(equation)" }

  static let description = MachineDescription(
    name: "qubit-rotor",
    summary:
      "Two qubits between two baths that drive a quantum rotor under load; local or global equation, or collisions",
    source: "Leitch, Hammam & De Chiara, Thermodynamics of hybrid quantum rotor devices (2024)",
    parameters: parameterDescriptions, observables: definitions.map(\.description), states: states)

  private static let parameterDescriptions: [ParameterDescription] = {
    func real(_ name: String, _ unit: String, _ value: Double, _ allowed: String, _ meaning: String)
      -> ParameterDescription
    {
      ParameterDescription(
        name: name, unit: unit, defaultValue: .real(value), allowed: allowed, meaning: meaning)
    }
    let positive = "a finite number > 0"
    return [
      real("B1", "energy", 4, positive, "field of qubit 1, half its gap"),
      real("B2", "energy", 10, positive, "field of qubit 2, half its gap"),
      real("I", "1/energy", 1, positive, "moment of inertia of the rotor"),
      real("lambda", "energy", 0.1, "a finite number", "interaction of qubits and rotor"),
      real("g", "sqrt(energy)", 1, "a finite number >= 0", "coupling to the baths; rates are g^2"),
      real(
        "chi", "1", 0, "a number from -1 to 1",
        "asymmetry of the couplings, g1 = g (1 - chi), g2 = g (1 + chi)"),
      real("beta1", "1/energy", 0.1, positive, "inverse temperature of the bath of qubit 1"),
      real("beta2", "1/energy", 0.02, positive, "inverse temperature of the bath of qubit 2"),
      ParameterDescription(
        name: "r", unit: "1", defaultValue: nil,
        allowed: "a finite number > 0; beside beta2 only if it agrees",
        meaning: "ratio beta2/beta1, instead of beta2"),
      real("beta_r", "1/energy", 0.09, positive, "inverse temperature of the load"),
      real("gamma", "1/time", 5e-5, "a finite number >= 0", "friction of the load"),
      ParameterDescription(
        name: "lmin", unit: "1", defaultValue: .integer(-40),
        allowed: "a whole number below lmax, from -10000000 on",
        meaning: "lowest angular momentum of the window"),
      ParameterDescription(
        name: "lmax", unit: "1", defaultValue: .integer(60),
        allowed: "a whole number above lmin, up to 10000000",
        meaning: "highest angular momentum of the window"),
      ParameterDescription(
        name: "window", unit: "1", defaultValue: nil, allowed: "\"auto\", without lmin and lmax",
        meaning:
          "finds the window: it grows until the walls are empty and friction is undisturbed, at all times of dynamics"
      ),
      ParameterDescription(
        name: "master_equation", unit: "1", defaultValue: .text("local"), allowed: "\"local\" or \"global\"",
        meaning: "jumps of single qubits (collision model), or secular jumps between dressed states"),
      ParameterDescription(
        name: "Omega", unit: "energy", defaultValue: .real(20),
        allowed: "a finite number > 0, or \"omega_max\"",
        meaning:
          "cutoff of the spectral density in the global equation; \"omega_max\", the largest transition frequency, grows with the window"
      ),
      ParameterDescription(
        name: "negative_frequency_rule", unit: "1", defaultValue: .text("rwa"), allowed: "\"rwa\" or \"odd\"",
        meaning:
          "transitions of frequency <= 0 in the global equation: none, or the odd continuation of the spectral density"
      ),
      ParameterDescription(
        name: "initial_state", unit: "1", defaultValue: .text("thermal qubits, rotor |0>"),
        allowed: "\"thermal qubits, rotor |l>\" or \"|n1 n2 l>\" with numbers",
        meaning: "state at time 0 for dynamics"),
      real("tau", "time", 0.1, positive, "duration of a collision, state \"collision\""),
      ParameterDescription(
        name: "ancilla_levels", unit: "1", defaultValue: nil, allowed: "a whole number from 2 to 4096",
        meaning:
          "levels of each bosonic ancilla, state \"collision\"; without it as many as hold its Gibbs state to rounding"
      ),
      real(
        "alpha", "1", 0.5, "a number from 0 to 1",
        "weight of rectification in Gamma, beside 1 - alpha of the flow"),
    ]
  }()

  static let definitions: [Definition] =
    energyFlows + rotor + performance + ergotropies + rectification + sizes + perLevel

  private static func flow(
    _ name: String, unit: String = "energy/time", _ meaning: String, _ equation: String,
    states: [String] = states,
    standard: Bool = false, _ value: @escaping @Sendable (QubitRotorFlows) -> Double?
  ) -> Definition {
    .single(name, unit: unit, meaning, source: source(equation), states: states, standard: standard) {
      context throws(ObservableError) in value(context.flows)
    }
  }

  /// A flow that collisions have too.
  private static func exchanged(
    _ name: String, unit: String = "energy/time", _ meaning: String, _ equation: String,
    states: [String] = states, standard: Bool = false,
    _ value: @escaping @Sendable (QubitRotorFlows) -> Double,
    collisions: @escaping @Sendable (CollisionFlows) -> Double
  ) -> Definition {
    .single(name, unit: unit, meaning, source: source(equation), states: states, standard: standard) {
      context throws(ObservableError) in context.collision.map(collisions) ?? value(context.flows)
    }
  }

  private static let energyFlows: [Definition] = [
    exchanged(
      "Q1", "heat from the bath of qubit 1, positive into the system", "Eqs. (18), (19), (29)",
      standard: true,
      { $0.heat(fromQubit: 0) }, collisions: { $0.heat(fromQubit: 0) }),
    exchanged(
      "Q2", "heat from the bath of qubit 2, positive into the system", "Eqs. (18), (19), (29)",
      standard: true,
      { $0.heat(fromQubit: 1) }, collisions: { $0.heat(fromQubit: 1) }),
    exchanged(
      "Qr", "heat from the load, positive into the system", "Eq. (21)", standard: true,
      { $0.heatFromLoad }, collisions: { $0.heatFromLoad }),
    .single(
      "W", unit: "energy/time",
      "work of switching collisions on and off, positive into the system; WQ is its limit for short ones",
      source: source("Eq. (22)"), states: [collision], standard: true
    ) { context throws(ObservableError) in context.collision?.work },
    flow(
      "WQ", "work of the collisions, positive into the system; 0 for the global equation", "Eqs. (23), (24)",
      states: continuous, standard: true
    ) {
      $0.collisionalWork
    },
    exchanged(
      "Wr", "work of the load on the interaction, positive into the system", "Eq. (25)",
      { $0.loadWork }, collisions: { $0.loadWork }),
    exchanged(
      "Udot", "change of the energy, the sum of all heat and work; 0 in a steady state", "Eqs. (26), (28)",
      { $0.energyChange }, collisions: { $0.energyChange }),
    flow(
      "K", unit: "1/time", "current of quanta from qubit 2 to qubit 1, 2 lambda Im X", "from Eq. (3)",
      states: continuous
    ) {
      $0.excitationCurrent
    },
    flow("Wkin", "change of the kinetic energy, d<Lz^2>/dt / 2I", "Eq. (30)", states: continuous) {
      $0.kineticPower
    },
    flow("Wint", "power that the interaction gives to the rotation", "Eq. (32)", states: continuous) {
      $0.intrinsicPower
    },
    flow(
      "QBA", "back action of baths and load on the kinetic energy, Wkin - Wint", "Eqs. (31), (33)",
      states: continuous
    ) {
      $0.backAction
    },
    flow("Wnet", "net power <Lz> d<Lz>/dt / I", "Eq. (34)", states: continuous) { $0.netPower },
    production(
      "sigma_clausius", "entropy production dS/dt - sum beta Q, with the load as a bath at beta_r",
      "Clausius' inequality with the heats of \(source("Eqs. (18), (21), (29)"))",
      { $0.clausiusEntropyProduction }, collisions: { $0.clausiusEntropyFlow }),
    production(
      "sigma_exact",
      "entropy production >= 0, dS/dt - sum beta Q with the distribution that the load really leads to",
      "Spohn, J. Math. Phys. 19, 1227 (1978)",
      { $0.entropyProduction }, collisions: { $0.entropyFlow }),
    .single(
      "Sdot", unit: "nat/time", "change of S, part of the entropy production; 0 in a steady state",
      source: "dS/dt = -tr(L rho ln rho)", states: ["dynamics"]
    ) { context throws(ObservableError) in try context.entropyChange() },
    .single(
      "S", unit: "nat", "von Neumann entropy of the whole state", source: "S = -tr(rho ln rho)",
      states: states
    ) { context throws(ObservableError) in try context.entropy() },
  ]

  /// Entropy production: dS/dt and what the flows take along.
  private static func production(
    _ name: String, _ meaning: String, _ source: String,
    _ value: @escaping @Sendable (QubitRotorFlows) -> Double,
    collisions: @escaping @Sendable (CollisionFlows) -> Double
  ) -> Definition {
    .single(name, unit: "nat/time", meaning, source: source, states: states) {
      context throws(ObservableError) in
      try context.entropyChange() + (context.collision.map(collisions) ?? value(context.flows))
    }
  }

  private static let rotor: [Definition] = [
    flow("Lz", unit: "1", "mean angular momentum", "Eq. (2)", standard: true) { $0.momentum() },
    flow("Lz2", unit: "1", "mean square of the angular momentum", "Eq. (2)") { $0.momentum(power: 2) },
    flow("n1", unit: "1", "excited population of qubit 1", "Eq. (20)") { $0.excitations.first },
    flow("n2", unit: "1", "excited population of qubit 2", "Eq. (20)") { $0.excitations.second },
    flow("U", unit: "energy", "mean energy tr(H rho)", "Eq. (1)") { $0.energy },
    flow("p_wall", unit: "1", "larger one of the rotor's populations at the two walls", "Appendix B") {
      $0.wallPopulation
    },
  ]

  private static let performance: [Definition] = [
    flow(
      "regime", unit: "1", "1 engine, 2 refrigerator, 3 accelerator, 0 none of them", "Table I",
      states: steady
    ) { Double($0.regime.rawValue) },
    flow(
      "eta", unit: "1", "efficiency -WQ/Q2, whatever the regime; undefined without heat", "Eq. (36)",
      states: steady
    ) {
      $0.efficiency
    },
    flow("eta_C", unit: "1", "Carnot efficiency 1 - beta2/beta1", "below Eq. (36)", states: steady) {
      $0.carnotEfficiency
    },
    flow(
      "COP", unit: "1", "coefficient of performance Q1/WQ, whatever the regime; undefined without work",
      "Eq. (37)", states: steady
    ) { $0.coefficientOfPerformance },
    flow(
      "COP_C", unit: "1", "Carnot bound beta2/(beta1 - beta2) of a refrigerator", "corrects below Eq. (37)",
      states: steady
    ) {
      $0.carnotPerformance
    },
    flow(
      "COP_C_printed", unit: "1", "the looser bound beta1/(beta1 - beta2) that the paper prints",
      "below Eq. (37)",
      states: steady
    ) { $0.carnotHeatPump },
  ]

  private static let ergotropies: [Definition] = [
    flow("ergotropy_total", unit: "energy", "ergotropy of the whole with respect to H", "Eq. (35)") {
      $0.totalErgotropy
    },
    flow("ergotropy_rotor", unit: "energy", "ergotropy of the rotor with respect to Lz^2/2I", "Eq. (35)") {
      $0.rotorErgotropy
    },
    flow(
      "ergotropy_qubits", unit: "energy", "ergotropy of the two qubits with respect to B1 sz1 + B2 sz2",
      "Eq. (35)"
    ) {
      $0.qubitsErgotropy
    },
    flow("ergotropy_q1", unit: "energy", "ergotropy of qubit 1 with respect to B1 sz1", "Eq. (35)") {
      $0.ergotropy(ofQubit: 0)
    },
    flow("ergotropy_q2", unit: "energy", "ergotropy of qubit 2 with respect to B2 sz2", "Eq. (35)") {
      $0.ergotropy(ofQubit: 1)
    },
  ]

  private static func compared(
    _ name: String, unit: String = "1", _ meaning: String, _ equation: String,
    _ value: @escaping @Sendable (QubitRotorContext) throws(ObservableError) -> Double?
  ) -> Definition {
    .single(name, unit: unit, meaning, source: source(equation), states: steady, value)
  }

  private static let rectification: [Definition] = [
    compared("Q2_forward", unit: "energy/time", "heat from bath 2 as given", "above Eq. (38)") {
      context throws(ObservableError) in context.flows.heat(fromQubit: 1)
    },
    compared("Q1_swapped", unit: "energy/time", "heat from bath 1 with exchanged temperatures", "Eq. (38)") {
      context throws(ObservableError) in try context.swapped().heat(fromQubit: 0)
    },
    compared("R", "heat rectification |Q - Qswap|/|Q + Qswap|; undefined without heat", "Eq. (39)") {
      context throws(ObservableError) in try context.heatRectification().asPrinted
    },
    compared("J", "larger one of |Q| and |Qswap| over lambda g^2; undefined for lambda g = 0", "Eq. (40)") {
      context throws(ObservableError) in try context.scaledHeat()
    },
    compared("Gamma_alpha", "alpha R + (1 - alpha) J", "Eq. (41)") { context throws(ObservableError) in
      guard let r = try context.heatRectification().asPrinted, let j = try context.scaledHeat() else {
        return nil
      }
      return context.alpha * r + (1 - context.alpha) * j
    },
    compared("Lz_forward", "mean angular momentum as given", "Eq. (42)") { context throws(ObservableError) in
      context.flows.momentum()
    },
    compared("Lz_swapped", "mean angular momentum with exchanged temperatures", "Eq. (42)") {
      context throws(ObservableError) in try context.swapped().momentum()
    },
    compared(
      "R_angular_as_printed", "|L - Lswap|/|L + Lswap|, more than 1 where the rotor reverses", "Eq. (42)"
    ) {
      context throws(ObservableError) in try context.momentumRectification().asPrinted
    },
    compared("R_angular_magnitudes", "||L| - |Lswap||/(|L| + |Lswap|), from 0 to 1", "instead of Eq. (42)") {
      context throws(ObservableError) in try context.momentumRectification().ofMagnitudes
    },
    compared("J_angular", "larger one of |L| and |Lswap|", "Eq. (43)") { context throws(ObservableError) in
      try context.momentumRectification().size
    },
    compared("Gamma_alpha_angular", "alpha R_angular_magnitudes + (1 - alpha) J_angular", "Eq. (44)") {
      context throws(ObservableError) in
      let momentum = try context.momentumRectification()
      return momentum.ofMagnitudes.map { context.alpha * $0 + (1 - context.alpha) * momentum.size }
    },
  ]

  /// Names of the decay rates, which take all eigenvalues of the generator.
  static let rates = ["rate1", "rate2", "rate3"]

  private static let sizes: [Definition] =
    rates.indices.map { number in
      compared(
        rates[number], unit: "1/time",
        "decay rate of the steady state's sector, number \(number + 1) of the slowest", "from Eq. (4)"
      ) { context throws(ObservableError) in
        let rates = try context.relaxationRates()
        return number < rates.count ? rates[number] : nil
      }
    } + [
      compared(
        "omega_max", unit: "energy", "largest transition frequency of the truncated space",
        "Eqs. (A16), (A17)"
      ) {
        context throws(ObservableError) in try context.largestFrequency()
      },
      flow("window_min", unit: "1", "lowest level of the window", "Appendix B") {
        Double($0.device.levels.lowerBound)
      },
      flow("window_max", unit: "1", "highest level of the window", "Appendix B") {
        Double($0.device.levels.upperBound)
      },
    ]

  private static let perLevel: [Definition] = [
    .indexed(
      by: levelIndex, "p_l", unit: "1", "population of the rotor's level l", source: source("Figs. 6, 7"),
      states: states, over: { Array($0.flows.rotorPopulations) }
    ) { _, population throws(ObservableError) in population }
  ]
}

extension QubitRotorContext {
  /// J = max(|Q|, |Qswap|)/(lambda g^2); nil for lambda g = 0. The couplings add up to g1 + g2 = 2g.
  func scaledHeat() throws(ObservableError) -> Double? {
    let g = (device.first.coupling + device.second.coupling) / 2
    let scale = abs(device.interaction) * g * g
    return scale > 0 ? try heatRectification().size / scale : nil
  }

  func largestFrequency() throws(ObservableError) -> Double {
    do {
      let basis = try Eigenbasis(of: device.hamiltonian())
      return (0..<2).reduce(0) { max($0, basis.largestFrequency(of: device.lowering(qubit: $1))) }
    } catch { throw .unavailable(reason: "the spectrum of the Hamiltonian: \(error)") }
  }
}
