internal import Numerics

/// The matrix elements of a density matrix that a generator connects to its seeds, one slot per orbit.
///
/// Two reductions at once, both exact. *Sectors*: elements outside the connected component of the sparsity graph never
/// become nonzero; every symmetry that is diagonal in the basis is found this way. *Orbits*: elements related by a verified
/// permutation symmetry are equal. Hermiticity leaves one real unknown for a slot that is its own transpose and two (real and
/// imaginary part of the representative) for a pair of transposed slots.
public final class ReducedSpace: Sendable {
  /// Hilbert space of the full problem.
  public let space: HilbertSpace
  /// Symmetries that were verified and used: those without phases. A symmetry with phases makes elements of an orbit equal up to
  /// phases only; it is verified, then left to ``SymmetryBlocks``.
  public let symmetries: [PermutationSymmetry]
  let sector: SectorHandle
  let tables: SectorHandle.Tables

  /// Number of complex unknowns, one per orbit of matrix elements.
  public var slotCount: Int { sector.count }
  /// Number of real unknowns of a Hermitian matrix.
  public var unknownCount: Int { sector.realCount }

  /// Finds the reduced space of a generator.
  ///
  /// - Parameters:
  ///   - terms: The generator.
  ///   - space: Its Hilbert space.
  ///   - symmetries: Declared permutation symmetries; each is verified first.
  ///   - seeds: Matrix elements to start from; nil means all populations, as a steady state needs. They must be invariant under
  ///     the symmetries as a set.
  ///   - limit: Largest number of slots.
  /// - Throws: `symmetryViolated` with the size of the violation; `kernel(.limitExceeded)`.
  public init(
    terms: GeneratorTerms, space: HilbertSpace, symmetries: [PermutationSymmetry] = [],
    seeds: [(ket: Int, bra: Int)]? = nil, limit: Int = .max
  ) throws(SolverError) {
    try terms.verify(symmetries)
    self.space = space
    let symmetries = symmetries.filter { $0.phases == nil }
    self.symmetries = symmetries
    do {
      let group = symmetries.isEmpty ? nil : try PermutationGroup(symmetries)
      sector = try SectorHandle(terms: terms, group: group, seeds: seeds, limit: limit)
      tables = try sector.tables()
    } catch { throw .kernel(error) }
  }

  /// Trace functional: tr rho = sum_u weight[u] x[u] over the real unknowns.
  public var traceWeights: [Double] {
    var weights = [Double](repeating: 0, count: unknownCount)
    for slot in 0..<slotCount where tables.kets[slot] == tables.bras[slot] {
      weights[tables.unknowns[slot]] = Double(tables.weights[slot])
    }
    return weights
  }

  /// Real unknowns of a Hermitian matrix given by its elements; elements outside the space are ignored.
  /// The matrix must have the symmetries.
  public func unknowns(of state: some QuantumState) -> [Double] {
    var values = [Double](repeating: 0, count: unknownCount)
    let slots = (0..<slotCount).filter { tables.kinds[$0] >= 0 }
    let elements = state.elements(kets: slots.map { tables.kets[$0] }, bras: slots.map { tables.bras[$0] })
    for (slot, element) in zip(slots, elements) {
      values[tables.unknowns[slot]] = element.real
      if tables.kinds[slot] == 1 { values[tables.unknowns[slot] + 1] = element.imaginary }
    }
    return values
  }

  /// Matrix elements at many pairs at once from real unknowns; zero outside the space.
  func elements(kets: [Int], bras: [Int], from values: [Double]) -> [Complex<Double>] {
    guard let slots = try? sector.slots(kets: kets, bras: bras) else {
      preconditionFailure("basis states must be in 0..<\(space.dimension)")
    }
    return slots.map { slot in
      guard slot >= 0 else { return .zero }
      let unknown = tables.unknowns[slot]
      let kind = tables.kinds[slot]
      return Complex(values[unknown], kind == 0 ? 0 : Double(kind) * values[unknown + 1])
    }
  }
}
