internal import Numerics

/// The commutant of the generator's operators as a graph: eigenvectors of a generic Hermitian element of their algebra, tied by
/// the matrix elements that the operators have between them.
///
/// Every element of the commutant is diagonal in the eigenbasis of a non-degenerate M of the algebra; each operator with a nonzero
/// matrix element between two eigenvectors forces their diagonal entries to agree. M is built from H, G and A^+ A, A A^+, none of
/// which leads out of a class of basis states, so that it is diagonalized class by class.
struct CommutantGraph {
  /// Classes of basis states.
  private let classes: [[Int]]
  private let classOfState: [Int]
  private let positionInClass: [Int]
  /// Eigenvectors of M, column-major, one matrix per class.
  private let vectors: [[Complex<Double>]]
  private let operators: [SparseMatrix]
  /// Largest magnitude of an element of each.
  private let norms: [Double]
  private let dimension: Int

  /// Nil when M came out degenerate within the accuracy of its eigenvectors.
  init?(operators: [SparseMatrix], preserving: [SparseMatrix], classes: [[Int]]) throws(KernelError) {
    let dimension = classes.reduce(0) { $0 + $1.count }
    var classOfState = [Int](repeating: 0, count: dimension)
    var positionInClass = classOfState
    for (label, members) in classes.enumerated() {
      for (position, state) in members.enumerated() {
        classOfState[state] = label
        positionInClass[state] = position
      }
    }
    var random = SplitMix(seed: 0xC0_44A7)
    var weighted: [(weight: Double, matrix: SparseMatrix)] = []
    for matrix in preserving {
      let norm = matrix.values.reduce(0) { max($0, $1.length) }
      if norm > 0 { weighted.append((random.symmetric() / norm, matrix)) }
    }
    var vectors: [[Complex<Double>]] = []
    var spectrum: [Double] = []
    for (label, members) in classes.enumerated() {
      let order = members.count
      var element = [Complex<Double>](repeating: .zero, count: order * order)
      for (weight, matrix) in weighted {
        for (column, state) in members.enumerated() {
          for entry in matrix.starts[state]..<matrix.starts[state + 1] {
            let row = matrix.indices[entry]
            guard classOfState[row] == label else { return nil }
            element[positionInClass[row] + column * order] += Complex(weight) * matrix.values[entry]
          }
        }
      }
      let (values, columns) = try DenseEigen.hermitian(element, order: order, vectors: true)
      vectors.append(columns)
      spectrum += values
    }
    spectrum.sort()
    let spread = max((spectrum.last ?? 0) - (spectrum.first ?? 0), .leastNormalMagnitude)
    // Eigenvectors are accurate to eps / gap, which must stay well below `tie`.
    let gap = zip(spectrum, spectrum.dropFirst()).reduce(spread) { min($0, $1.1 - $1.0) }
    guard gap >= 1e-8 * spread else { return nil }
    rounding = min(Self.tie, 100 * Double.ulpOfOne * spread / gap)
    self.classes = classes
    self.classOfState = classOfState
    self.positionInClass = positionInClass
    self.vectors = vectors
    self.operators = operators
    norms = operators.map { $0.values.reduce(0) { max($0, $1.length) } }
    self.dimension = dimension
  }

  /// Matrix elements beyond this multiple of an operator's largest are no rounding, whatever the gaps.
  private static let tie = 1e-6
  /// Matrix elements up to this multiple of an operator's largest may be rounding.
  private let rounding: Double

  /// Dimension of the commutant; nil when matrix elements between rounding and certainty decide.
  func dimensionOfCommutant() throws(KernelError) -> Int? {
    let certain = try parts(tie: Self.tie)
    guard certain > 1 else { return certain }
    return try parts(tie: rounding) == certain ? certain : nil
  }

  /// Number of parts connected by matrix elements larger than `tie`.
  /// - Complexity: O(D^2) when few eigenvectors reach all others, as is usual; O(D^3) at worst
  private func parts(tie: Double) throws(KernelError) -> Int {
    var starts: [Int] = []
    var total = 0
    var labels: [Int] = []
    for (label, members) in classes.enumerated() {
      starts.append(total)
      labels += repeatElement(label, count: members.count)
      total += members.count
    }
    var seen = [Bool](repeating: false, count: dimension)
    var parts = 0
    for root in 0..<dimension where !seen[root] {
      parts += 1
      seen[root] = true
      var waiting = [root]
      var found = 1
      while let node = waiting.popLast() {
        for neighbour in try neighbours(of: node, starts: starts, labels: labels, tie: tie)
        where !seen[neighbour] {
          seen[neighbour] = true
          waiting.append(neighbour)
          found += 1
        }
        // Nothing else is left to find.
        if found == dimension { return parts }
      }
    }
    return parts
  }

  /// Eigenvectors that some operator ties to this one.
  private func neighbours(of node: Int, starts: [Int], labels: [Int], tie: Double) throws(KernelError)
    -> [Int]
  {
    let label = labels[node]
    let members = classes[label]
    let offset = (node - starts[label]) * members.count
    var found: [Int] = []
    for (matrix, norm) in zip(operators, norms) where norm > 0 {
      var images: [Int: [Complex<Double>]] = [:]
      for (position, basisState) in members.enumerated() {
        let amplitude = vectors[label][offset + position]
        guard amplitude != .zero else { continue }
        for entry in matrix.starts[basisState]..<matrix.starts[basisState + 1] {
          let row = matrix.indices[entry]
          let target = classOfState[row]
          images[target, default: Array(repeating: .zero, count: classes[target].count)][
            positionInClass[row]] +=
            amplitude * matrix.values[entry]
        }
      }
      for (target, part) in images {
        let order = classes[target].count
        if order == 1 {
          if part[0].length > tie * norm { found.append(starts[target]) }
          continue
        }
        let overlaps = try denseMultiply(
          vectors[target], adjointLeft: true, part, rows: order, inner: order, columns: 1)
        for column in 0..<order where overlaps[column].length > tie * norm {
          found.append(starts[target] + column)
        }
      }
    }
    return found
  }
}
