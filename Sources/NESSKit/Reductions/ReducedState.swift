public import Numerics

/// A density matrix given by its unknowns in a reduced space; never stored in full unless asked for.
public struct ReducedState: QuantumState {
  /// Reduced space the unknowns refer to.
  public let reduced: ReducedSpace
  /// Real unknowns, `reduced.unknownCount` of them.
  public let unknowns: [Double]

  /// Creates a state from its unknowns.
  public init(in reduced: ReducedSpace, unknowns: [Double]) {
    precondition(
      unknowns.count == reduced.unknownCount,
      "need \(reduced.unknownCount) unknowns, but got \(unknowns.count)")
    self.reduced = reduced
    self.unknowns = unknowns
  }

  /// Space of the state.
  public var space: HilbertSpace { reduced.space }

  /// Matrix element <ket| rho |bra>; zero outside the sector.
  public func element(_ ket: Int, _ bra: Int) -> Complex<Double> {
    reduced.elements(kets: [ket], bras: [bra], from: unknowns)[0]
  }

  /// Matrix elements at many pairs at once; zero outside the sector.
  public func elements(kets: [Int], bras: [Int]) -> [Complex<Double>] {
    reduced.elements(kets: kets, bras: bras, from: unknowns)
  }

  /// Sum of |<a| rho |b>| over all a and b, slot by slot.
  public var elementwiseNorm: Double { sumOverSlots { $0.squareRoot() } }

  /// tr rho^2, slot by slot.
  public var purity: Double { sumOverSlots { $0 } }

  /// Sum of `term` of |rho_ab|^2 over all elements; those outside the sector are zero.
  private func sumOverSlots(_ term: (Double) -> Double) -> Double {
    let tables = reduced.tables
    return (0..<reduced.slotCount).reduce(0) { sum, slot in
      let unknown = tables.unknowns[slot]
      let (real, imaginary) = (unknowns[unknown], tables.kinds[slot] == 0 ? 0 : unknowns[unknown + 1])
      return sum + Double(tables.weights[slot]) * term(real * real + imaginary * imaginary)
    }
  }

  /// Diagonal of the density matrix.
  public var populations: [Double] {
    let states = Array(0..<space.dimension)
    return reduced.elements(kets: states, bras: states, from: unknowns).map(\.real)
  }

  /// The full matrix.
  /// - Complexity: O(D^2) time and memory
  public func density() -> DensityMatrix {
    let dimension = space.dimension
    var elements: [Complex<Double>] = []
    elements.reserveCapacity(dimension * dimension)
    let kets = Array(0..<dimension)
    for bra in 0..<dimension {
      elements += reduced.elements(kets: kets, bras: Array(repeating: bra, count: dimension), from: unknowns)
    }
    return DensityMatrix(space: space, elements: elements)
  }
}
