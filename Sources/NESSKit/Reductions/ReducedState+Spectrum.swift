internal import Numerics

extension ReducedState {
  /// Whether the state has coherence between few basis states, so that its spectrum comes from small blocks.
  var isSparse: Bool {
    reduced.symmetries.isEmpty
      && Double(reduced.slotCount) <= SteadyStateSolver.sparseState * Double(space.dimension)
  }

  /// Eigenvalues: from blocks of basis states with coherence between them where no symmetry was used, else from the full density matrix.
  public func spectrum() throws(KernelError) -> [(eigenvalue: Double, multiplicity: Int)] {
    guard isSparse else {
      guard space.dimension <= Self.largestDenseSpectrum else { throw .limitExceeded }
      return try density().eigenvalues().map { ($0, 1) }
    }
    let blocks = blocks()
    var kets: [Int] = []
    var bras: [Int] = []
    for block in blocks {
      for bra in block {
        for ket in block {
          kets.append(ket)
          bras.append(bra)
        }
      }
    }
    let elements = elements(kets: kets, bras: bras)
    var spectrum: [(eigenvalue: Double, multiplicity: Int)] = []
    spectrum.reserveCapacity(space.dimension)
    var begin = 0
    for block in blocks {
      let count = block.count * block.count
      if count == 1 {
        spectrum.append((elements[begin].real, 1))
      } else {
        let part = Array(elements[begin..<(begin + count)])
        for value in try DenseEigen.hermitian(part, order: block.count, vectors: false).values {
          spectrum.append((value, 1))
        }
      }
      begin += count
    }
    return spectrum
  }

  /// Basis states with coherence between them, directly or through others.
  private func blocks() -> [[Int]] {
    let tables = reduced.tables
    var sets = DisjointSets(count: space.dimension)
    for slot in 0..<reduced.slotCount where tables.kets[slot] != tables.bras[slot] {
      sets.unite(tables.kets[slot], tables.bras[slot])
    }
    return sets.classes
  }
}
