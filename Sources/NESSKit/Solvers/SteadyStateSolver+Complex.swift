internal import Numerics

extension SteadyStateSolver {
  /// Null vector of the generator on complex slots, an independent check of the real form: Hermiticity is not built in here but comes
  /// out, and its defect measures the solution.
  ///
  /// - Returns: Real unknowns on the whole reduced space, normalized, with what the solve cost.
  func solveComplex(
    _ terms: GeneratorTerms, on reduced: ReducedSpace
  ) throws(SolverError) -> (values: [Double], certificate: Certificate) {
    let tables = reduced.tables
    var weights = [Double](repeating: 0, count: reduced.slotCount)
    for slot in weights.indices where tables.kets[slot] == tables.bras[slot] {
      weights[slot] = Double(tables.weights[slot])
    }
    // One orbit of populations and nothing else: the trace alone decides.
    if weights.count == 1, weights[0] != 0 {
      return ([1 / weights[0]], Certificate(method: "normalization", unknowns: 1))
    }
    return try withSolverErrors(singular: .singular(errorBound: .infinity)) {
      let matrix = try reduced.sector.assembleComplex(terms)
      let scale = matrix.values.reduce(0) { max($0, $1.length) }
      guard let row = weights.firstIndex(where: { $0 != 0 }), scale > 0 else {
        throw KernelError.singularMatrix
      }
      var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
      matrix.forEachEntry { if $0 != row { entries.append(($0, $1, $2)) } }
      for (column, weight) in weights.enumerated() where weight != 0 {
        entries.append((row, column, Complex(scale * weight)))
      }
      let system = SparseMatrix(rows: matrix.rows, columns: matrix.columns, entries: entries)
      let factors = try ComplexSparseLU(system)
      var rightHandSide = [Complex<Double>](repeating: .zero, count: matrix.columns)
      rightHandSide[row] = Complex(scale)
      // Pivots of a singular matrix need not be tiny; on this route, a check of the others, caution costs nothing.
      if factors.info.reciprocalCondition < 1e-10 { throw KernelError.singularMatrix }
      let slots = try factors.solve(rightHandSide)
      var trace = 0.0
      for (slot, weight) in weights.enumerated() { trace += weight * slots[slot].real }
      var unknowns = [Double](repeating: 0, count: reduced.unknownCount)
      var defect = 0.0
      for slot in slots.indices {
        let element = slots[slot] / Complex(trace)
        let transposed = slots[tables.partners[slot]].conjugate / Complex(trace)
        defect = max(defect, (element - transposed).length)
        guard tables.kinds[slot] >= 0 else { continue }
        unknowns[tables.unknowns[slot]] = element.real
        if tables.kinds[slot] == 1 { unknowns[tables.unknowns[slot] + 1] = element.imaginary }
      }
      let info = factors.info
      return (
        unknowns,
        Certificate(
          method: "complex-sparse-lu(symmetric,metis)", unknowns: matrix.columns, nonzeros: matrix.nonzeros,
          factorNonzeros: info.factorNonzeros, rateScale: scale, hermiticityDefect: defect,
          reciprocalCondition: info.reciprocalCondition, peakBytes: info.peakBytes)
      )
    }
  }
}
