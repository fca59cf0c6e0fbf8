/// What one collision and the load after it exchange with a state of two qubits and a rotor, per unit time: Leitch, Hammam & De Chiara,
/// Eq. (22). Heat and work are positive into the system.
public struct CollisionFlows: Sendable {
  /// Both maps.
  public let map: CollisionMap
  /// The state before the collision.
  public let before: QubitRotorState
  /// The state between the collision and the load.
  public let collided: QubitRotorState
  /// What the collision changes, and what the load changes after it.
  private let changes: (collision: Change, load: Change)

  /// Follows a state through a collision and the load.
  public init(of map: CollisionMap, from before: QubitRotorState) {
    self.map = map
    self.before = before
    collided = map.collided(before)
    changes = (
      Change(of: map.collision.applied(to: before.unknowns), on: map.device),
      Change(of: map.load.applied(to: collided.unknowns), on: map.device)
    )
  }

  private var device: QubitRotor { map.device }
  private func perTime(_ change: Double) -> Double { change / map.collisions.duration }

  /// Heat from the ancilla of a qubit, minus what its energy 2 B_i a+_i a_i gains. Conserved charges turn that into changes of the system.
  public func heat(fromQubit number: Int) -> Double {
    let change = changes.collision
    return number == 0
      ? perTime(2 * device.first.field * (change.excitations.first - change.momentum))
      : perTime(2 * device.second.field * (change.excitations.second + change.momentum))
  }

  /// Work of switching the couplings to the ancillas on and off: the change of <H> that is not heat.
  public var work: Double {
    let change = changes.collision
    return perTime(
      2 * (device.first.field - device.second.field) * change.momentum + change.kinetic + change.interaction)
  }

  /// Heat from the load, from the change of L_z^2/(2I).
  public var heatFromLoad: Double { perTime(changes.load.kinetic) }

  /// Work of the load on the interaction.
  public var loadWork: Double { perTime(changes.load.interaction) }

  /// Change of <H> in a collision and under the load together, the sum of all flows; zero in a fixed point.
  public var energyChange: Double {
    heat(fromQubit: 0) + heat(fromQubit: 1) + work + heatFromLoad + loadWork
  }

  /// Entropy that leaves the ancillas and the load, -sum beta Q, with the load as a bath at its temperature.
  public var clausiusEntropyFlow: Double {
    bathEntropyFlow - device.loadInverseTemperature * heatFromLoad
  }

  /// Entropy that leaves the ancillas and the load, where the load counts with the distribution pi that it leads to, tr(change ln pi). In a
  /// fixed point this is the entropy production, >= 0.
  public var entropyFlow: Double { bathEntropyFlow + loadEntropyFlow }

  private var bathEntropyFlow: Double {
    -device.first.inverseTemperature * heat(fromQubit: 0) - device.second.inverseTemperature
      * heat(fromQubit: 1)
  }

  private var loadEntropyFlow: Double {
    perTime(zip(changes.load.rotor, device.loadLogarithms()).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// Entropy productions of the collision and of the load, dS - sum beta Q each, both >= 0 in any state.
  /// - Throws: ``ObservableError`` for a state that is not positive.
  public func entropyProductions() throws(ObservableError) -> (collision: Double, load: Double) {
    let middle = try collided.entropy()
    return (
      perTime(middle - (try before.entropy())) + bathEntropyFlow,
      perTime(try map.loaded(collided).entropy() - middle) + loadEntropyFlow
    )
  }

  /// Changes of expectation values.
  private struct Change: Sendable {
    /// Of <n1>, <n2>.
    let excitations: (first: Double, second: Double)
    /// Of the populations of the rotor's levels.
    let rotor: [Double]
    /// Of <L_z>.
    let momentum: Double
    /// Of <L_z^2>/(2I).
    let kinetic: Double
    /// Of <H_SI>.
    let interaction: Double

    init(of unknowns: [Double], on device: QubitRotor) {
      var (first, second, coherence) = (0.0, 0.0, 0.0)
      var rotor = [Double](repeating: 0, count: device.levels.count)
      for (unknown, value) in unknowns.enumerated() {
        switch unknown % 6 {
        case 4: coherence += value
        case 5: continue
        case let bits:
          rotor[unknown / 6] += value
          if bits & 2 != 0 { first += value }
          if bits & 1 != 0 { second += value }
        }
      }
      excitations = (first, second)
      self.rotor = rotor
      var (momentum, kinetic) = (0.0, 0.0)
      for (level, value) in zip(device.levels, rotor) {
        momentum += Double(level) * value
        kinetic += device.rotorEnergy(level) * value
      }
      self.momentum = momentum
      self.kinetic = kinetic
      interaction = 2 * device.interaction * coherence
    }
  }
}
