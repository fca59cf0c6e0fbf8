public import Numerics

/// A density matrix on ket orbits; never stored in full unless asked for.
public struct OrbitState: QuantumState {
  /// Orbits that the numbers refer to.
  public let orbits: OrbitSpace
  /// Packed real matrix; not written to any more.
  let vector: OrbitVector<Double>
  /// Irreducible blocks of the same symmetries, through which the spectrum is found.
  let blocks: SymmetryBlocks?

  init(orbits: OrbitSpace, vector: OrbitVector<Double>, blocks: SymmetryBlocks? = nil) {
    self.orbits = orbits
    self.vector = vector
    self.blocks = blocks
  }

  /// The same state, with a way to its spectrum that is shorter than the full matrix.
  func with(blocks: SymmetryBlocks) -> OrbitState {
    OrbitState(orbits: orbits, vector: vector, blocks: blocks)
  }

  /// Space of the state.
  public var space: HilbertSpace { orbits.space }

  /// Matrix element <ket| rho |bra>.
  /// - Complexity: O(1)
  public func element(_ ket: Int, _ bra: Int) -> Complex<Double> { elements(kets: [ket], bras: [bra])[0] }

  /// Diagonal of the density matrix.
  public var populations: [Double] {
    let states = Array(0..<space.dimension)
    return elements(kets: states, bras: states).map(\.real)
  }

  /// State of some sites, the others traced out, from the elements that contribute.
  /// - Complexity: O(D × dimension of the kept sites)
  public func reduced(to sites: [Int]) -> DensityMatrix {
    let partition = SitePartition(of: space, keeping: sites)
    guard
      let elements = try? orbits.plan.partialTrace(
        of: vector, groups: partition.groups, kept: partition.keptIndex, order: partition.keptSpace.dimension)
    else { preconditionFailure("a partition of the space must name its states only") }
    return DensityMatrix(space: partition.keptSpace, elements: elements)
  }

  /// The full matrix.
  /// - Complexity: O(D^2) time and memory
  public func density() -> DensityMatrix {
    let dimension = space.dimension
    var elements: [Complex<Double>] = []
    elements.reserveCapacity(dimension * dimension)
    let kets = Array(0..<dimension)
    for bra in 0..<dimension {
      elements += self.elements(kets: kets, bras: Array(repeating: bra, count: dimension))
    }
    return DensityMatrix(space: space, elements: elements)
  }

  /// Matrix elements <kets[n]| rho |bras[n]>.
  public func elements(kets: [Int], bras: [Int]) -> [Complex<Double>] {
    guard let elements = try? orbits.plan.elements(kets: kets, bras: bras, of: vector) else {
      preconditionFailure("basis states must be in 0..<\(space.dimension)")
    }
    return elements
  }

  /// Eigenvalues, block by block.
  /// - Complexity: O(n^3) in the orders n of the blocks
  public func spectrum() throws(KernelError) -> [(eigenvalue: Double, multiplicity: Int)] {
    guard let blocks else {
      guard space.dimension <= Self.largestDenseSpectrum else { throw .limitExceeded }
      return try density().eigenvalues().map { ($0, 1) }
    }
    let kets = Array(0..<space.dimension)
    let projected: BlockState
    do {
      projected = try blocks.project(fromColumns: { source in
        elements(kets: kets, bras: Array(repeating: source, count: kets.count))
      })
    } catch {
      if case .kernel(let reason) = error { throw reason }
      throw .libraryFailure
    }
    return try projected.spectrum()
  }

  /// Sum of |<a| rho |b>| over all a and b, one ket per orbit.
  public var elementwiseNorm: Double { sumOverElements(\.length) }

  /// tr rho^2, one ket per orbit.
  public var purity: Double { sumOverElements(\.lengthSquared) }

  private func sumOverElements(_ term: (Complex<Double>) -> Double) -> Double {
    let bras = Array(0..<space.dimension)
    var seen = [Bool](repeating: false, count: orbits.orbitCount)
    var sum = 0.0
    for ket in bras {
      let orbit = Int(orbits.plan.orbits[ket])
      guard !seen[orbit] else { continue }
      seen[orbit] = true
      let row = elements(kets: Array(repeating: ket, count: bras.count), bras: bras)
      sum += Double(orbits.plan.sizes[orbit]) * row.reduce(0) { $0 + term($1) }
    }
    return sum
  }
}
