internal import Numerics

extension SectorOperator {
  /// Projects a Hermitian operator on a sector: the chosen basis states, in the symmetric combination of every orbit of
  /// `symmetries`.
  ///
  /// - Parameters:
  ///   - operator: Hermitian operator.
  ///   - symmetries: Permutations that commute with it; verified.
  ///   - states: Basis states of the sector, a set that neither the operator nor the symmetries lead out of; nil means all.
  /// - Throws: `symmetryViolated`, also when the operator leads out of the sector; `unavailable` when it is not Hermitian or the
  ///   sector is empty.
  /// - Complexity: O(nonzeros), and elements of the group × states
  public init(
    of operator: Operator, symmetries: [PermutationSymmetry] = [], within states: [Int]? = nil
  ) throws(SolverError) {
    let dimension = `operator`.space.dimension
    let matrix = `operator`.matrix
    guard `operator`.isHermitian() else {
      throw .unavailable(
        reason: "a Hamiltonian must be Hermitian, but max |H - H^+| is \(`operator`.hermiticityDefect)")
    }
    guard states?.isEmpty != true else {
      throw .unavailable(reason: "a sector must hold at least one basis state, but holds none")
    }
    let terms = GeneratorTerms(dimension: dimension, drift: Complex(0, -1) * matrix)
    for symmetry in symmetries {
      let defect = try terms.defect(of: symmetry)
      if defect.isViolation { throw .symmetryViolated(name: symmetry.name, size: defect.size) }
    }
    let representatives: [Int]
    do {
      representatives =
        symmetries.isEmpty ? Array(0..<dimension) : try PermutationGroup(symmetries).representatives
    } catch { throw .kernel(error) }

    var members = [Int](repeating: 0, count: dimension)
    let inside = states ?? Array(0..<dimension)
    for state in inside { members[representatives[state]] += 1 }
    var rowOfOrbit = [Int](repeating: -1, count: dimension)
    var weights: [Double] = []
    for (representative, count) in members.enumerated() where count > 0 {
      rowOfOrbit[representative] = weights.count
      weights.append(1 / Double(count).squareRoot())
    }
    var rows = [Int](repeating: -1, count: dimension)
    for state in inside { rows[state] = rowOfOrbit[representatives[state]] }

    // <O|H|O'> is the sum over columns of O' and rows of O, divided by the norms of the orbit sums.
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    for state in inside {
      let column = rows[state]
      for entry in matrix.starts[state]..<matrix.starts[state + 1] {
        let target = rowOfOrbit[representatives[matrix.indices[entry]]]
        guard target >= 0 else {
          throw .symmetryViolated(name: "sector", size: matrix.values[entry].length)
        }
        entries.append(
          (target, column, matrix.values[entry].multiplied(by: weights[target] * weights[column])))
      }
    }
    let projected = SparseMatrix(rows: weights.count, columns: weights.count, entries: entries)
    self.init(
      space: `operator`.space,
      matrix: projected.values.allSatisfy { $0.imaginary == 0 }
        ? .real(projected.realPart) : .complex(projected),
      rows: rows, weights: weights)
  }
}
