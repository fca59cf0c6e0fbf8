public import Numerics

/// A state of two qubits and a rotor in the sector that holds every steady state: populations, and the coherences c_l = <01,l| rho |10,l+1>
/// that the interaction drives. Both conserved charges n1 - l and n2 + l have no coherence there.
public struct QubitRotorState: QuantumState {
  /// Qubit 1, qubit 2, rotor.
  public let space: HilbertSpace
  /// Six numbers per rotor level, the lowest first: p_00, p_01, p_10, p_11, Re c_l, Im c_l; no c at the highest level.
  public let unknowns: [Double]

  /// Creates a state from its unknowns, 6N - 2 for N rotor levels.
  public init(of device: QubitRotor, unknowns: [Double]) {
    let count = 6 * device.levels.count - 2
    precondition(unknowns.count == count, "need \(count) unknowns, but got \(unknowns.count)")
    space = device.space
    self.unknowns = unknowns
  }

  /// The part of a state that lies in the sector.
  public init(of device: QubitRotor, in state: any QuantumState) {
    let count = device.levels.count
    precondition(
      state.space.dimension == 4 * count,
      "the state must have \(4 * count) basis states, but has \(state.space.dimension)")
    let populations = state.populations
    let coherences = state.elements(
      kets: Array(count..<(2 * count - 1)), bras: Array((2 * count + 1)..<(3 * count)))
    var unknowns: [Double] = []
    unknowns.reserveCapacity(6 * count - 2)
    for level in 0..<count {
      for bits in 0..<4 { unknowns.append(populations[bits * count + level]) }
      if level < count - 1 { unknowns += [coherences[level].real, coherences[level].imaginary] }
    }
    self.init(of: device, unknowns: unknowns)
  }

  /// Rotor levels.
  private var count: Int { space.dimension / 4 }

  private func coherence(_ level: Int) -> Complex<Double> {
    Complex(unknowns[6 * level + 4], unknowns[6 * level + 5])
  }

  /// Matrix element <ket| rho |bra>; zero outside the sector.
  public func element(_ ket: Int, _ bra: Int) -> Complex<Double> {
    let (upper, lower) = (ket % count, bra % count)
    if ket == bra { return Complex(unknowns[6 * upper + ket / count]) }
    if ket / count == 1, bra / count == 2, lower == upper + 1 { return coherence(upper) }
    if ket / count == 2, bra / count == 1, upper == lower + 1 { return coherence(lower).conjugate }
    return .zero
  }

  /// The state without its coherences.
  private var diagonal: DiagonalState { DiagonalState(space: space, populations: populations) }

  /// Diagonal of the density matrix.
  public var populations: [Double] {
    (0..<4).flatMap { bits in (0..<count).map { unknowns[6 * $0 + bits] } }
  }

  /// The full matrix.
  public func density() -> DensityMatrix {
    let order = space.dimension
    var elements = diagonal.density().elements
    for level in 0..<(count - 1) {
      let (ket, bra) = (count + level, 2 * count + level + 1)
      elements[ket + bra * order] = coherence(level)
      elements[bra + ket * order] = coherence(level).conjugate
    }
    return DensityMatrix(space: space, elements: elements)
  }

  /// Eigenvalues, from blocks of one and two states.
  public func spectrum() -> [(eigenvalue: Double, multiplicity: Int)] {
    var values = (0..<count).flatMap { [unknowns[6 * $0], unknowns[6 * $0 + 3]] }
    values += [unknowns[2], unknowns[6 * count - 5]]
    for level in 0..<(count - 1) {
      values +=
        HermitianPair(
          first: unknowns[6 * level + 1], second: unknowns[6 * level + 8], coherence: coherence(level)
        ).eigenvalues
    }
    return values.map { ($0, 1) }
  }

  /// Sum of |<a| rho |b>| over all a and b.
  public var elementwiseNorm: Double {
    diagonal.elementwiseNorm + (0..<(count - 1)).reduce(0) { $0 + 2 * coherence($1).length }
  }

  /// tr rho^2.
  public var purity: Double {
    diagonal.purity + (0..<(count - 1)).reduce(0) { $0 + 2 * coherence($1).lengthSquared }
  }
}
