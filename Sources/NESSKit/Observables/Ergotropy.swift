internal import Numerics

/// Work that unitary operations can extract from a state, and where it comes from.
public struct Ergotropy: Sendable, Equatable {
  /// tr(rho H) - sum_k r_k e_k, r descending eigenvalues of the state and e ascending ones of the Hamiltonian.
  public let total: Double
  /// Ergotropy without coherence between different energy levels.
  public let incoherent: Double
  /// The part that needs coherence, `total - incoherent`.
  public var coherent: Double { total - incoherent }

  /// Creates a result.
  public init(total: Double, incoherent: Double) {
    self.total = total
    self.incoherent = incoherent
  }
}

extension DensityMatrix {
  /// Ergotropy with respect to a Hamiltonian on the space of the state: the largest work that a unitary extracts.
  ///
  /// In a restricted space the unitaries stay in the restriction. Values below 1e-13 of the energy scale are
  /// rounding and returned as 0.
  ///
  /// - Throws: ``ObservableError`` when an eigenproblem fails.
  /// - Complexity: O(D^3)
  public func ergotropy(withRespectTo hamiltonian: Operator) throws(ObservableError) -> Double {
    requireSameSpace(hamiltonian)
    let (probabilities, energies) = try withObservableErrors { () throws(KernelError) in
      (try eigenvalues(), try hamiltonian.eigenvalues())
    }
    return extractableWork(
      energy: expectation(of: hamiltonian).real, probabilities: probabilities, energies: energies)
  }

  /// Ergotropy and its incoherent part.
  ///
  /// The incoherent part is the ergotropy of sum_e P_e rho P_e, P_e the projectors on the energy levels:
  /// coherence inside a degenerate level is kept. Energies whose distance from the next lower one is at most
  /// `levelTolerance` belong to the same level; nil means 1e-8 of the spectrum's width.
  ///
  /// - Throws: ``ObservableError`` when an eigenproblem fails.
  /// - Complexity: O(D^3)
  public func ergotropyParts(
    withRespectTo hamiltonian: Operator, levelTolerance: Double? = nil
  ) throws(ObservableError) -> Ergotropy {
    requireSameSpace(hamiltonian)
    let order = space.dimension
    let (probabilities, levels, dephasedProbabilities) = try withObservableErrors { () throws(KernelError) in
      let levels = try hamiltonian.eigensystem()
      let width = (levels.values.last ?? 0) - (levels.values.first ?? 0)
      let tolerance = levelTolerance ?? 1e-8 * width
      let applied = try denseMultiply(elements, levels.vectors, rows: order, inner: order, columns: order)
      let rotated = try denseMultiply(
        levels.vectors, adjointLeft: true, applied, rows: order, inner: order, columns: order)
      return (
        try eigenvalues(), levels,
        try dephasedEigenvalues(rotated, energies: levels.values, tolerance: tolerance)
      )
    }
    let energy = expectation(of: hamiltonian).real
    return Ergotropy(
      total: extractableWork(energy: energy, probabilities: probabilities, energies: levels.values),
      incoherent: extractableWork(
        energy: energy, probabilities: dephasedProbabilities, energies: levels.values))
  }

  /// State of least energy with the same eigenvalues: sum_k r_k |e_k><e_k|, r descending, energies ascending.
  ///
  /// Not unique when the Hamiltonian is degenerate; its energy is.
  ///
  /// - Throws: ``ObservableError`` when an eigenproblem fails.
  /// - Complexity: O(D^3)
  public func passiveState(withRespectTo hamiltonian: Operator) throws(ObservableError) -> DensityMatrix {
    requireSameSpace(hamiltonian)
    let order = space.dimension
    return try withObservableErrors { () throws(KernelError) in
      let probabilities = Array(try eigenvalues().reversed())
      let levels = try hamiltonian.eigensystem()
      var weighted = levels.vectors
      for index in weighted.indices {
        weighted[index] = weighted[index].multiplied(by: probabilities[index / order])
      }
      let elements = try denseMultiply(
        weighted, levels.vectors, adjointRight: true, rows: order, inner: order, columns: order)
      return DensityMatrix(space: space, elements: elements)
    }
  }
}

/// Eigenvalues, ascending, of a state in the energy basis without the elements between different levels. One
/// eigenproblem per level: most levels are not degenerate.
private func dephasedEigenvalues(
  _ elements: [Complex<Double>], energies: [Double], tolerance: Double
) throws(KernelError) -> [Double] {
  let order = energies.count
  var eigenvalues: [Double] = []
  var first = 0
  while first < order {
    var end = first + 1
    while end < order && energies[end] - energies[end - 1] <= tolerance { end += 1 }
    var block: [Complex<Double>] = []
    for column in first..<end {
      for row in first..<end { block.append(elements[row + column * order]) }
    }
    eigenvalues += try DenseEigen.hermitian(block, order: end - first, vectors: false).values
    first = end
  }
  return eigenvalues.sorted()
}

/// energy - sum_k r_k e_k for ascending `probabilities` and `energies`, zero when that is rounding.
func extractableWork(energy: Double, probabilities: [Double], energies: [Double]) -> Double {
  let passive = zip(probabilities.reversed(), energies).reduce(0) { $0 + $1.0 * $1.1 }
  let scale = energies.reduce(0) { max($0, abs($1)) }
  let work = energy - passive
  return work <= 1e-13 * scale ? 0 : work
}
