extension Uniqueness {
  /// Unknowns of a connected part of the whole generator beyond which its singular values are not computed.
  static let largestPart = 600
  /// Unknowns of the whole generator beyond which it is not examined.
  static let largestWhole = 4 * largestPart

  /// Counts the zero singular values of the generator on all Hermitian matrices, part by connected part; decides where theorems
  /// do not apply: states that are not faithful, commutants that are not commutative, generators that are not Lindblad.
  /// `unknown` when a part is too large.
  /// - Complexity: O(sum of the cubes of the sizes of the parts)
  static func fromWholeGenerator(_ terms: GeneratorTerms, on space: HilbertSpace) throws(SolverError)
    -> Uniqueness
  {
    let dimension = terms.dimension
    guard dimension * dimension <= largestWhole else { return .unknown }
    let seeds = (0..<dimension).flatMap { bra in (0..<dimension).map { (ket: $0, bra: bra) } }
    return try withSolverErrors {
      let whole = try ReducedSpace(terms: terms, space: space, seeds: seeds)
      let matrix = try whole.sector.assembleHermitian(terms)
        .conserving(whole.traceWeights, within: 1e-14 * terms.rateScale)
      let (labels, count) = matrix.components()
      var parts = [[Int]](repeating: [], count: count)
      for (unknown, label) in labels.enumerated() { parts[label].append(unknown) }
      guard parts.allSatisfy({ $0.count <= largestPart }) else { return .unknown }
      var zeros = 0
      for part in parts {
        let values = try singularValues(
          matrix.principalSubmatrix(part).dense, rows: part.count, columns: part.count)
        let largest = values.first ?? 0
        let level = SteadyStateSolver.zeroLevel(order: part.count) * largest
        zeros += values.count { $0 <= level }
        // Too small to be told from rounding, too large to be called zero: slow modes, and no evidence either way.
        if values.contains(where: { $0 > level && $0 < 1e-11 * largest }) { return .unknown }
      }
      switch zeros {
      case 0: return .unknown
      case 1: return .unique(method: "singular values of the whole generator")
      default:
        return .several(
          count: zeros, exact: true, reason: "the whole generator has \(zeros) zero singular values")
      }
    }
  }
}
