internal import Numerics

/// Schmidt coefficients of a pure state for one division of its sites in two, and the measures that follow from them.
///
/// psi = sum_i s_i |a_i>|b_i>. Both parts have the eigenvalues s_i^2, and the partial transpose has s_i^2 and +- s_i s_j; neither a
/// density matrix nor its partial transpose is built.
public struct SchmidtDecomposition: Sendable, Equatable {
  /// Coefficients s_i >= 0, descending.
  public let coefficients: [Double]
  /// Smaller dimension of the two parts.
  private let rank: Int

  /// Divides the sites into `sites` and all others; both must exist.
  ///
  /// - Complexity: O(d_A d_B min(d_A, d_B)) for parts of dimensions d_A and d_B
  public init(of state: StateVector, sites: [Int]) throws(ObservableError) {
    let (rows, columns, elements) = state.amplitudeMatrix(of: sites)
    coefficients = try withObservableErrors { () throws(KernelError) in
      // Real arithmetic takes a quarter of the work.
      elements.allSatisfy { $0.imaginary == 0 }
        ? try singularValues(elements.map(\.real), rows: rows, columns: columns)
        : try singularValues(elements, rows: rows, columns: columns)
    }
    rank = min(rows, columns)
  }

  /// Entanglement entropy -sum s^2 ln s^2, in nats.
  public var entropy: Double { shannonEntropy(of: coefficients.map { $0 * $0 }) }

  /// Negativity ((sum s)^2 - sum s^2)/2, the sum of all s_i s_j with i < j.
  public var negativity: Double {
    let sum = coefficients.reduce(0, +)
    return max(0, (sum * sum - coefficients.reduce(0) { $0 + $1 * $1 }) / 2)
  }

  /// Smallest eigenvalue of the partial transpose, minus the product of the two largest coefficients.
  public var smallestTransposedEigenvalue: Double {
    rank > 1 ? -coefficients[0] * coefficients[1] : coefficients.first.map { $0 * $0 } ?? 0
  }
}

extension StateVector {
  /// Amplitudes as a column-major matrix: levels of `sites` (in that order, the first one slowest) by what the others do.
  fileprivate func amplitudeMatrix(
    of sites: [Int]
  ) -> (rows: Int, columns: Int, elements: [Complex<Double>]) {
    if space.selection != nil {
      // Only those levels of the others count that occur; their product may be far too large.
      let partition = SitePartition(of: space, keeping: sites)
      let rows = partition.keptSpace.dimension
      var elements = [Complex<Double>](repeating: .zero, count: rows * partition.groups.count)
      for (column, group) in partition.groups.enumerated() {
        for state in group { elements[partition.keptIndex[state] + column * rows] = amplitudes[state] }
      }
      return (rows, partition.groups.count, elements)
    }
    space.validate(sites: sites)
    let others = space.sites.indices.filter { !sites.contains($0) }
    let rows = sites.reduce(1) { $0 * space.sites[$1].dimension }
    // Place of every basis state, one site after the other: site 0 is the slowest digit of both.
    var step = [Int](repeating: 0, count: space.sites.count)
    var stride = 1
    for site in sites.reversed() {
      step[site] = stride
      stride *= space.sites[site].dimension
    }
    for site in others.reversed() {
      step[site] = stride
      stride *= space.sites[site].dimension
    }
    var places = [0]
    for (site, step) in zip(space.sites, step) {
      places = places.flatMap { place in (0..<site.dimension).map { place + $0 * step } }
    }
    var elements = [Complex<Double>](repeating: .zero, count: amplitudes.count)
    for (state, place) in places.enumerated() { elements[place] = amplitudes[state] }
    return (rows, space.dimension / rows, elements)
  }
}
