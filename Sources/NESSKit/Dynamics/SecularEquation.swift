public import Numerics

/// Coupling of a system operator to a bath.
public struct BathCoupling: Sendable {
  /// The operator A. Matrix elements <i|A|j> between eigenvectors drive transitions from j to i that give E_j - E_i to the bath, and their
  /// reverse; for a coupling of rotating-wave type A is the lowering operator.
  public let `operator`: Operator
  /// The bath, with a temperature.
  public let bath: Bath
  /// Spectral density of the bath.
  public let density: SpectralDensity

  /// Creates a coupling.
  /// - Throws: ``InputError`` unless the bath has an inverse temperature that is finite and positive.
  public init(operator: Operator, bath: Bath, density: SpectralDensity) throws(InputError) {
    let beta = bath.inverseTemperature ?? .nan
    try InputError.check(
      beta.isFinite && beta > 0, "bath \"\(bath.name)\".beta", "\(beta)",
      "a finite inverse temperature > 0")
    self.operator = `operator`
    self.bath = bath
    self.density = density
  }
}

/// Secular master equation (Davies generator) of a Hamiltonian whose coupling operators are resolved into eigenoperators,
///
///     rho' = -i [H, rho] + sum_k sum_omega J_k(omega) ((n_k + 1) D[A_k(omega)] + n_k D[A_k(omega)^+]) rho + other dissipators,
///     A(omega) = sum over E_j - E_i = omega of |i><i|A|j><j|.
///
/// It is stated in the eigenbasis of H (``basis``), where jumps between single eigenvectors are classical transitions. Frequencies of one
/// bath that differ by no more than ``grouping`` count as equal. Terms of a group act together only on coherences between the eigenvectors
/// they start from; where no coherence builds up, each is a jump of its own. That is exact for states without coherence between the
/// classes of eigenvectors that the equation keeps apart. Without other dissipators levels of one energy are in one class, and all steady
/// states are such states; with them, the steady state that is found is the one without coherence between classes. An evolution from
/// other states is refused; ``describing(_:)`` gives the equation for them, with classes that hold their coherence.
///
/// The Lamb shift sum_k sum_omega (S_k(omega) A_k^+(omega) A_k(omega) + S'_k(omega) A_k(omega) A_k^+(omega)), with the coefficients of
/// ``SpectralDensity/shifts(at:inverseTemperature:rule:)``, is added to H on request. It commutes with H: Gibbs states of H stay
/// stationary at one temperature, and heat counts the energy H.
///
/// E. B. Davies, Commun. Math. Phys. 39, 91 (1974); Leitch, Hammam & De Chiara, Eqs. (27), (A5).
public struct SecularEquation: MasterEquation {
  /// One transition between eigenvectors.
  public struct Transition: Sendable, Equatable {
    /// Place of its coupling among those of the equation.
    public let coupling: Int
    /// Eigenvector it starts from when it emits.
    public let upper: Int
    /// Eigenvector it leads to.
    public let lower: Int
    /// E_upper - E_lower, what emission gives to the bath.
    public let frequency: Double
    /// <lower|A|upper>.
    public let amplitude: Complex<Double>
    /// Rate from upper to lower, squared amplitude included.
    public let emission: Double
    /// Rate from lower to upper.
    public let absorption: Double
  }

  /// Eigenvectors of the Hamiltonian.
  public let eigenbasis: Eigenbasis
  /// Couplings to baths.
  public let couplings: [BathCoupling]
  /// All transitions with a matrix element, coupling by coupling.
  public let transitions: [Transition]
  /// Dissipators that act beside the secular ones, in the basis of the space.
  public let others: [Dissipator]
  /// Frequencies of one bath that differ by no more than this are one frequency.
  public let grouping: Double
  /// Lamb shift in the eigenbasis of the Hamiltonian; nil where it is left out.
  public let lambShift: SparseMatrix?
  /// Differences of frequencies up to this are rounding.
  private let distinct: Double
  /// Class of every eigenvector, the number of its first member.
  public var classes: [Int] { secularGrouping.classes }
  /// The same as ``classes``.
  public var coherenceClasses: [Int]? { classes }
  /// Jumps of every coupling, by what acts together.
  private var secularGrouping: SecularGrouping
  private let rotatedOthers: GeneratorTerms

  /// Space of the states.
  public var space: HilbertSpace { eigenbasis.space }
  /// The generator in the eigenbasis of the Hamiltonian.
  public func terms() -> GeneratorTerms { lowered(couplings.indices.map { $0 }, isWhole: true) }
  /// A Lindblad generator.
  public var preservesPositivity: Bool { true }
  /// Eigenvectors: states of the solvers are turned back from it.
  public var basis: SparseMatrix? { eigenbasis.vectors }

  /// Creates an equation.
  ///
  /// - Parameters:
  ///   - eigenbasis: Eigenvectors of the Hamiltonian.
  ///   - couplings: Couplings to baths, on the space of the Hamiltonian.
  ///   - rule: What transitions of frequency <= 0 do where the coupling operator is not Hermitian. A Hermitian one is a coupling to the position
  ///     of the modes, ``SpectralDensity/NegativeFrequencies/odd``, and each of its elements one jump.
  ///   - others: Dissipators that act beside the secular ones, such as a load; in the basis of the space.
  ///   - grouping: Frequencies that differ by no more are equal; nil means 1e-9 of the largest one. Differences of 1e-13 of the largest energy
  ///     are rounding and always equal.
  ///   - lambShift: Whether the Lamb shift is added to the Hamiltonian.
  /// - Throws: ``SolverError``: `unavailable` where a rate is infinite, as that of a density that does not vanish at zero frequency, where a Lamb
  ///   shift is infinite, where operators are on different spaces, or where `grouping` merges transitions that act on one coherence although their
  ///   frequencies differ by more than 1e-9 of the largest one: nothing would then be secular, and the result would depend on the tolerance.
  public init(
    in eigenbasis: Eigenbasis, couplings: [BathCoupling], rule: SpectralDensity.NegativeFrequencies,
    others: [Dissipator] = [], grouping: Double? = nil, lambShift: Bool = false
  ) throws(SolverError) {
    guard couplings.allSatisfy({ $0.operator.space == eigenbasis.space }) else {
      throw .unavailable(reason: "coupling operators must be on the space of the Hamiltonian")
    }
    if let grouping, !(grouping >= 0 && grouping.isFinite) {
      throw .unavailable(reason: "the grouping tolerance must be a finite number >= 0, but is \(grouping)")
    }
    self.eigenbasis = eigenbasis
    self.couplings = couplings
    self.others = others
    var found: [Transition] = []
    for (number, coupling) in couplings.enumerated() {
      found += Self.transitions(of: coupling, number, in: eigenbasis, rule)
    }
    guard found.allSatisfy({ $0.emission.isFinite && $0.absorption.isFinite }) else {
      throw .unavailable(
        reason:
          "a spectral density that does not vanish at zero frequency drives transitions there at an infinite rate"
      )
    }
    transitions = found
    let distinct = max(1e-9 * found.reduce(0) { max($0, abs($1.frequency)) }, eigenbasis.resolution)
    self.grouping = max(grouping ?? distinct, eigenbasis.resolution)
    do {
      let local = try LindbladGenerator(hamiltonian: .zero(eigenbasis.space), dissipators: others).terms()
      rotatedOthers = Self.rotated(local, in: eigenbasis)
    } catch { throw .unavailable(reason: "\(error)") }
    let groups = SecularGroup.groups(found, width: self.grouping)
    let shift = lambShift ? try Self.shift(of: groups, couplings, in: eigenbasis, rule) : nil
    self.lambShift = shift
    self.distinct = distinct
    secularGrouping = try SecularGrouping(
      groups: groups, couplings: couplings.count, energies: eigenbasis.energies, distinct: distinct,
      shift: shift, beside: rotatedOthers)
  }

  /// The equation with classes that hold the coherence of a state, and all that it turns into: exact for the evolution of that state, and for
  /// every flow in it.
  /// - Throws: `unavailable` where `grouping` merges transitions of distinct frequencies that act on this coherence.
  public func describing(_ state: any QuantumState) throws(SolverError) -> SecularEquation {
    let coherences = state.inBasis(of: self).elements(within: classes).across
    guard !coherences.isEmpty else { return self }
    var result = self
    result.secularGrouping = try SecularGrouping(
      groups: SecularGroup.groups(transitions, width: grouping), couplings: couplings.count,
      energies: eigenbasis.energies, distinct: distinct, shift: lambShift, beside: rotatedOthers,
      keeping: coherences.map { ($0.ket, $0.bra) })
    return result
  }

  private static func shift(
    of groups: [SecularGroup], _ couplings: [BathCoupling], in eigenbasis: Eigenbasis,
    _ rule: SpectralDensity.NegativeFrequencies
  ) throws(SolverError) -> SparseMatrix {
    let areHermitian = couplings.map { $0.operator.isHermitian() }
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    for group in groups {
      let coupling = couplings[group.coupling]
      let isHermitian = areHermitian[group.coupling]
      let shifts = try coupling.density.shifts(
        at: group.frequency, inverseTemperature: coupling.bath.inverseTemperature ?? .infinity,
        rule: isHermitian ? .odd : rule)
      // The elements of a Hermitian operator come with both signs of the frequency.
      entries += group.shift(emission: shifts.emission, absorption: isHermitian ? 0 : shifts.absorption)
    }
    let dimension = eigenbasis.energies.count
    return SparseMatrix(rows: dimension, columns: dimension, entries: entries)
  }

  private static func transitions(
    of coupling: BathCoupling, _ number: Int, in eigenbasis: Eigenbasis,
    _ rule: SpectralDensity.NegativeFrequencies
  ) -> [Transition] {
    let matrix = eigenbasis.rotated(coupling.operator.matrix)
    let level = Eigenbasis.rounding * matrix.values.reduce(0) { max($0, $1.length) }
    let isHermitian = coupling.operator.isHermitian()
    let beta = coupling.bath.inverseTemperature ?? .infinity
    var found: [Transition] = []
    matrix.forEachEntry { lower, upper, amplitude in
      guard amplitude.length > level else { return }
      let difference = eigenbasis.energies[upper] - eigenbasis.energies[lower]
      // The sign of rounding must not decide between a rate and none.
      let frequency = abs(difference) <= eigenbasis.resolution ? 0 : difference
      let rates = coupling.density.rates(
        at: frequency, inverseTemperature: beta, rule: isHermitian ? .odd : rule)
      let weight = amplitude.lengthSquared
      found.append(
        Transition(
          coupling: number, upper: upper, lower: lower, frequency: frequency, amplitude: amplitude,
          emission: weight * rates.emission, absorption: isHermitian ? 0 : weight * rates.absorption))
    }
    return found
  }

  private static func rotated(_ terms: GeneratorTerms, in eigenbasis: Eigenbasis) -> GeneratorTerms {
    func clean(_ matrix: SparseMatrix) -> SparseMatrix {
      let rotated = eigenbasis.rotated(matrix)
      return rotated.dropping(below: Eigenbasis.rounding * rotated.values.reduce(0) { max($0, $1.length) })
    }
    // Rates of other dissipators act on populations of the space, not of the eigenvectors.
    let transitions = terms.rates.map { rates in
      var list: [GeneratorTerms.JumpPair] = []
      for column in 0..<rates.columns {
        for entry in rates.starts[column]..<rates.starts[column + 1] where rates.values[entry] > 0 {
          let jump = SparseMatrix(
            rows: rates.rows, columns: rates.columns,
            entries: [(rates.indices[entry], column, Complex(rates.values[entry].squareRoot()))])
          list.append(.init(left: clean(jump)))
        }
      }
      return list
    }
    return GeneratorTerms(
      dimension: terms.dimension, drift: clean(terms.drift),
      jumps: terms.jumps.map { pair in
        .init(left: clean(pair.left), right: pair.right.map(clean))
      } + (transitions ?? []))
  }

  /// The dissipation of one coupling in the eigenbasis, without the Hamiltonian.
  public func terms(ofCoupling number: Int) -> GeneratorTerms { lowered([number], isWhole: false) }

  /// The other dissipators of one bath in the basis of the space.
  public func terms(ofOther bath: Bath) throws(InputError) -> GeneratorTerms {
    try LindbladGenerator(
      hamiltonian: .zero(space), dissipators: others.filter { $0.bath.name == bath.name }
    ).terms()
  }

  private func lowered(_ selected: [Int], isWhole: Bool) -> GeneratorTerms {
    let dimension = eigenbasis.energies.count
    var drift = isWhole ? rotatedOthers.drift : .zero(rows: dimension, columns: dimension)
    if isWhole {
      drift += .diagonal(eigenbasis.energies.map { Complex(0, -$0) })
      if let lambShift { drift += Complex(0, -1) * lambShift }
    }
    var rates: [(row: Int, column: Int, value: Double)] = []
    var decay: [(row: Int, column: Int, value: Complex<Double>)] = []
    var matrices: [SparseMatrix] = []
    for number in selected {
      var packed = SecularPacking()
      for jump in secularGrouping.jumps[number] {
        decay += jump.decay
        if let single = jump.transition { rates.append(single) } else { packed.add(jump) }
      }
      matrices += packed.matrices(dimension)
    }
    if !decay.isEmpty {
      drift -= SparseMatrix(rows: dimension, columns: dimension, entries: decay)
    }
    return GeneratorTerms(
      dimension: dimension, drift: drift,
      jumps: (isWhole ? rotatedOthers.jumps : []) + matrices.map { .init(left: $0) },
      rates: rates.isEmpty ? nil : RealSparseMatrix(rows: dimension, columns: dimension, entries: rates))
  }

  /// tr(O D_k rho): what one coupling makes an observable grow by per time.
  ///
  /// - Parameters:
  ///   - observable: O in the basis of the space; nil for the Hamiltonian, whose flow is the heat from the bath, positive into the system.
  ///   - number: Place of the coupling.
  ///   - state: Any state without coherence between ``classes``; the heat from a bath needs no such thing.
  public func flow(
    of observable: Operator? = nil, fromCoupling number: Int, in state: any QuantumState
  ) -> Double {
    let rotated =
      observable.map { eigenbasis.rotated($0.matrix) } ?? .diagonal(eigenbasis.energies.map { Complex($0) })
    let change = terms(ofCoupling: number).adjointApplied(to: rotated)
    let inside = (state as? RotatedState).flatMap { $0.basis == eigenbasis.vectors ? $0.base : nil }
    return (inside ?? state.inBasis(of: self)).expectation(of: Operator(space: space, matrix: change)).real
  }
}
