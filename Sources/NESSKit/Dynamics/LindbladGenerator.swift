internal import Numerics

/// Gorini–Kossakowski–Lindblad–Sudarshan generator,
///
///     L rho = -i [H, rho] + sum_k D_k rho.
///
/// Every dissipator belongs to a named bath; heat is counted per bath with the *bare* Hamiltonian H_0, the part of H whose
/// energy differences the baths see: Q_k = tr(H_0 D_k rho) and W_k = tr((H - H_0) D_k rho), positive into the system.
public struct LindbladGenerator: MasterEquation, Equatable {
  /// Hamiltonian H.
  public let hamiltonian: Operator
  /// The part H_0 of the Hamiltonian that each bath would thermalize on its own; H itself unless stated otherwise.
  public let bareHamiltonian: Operator
  /// Dissipative processes.
  public let dissipators: [Dissipator]

  /// Creates a generator.
  ///
  /// - Throws: ``InputError`` when a matrix is not finite, a Hamiltonian not Hermitian to 1e-12 of its largest element, a rate
  ///   negative or not finite, a bath's inverse temperature negative or not finite, one bath name given to two different
  ///   baths, or an operator given on another space.
  public init(
    hamiltonian: Operator, dissipators: [Dissipator], bareHamiltonian: Operator? = nil
  ) throws(InputError) {
    try Self.checkHermitian(hamiltonian, field: "hamiltonian")
    if let bareHamiltonian {
      try Self.checkHermitian(bareHamiltonian, field: "bareHamiltonian")
      try InputError.check(
        bareHamiltonian.space == hamiltonian.space, "bareHamiltonian", "on another space",
        "on the space of the Hamiltonian")
    }
    var temperatures: [String: Double?] = [:]
    for (k, dissipator) in dissipators.enumerated() {
      try Self.check(dissipator, number: k, space: hamiltonian.space)
      let bath = dissipator.bath
      if let known = temperatures[bath.name], known != bath.inverseTemperature {
        throw InputError(
          field: "bath \"\(bath.name)\"", value: "\(known ?? .nan) and \(bath.inverseTemperature ?? .nan)",
          allowed: "one bath with one inverse temperature")
      }
      temperatures[bath.name] = bath.inverseTemperature
    }
    self.hamiltonian = hamiltonian
    self.bareHamiltonian = bareHamiltonian ?? hamiltonian
    self.dissipators = dissipators
  }

  /// Space of the states.
  public var space: HilbertSpace { hamiltonian.space }

  /// A Lindblad generator keeps states positive.
  public var preservesPositivity: Bool { true }

  /// The baths, in the order in which dissipators name them.
  public var baths: [Bath] {
    var seen: Set<String> = []
    return dissipators.map(\.bath).filter { seen.insert($0.name).inserted }
  }

  /// The whole generator in lowered form.
  public func terms() -> GeneratorTerms { lowered(dissipators, hamiltonian: hamiltonian) }

  /// The dissipators of one bath in lowered form, without the Hamiltonian.
  public func terms(of bath: Bath) -> GeneratorTerms {
    lowered(dissipators.filter { $0.bath.name == bath.name }, hamiltonian: nil)
  }

  /// All dissipators in lowered form, without the Hamiltonian.
  package func dissipation() -> GeneratorTerms { lowered(dissipators, hamiltonian: nil) }

  private func lowered(_ selected: [Dissipator], hamiltonian: Operator?) -> GeneratorTerms {
    let dimension = space.dimension
    var drift = hamiltonian.map { Complex(0, -1) * $0.matrix } ?? .zero(rows: dimension, columns: dimension)
    var jumps: [GeneratorTerms.JumpPair] = []
    var rates: RealSparseMatrix?
    // Decay is summed on its own: it has far fewer entries than the Hamiltonian.
    var decay = SparseMatrix.zero(rows: dimension, columns: dimension)
    var escape = [Double](repeating: 0, count: dimension)
    for dissipator in selected {
      switch dissipator.process {
      case .jump(let jump, let rate):
        guard rate > 0 else { continue }
        if let weights = jump.matrix.weightsOfOrthogonalColumns {
          for (state, weight) in weights.enumerated() { escape[state] += rate / 2 * weight }
        } else {
          decay += (rate / 2) * jump.matrix.adjoint.multiplied(by: jump.matrix)
        }
        jumps.append(.init(left: Complex(rate.squareRoot()) * jump.matrix))
      case .transitions(let transitions):
        rates = rates.map { $0 + transitions } ?? transitions
        for (state, sum) in transitions.columnSums.enumerated() { escape[state] += sum / 2 }
      }
    }
    drift -= decay + .diagonal(escape.map { Complex($0) })
    return GeneratorTerms(dimension: dimension, drift: drift, jumps: jumps, rates: rates)
  }

  /// Heisenberg-picture dissipator of one bath: the operator D_k^*[O] with tr(O D_k rho) = tr(D_k^*[O] rho).
  public func adjointDissipator(of bath: Bath, on observable: Operator) -> Operator {
    let terms = terms(of: bath)
    return Operator(space: space, matrix: terms.adjointApplied(to: observable.matrix))
  }

  /// Heisenberg-picture generator L^*[O].
  public func adjointApplied(to observable: Operator) -> Operator {
    Operator(space: space, matrix: terms().adjointApplied(to: observable.matrix))
  }
}

extension LindbladGenerator {
  private static func checkHermitian(_ operator: Operator, field: String) throws(InputError) {
    try checkFinite(`operator`.matrix, field: field)
    let scale = `operator`.matrix.values.reduce(0) { max($0, $1.length) }
    let defect = `operator`.hermiticityDefect
    try InputError.check(
      defect <= 1e-12 * scale, field, "a matrix with max |H - H^+| = \(defect)",
      "Hermitian to 1e-12 of its largest element \(scale)")
  }

  private static func checkFinite(_ matrix: SparseMatrix, field: String) throws(InputError) {
    try InputError.check(
      matrix.values.allSatisfy { $0.isFinite }, field, "a matrix with NaN or infinite elements",
      "a matrix of finite numbers")
  }

  private static func check(_ dissipator: Dissipator, number: Int, space: HilbertSpace) throws(InputError) {
    let dimension = space.dimension
    let field = "dissipators[\(number)]"
    if let beta = dissipator.bath.inverseTemperature {
      try InputError.check(
        beta.isFinite && beta >= 0, "bath \"\(dissipator.bath.name)\".beta", "\(beta)",
        "a finite inverse temperature >= 0")
    }
    switch dissipator.process {
    case .jump(let jump, let rate):
      try InputError.check(rate.isFinite && rate >= 0, "\(field).rate", "\(rate)", "a finite rate >= 0")
      try checkFinite(jump.matrix, field: "\(field).operator")
      try InputError.check(
        jump.space == space, "\(field).operator", "on a space of dimension \(jump.space.dimension)",
        "on the space of the Hamiltonian, of dimension \(dimension)")
      // L^+ L must not overflow: what is infinite would drop out of comparisons unnoticed.
      let largest = jump.matrix.values.reduce(0) { max($0, $1.length) }
      try InputError.check(
        (rate * largest * largest * Double(dimension)).isFinite, "\(field).operator",
        "so large (\(largest)) that L^+ L overflows", "of a size whose square is finite")
    case .transitions(let rates):
      try InputError.check(
        rates.rows == dimension && rates.columns == dimension, "\(field).rates",
        "\(rates.rows) x \(rates.columns)", "\(dimension) x \(dimension)")
      for column in 0..<dimension {
        for entry in rates.starts[column]..<rates.starts[column + 1] {
          let value = rates.values[entry]
          try InputError.check(
            value.isFinite && value >= 0 && (value == 0 || rates.indices[entry] != column),
            "\(field).rates[\(rates.indices[entry]), \(column)]", "\(value)",
            "a finite rate >= 0 between different states")
        }
      }
    }
  }
}
