extension SymmetryBlocks {
  /// The generator on the blocks.
  /// - Complexity: O(nonzeros of K), and for every jump pair its nonzeros times the pairs of blocks that it connects
  package func terms() throws(SolverError) -> BlockTerms {
    do {
      let projection = try handle.project(generator)
      return BlockTerms(
        blocks: zip(handle.multiplicities, projection.drifts).map { .init(multiplicity: $0, drift: $1) },
        jumps: projection.jumps.map {
          .init(target: $0.target, source: $0.source, weight: $0.weight, left: $0.left, right: $0.right)
        },
        rates: try generator.rates.map { rates throws(KernelError) in try reduced(rates) })
    } catch { throw .kernel(error) }
  }

  /// Rates on orbits of states.
  ///
  /// W is invariant, so the average over the states of orbit o of what flows into one of them comes from one column per orbit:
  /// W[o, o'] = |o'| / |o| sum_{a in o} W[a, s], s in o'. A column of U_b lies in one orbit o: its population is spread evenly
  /// over the |o| states, once for every copy of the block, and diag(r) has the element r[o] there.
  private func reduced(_ rates: RealSparseMatrix) throws(KernelError) -> BlockTerms.Rates {
    let orbits = try handle.orbits()
    let count = orbits.sizes.count
    var entries: [(row: Int, column: Int, value: Double)] = []
    for (column, state) in orbits.smallest.enumerated() {
      for position in rates.starts[state]..<rates.starts[state + 1] {
        let row = orbits.labels[rates.indices[position]]
        let ratio = Double(orbits.sizes[column]) / Double(orbits.sizes[row])
        entries.append((row, column, rates.values[position] * ratio))
      }
    }
    let columnOrbits = try handle.columnOrbits()
    var populations: [RealSparseMatrix] = []
    var sources: [RealSparseMatrix] = []
    var first = 0
    for (order, multiplicity) in zip(handle.orders, handle.multiplicities) {
      let own = Array(columnOrbits[first..<(first + order)])
      first += order
      populations.append(
        RealSparseMatrix(
          rows: count, columns: order, starts: Array(0...order), indices: own,
          values: own.map { Double(multiplicity) / Double(orbits.sizes[$0]) }))
      sources.append(
        RealSparseMatrix(
          rows: order, columns: count,
          entries: own.enumerated().map { (row: $0.offset, column: $0.element, value: 1.0) }))
    }
    return BlockTerms.Rates(
      matrix: RealSparseMatrix(rows: count, columns: count, entries: entries), populations: populations,
      sources: sources)
  }
}
