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
    let (starts, members) = blocks()
    var kets: [Int] = []
    var bras: [Int] = []
    for (begin, end) in zip(starts, starts.dropFirst()) {
      for bra in begin..<end {
        for ket in begin..<end {
          kets.append(members[ket])
          bras.append(members[bra])
        }
      }
    }
    let elements = elements(kets: kets, bras: bras)
    var spectrum: [(eigenvalue: Double, multiplicity: Int)] = []
    spectrum.reserveCapacity(space.dimension)
    var place = 0
    for (begin, end) in zip(starts, starts.dropFirst()) {
      let order = end - begin
      if order == 1 {
        spectrum.append((elements[place].real, 1))
      } else {
        let part = Array(elements[place..<(place + order * order)])
        for value in try DenseEigen.hermitian(part, order: order, vectors: false).values {
          spectrum.append((value, 1))
        }
      }
      place += order * order
    }
    return spectrum
  }

  /// Basis states with coherence between them, directly or through others, block behind block.
  private func blocks() -> (starts: [Int], members: [Int]) {
    let tables = reduced.tables
    var sets = DisjointSets(count: space.dimension)
    for slot in 0..<reduced.slotCount where tables.kets[slot] != tables.bras[slot] {
      sets.unite(tables.kets[slot], tables.bras[slot])
    }
    let (starts, elements) = sets.members
    return (starts, elements)
  }
}
