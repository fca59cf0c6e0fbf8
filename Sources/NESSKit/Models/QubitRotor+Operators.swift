internal import Numerics

extension QubitRotor {
  /// H_0 = B1 sz_1 + B2 sz_2 + L_z^2/(2I), what the local baths see.
  public func bareHamiltonian() -> Operator { Operator(space: space, matrix: .diagonal(bareEnergies())) }

  /// H = H_0 + lambda (s+_1 s-_2 e^{i phi} + h.c.).
  public func hamiltonian() -> Operator {
    let hop = hop().matrix
    return Operator(
      space: space, matrix: .diagonal(bareEnergies()) + interaction * (hop + hop.adjoint))
  }

  /// s+_1 s-_2 e^{i phi}: one quantum from qubit 2 to qubit 1, and the rotor one level up.
  public func hop() -> Operator {
    Operator(
      space: space,
      matrix: SparseMatrix.pauliRaising.kroneckerProduct(with: .pauliLowering)
        .kroneckerProduct(with: .rotorRaising(levels: levels)))
  }

  /// s-_1 or s-_2.
  public func lowering(qubit: Int) -> Operator {
    let rotor = SparseMatrix.identity(levels.count)
    let pair = [SparseMatrix.pauliLowering, .identity(2)]
    return Operator(
      space: space,
      matrix: pair[qubit == 0 ? 0 : 1].kroneckerProduct(with: pair[qubit == 0 ? 1 : 0]).kroneckerProduct(
        with: rotor))
  }

  /// Energies B1 (2 n1 - 1) + B2 (2 n2 - 1) + l^2/(2I) of the basis states.
  func bareEnergies() -> [Complex<Double>] {
    var energies: [Complex<Double>] = []
    energies.reserveCapacity(4 * levels.count)
    for (n1, n2) in [(-1.0, -1.0), (-1, 1), (1, -1), (1, 1)] {
      let qubits = first.field * n1 + second.field * n2
      for level in levels { energies.append(Complex(qubits + rotorEnergy(level))) }
    }
    return energies
  }

  /// l^2/(2I).
  func rotorEnergy(_ level: Int) -> Double { Double(level) * Double(level) / (2 * inertia) }

  /// The two jump operators of the load, e^{i phi} (1 - kappa L_z) and e^{-i phi} (1 + kappa L_z), with L_z on the right.
  func loadJumps() -> [Operator] {
    let momentum = SparseMatrix.rotorMomentum(levels: levels)
    let one = SparseMatrix.identity(levels.count)
    let pairs = [
      SparseMatrix.rotorRaising(levels: levels).multiplied(by: one - kappa * momentum),
      SparseMatrix.rotorLowering(levels: levels).multiplied(by: one + kappa * momentum),
    ]
    return pairs.map {
      Operator(space: space, matrix: SparseMatrix.identity(4).kroneckerProduct(with: $0.droppingZeros()))
    }
  }

  /// Dissipators of the load.
  func loadDissipators() -> [Dissipator] {
    friction > 0 ? loadJumps().map { .jump($0, rate: loadRate, bath: load) } : []
  }

  /// The local master equation, Eqs. (13) to (17), whatever ``equation`` says. Heat counts H_0; the rest of the energy is work.
  public func localGenerator() throws(InputError) -> LindbladGenerator {
    var dissipators: [Dissipator] = []
    for (number, (qubit, bath)) in [(first, firstBath), (second, secondBath)].enumerated() {
      let lowering = lowering(qubit: number)
      dissipators.append(.jump(lowering.adjoint, rate: qubit.raisingRate, bath: bath))
      dissipators.append(.jump(lowering, rate: qubit.loweringRate, bath: bath))
    }
    return try LindbladGenerator(
      hamiltonian: hamiltonian(), dissipators: dissipators + loadDissipators(),
      bareHamiltonian: bareHamiltonian())
  }

  /// The global master equation, Eq. (27), whatever ``equation`` says: secular jumps of the two baths between dressed states, and the load as
  /// in the local equation.
  public func globalEquation(
    cutoff: Cutoff, rule: SpectralDensity.NegativeFrequencies
  ) throws(SolverError) -> SecularEquation {
    func couplings(_ frequency: Double) throws(InputError) -> [BathCoupling] {
      var list: [BathCoupling] = []
      for (number, (qubit, bath)) in [(first, firstBath), (second, secondBath)].enumerated() {
        list.append(
          try BathCoupling(
            operator: lowering(qubit: number), bath: bath,
            density: SpectralDensity(
              .ohmic(.algebraic(frequency)), coupling: qubit.coupling * qubit.coupling)))
      }
      return list
    }
    return try withSolverErrors {
      let spectrum = try Eigenbasis(of: hamiltonian())
      let frequency: Double
      switch cutoff {
      case .frequency(let given): frequency = given
      case .largestTransition:
        frequency = try couplings(1).reduce(0) { max($0, spectrum.largestFrequency(of: $1.operator)) }
      }
      return try SecularEquation(
        in: spectrum, couplings: couplings(frequency), rule: rule, others: loadDissipators())
    }
  }
}
