/// The master equation of two qubits and a rotor, one of two kinds.
public enum QubitRotorEquation: MasterEquation {
  /// The local one.
  case local(LindbladGenerator)
  /// The global one.
  case global(SecularEquation)

  private var equation: any MasterEquation {
    switch self {
    case .local(let generator): generator
    case .global(let equation): equation
    }
  }

  /// The global equation; nil for the local one.
  public var secular: SecularEquation? { if case .global(let equation) = self { equation } else { nil } }

  /// Space of the states.
  public var space: HilbertSpace { equation.space }
  /// The whole generator.
  public func terms() -> GeneratorTerms { equation.terms() }
  /// Both are of Lindblad form.
  public var preservesPositivity: Bool { true }
  /// Dressed states for the global equation.
  public var basis: SparseMatrix? { equation.basis }
  /// Classes of dressed states for the global equation.
  public var coherenceClasses: [Int]? { equation.coherenceClasses }
  /// For the global equation, one that keeps the coherence of a state.
  public func describing(_ state: any QuantumState) throws(SolverError) -> QubitRotorEquation {
    switch self {
    case .local: self
    case .global(let equation): .global(try equation.describing(state))
    }
  }
}

extension QubitRotor {
  /// The master equation that ``equation`` names.
  /// - Throws: ``InputError`` where the global equation cannot be set up, which says why.
  public func masterEquation() throws(InputError) -> QubitRotorEquation {
    switch equation {
    case .local: return .local(try localGenerator())
    case .global(let cutoff, let rule):
      do { return .global(try globalEquation(cutoff: cutoff, rule: rule)) } catch {
        throw InputError(
          field: "master_equation", value: "global", allowed: "one that can be set up: \(error)")
      }
    }
  }

  /// Qubits in the Gibbs states of their own baths, and the rotor in one level.
  /// - Throws: ``InputError`` for a level outside the window.
  public func thermalQubits(rotor level: Int = 0) throws(InputError) -> DiagonalState {
    func excited(_ qubit: Qubit) -> Double { qubit.occupation / (2 * qubit.occupation + 1) }
    let (n1, n2) = (excited(first), excited(second))
    return try state([(1 - n1) * (1 - n2), (1 - n1) * n2, n1 * (1 - n2), n1 * n2], rotor: level)
  }

  /// The basis state |n1 n2 l>.
  /// - Throws: ``InputError`` for a level outside the window.
  public func basisState(_ n1: Int, _ n2: Int, rotor level: Int) throws(InputError) -> DiagonalState {
    precondition((0...1).contains(n1) && (0...1).contains(n2), "qubits have levels 0 and 1, not \(n1), \(n2)")
    return try state((0..<4).map { $0 == 2 * n1 + n2 ? 1 : 0 }, rotor: level)
  }

  /// Qubits with populations of 00, 01, 10, 11, and the rotor in one level.
  private func state(_ qubits: [Double], rotor level: Int) throws(InputError) -> DiagonalState {
    try InputError.check(
      levels.contains(level), "initial_state", "rotor level \(level)",
      "a level of the window \(levels.lowerBound)...\(levels.upperBound)")
    var populations = [Double](repeating: 0, count: 4 * levels.count)
    for (block, weight) in qubits.enumerated() {
      populations[block * levels.count + level - levels.lowerBound] = weight
    }
    return DiagonalState(space: space, populations: populations)
  }
}
