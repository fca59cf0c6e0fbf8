internal import Numerics

/// Sizes up to which flows are what rounding left of them: quotients of such numbers say nothing.
extension QubitRotorFlows {
  /// Of heat from the bath of a qubit.
  func roundingOfHeat(fromQubit number: Int) -> Double {
    let qubit = number == 0 ? device.first : device.second
    if isStationary, !isGlobal { return 2 * qubit.field * roundingOfExchange.current }
    // A difference of heat up and down. Rates of the global equation have a factor of the frequency more, and their heat is a difference
    // of energies of the whole.
    let energy = 2 * qubit.field * (isGlobal ? max(2 * qubit.field, meanSizeOfEnergy) : 1)
    return 1e-14 * energy * qubit.loweringRate
  }

  /// Of the work of the collisions.
  var roundingOfWork: Double {
    // Coherences are no more exact than the populations that feed them.
    isStationary ? roundingOfExchange.work : 1e-12 * abs(device.interaction) * qubitRates
  }

  /// Of <L_z> in a steady state: rounding of the rates pushes a rotor that little friction holds.
  var roundingOfMomentum: Double {
    guard device.friction > 0 else { return 1e-10 }
    let scale = isGlobal ? 2 * max(device.first.field, device.second.field) : 1
    let push = 64 * Double.ulpOfOne * qubitRates * scale / device.friction
    return max(1e-10, push * momentum(power: 2).squareRoot())
  }

  /// Sum of the rates up and down of both qubits in the local equation.
  var qubitRates: Double {
    device.first.raisingRate + device.first.loweringRate + device.second.raisingRate
      + device.second.loweringRate
  }

  /// Of the current K and the work in a steady state of the local equation: what single populations drive through the coherences,
  /// c = i lambda (p01 - p10)/(Gamma + 2i D), whose differences are known to some 11 digits of the populations. Without load nothing flows:
  /// each level holds back what the one below sends.
  private var roundingOfExchange: (current: Double, work: Double) {
    guard device.friction > 0 else { return (.infinity, .infinity) }
    var (current, work) = (0.0, 0.0)
    let rates = qubitRates
    for (place, level) in device.levels.dropLast().enumerated() {
      let loss = rates / 2 + device.coherenceRates(of: level).loss
      let detuning =
        2 * (device.second.field - device.first.field) - Double(2 * level + 1) / (2 * device.inertia)
      let size = (loss * loss + detuning * detuning).squareRoot()
      guard size > 0 else { continue }
      let drive =
        device.interaction * device.interaction
        * (abs(populations[1][place]) + abs(populations[2][place + 1]))
        / size
      current += 2 * drive * (1e-11 * loss / size + 1e-15)
      work += rates * drive * (1e-11 * abs(detuning) / size + 1e-15)
    }
    return (current, work)
  }

  /// sum |E| p, in the place of an energy that may be a difference of large ones.
  private var meanSizeOfEnergy: Double {
    let energies = device.bareEnergies()
    return populations.enumerated().reduce(0) { sum, block in
      let offset = block.offset * block.element.count
      return block.element.indices.reduce(sum) {
        $0 + abs(energies[offset + $1].real) * abs(block.element[$1])
      }
    }
  }
}
