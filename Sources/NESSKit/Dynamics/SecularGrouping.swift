internal import Numerics

/// Transitions of one coupling whose frequencies count as one: the elements of an eigenoperator A(omega).
struct SecularGroup: Sendable {
  /// Place of the coupling among those of the equation.
  let coupling: Int
  /// Members, by ascending frequency.
  let transitions: [SecularEquation.Transition]

  /// The frequency that stands for all.
  var frequency: Double {
    guard let first = transitions.first, let last = transitions.last else { return 0 }
    return first.frequency == last.frequency ? first.frequency : (first.frequency + last.frequency) / 2
  }

  /// Groups of transitions, coupling by coupling, by ascending frequency. A group goes on while the next frequency is at most `width` away.
  static func groups(_ transitions: [SecularEquation.Transition], width: Double) -> [SecularGroup] {
    let sorted = transitions.sorted {
      ($0.coupling, $0.frequency, $0.upper, $0.lower) < ($1.coupling, $1.frequency, $1.upper, $1.lower)
    }
    var groups: [SecularGroup] = []
    var begin = 0
    while begin < sorted.count {
      var end = begin + 1
      while end < sorted.count, sorted[end].coupling == sorted[begin].coupling,
        sorted[end].frequency - sorted[end - 1].frequency <= width
      { end += 1 }
      groups.append(
        SecularGroup(coupling: sorted[begin].coupling, transitions: Array(sorted[begin..<end])))
      begin = end
    }
    return groups
  }

  /// Elements of sqrt(rate) A(omega) and of its adjoint, whichever have a rate.
  fileprivate var operators: [SecularOperator] {
    func scaled(_ rate: Double, _ amplitude: Complex<Double>) -> Complex<Double> {
      // The rate holds the squared amplitude; its phase is what adds.
      Complex(rate.squareRoot() / amplitude.length) * amplitude
    }
    let emission = transitions.filter { $0.emission > 0 }.map {
      SecularOperator.Element(
        row: $0.lower, column: $0.upper, value: scaled($0.emission, $0.amplitude), frequency: $0.frequency)
    }
    let absorption = transitions.filter { $0.absorption > 0 }.map {
      SecularOperator.Element(
        row: $0.upper, column: $0.lower, value: scaled($0.absorption, $0.amplitude.conjugate),
        frequency: $0.frequency)
    }
    return [emission, absorption].filter { !$0.isEmpty }.map {
      SecularOperator(coupling: coupling, elements: $0)
    }
  }

  /// Elements of S(omega) A^+(omega) A(omega) + S'(omega) A(omega) A^+(omega).
  func shift(
    emission: Double, absorption: Double
  ) -> [(row: Int, column: Int, value: Complex<Double>)] {
    var result: [(row: Int, column: Int, value: Complex<Double>)] = []
    for (a, b) in pairs(transitions, sharing: \.lower) where emission != 0 {
      result.append((a.upper, b.upper, Complex(emission) * a.amplitude.conjugate * b.amplitude))
    }
    for (a, b) in pairs(transitions, sharing: \.upper) where absorption != 0 {
      result.append((a.lower, b.lower, Complex(absorption) * a.amplitude * b.amplitude.conjugate))
    }
    return result
  }
}

/// sqrt(rate) A(omega) or its adjoint.
private struct SecularOperator {
  struct Element {
    let row: Int
    let column: Int
    let value: Complex<Double>
    let frequency: Double
  }

  let coupling: Int
  let elements: [Element]
}

/// One jump operator of a secular equation in the eigenbasis: sqrt(rate) A(omega) on one class of eigenvectors.
struct SecularJump: Sendable {
  /// Matrix elements, rates folded in.
  let entries: [(row: Int, column: Int, value: Complex<Double>)]
  /// Class that all columns belong to.
  let source: Int

  /// The classical transition that a single element amounts to; nil for several, or for one that only dephases.
  var transition: (row: Int, column: Int, value: Double)? {
    guard entries.count == 1, entries[0].row != entries[0].column else { return nil }
    return (entries[0].row, entries[0].column, entries[0].value.lengthSquared)
  }

  /// Elements of A^+ A / 2.
  var decay: [(row: Int, column: Int, value: Complex<Double>)] {
    if entries.count == 1 {
      return [(entries[0].column, entries[0].column, Complex(entries[0].value.lengthSquared / 2))]
    }
    return pairs(entries, sharing: \.row).map { a, b in
      (a.column, b.column, Complex(0.5) * a.value.conjugate * b.value)
    }
  }
}

/// Ordered pairs, equal ones included, of those that share a state.
private func pairs<Element>(_ list: [Element], sharing state: (Element) -> Int) -> [(Element, Element)] {
  var sharing: [Int: [Element]] = [:]
  for element in list { sharing[state(element), default: []].append(element) }
  return sharing.sorted { $0.key < $1.key }.flatMap { _, members in
    members.flatMap { first in members.map { (first, $0) } }
  }
}

/// Which transitions of a secular equation act together, given the coherences that build up.
///
/// Eigenvectors are sorted into classes such that a state without coherence between classes never gets any. On such states
/// A rho A^+ = sum over classes c of (A P_c) rho (A P_c)^+, with the projectors P_c.
struct SecularGrouping {
  /// Jumps of every coupling.
  let jumps: [[SecularJump]]
  /// Class of every eigenvector, the number of its first member.
  let classes: [Int]

  /// - Parameters:
  ///   - groups: Transitions that count as having one frequency.
  ///   - energies: Of the eigenvectors.
  ///   - distinct: Largest difference of energies that may be rounding.
  ///   - shift: Lamb shift, in the eigenbasis.
  ///   - beside: What else acts, in the eigenbasis.
  ///   - coherences: Pairs of eigenvectors between which a state has coherence from the beginning.
  /// - Throws: `unavailable` where transitions of distinct frequencies would act on one coherence.
  init(
    groups: [SecularGroup], couplings: Int, energies: [Double], distinct: Double, shift: SparseMatrix?,
    beside: GeneratorTerms, keeping coherences: [(Int, Int)] = []
  ) throws(SolverError) {
    let operators = groups.flatMap(\.operators)
    var classes = Self.classes(
      of: operators, energies, distinct: distinct, shift, beside: beside, keeping: coherences)
    var jumps = [[SecularJump]](repeating: [], count: couplings)
    for one in operators {
      var bySource: [Int: [SecularOperator.Element]] = [:]
      var order: [Int] = []
      for element in one.elements {
        let source = classes.representative(of: element.column)
        if bySource[source] == nil { order.append(source) }
        bySource[source, default: []].append(element)
      }
      for source in order {
        let elements = bySource[source] ?? []
        let frequencies = elements.map(\.frequency)
        let (lowest, highest) = (frequencies.min() ?? 0, frequencies.max() ?? 0)
        guard highest - lowest <= distinct else {
          throw .unavailable(
            reason:
              "the grouping tolerance must keep distinct transitions apart, but merges frequencies from \(lowest) to \(highest) that act on one coherence"
          )
        }
        jumps[one.coupling].append(
          SecularJump(entries: elements.map { ($0.row, $0.column, $0.value) }, source: source))
      }
    }
    self.jumps = jumps
    self.classes = energies.indices.map { classes.representative(of: $0) }
  }

  private static func classes(
    of operators: [SecularOperator], _ energies: [Double], distinct: Double, _ shift: SparseMatrix?,
    beside: GeneratorTerms, keeping coherences: [(Int, Int)]
  ) -> DisjointSets {
    var sets = DisjointSets(count: beside.dimension)
    for (ket, bra) in coherences { sets.unite(ket, bra) }
    for members in beside.coherenceClasses() {
      for state in members.dropFirst() { sets.unite(members[0], state) }
    }
    shift?.forEachEntry { row, column, _ in sets.unite(row, column) }
    if beside.jumps.isEmpty {
      // Alone, the secular terms commute with the Hamiltonian, and what is stationary has coherence between levels of one energy only.
      // With all of it kept, steady states are counted right even where a symmetry protects such a coherence.
      let sorted = energies.indices.sorted { (energies[$0], $0) < (energies[$1], $1) }
      for (low, high) in zip(sorted, sorted.dropFirst()) where energies[high] - energies[low] <= distinct {
        sets.unite(low, high)
      }
    }
    // A^+ A ties the states that A takes to a common one.
    for one in operators {
      var sourceOfRow: [Int: Int] = [:]
      for element in one.elements {
        if let other = sourceOfRow[element.row] { sets.unite(other, element.column) }
        sourceOfRow[element.row] = element.column
      }
    }
    // Coherence within a class that an operator starts from is taken to where it leads.
    var isStable = false
    while !isStable {
      isStable = true
      for one in operators {
        var target: [Int: Int] = [:]
        for element in one.elements {
          if sets.follow(element.row, element.column, &target) { isStable = false }
        }
      }
      for pair in beside.jumps {
        var target: [Int: Int] = [:]
        for matrix in [pair.left, pair.right ?? pair.left] {
          matrix.forEachEntry { row, column, _ in
            if sets.follow(row, column, &target) { isStable = false }
          }
        }
      }
    }
    return sets
  }
}

extension DisjointSets {
  /// Unites `row` with where other elements led from the class of `column`; whether that changed anything.
  fileprivate mutating func follow(_ row: Int, _ column: Int, _ target: inout [Int: Int]) -> Bool {
    let source = representative(of: column)
    guard let other = target.updateValue(row, forKey: source) else { return false }
    return unite(other, row)
  }
}

/// Jump operators of one coupling that start from different classes in as few matrices as possible.
///
/// A matrix holds one jump per class, and jumps from different classes share no row: A^+ A then has no elements between classes, and the
/// matrices together are a Lindblad generator of their own that equals the sum of the jumps on states without coherence between classes.
/// Couplings stay apart, so that what commutes with every matrix and with the Hamiltonian commutes with every jump.
struct SecularPacking {
  private struct Layer {
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    var rows: Set<Int> = []
  }

  private var layers: [Layer] = []
  /// First layer that a class is not in yet.
  private var next: [Int: Int] = [:]

  mutating func add(_ jump: SecularJump) {
    var place = next[jump.source, default: 0]
    while place < layers.count, jump.entries.contains(where: { layers[place].rows.contains($0.row) }) {
      place += 1
    }
    if place == layers.count { layers.append(Layer()) }
    layers[place].entries += jump.entries
    layers[place].rows.formUnion(jump.entries.map(\.row))
    next[jump.source] = place + 1
  }

  func matrices(_ dimension: Int) -> [SparseMatrix] {
    layers.map { SparseMatrix(rows: dimension, columns: dimension, entries: $0.entries) }
  }
}
