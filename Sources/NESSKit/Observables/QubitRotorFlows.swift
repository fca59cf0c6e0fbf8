public import Numerics

/// What a state of two qubits and a rotor exchanges with its baths and load, from its populations and the coherences that the interaction
/// drives: Leitch, Hammam & De Chiara, Eqs. (18) to (34). Heat and work are positive into the system.
///
/// All sums run over the rotor levels once. Coherences other than <01,l|rho|10,l+1> enter none of these quantities.
public struct QubitRotorFlows: Sendable {
  /// The device.
  public let device: QubitRotor
  /// Populations of |n1 n2 l>: `populations[2 n1 + n2][l - lmin]`.
  public let populations: [[Double]]
  /// c_l = <01,l| rho |10,l+1> for l = lmin...lmax-1.
  public let coherences: [Complex<Double>]
  /// Equation and state for the heat of the global equation; nil for the local one.
  private let secular: (equation: SecularEquation, state: any QuantumState)?
  /// Whether the state is a steady state of the equation.
  let isStationary: Bool

  /// Reads a state.
  ///
  /// - Parameters:
  ///   - device: The device.
  ///   - state: A state of its space.
  ///   - secular: The global equation where that is what acts; nil for the local one.
  ///   - isStationary: Whether the state is a steady state of the equation. Heat is then known from the current of quanta, which
  ///     hot baths and weak interactions do not round away.
  public init(
    of device: QubitRotor, in state: any QuantumState, secular: SecularEquation? = nil,
    isStationary: Bool = false
  ) {
    self.device = device
    let count = device.levels.count
    let all = state.populations
    populations = (0..<4).map { Array(all[($0 * count)..<(($0 + 1) * count)]) }
    coherences = state.elements(
      kets: Array(count..<(2 * count - 1)), bras: Array((2 * count + 1)..<(3 * count)))
    self.secular = secular.map { ($0, state) }
    self.isStationary = isStationary
  }

  /// Whether the global equation acts.
  var isGlobal: Bool { secular != nil }

  /// Populations of the rotor levels, the qubits traced out.
  public var rotorPopulations: [Double] {
    (0..<device.levels.count).map { l in populations.reduce(0) { $0 + $1[l] } }
  }

  /// Populations of the two qubits, 00, 01, 10, 11.
  public var qubitPopulations: [Double] { populations.map { $0.reduce(0, +) } }

  /// Excited populations <n1>, <n2>.
  public var excitations: (first: Double, second: Double) {
    let p = qubitPopulations
    return (p[2] + p[3], p[1] + p[3])
  }

  /// X = sum_l c_l = <s+_1 s-_2 e^{i phi}>^*.
  public var coherence: Complex<Double> { coherences.reduce(.zero, +) }

  /// Current of quanta from qubit 2 to qubit 1, K = 2 lambda Im X.
  public var excitationCurrent: Double { 2 * device.interaction * coherence.imaginary }

  /// <L_z^power>.
  public func momentum(power: Int = 1) -> Double {
    zip(device.levels, rotorPopulations).reduce(0) {
      $0 + (power == 1 ? Double($1.0) : Double($1.0) * Double($1.0)) * $1.1
    }
  }

  /// <H>.
  public var energy: Double {
    let energies = device.bareEnergies()
    var sum = 2 * device.interaction * coherence.real
    for (block, values) in populations.enumerated() {
      for (l, value) in values.enumerated() { sum += energies[block * values.count + l].real * value }
    }
    return sum
  }

  /// Heat from the bath of a qubit: tr(H_0 L_i rho) of the local equation, tr(H L_i rho) of the global one. In a steady state of the
  /// local equation the first is Q1 = -2 B1 K and Q2 = 2 B2 K, in any window.
  public func heat(fromQubit number: Int) -> Double {
    if let secular { return secular.equation.flow(fromCoupling: number, in: secular.state) }
    let qubit = number == 0 ? device.first : device.second
    if isStationary { return (number == 0 ? -2 : 2) * qubit.field * excitationCurrent }
    let excited = number == 0 ? excitations.first : excitations.second
    return 2 * qubit.field * (qubit.raisingRate * (1 - excited) - qubit.loweringRate * excited)
  }

  /// Change per time of sum_l weights[l] p(l) by the load.
  private func loadFlow(_ weights: [Double]) -> Double { loadFlow(weights, rotorPopulations) }

  /// The same for some populations of the rotor's levels.
  func loadFlow(_ weights: [Double], _ rotor: [Double]) -> Double {
    var sum = 0.0
    for (place, level) in device.levels.enumerated() {
      let up = device.raisingRate(of: level)
      let down = device.loweringRate(of: level)
      if up > 0 { sum += rotor[place] * up * (weights[place + 1] - weights[place]) }
      if down > 0 { sum += rotor[place] * down * (weights[place - 1] - weights[place]) }
    }
    return sum
  }

  /// Heat from the load, tr(L_z^2/(2I) L_r rho).
  public var heatFromLoad: Double { loadFlow(device.levels.map(device.rotorEnergy)) }

  /// Work of the collisions on the interaction, W^(Q) = tr(H_SI (L_1 + L_2) rho), Eq. (23); zero for the global equation.
  public var collisionalWork: Double {
    guard secular == nil else { return 0 }
    return -device.interaction * qubitRates * coherence.real
  }

  /// Work of the load on the interaction, W^(r) = tr(H_SI L_r rho).
  public var loadWork: Double {
    var sum = 0.0
    for (level, value) in zip(device.levels, coherences) {
      let (up, down, loss) = device.coherenceRates(of: level)
      sum += (up + down - loss) * value.real
    }
    return 2 * device.interaction * sum
  }

  /// d<H>/dt from all flows together.
  public var energyChange: Double {
    heat(fromQubit: 0) + heat(fromQubit: 1) + heatFromLoad + collisionalWork + loadWork
  }

  /// Power that the interaction gives to the rotation, sum_l (2l + 1)/(2I) 2 lambda Im c_l.
  public var intrinsicPower: Double {
    coherences.enumerated().reduce(0) { sum, entry in
      let level = Double(device.levels.lowerBound + entry.offset)
      return sum + (2 * level + 1) / device.inertia * device.interaction * entry.element.imaginary
    }
  }

  /// What the bath of a qubit makes an observable grow by per time under the global equation; nil for the local one.
  func secularFlow(of observable: Operator, fromQubit number: Int) -> Double? {
    secular.map { $0.equation.flow(of: observable, fromCoupling: number, in: $0.state) }
  }

  /// What the baths of the qubits do to L_z^power: nothing in the local equation.
  private func bathFlow(power: Int) -> Double {
    let momentum = Operator.local(.rotorMomentum(levels: device.levels), at: 2, in: device.space)
    let observable = power == 1 ? momentum : momentum * momentum
    return (0..<2).reduce(0) { $0 + (secularFlow(of: observable, fromQubit: $1) ?? 0) }
  }

  /// Back action W_kin - W_int: what load and baths do to the kinetic energy.
  public var backAction: Double { heatFromLoad + bathFlow(power: 2) / (2 * device.inertia) }

  /// Change of the kinetic energy, d<L_z^2>/dt / (2I).
  public var kineticPower: Double { intrinsicPower + backAction }

  /// d<L_z>/dt.
  public var torque: Double {
    excitationCurrent + loadFlow(device.levels.map { Double($0) }) + bathFlow(power: 1)
  }

  /// Net power <L_z> d<L_z>/dt / I.
  public var netPower: Double { momentum() * torque / device.inertia }

  /// Entropy production rate of a steady state in Clausius form, -sum beta Q over baths and load; other states add ``entropyChange()``.
  /// Approximate, since the load thermalizes the rotor up to terms of order kappa only.
  public var clausiusEntropyProduction: Double {
    -device.first.inverseTemperature * heat(fromQubit: 0) - device.second.inverseTemperature
      * heat(fromQubit: 1) - device.loadInverseTemperature * heatFromLoad
  }

  /// Entropy production rate of a steady state, >= 0; in other states ``transientEntropyProduction()`` adds dS/dt. The load counts with the distribution pi that it leads to, tr(L_r rho ln pi) in the
  /// place of -beta_r Q_r.
  public var entropyProduction: Double {
    -device.first.inverseTemperature * heat(fromQubit: 0) - device.second.inverseTemperature
      * heat(fromQubit: 1) + loadFlow(device.loadLogarithms())
  }

  /// Torque of the load beside the friction -gamma <L_z> that it exerts without walls, relative to gamma sqrt(<L_z^2>). For the local equation
  /// this compares gamma <L_z> with the current of quanta. Small values alone do not prove a window large enough.
  public var frictionDefect: Double {
    let scale = device.friction * momentum(power: 2).squareRoot()
    let defect = abs(loadFlow(device.levels.map { Double($0) }) + device.friction * momentum())
    // Kicks up and down all but cancel in a rotor that has hardly left l = 0, beside which gamma <L_z> is rounding.
    let kicks = zip(device.levels, rotorPopulations).reduce(0) {
      $0 + abs($1.1) * (device.raisingRate(of: $1.0) + device.loweringRate(of: $1.0))
    }
    return scale > 0 && defect > 8 * Double.ulpOfOne * kicks ? defect / scale : 0
  }

  /// Largest share of the rotor that stands at a wall.
  public var wallPopulation: Double {
    let rotor = rotorPopulations
    return max(rotor.first ?? 1, rotor.last ?? 1)
  }
}
