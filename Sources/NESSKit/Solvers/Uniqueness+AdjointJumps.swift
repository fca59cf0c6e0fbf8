internal import Numerics

extension Uniqueness {
  /// Decides from jump operators that come with their adjoints, in O(nonzeros); a theorem about the generator alone, which needs no state.
  ///
  /// Let P project on a subspace that all jump operators and K leave invariant. With L and L^+ among the jumps P commutes with both, and with
  /// the algebra A that such pairs generate. The other jumps decay at Gamma; where Gamma is diagonal and Q_c, Q_d are projectors of A on
  /// different basis states, (1 - P) K P = 0 gives (1 - P) Q_c H Q_d P = 0 for both orders of c and d, so that P commutes with Q_c H Q_d
  /// as well. When these operators tell one basis state |a> from all others and carry |a><a| to every |b><b|, P commutes with all of
  /// them and with what carries them: P is 0 or 1. The generator is irreducible and has one steady state, which is faithful
  /// (D. E. Evans, Commun. Math. Phys. 54, 293 (1977)).
  static func fromAdjointJumps(_ terms: GeneratorTerms) -> Uniqueness {
    guard terms.rates == nil, !terms.jumps.isEmpty, terms.jumps.allSatisfy({ $0.right == nil }) else {
      return .unknown
    }
    let simple = terms.jumps.compactMap { Monomial($0.left.droppingZeros()) }
    let paired = simple.filter { jump in simple.contains { $0.isMultiple(ofAdjointOf: jump) } }
    guard !paired.isEmpty else { return .unknown }
    let (hamiltonian, decay) = terms.driftParts
    // L^+ L of those in pairs is diagonal.
    guard decay.isDiagonal(within: 1e-12 * terms.rateScale) else { return .unknown }
    // The adjoints are among them, up to numbers.
    let classes = StateClasses(paired.map(\.weights), count: terms.dimension)
    let hops = InterclassHops(hamiltonian, classes.labels)
    let refined = StateClasses(
      [classes.labels.map { Double($0) }] + hops.weights, count: terms.dimension)
    guard let seed = refined.single else { return .unknown }
    return reaches(everyStateFrom: seed, through: paired.map(\.matrix), hops)
      ? .unique(method: "irreducible: jumps in adjoint pairs") : .unknown
  }

  /// States that any of the matrices leads to from each column, in compressed columns.
  private static func targets(
    of matrices: [SparseMatrix], count: Int
  ) -> (starts: [Int], targets: [Int]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for matrix in matrices {
      for column in 0..<count { starts[column + 1] += matrix.starts[column + 1] - matrix.starts[column] }
    }
    for column in 0..<count { starts[column + 1] += starts[column] }
    var (next, targets) = (starts, [Int](repeating: 0, count: starts[count]))
    for matrix in matrices {
      for column in 0..<count {
        for entry in matrix.starts[column]..<matrix.starts[column + 1] {
          targets[next[column]] = matrix.indices[entry]
          next[column] += 1
        }
      }
    }
    return (starts, targets)
  }

  private static func reaches(
    everyStateFrom seed: Int, through jumps: [SparseMatrix], _ hops: InterclassHops
  ) -> Bool {
    // One list of targets for every state: the matrices themselves would be copied and counted at every visit.
    let (starts, targets) = targets(of: jumps, count: hops.dimension)
    return hops.dimension
      == placesReached(from: seed, of: hops.dimension) { state, visit in
        for entry in starts[state]..<starts[state + 1] { visit(targets[entry]) }
        hops.forEachOnlyTarget(of: state, visit)
      }
  }
}

/// Basis states grouped by numbers that belong to them.
private struct StateClasses {
  private(set) var labels: [Int]

  /// Groups states all of whose numbers agree within rounding, list by list.
  init(_ lists: [[Double]], count: Int) {
    labels = [Int](repeating: 0, count: count)
    var classCount = 1
    for list in lists {
      let rank = Self.ranks(list)
      let ranks = (rank.max() ?? 0) + 1
      guard ranks > 1 else { continue }
      // Pairs of label and rank are numbered as they appear; there are at most as many as states.
      var numbers = [Int](repeating: -1, count: min(classCount * ranks, Self.largestTable))
      var found: [Int: Int] = [:]
      var next = 0
      for state in 0..<count {
        let key = labels[state] * ranks + rank[state]
        let known = key < numbers.count ? numbers[key] : found[key] ?? -1
        labels[state] = known < 0 ? next : known
        guard known < 0 else { continue }
        if key < numbers.count { numbers[key] = next } else { found[key] = next }
        next += 1
      }
      classCount = next
    }
  }

  /// Pairs beyond this place are looked up in a dictionary.
  private static let largestTable = 1 << 16

  /// Places of numbers among the different ones, within rounding.
  private static func ranks(_ list: [Double]) -> [Int] {
    let gap = 1e-9 * list.reduce(0) { max($0, abs($1)) }
    // Most often there are very few different numbers, far apart.
    var few: [Double] = []
    var places = [Int](repeating: 0, count: list.count)
    for position in list.indices {
      let value = list[position]
      // Neighbours are equal more often than not.
      if position > 0, value == list[position - 1] {
        places[position] = places[position - 1]
        continue
      }
      if let place = few.firstIndex(of: value) {
        places[position] = place
        continue
      }
      guard few.count < 8, few.allSatisfy({ abs($0 - value) > 2 * gap }) else {
        return sortedRanks(list, gap)
      }
      places[position] = few.count
      few.append(value)
    }
    return places
  }

  private static func sortedRanks(_ list: [Double], _ gap: Double) -> [Int] {
    let order = list.indices.sorted { list[$0] < list[$1] }
    var ranks = [Int](repeating: 0, count: list.count)
    var current = 0
    for (before, state) in zip(order, order.dropFirst()) {
      if list[state] - list[before] > gap { current += 1 }
      ranks[state] = current
    }
    return ranks
  }

  /// The first state that is alone in its class.
  var single: Int? {
    var sizes = [Int](repeating: 0, count: (labels.max() ?? -1) + 1)
    for label in labels { sizes[label] += 1 }
    return labels.firstIndex { sizes[$0] == 1 }
  }
}

/// The parts Q_c H Q_d of a Hamiltonian between different classes of basis states.
private struct InterclassHops {
  let dimension: Int
  private let hamiltonian: SparseMatrix
  private let labels: [Int]

  init(_ hamiltonian: SparseMatrix, _ labels: [Int]) {
    self.hamiltonian = hamiltonian
    self.labels = labels
    dimension = hamiltonian.rows
  }

  private func forEachHop(from state: Int, _ body: (_ row: Int, _ value: Complex<Double>) -> Void) {
    for entry in hamiltonian.starts[state]..<hamiltonian.starts[state + 1] {
      let row = hamiltonian.indices[entry]
      if labels[row] != labels[state], hamiltonian.values[entry] != .zero {
        body(row, hamiltonian.values[entry])
      }
    }
  }

  /// States that a part takes this one to, alone within their class.
  func forEachOnlyTarget(of state: Int, _ body: (Int) -> Void) {
    forEachHop(from: state) { row, _ in
      var others = 0
      forEachHop(from: state) { other, _ in if labels[other] == labels[row] { others += 1 } }
      if others == 1 { body(row) }
    }
  }

  /// |element|^2 out of every state, part by part, for the parts with one element a row and column at most: diagonals of X^+ X.
  var weights: [[Double]] {
    let classes = (labels.max() ?? 0) + 1
    var numbers: [Int: Int] = [:]
    var parts: [[Double]] = []
    var keys: [Int] = []
    var manifold: Set<Int> = []
    for state in 0..<dimension {
      forEachHop(from: state) { row, value in
        let key = labels[row] * classes + labels[state]
        let number = numbers[key] ?? parts.count
        if number == parts.count {
          numbers[key] = number
          keys.append(key)
          parts.append([Double](repeating: 0, count: dimension))
        }
        if parts[number][state] != 0 {
          // The adjoint part has two elements in a row.
          manifold.formUnion([key, labels[state] * classes + labels[row]])
        }
        parts[number][state] = value.lengthSquared
      }
    }
    return zip(keys, parts).filter { !manifold.contains($0.0) }.map(\.1)
  }
}

extension SparseMatrix {
  fileprivate func isDiagonal(within level: Double) -> Bool {
    var holds = true
    forEachEntry { row, column, value in
      if row != column, value.length > level { holds = false }
    }
    return holds
  }
}

/// A matrix that is not zero and has one element at most in every row and every column.
private struct Monomial {
  let matrix: SparseMatrix
  /// |element|^2 of every column.
  let weights: [Double]

  /// Nil for other matrices; no zeros may be stored.
  init?(_ matrix: SparseMatrix) {
    guard matrix.nonzeros > 0, matrix.nonzeros <= matrix.columns,
      zip(matrix.starts, matrix.starts.dropFirst()).allSatisfy({ $1 - $0 <= 1 }),
      let weights = matrix.weightsOfOrthogonalColumns
    else { return nil }
    (self.matrix, self.weights) = (matrix, weights)
  }

  /// Whether this is the adjoint of another one times a number, within rounding.
  func isMultiple(ofAdjointOf other: Monomial) -> Bool {
    let (mine, theirs) = (matrix, other.matrix)
    guard mine.nonzeros == theirs.nonzeros else { return false }
    // Elements of this one in the order of the other's columns.
    var partners: [Complex<Double>] = []
    partners.reserveCapacity(theirs.nonzeros)
    for column in 0..<theirs.columns where theirs.starts[column + 1] > theirs.starts[column] {
      let place = mine.starts[theirs.indices[theirs.starts[column]]]
      guard place < mine.starts[theirs.indices[theirs.starts[column]] + 1], mine.indices[place] == column
      else { return false }
      partners.append(mine.values[place].conjugate)
    }
    guard
      let largest = theirs.values.indices.max(by: {
        theirs.values[$0].magnitude < theirs.values[$1].magnitude
      })
    else { return false }
    let factor = partners[largest] / theirs.values[largest]
    let level = 1e-12 * partners[largest].magnitude
    return zip(partners, theirs.values).allSatisfy { ($0 - factor * $1).magnitude <= level }
  }
}
