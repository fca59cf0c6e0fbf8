public import Numerics

/// A density matrix given by its irreducible blocks; never stored in full unless asked for.
public struct BlockState: QuantumState {
  /// Blocks that the matrices refer to.
  public let blocks: SymmetryBlocks
  /// Elements of all rho_b, one block after the other, each column by column.
  public let elements: [Complex<Double>]

  /// Creates a state from the elements of all its blocks, `blocks.elementCount` of them.
  public init(in blocks: SymmetryBlocks, elements: [Complex<Double>]) {
    precondition(
      elements.count == blocks.elementCount,
      "need \(blocks.elementCount) elements, but got \(elements.count)")
    self.blocks = blocks
    self.elements = elements
  }

  /// Creates a state from its blocks, n_b x n_b elements each, column by column.
  public init(in blocks: SymmetryBlocks, matrices: [[Complex<Double>]]) {
    precondition(
      matrices.map(\.count) == blocks.plan.map { $0.order * $0.order },
      "need one matrix per block, but the numbers of elements are \(matrices.map(\.count))")
    self.init(in: blocks, elements: matrices.flatMap { $0 })
  }

  /// Elements of one block, column by column.
  public func matrix(_ block: Int) -> [Complex<Double>] {
    Array(elements[blocks.offsets[block]..<blocks.offsets[block + 1]])
  }

  /// All blocks.
  public var matrices: [[Complex<Double>]] { blocks.plan.indices.map(matrix) }

  /// Space of the state.
  public var space: HilbertSpace { blocks.space }

  /// Trace.
  /// - Complexity: O(sum of the orders)
  public var trace: Complex<Double> {
    var trace = Complex<Double>.zero
    for (block, shape) in blocks.plan.enumerated() {
      var sum = Complex<Double>.zero
      for k in 0..<shape.order { sum += elements[blocks.offsets[block] + k * (shape.order + 1)] }
      trace += Complex(Double(shape.multiplicity)) * sum
    }
    return trace
  }

  /// Matrix element <ket| rho |bra>; zero between states of different classes.
  /// - Complexity: O(copies of all blocks)
  public func element(_ ket: Int, _ bra: Int) -> Complex<Double> { elements(kets: [ket], bras: [bra])[0] }

  /// Matrix elements at many pairs at once; zero between states of different classes.
  public func elements(kets: [Int], bras: [Int]) -> [Complex<Double>] {
    do {
      return try blocks.handle.elements(of: elements, kets: kets, bras: bras)
    } catch {
      preconditionFailure("basis states must be in 0..<\(space.dimension): \(error)")
    }
  }

  /// Diagonal of the density matrix.
  public var populations: [Double] {
    guard let orbits = try? blocks.handle.orbits(), let columnOrbits = try? blocks.handle.columnOrbits()
    else {
      preconditionFailure("the populations need memory that is not available")
    }
    var perOrbit = [Double](repeating: 0, count: orbits.sizes.count)
    var first = 0
    for (block, shape) in blocks.plan.enumerated() {
      for k in 0..<shape.order {
        let orbit = columnOrbits[first + k]
        perOrbit[orbit] +=
          Double(shape.multiplicity) / Double(orbits.sizes[orbit])
          * elements[blocks.offsets[block] + k * (shape.order + 1)].real
      }
      first += shape.order
    }
    return orbits.labels.map { perOrbit[$0] }
  }

  /// State of some sites, the others traced out.
  /// - Complexity: O(D × dimension of the kept sites × copies of all blocks)
  public func reduced(to sites: [Int]) -> DensityMatrix {
    let partition = SitePartition(of: space, keeping: sites)
    return DensityMatrix(
      space: partition.keptSpace,
      elements: partialTrace(
        groups: partition.groups, places: partition.keptIndex, order: partition.keptSpace.dimension))
  }

  /// The full matrix.
  /// - Complexity: O(D^2) memory, O(D^2 × copies of all blocks) time
  public func density() -> DensityMatrix {
    let states = Array(0..<space.dimension)
    return DensityMatrix(
      space: space, elements: partialTrace(groups: [states], places: states, order: states.count))
  }

  private func partialTrace(groups: [[Int]], places: [Int], order: Int) -> [Complex<Double>] {
    do {
      return try blocks.handle.partialTrace(of: elements, groups: groups, places: places, order: order)
    } catch {
      preconditionFailure("a partial trace needs memory that is not available: \(error)")
    }
  }
}
