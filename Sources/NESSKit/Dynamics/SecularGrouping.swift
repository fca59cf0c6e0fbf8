internal import Numerics

/// One jump operator of a secular equation in the eigenbasis: sqrt(rate) A(omega) between two classes of eigenvectors.
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
    var result: [(row: Int, column: Int, value: Complex<Double>)] = []
    for a in entries {
      for b in entries where a.row == b.row {
        result.append((a.column, b.column, Complex(0.5) * a.value.conjugate * b.value))
      }
    }
    return result
  }
}

/// Which transitions of a secular equation act together, given the coherences that build up.
struct SecularGrouping {
  /// Jumps of every coupling.
  let jumps: [[SecularJump]]

  /// One element of an eigenoperator, with its rate.
  private struct Element {
    let row: Int
    let column: Int
    let value: Complex<Double>
  }

  /// - Parameter width: Largest difference of frequencies within a group.
  init(transitions: [SecularEquation.Transition], couplings: Int, width: Double, beside: GeneratorTerms) {
    let groups = Self.groups(transitions, couplings: couplings, width: width)
    var sets = DisjointSets(count: beside.dimension)
    for members in beside.coherenceClasses() {
      for state in members.dropFirst() { sets.unite(members[0], state) }
    }
    // A^+ A of a group ties the states that it takes to a common one.
    for group in groups.joined() {
      var sourceOfRow: [Int: Int] = [:]
      for element in group {
        if let other = sourceOfRow[element.row] { sets.unite(other, element.column) }
        sourceOfRow[element.row] = element.column
      }
    }
    // Coherence within a class that a group starts from is taken to where it leads, by it and by what acts beside.
    var isStable = false
    while !isStable {
      isStable = true
      for group in groups.joined() {
        var target: [Int: Int] = [:]
        for element in group {
          let source = sets.representative(of: element.column)
          if let other = target[source] {
            if sets.unite(other, element.row) { isStable = false }
          }
          target[source] = element.row
        }
      }
      for pair in beside.jumps {
        var target = [Int: Int]()
        for matrix in [pair.left, pair.right ?? pair.left] {
          matrix.forEachEntry { row, column, _ in
            let source = sets.representative(of: column)
            if let other = target[source] {
              if sets.unite(other, row) { isStable = false }
            }
            target[source] = row
          }
        }
      }
    }
    var final = sets
    jumps = groups.map { list in
      list.flatMap { group in
        var bySource: [Int: [Element]] = [:]
        var order: [Int] = []
        for element in group {
          let source = final.representative(of: element.column)
          if bySource[source] == nil { order.append(source) }
          bySource[source, default: []].append(element)
        }
        return order.map { source in
          SecularJump(
            entries: (bySource[source] ?? []).map { ($0.row, $0.column, $0.value) }, source: source)
        }
      }
    }
  }

  /// Elements of emission and absorption operators, coupling by coupling and frequency by frequency.
  private static func groups(
    _ transitions: [SecularEquation.Transition], couplings: Int, width: Double
  ) -> [[[Element]]] {
    var byCoupling = [[SecularEquation.Transition]](repeating: [], count: couplings)
    for transition in transitions { byCoupling[transition.coupling].append(transition) }
    return byCoupling.map { list in
      var groups: [[Element]] = []
      let sorted = list.sorted { ($0.frequency, $0.upper, $0.lower) < ($1.frequency, $1.upper, $1.lower) }
      var begin = 0
      while begin < sorted.count {
        var end = begin + 1
        while end < sorted.count, sorted[end].frequency - sorted[end - 1].frequency <= width { end += 1 }
        let group = sorted[begin..<end]
        func scaled(_ rate: Double, _ amplitude: Complex<Double>) -> Complex<Double> {
          // The rate holds the squared amplitude; its phase is what adds.
          Complex(rate.squareRoot() / amplitude.length) * amplitude
        }
        let emission = group.filter { $0.emission > 0 }.map {
          Element(row: $0.lower, column: $0.upper, value: scaled($0.emission, $0.amplitude))
        }
        let absorption = group.filter { $0.absorption > 0 }.map {
          Element(row: $0.upper, column: $0.lower, value: scaled($0.absorption, $0.amplitude.conjugate))
        }
        groups += [emission, absorption].filter { !$0.isEmpty }
        begin = end
      }
      return groups
    }
  }
}

/// Jump operators with different sources in as few matrices as possible: between them nothing builds up that could tell.
struct SecularPacking {
  private var layers: [[(row: Int, column: Int, value: Complex<Double>)]] = []
  private var used: [Int: Int] = [:]

  mutating func add(_ jump: SecularJump) {
    let layer = used[jump.source, default: 0]
    used[jump.source] = layer + 1
    if layer == layers.count { layers.append([]) }
    layers[layer] += jump.entries
  }

  func matrices(_ dimension: Int) -> [SparseMatrix] {
    layers.map { SparseMatrix(rows: dimension, columns: dimension, entries: $0) }
  }
}
