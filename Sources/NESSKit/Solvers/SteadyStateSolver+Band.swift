extension SteadyStateSolver {
  /// Null vector of a generator that connects each unknown with near ones only, as on a ladder of levels: LU within the band.
  ///
  /// One population is set to 1 and its equation left out, which keeps the band, unlike the trace; a population that turns out small is
  /// exchanged for the largest one. Nil where the band is too wide to be worth it.
  func solveBand(
    _ liouvillian: Liouvillian, _ order: BandOrder, isKnownUnique: Bool
  ) throws(SolverError) -> (values: [Double], certificate: Certificate)? {
    let matrix = liouvillian.matrix
    return try withSolverErrors { () throws -> (values: [Double], certificate: Certificate)? in
      guard method == .banded || isWorthwhile(halfWidth: order.halfWidth, order: matrix.columns) else {
        return nil
      }
      let bytes = RealBandLU.bytes(order: matrix.columns, halfWidth: order.halfWidth)
      guard bytes <= availableMemory else {
        throw SolverError.tooLarge(
          bytes: bytes, limit: availableMemory,
          advice: "the band of \(matrix.columns) unknowns has a half width of \(order.halfWidth)")
      }
      guard var pin = liouvillian.mostStablePopulation else { return nil }
      var certificate = Certificate(
        method: "band-lu(half-width \(order.halfWidth))", unknowns: matrix.columns)
      certificate.factorNonzeros = matrix.columns * (3 * order.halfWidth + 1)
      certificate.peakBytes = bytes + 2 * matrix.bytes
      for _ in 0..<3 {
        let (system, rightHandSide) = liouvillian.pinned(at: pin)
        let factors: RealBandLU
        do { factors = try RealBandLU(system, order: order.removing(pin)) } catch KernelError.singularMatrix {
          certificate.errorBound = .infinity
          return (rightHandSide, certificate)
        }
        certificate.reciprocalCondition = factors.reciprocalCondition
        let others = try factors.solve(rightHandSide)
        let largest = others.indices.max { abs(others[$0]) < abs(others[$1]) } ?? 0
        guard abs(others[largest]) <= Self.largestPinRatio else {
          // Numbers beyond the range of a double say nothing about where the largest one is.
          guard others[largest].isFinite else { break }
          pin = largest < pin ? largest : largest + 1
          continue
        }
        // The population that was set to 1 has no error; the others are judged beside the largest of all.
        let bound = try ErrorBound(
          of: others, to: rightHandSide, in: system, scale: max(1, abs(others[largest])),
          entryError: liouvillian.entryError,
          conservation: isKnownUnique || liouvillian.everyStateLeads(to: pin)
            ? liouvillian.conservation(withPinned: pin) : nil
        ) {
          (vector, transposed) throws(KernelError) in
          // Norms are estimated: their digits do not matter.
          try factors.solve(vector, transposed: transposed, refined: false)
        }
        certificate.errorBound = bound.relative
        return (Array(others[..<pin]) + [1] + Array(others[pin...]), certificate)
      }
      certificate.errorBound = .infinity
      return ([Double](repeating: 0, count: matrix.columns), certificate)
    }
  }

  /// Another unknown may be this many times as large as the population that was set to 1.
  static let largestPinRatio = 1e3

  /// Whether elimination within the band is tried before other routes.
  func isWorthwhile(halfWidth: Int, order: Int) -> Bool {
    halfWidth <= Self.widestBand && 8 * halfWidth < order
  }

  /// Half width up to which elimination within the band beats a fill-reducing ordering.
  static let widestBand = 48
}

extension Liouvillian {
  /// The population that decays most slowly, a likely one to be occupied.
  var mostStablePopulation: Int? {
    let diagonal = matrix.diagonal
    return traceWeights.indices.filter { traceWeights[$0] != 0 }.min { abs(diagonal[$0]) < abs(diagonal[$1]) }
  }

  /// The system for all other unknowns when one population is 1, without the equation of that one.
  func pinned(at pin: Int) -> (matrix: RealSparseMatrix, rightHandSide: [Double]) {
    let kept = (0..<matrix.columns).filter { $0 != pin }
    var column = [Double](repeating: 0, count: matrix.columns)
    for entry in matrix.starts[pin]..<matrix.starts[pin + 1] {
      column[matrix.indices[entry]] = -matrix.values[entry]
    }
    return (matrix.principalSubmatrix(kept), kept.map { column[$0] })
  }
}
