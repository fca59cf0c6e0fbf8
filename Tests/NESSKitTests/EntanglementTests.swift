import NESSKit
import Numerics
import Testing

/// Eigenvalues of matrices of order 12 and below.
private let rounding = 1e-13

@Suite("Entanglement")
struct EntanglementTests {
  static let pair = HilbertSpace([.qubit, .qubit])

  /// p |singlet><singlet| + (1 - p) / 4.
  private func werner(_ p: Double) -> DensityMatrix {
    let singlet = StateVector(space: Self.pair, amplitudes: [0, 1, -1, 0]).normalized!.density()
    return .mixture(of: [(p, singlet), (1 - p, .maximallyMixed(Self.pair))])
  }

  @Test(
    "Werner states: negativity (3 p - 1) / 4, concurrence (3 p - 1) / 2, both zero up to p = 1/3",
    arguments: [0, 0.2, 0.32, 0.34, 0.5, 0.8, 1])
  func wernerStates(p: Double) throws {
    let state = werner(p)
    // Local unitaries fill all elements: the general route instead of the closed form.
    let turned = rotated(state, by: localUnitary(Self.pair))
    #expect(p == 0 || turned.element(0, 1).length > 0.01)
    for example in [state, turned] {
      #expect(abs(try example.negativity(of: [0]) - max(0, (3 * p - 1) / 4)) < rounding)
      #expect(abs(try example.concurrence(between: 0, and: 1) - max(0, (3 * p - 1) / 2)) < rounding)
    }
  }

  @Test("Bell pairs have negativity 1/2, logarithmic negativity ln 2 and concurrence 1")
  func bell() throws {
    let bell = StateVector(space: Self.pair, amplitudes: [1, 0, 0, Complex(0, -1)]).normalized!
    #expect(abs(try bell.negativity(between: [0], and: [1]) - 0.5) < rounding)
    #expect(abs(try bell.logarithmicNegativity(between: [1], and: [0]) - Double.log(2)) < rounding)
    #expect(abs(try bell.concurrence(between: 0, and: 1) - 1) < rounding)
  }

  @Test("a pure state's negativity is ((sum of Schmidt coefficients)^2 - 1) / 2")
  func schmidt() throws {
    let space = HilbertSpace([.clock(positions: 3), .levels(4)])
    let coefficients = [0.8, 0.5, (1 - 0.64 - 0.25).squareRoot()]
    var amplitudes = [Complex<Double>](repeating: .zero, count: 12)
    for (level, coefficient) in coefficients.enumerated() { amplitudes[5 * level] = Complex(coefficient) }
    let unitary = localUnitary(space)
    let state = StateVector(space: space, amplitudes: unitary.matrix.applied(to: amplitudes))
    let sum = coefficients.reduce(0, +)
    #expect(abs(try state.negativity(of: [0]) - (sum * sum - 1) / 2) < rounding)
    #expect(abs(try state.negativity(of: [1]) - (sum * sum - 1) / 2) < rounding)
  }

  @Test("a pure pair's concurrence is 2 |a d - b c|")
  func pureConcurrence() throws {
    let state = genericVector(Self.pair)
    let c = state.amplitudes
    let expected = 2 * (c[0] * c[3] - c[1] * c[2]).length
    #expect(expected > 0.1)
    #expect(abs(try state.concurrence(between: 0, and: 1) - expected) < rounding)
    #expect(abs(try state.concurrence(between: 1, and: 0) - expected) < rounding)
  }

  @Test("GHZ: every site is entangled with the rest, no pair is; W: pairs have concurrence 2/N")
  func tripartite() throws {
    let triple = HilbertSpace([.qubit, .qubit, .qubit])
    let ghz = StateVector(space: triple, amplitudes: [1, 0, 0, 0, 0, 0, 0, 1]).normalized!
    for site in 0..<3 { #expect(abs(try ghz.negativity(of: [site]) - 0.5) < rounding) }
    #expect(try ghz.negativity(between: [0], and: [2]) == 0)
    #expect(try ghz.concurrence(between: 0, and: 2) == 0)
    let w = StateVector(space: triple, amplitudes: [0, 1, 1, 0, 1, 0, 0, 0]).normalized!
    #expect(abs(try w.concurrence(between: 0, and: 2) - 2.0 / 3.0) < rounding)
    #expect(abs(try w.negativity(between: [0], and: [1]) - (5.0.squareRoot() - 1) / 6) < rounding)
    // The same state of one excitation, in the sector where it lives.
    let sector = triple.restricted { $0.reduce(0, +) == 1 }
    let inSector = StateVector(space: sector, amplitudes: [1, 1, 1]).normalized!
    #expect(abs(try inSector.concurrence(between: 0, and: 2) - 2.0 / 3.0) < rounding)
    #expect(abs(try inSector.negativity(of: [1]) - 2.0.squareRoot() / 3) < rounding)
  }

  @Test("states with two diagonals: 2 max(0, |rho_03| - sqrt(p_1 p_2), |rho_12| - sqrt(p_0 p_3))")
  func twoDiagonals() throws {
    var elements = [Complex<Double>](repeating: .zero, count: 16)
    for (state, population) in [0.1, 0.45, 0.4, 0.05].enumerated() {
      elements[5 * state] = Complex(population)
    }
    (elements[1 + 4 * 2], elements[2 + 4 * 1]) = (Complex(0.2, 0.3), Complex(0.2, -0.3))
    let state = DensityMatrix(space: Self.pair, elements: elements)
    let expected = 2 * (0.13.squareRoot() - 0.005.squareRoot())
    #expect(abs(try state.concurrence(between: 0, and: 1) - expected) < rounding)
    let turned = rotated(state, by: localUnitary(Self.pair))
    #expect(abs(try turned.concurrence(between: 0, and: 1) - expected) < rounding)
    // Exchanging the levels of one qubit moves the coherence to the outer corners.
    let flipped = rotated(state, by: .local(.pauliX, at: 0, in: Self.pair))
    #expect(flipped.element(0, 3).length > 0.3)
    #expect(abs(try flipped.concurrence(between: 0, and: 1) - expected) < rounding)
  }

  @Test("mixtures of product states are not entangled")
  func separable() throws {
    let qubit = HilbertSpace([.qubit])
    let parts = (0..<4).map { k -> (weight: Double, state: DensityMatrix) in
      let first = genericVector(qubit, shift: 0.9 * Double(k)).density()
      return (0.25, .tensor(first, genericVector(qubit, shift: 2.2 * Double(k) + 0.3).density()))
    }
    let state = DensityMatrix.mixture(of: parts)
    #expect(try state.mutualInformation(between: [0], and: [1]) > 0.01)
    #expect(try state.negativity(of: [0]) == 0)
    #expect(try state.concurrence(between: 0, and: 1) == 0)
  }
}
