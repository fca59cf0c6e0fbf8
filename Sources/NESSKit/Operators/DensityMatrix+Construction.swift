internal import Numerics

extension DensityMatrix {
  /// |psi><psi| of a state vector.
  public init(pure state: StateVector) {
    var elements: [Complex<Double>] = []
    elements.reserveCapacity(state.amplitudes.count * state.amplitudes.count)
    for bra in state.amplitudes {
      for ket in state.amplitudes { elements.append(ket * bra.conjugate) }
    }
    self.init(space: state.space, elements: elements)
  }

  /// |state><state| of a basis state.
  public init(basisState state: Int, in space: HilbertSpace) {
    self.init(pure: StateVector(basisState: state, in: space))
  }

  /// 1 / D, the state of no knowledge.
  public static func maximallyMixed(_ space: HilbertSpace) -> DensityMatrix {
    diagonal([Double](repeating: 1 / Double(space.dimension), count: space.dimension), in: space)
  }

  /// State without coherence that has the given populations, one per basis state; they are used as they are.
  public static func diagonal(_ populations: [Double], in space: HilbertSpace) -> DensityMatrix {
    precondition(
      populations.count == space.dimension,
      "need \(space.dimension) populations, but got \(populations.count)")
    var elements = [Complex<Double>](repeating: .zero, count: space.dimension * space.dimension)
    for (state, population) in populations.enumerated() {
      elements[state * (space.dimension + 1)] = Complex(population)
    }
    return DensityMatrix(space: space, elements: elements)
  }

  /// Sum of states on one space with weights, which are used as they are; at least one.
  public static func mixture(of parts: [(weight: Double, state: DensityMatrix)]) -> DensityMatrix {
    guard let space = parts.first?.state.space else {
      preconditionFailure("a mixture must have at least one part")
    }
    var elements = [Complex<Double>](repeating: .zero, count: space.dimension * space.dimension)
    for (weight, state) in parts {
      precondition(state.space == space, "the parts of a mixture must live on one space")
      for index in elements.indices { elements[index] += state.elements[index].multiplied(by: weight) }
    }
    return DensityMatrix(space: space, elements: elements)
  }

  /// Uncorrelated state of two systems side by side; the indices of `second` run fastest.
  public static func tensor(_ first: DensityMatrix, _ second: DensityMatrix) -> DensityMatrix {
    let (m, n) = (first.space.dimension, second.space.dimension)
    let space = first.space.tensorProduct(with: second.space)
    var elements: [Complex<Double>] = []
    elements.reserveCapacity(m * n * m * n)
    for column in 0..<(m * n) {
      for row in 0..<(m * n) {
        elements.append(
          first.elements[row / n + column / n * m] * second.elements[row % n + column % n * n])
      }
    }
    return DensityMatrix(space: space, elements: elements)
  }
}
