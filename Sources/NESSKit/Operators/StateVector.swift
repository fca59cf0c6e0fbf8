public import Numerics

/// Pure state, stored as its amplitudes; never needs D^2 numbers unless ``density()`` is called.
public struct StateVector: Sendable, Equatable {
  /// Space of the state.
  public let space: HilbertSpace
  /// Amplitude <a|psi> of every basis state.
  public let amplitudes: [Complex<Double>]

  /// Creates a state from its `space.dimension` amplitudes. The norm is not changed.
  public init(space: HilbertSpace, amplitudes: [Complex<Double>]) {
    precondition(
      amplitudes.count == space.dimension, "need \(space.dimension) amplitudes, but got \(amplitudes.count)")
    self.space = space
    self.amplitudes = amplitudes
  }

  /// Creates a basis state.
  public init(basisState state: Int, in space: HilbertSpace) {
    precondition(
      state >= 0 && state < space.dimension,
      "a basis state must be in 0..<\(space.dimension), but is \(state)")
    var amplitudes = [Complex<Double>](repeating: .zero, count: space.dimension)
    amplitudes[state] = .one
    self.init(space: space, amplitudes: amplitudes)
  }

  /// Euclidean norm sqrt(<psi|psi>).
  public var norm: Double { amplitudes.reduce(0) { $0 + $1.lengthSquared }.squareRoot() }

  /// The state divided by its norm; nil when the norm is not positive and finite.
  public var normalized: StateVector? {
    let norm = self.norm
    guard norm > 0 && norm.isFinite else { return nil }
    return StateVector(space: space, amplitudes: amplitudes.map { $0.divided(by: norm) })
  }

  /// Overlap <self|other>, antilinear in `self`.
  public func overlap(with other: StateVector) -> Complex<Double> {
    precondition(space == other.space, "an overlap needs two states on one space")
    return zip(amplitudes, other.amplitudes).reduce(.zero) { $0 + $1.0.conjugate * $1.1 }
  }
}

extension StateVector: QuantumState {
  /// <ket|psi><psi|bra>.
  public func element(_ ket: Int, _ bra: Int) -> Complex<Double> {
    amplitudes[ket] * amplitudes[bra].conjugate
  }

  /// |<a|psi>|^2.
  public var populations: [Double] { amplitudes.map(\.lengthSquared) }

  /// <psi| O |psi>.
  /// - Complexity: O(nonzeros of the operator)
  public func expectation(of operator: Operator) -> Complex<Double> {
    precondition(
      `operator`.space == space,
      "an operator must act on the space of the state, but their dimensions are \(`operator`.space.dimension) and \(space.dimension)"
    )
    var sum = Complex<Double>.zero
    `operator`.matrix.forEachEntry { row, column, value in
      sum += amplitudes[row].conjugate * value * amplitudes[column]
    }
    return sum
  }

  /// State of the sites `sites` (in that order), the others traced out.
  ///
  /// The result lives on the full product of the kept sites, also when this space is restricted.
  /// - Complexity: O(dimension × dimension of the kept sites)
  public func reduced(to sites: [Int]) -> DensityMatrix {
    SitePartition(of: space, keeping: sites).reducedState { amplitudes[$0] * amplitudes[$1].conjugate }
  }

  /// |psi><psi|.
  public func density() -> DensityMatrix { DensityMatrix(pure: self) }

  /// <psi|psi> once, and zeros.
  public func spectrum() -> [(eigenvalue: Double, multiplicity: Int)] {
    [(norm * norm, 1)] + (space.dimension > 1 ? [(0, space.dimension - 1)] : [])
  }

  /// (sum_a |<a|psi>|)^2.
  public var elementwiseNorm: Double {
    let sum = amplitudes.reduce(0) { $0 + $1.length }
    return sum * sum
  }

  /// <psi|psi>^2.
  public var purity: Double {
    let weight = populations.reduce(0, +)
    return weight * weight
  }
}
