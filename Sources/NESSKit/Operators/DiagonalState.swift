public import Numerics

/// A state without coherence in the basis of its space.
public struct DiagonalState: QuantumState {
  /// Space of the state.
  public let space: HilbertSpace
  /// Populations of the basis states.
  public let populations: [Double]

  /// Creates a state from `space.dimension` populations.
  public init(space: HilbertSpace, populations: [Double]) {
    precondition(
      populations.count == space.dimension,
      "need \(space.dimension) populations, but got \(populations.count)")
    self.space = space
    self.populations = populations
  }

  /// A population, or zero.
  public func element(_ ket: Int, _ bra: Int) -> Complex<Double> {
    ket == bra ? Complex(populations[ket]) : .zero
  }

  /// The full matrix.
  public func density() -> DensityMatrix {
    let order = space.dimension
    var elements = [Complex<Double>](repeating: .zero, count: order * order)
    for (state, population) in populations.enumerated() {
      elements[state * (order + 1)] = Complex(population)
    }
    return DensityMatrix(space: space, elements: elements)
  }

  /// The populations.
  public func spectrum() -> [(eigenvalue: Double, multiplicity: Int)] { populations.map { ($0, 1) } }

  /// Sum of the populations.
  public var elementwiseNorm: Double { populations.reduce(0) { $0 + abs($1) } }

  /// Sum of the squares of the populations.
  public var purity: Double { populations.reduce(0) { $0 + $1 * $1 } }
}
