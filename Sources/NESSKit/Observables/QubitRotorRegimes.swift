internal import Numerics

extension QubitRotorFlows {
  /// How a device operates, by the signs of its flows, with bath 1 cold.
  public enum Regime: Int, Sendable, CaseIterable {
    /// None of the others.
    case none = 0
    /// Q1 < 0, Q2 > 0, W < 0: heat of bath 2 becomes work.
    case engine = 1
    /// Q1 > 0, Q2 < 0, W > 0: work takes heat out of bath 1.
    case refrigerator = 2
    /// Q1 < 0, Q2 > 0, W > 0: work speeds heat up from hot to cold.
    case accelerator = 3
  }

  /// The regime; ``Regime/none`` where a flow is rounding.
  public var regime: Regime {
    let (q1, q2, work) = (heat(fromQubit: 0), heat(fromQubit: 1), collisionalWork)
    guard
      abs(q1) > roundingOfHeat(fromQubit: 0), abs(q2) > roundingOfHeat(fromQubit: 1),
      abs(work) > roundingOfWork
    else { return .none }
    if q1 < 0, q2 > 0 { return work < 0 ? .engine : .accelerator }
    return q1 > 0 && q2 < 0 && work > 0 ? .refrigerator : .none
  }

  /// Efficiency -W^(Q)/Q2; nil without heat from bath 2.
  public var efficiency: Double? {
    let heat = heat(fromQubit: 1)
    return abs(heat) <= roundingOfHeat(fromQubit: 1) ? nil : -collisionalWork / heat
  }

  /// Coefficient of performance Q1/W^(Q); nil without work.
  public var coefficientOfPerformance: Double? {
    let work = collisionalWork
    return abs(work) <= roundingOfWork ? nil : heat(fromQubit: 0) / work
  }

  /// Carnot efficiency 1 - beta_2/beta_1.
  public var carnotEfficiency: Double {
    1 - device.second.inverseTemperature / device.first.inverseTemperature
  }

  /// Carnot bound beta_2/(beta_1 - beta_2) of the coefficient of performance of a refrigerator; nil at equal temperatures.
  public var carnotPerformance: Double? {
    let difference = device.first.inverseTemperature - device.second.inverseTemperature
    return difference == 0 ? nil : device.second.inverseTemperature / difference
  }

  /// The looser bound beta_1/(beta_1 - beta_2) that the paper prints, that of a heat pump; nil at equal temperatures.
  public var carnotHeatPump: Double? { carnotPerformance.map { $0 + 1 } }
}

extension QubitRotorFlows {
  /// tr(rho H) - sum_k r_k e_k from eigenvalues r of the state and energies e, zero when that is rounding.
  private func ergotropy(_ energy: Double, _ eigenvalues: [Double], _ energies: [Double]) -> Double {
    extractableWork(energy: energy, probabilities: eigenvalues.sorted(), energies: energies.sorted())
  }

  /// Ergotropy of a diagonal state.
  private func ergotropy(_ populations: [Double], _ energies: [Double]) -> Double {
    ergotropy(zip(populations, energies).reduce(0) { $0 + $1.0 * $1.1 }, populations, energies)
  }

  /// Ergotropy of the whole with respect to H, Eq. (35). The state and H fall into the same blocks of one and two states.
  ///
  /// Exact for states without coherence but ``coherences``; the passive state may use all levels of the window.
  public var totalErgotropy: Double {
    let count = device.levels.count
    let bare = device.bareEnergies().map(\.real)
    var energies =
      Array(bare[..<count]) + Array(bare[(3 * count)...]) + [bare[2 * count - 1], bare[2 * count]]
    for l in 0..<(count - 1) {
      energies +=
        HermitianPair(
          first: bare[count + l], second: bare[2 * count + l + 1], coherence: Complex(device.interaction)
        ).eigenvalues
    }
    return ergotropy(energy, sectorEigenvalues, energies)
  }

  /// Ergotropy of the rotor with respect to L_z^2/(2I).
  public var rotorErgotropy: Double { ergotropy(rotorPopulations, device.levels.map(device.rotorEnergy)) }

  /// Ergotropy of both qubits with respect to B1 sz_1 + B2 sz_2.
  public var qubitsErgotropy: Double {
    let (b1, b2) = (device.first.field, device.second.field)
    return ergotropy(qubitPopulations, [-b1 - b2, b2 - b1, b1 - b2, b1 + b2])
  }

  /// Ergotropy of one qubit with respect to B_i sz_i.
  public func ergotropy(ofQubit number: Int) -> Double {
    let excited = number == 0 ? excitations.first : excitations.second
    let field = number == 0 ? device.first.field : device.second.field
    return ergotropy([1 - excited, excited], [-field, field])
  }
}
