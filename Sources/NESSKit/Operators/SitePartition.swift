package import Numerics

/// Division of the basis states of a space into what some sites do and what the others do.
package struct SitePartition {
  /// Full product of the kept sites, in the order they were named.
  package let keptSpace: HilbertSpace
  /// State of the kept sites in every basis state of the whole space.
  package let keptIndex: [Int]
  /// Basis states, gathered by equal levels of all other sites; a partial trace pairs only members of one group.
  package let groups: [[Int]]

  /// Divides `space` into `sites`, which must differ, and the rest.
  package init(of space: HilbertSpace, keeping sites: [Int]) {
    space.validate(sites: sites)
    var keptIndex = [Int](repeating: 0, count: space.dimension)
    var environment = [Int](repeating: 0, count: space.dimension)
    for state in 0..<space.dimension {
      let product = space.productIndex(of: state)
      var kept = 0
      var rest = product
      for site in sites {
        let dimension = space.sites[site].dimension
        let digit = product / space.strides[site] % dimension
        kept = kept * dimension + digit
        rest -= digit * space.strides[site]
      }
      keptIndex[state] = kept
      environment[state] = rest
    }
    var groups: [[Int]] = []
    var previous = -1
    for state in (0..<space.dimension).sorted(by: { (environment[$0], $0) < (environment[$1], $1) }) {
      if environment[state] != previous { groups.append([]) }
      groups[groups.count - 1].append(state)
      previous = environment[state]
    }
    self.keptSpace = space.subspace(of: sites)
    self.keptIndex = keptIndex
    self.groups = groups
  }

  /// Partial trace of the state with the given elements <ket| rho |bra>.
  /// - Complexity: O(dimension × dimension of the kept sites) calls of `element`
  package func reducedState(_ element: (_ ket: Int, _ bra: Int) -> Complex<Double>) -> DensityMatrix {
    let order = keptSpace.dimension
    var elements = [Complex<Double>](repeating: .zero, count: order * order)
    for group in groups {
      for bra in group {
        for ket in group { elements[keptIndex[ket] + keptIndex[bra] * order] += element(ket, bra) }
      }
    }
    return DensityMatrix(space: keptSpace, elements: elements)
  }
}
