internal import Numerics

/// What is known about the number of steady states of a generator, before or after one was found.
///
/// For a generator with a faithful (full-rank) steady state the stationary states span a space of the dimension of the
/// commutant of {H, L_k, L_k^+} (D. E. Evans, Commun. Math. Phys. 54, 293 (1977); A. Frigerio, ibid. 63, 269 (1978)).
/// This is decided on the *whole* problem: an average over steady states that symmetries map into each other looks
/// unique in the symmetric sector.
enum Uniqueness: Equatable {
  /// Exactly one, and it is faithful.
  case unique(method: String)
  /// More than one.
  case several(count: Int, exact: Bool, reason: String)
  /// Not decided.
  case unknown

  /// Whether there is known to be one.
  var isUnique: Bool { if case .unique = self { true } else { false } }

  /// Decides from what connects basis states, in O(nonzeros).
  static func fromGraphs(_ terms: GeneratorTerms) -> Uniqueness {
    let known = fromJumpGraph(terms)
    return known == .unknown ? fromAdjointJumps(terms) : known
  }

  /// Decides from the graph of classical jumps, in O(nonzeros).
  ///
  /// Jumps |a><c| in both directions that touch every state: a subspace invariant under all jump operators and K contains
  /// a basis state, and with it every basis state that jumps or K connect. If all are connected the generator is
  /// irreducible: one steady state, and it is faithful. Otherwise, when nothing but such jumps dissipates, the commutant is
  /// spanned by the projectors on the m connected parts, and there are m steady states.
  static func fromJumpGraph(_ terms: GeneratorTerms) -> Uniqueness {
    // The argument is about jump operators; pairs of different operators have none.
    guard terms.jumps.allSatisfy({ $0.right == nil }) else { return .unknown }
    guard let rates = terms.rates else {
      return terms.jumps.isEmpty ? noDissipation(terms) : .unknown
    }
    var touched = [Bool](repeating: false, count: terms.dimension)
    var edges: [(row: Int, column: Int, value: Double)] = []
    for column in 0..<rates.columns {
      for entry in rates.starts[column]..<rates.starts[column + 1] where rates.values[entry] > 0 {
        let row = rates.indices[entry]
        guard rates[column, row] > 0 else { return .unknown }
        touched[row] = true
        touched[column] = true
        edges.append((row, column, 1))
      }
    }
    guard !edges.isEmpty else { return terms.jumps.isEmpty ? noDissipation(terms) : .unknown }
    guard touched.allSatisfy({ $0 }) else { return .unknown }
    let drift = terms.drift
    for column in 0..<drift.columns {
      for entry in drift.starts[column]..<drift.starts[column + 1] {
        let row = drift.indices[entry]
        if row != column, drift.values[entry] != .zero, drift[column, row] != .zero {
          edges.append((row, column, 1))
        }
      }
    }
    let graph = RealSparseMatrix(rows: terms.dimension, columns: terms.dimension, entries: edges)
    let parts = graph.components().count
    if parts == 1 { return .unique(method: "irreducible jump graph") }
    guard terms.jumps.isEmpty else { return .unknown }
    return .several(
      count: parts, exact: true,
      reason:
        "jumps and Hamiltonian leave \(parts) groups of basis states disconnected (a part that no bath or coupling reaches)"
    )
  }

  private static func noDissipation(_ terms: GeneratorTerms) -> Uniqueness {
    if terms.dimension == 1 { return .unique(method: "one-dimensional space") }
    return .several(
      count: terms.dimension, exact: false,
      reason: "no bath acts on the system, so every function of H is stationary")
  }

  /// Decides from the commutant of the generator's operators for a generator with a faithful steady state.
  /// - Complexity: O(sum of the cubes of the sizes of the classes of basis states between which no coherence builds up)
  static func fromCommutant(_ terms: GeneratorTerms) throws(KernelError) -> Uniqueness {
    guard terms.jumps.allSatisfy({ $0.right == nil }) else { return .unknown }
    let (hamiltonian, decay) = terms.driftParts
    // |a><c| in the algebra puts both projectors into it; a sum of jumps with generic weights stands for them.
    let jumps = terms.jumps.map(\.left) + (terms.rates.map(jumpRepresentatives) ?? [])
    let adjoints = jumps.map(\.adjoint)
    let classes = terms.coherenceClasses()
    var preserving = [hamiltonian, decay]
    for (jump, adjoint) in zip(jumps, adjoints) {
      preserving.append(adjoint.multiplied(by: jump))
      preserving.append(jump.multiplied(by: adjoint))
    }
    guard
      let graph = try CommutantGraph(
        operators: [hamiltonian.centered(on: classes), decay.centered(on: classes)] + jumps + adjoints,
        preserving: preserving, classes: classes)
    else { return .unknown }
    guard let parts = try graph.dimensionOfCommutant() else { return .unknown }
    return parts == 1
      ? .unique(method: "trivial commutant")
      : .several(
        count: parts, exact: false,
        reason: "\(parts) independent quantities are conserved by the Hamiltonian and by every bath")
  }

  private static func jumpRepresentatives(_ rates: RealSparseMatrix) -> [SparseMatrix] {
    // One matrix per shift of the column index keeps the jumps |a><c| apart: each has at most one entry a row.
    var groups: [Int: [(row: Int, column: Int, value: Complex<Double>)]] = [:]
    for column in 0..<rates.columns {
      for entry in rates.starts[column]..<rates.starts[column + 1] where rates.values[entry] > 0 {
        groups[rates.indices[entry] - column, default: []].append(
          (
            rates.indices[entry], column,
            Complex(Double(1 + groups.count) + Double(column) / Double(rates.columns))
          ))
      }
    }
    return groups.sorted { $0.key < $1.key }.map {
      SparseMatrix(rows: rates.rows, columns: rates.columns, entries: $0.value)
    }
  }
}

extension SparseMatrix {
  /// Without the mean diagonal element of every class of basis states, which ties no two states of it but may be so large that those which
  /// do look like rounding.
  fileprivate func centered(on classes: [[Int]]) -> SparseMatrix {
    var means = diagonal
    for members in classes {
      let mean = members.reduce(.zero) { $0 + means[$1] } / Complex(Double(members.count))
      for state in members { means[state] = mean }
    }
    return self - .diagonal(means)
  }
}
