package import NESSKit
internal import Numerics

/// Boundary-driven XXZ chain on blocks of fixed magnetization, made by hand: an input for solvers on blocks, and their counterpart
/// without blocks.
///
///     H = J sum (s+_k s-_{k+1} + h.c.) 2 + J delta sum sz_k sz_{k+1},  jumps sqrt(rate (1 +- drive)/2) s+-, reversed at the other end.
package struct SpinChainBlocks {
  /// Number of spins.
  package let sites: Int
  /// Exchange J.
  package var coupling = 1.0
  /// Anisotropy.
  package var anisotropy = 0.7
  /// Rate of the jumps at either end.
  package var rate = 1.0
  /// Imbalance of raising and lowering jumps, from -1 to 1.
  package var drive = 0.6
  /// Rate of dephasing on every site.
  package var dephasing = 0.0

  package init(sites: Int) { self.sites = sites }

  /// Basis states with a number of spins up, ascending.
  package func states(up: Int) -> [Int] { (0..<(1 << sites)).filter { $0.nonzeroBitCount == up } }

  /// Jump operators as (site, raising, rate).
  var jumps: [(site: Int, raising: Bool, rate: Double)] {
    [
      (0, true, rate * (1 + drive) / 2), (0, false, rate * (1 - drive) / 2),
      (sites - 1, true, rate * (1 - drive) / 2), (sites - 1, false, rate * (1 + drive) / 2),
    ].filter { $0.2 > 0 }
  }

  private func drift(_ states: [Int]) -> SparseMatrix {
    let position = Dictionary(uniqueKeysWithValues: states.enumerated().map { ($1, $0) })
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    for (column, state) in states.enumerated() {
      var energy = 0.0
      for k in 0..<(sites - 1) {
        let (a, b) = (state >> k & 1, state >> (k + 1) & 1)
        energy += coupling * anisotropy * (a == b ? 1 : -1)
        if a != b, let row = position[state ^ (3 << k)] {
          entries.append((row, column, Complex(0, -2 * coupling)))
        }
      }
      let decay = jumps.reduce(Double(sites) * dephasing) { sum, jump in
        (state >> jump.site & 1 == 0) == jump.raising ? sum + jump.rate : sum
      }
      entries.append((column, column, Complex(-decay / 2, -energy)))
    }
    return SparseMatrix(rows: states.count, columns: states.count, entries: entries)
  }

  private func jump(_ site: Int, raising: Bool, _ rate: Double, from: [Int], to: [Int]) -> SparseMatrix {
    let position = Dictionary(uniqueKeysWithValues: to.enumerated().map { ($1, $0) })
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    for (column, state) in from.enumerated() where (state >> site & 1 == 0) == raising {
      if let row = position[state ^ (1 << site)] {
        entries.append((row, column, Complex(rate.squareRoot())))
      }
    }
    return SparseMatrix(rows: to.count, columns: from.count, entries: entries)
  }

  private func dephasingJumps(_ states: [Int]) -> [SparseMatrix] {
    dephasing > 0
      ? (0..<sites).map { site in
        .diagonal(states.map { Complex($0 >> site & 1 == 0 ? -1 : 1) * Complex(dephasing.squareRoot()) })
      } : []
  }

  /// Blocks of 0, 1, … `sites` spins up.
  package func blockTerms() -> BlockTerms {
    let sectors = (0...sites).map { states(up: $0) }
    var terms = BlockTerms(blocks: sectors.map { .init(multiplicity: 1, drift: drift($0)) })
    for (up, states) in sectors.enumerated() {
      for jump in jumps {
        let target = jump.raising ? up + 1 : up - 1
        guard sectors.indices.contains(target) else { continue }
        terms.jumps.append(
          .init(
            target: target, source: up, weight: 1,
            left: self.jump(jump.site, raising: jump.raising, jump.rate, from: states, to: sectors[target])))
      }
      for matrix in dephasingJumps(states) {
        terms.jumps.append(.init(target: up, source: up, weight: 1, left: matrix))
      }
    }
    return terms
  }

  /// The same generator on the whole space, basis state by basis state.
  package func terms() -> GeneratorTerms {
    let all = Array(0..<(1 << sites))
    return GeneratorTerms(
      dimension: all.count, drift: drift(all),
      jumps: jumps.map { .init(left: jump($0.site, raising: $0.raising, $0.rate, from: all, to: all)) }
        + dephasingJumps(all).map { .init(left: $0) })
  }
}
