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
    try InputError.check(
      levels.contains(level), "initial_state", "rotor |\(level)>",
      "a level of the window \(levels.lowerBound)...\(levels.upperBound)")
    func excited(_ qubit: Qubit) -> Double { qubit.occupation / (2 * qubit.occupation + 1) }
    let (n1, n2) = (excited(first), excited(second))
    var populations = [Double](repeating: 0, count: 4 * levels.count)
    for (block, weight) in [(1 - n1) * (1 - n2), (1 - n1) * n2, n1 * (1 - n2), n1 * n2].enumerated() {
      populations[block * levels.count + level - levels.lowerBound] = weight
    }
    return DiagonalState(space: space, populations: populations)
  }
}
