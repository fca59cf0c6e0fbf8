import NESSKit
import Numerics
import Testing

/// Eigenvalues of matrices of order 6 and below.
private let rounding = 1e-13

@Suite("Distances between states")
struct DistanceTests {
  private let qubit = HilbertSpace([.qubit])

  /// (1 + x sigma^x + y sigma^y + z sigma^z) / 2.
  private func bloch(_ x: Double, _ y: Double, _ z: Double) -> DensityMatrix {
    let matrix = 0.5 * (.identity(2) + x * .pauliX + y * .pauliY + z * SparseMatrix.pauliZ)
    return DensityMatrix(space: qubit, elements: matrix.dense)
  }

  @Test("relative entropy of commuting states is the one of their eigenvalues, and not symmetric")
  func commuting() throws {
    let space = HilbertSpace([.levels(3)])
    let (p, q) = ([0.5, 0.3, 0.2], [0.2, 0.2, 0.6])
    let unitary = Operator(space: space, matrix: reflection(3))
    let first = rotated(.diagonal(p, in: space), by: unitary)
    let second = rotated(.diagonal(q, in: space), by: unitary)
    let forward = zip(p, q).reduce(0) { $0 + $1.0 * Double.log($1.0 / $1.1) }
    let backward = zip(q, p).reduce(0) { $0 + $1.0 * Double.log($1.0 / $1.1) }
    #expect(abs(try first.relativeEntropy(to: second) - forward) < rounding)
    #expect(abs(try second.relativeEntropy(to: first) - backward) < rounding)
    #expect(abs(forward - backward) > 0.01)
    let root = zip(p, q).reduce(0) { $0 + ($1.0 * $1.1).squareRoot() }
    #expect(abs(try first.fidelity(with: second) - root * root) < rounding)
    #expect(abs(try first.traceDistance(to: second) - 0.4) < rounding)
  }

  @Test("relative entropy is -S(rho) - tr(rho ln sigma) for states that do not commute")
  func noncommuting() throws {
    let state = bloch(0.4, -0.3, 0.2)
    let reference = bloch(0, 0, 0.5)
    let expected = -(try state.vonNeumannEntropy()) - 0.4 * Double.log(0.25) - 0.6 * Double.log(0.75)
    #expect(abs(try state.relativeEntropy(to: reference) - expected) < rounding)
  }

  @Test("relative entropy is infinite exactly when the support is exceeded")
  func support() throws {
    let pure = DensityMatrix(basisState: 0, in: qubit)
    #expect(try bloch(0.1, 0, 0).relativeEntropy(to: pure) == .infinity)
    #expect(try DensityMatrix(basisState: 1, in: qubit).relativeEntropy(to: pure) == .infinity)
    #expect(abs(try pure.relativeEntropy(to: pure)) < rounding)
    #expect(abs(try pure.relativeEntropy(to: bloch(0, 0, 0)) - Double.log(2)) < rounding)
    let unitary = Operator(space: qubit, matrix: reflection(2))
    let turned = rotated(pure, by: unitary)
    #expect(abs(try turned.relativeEntropy(to: turned)) < rounding)
    #expect(try pure.relativeEntropy(to: turned) == .infinity)
  }

  @Test("a tiny relative entropy keeps its digits")
  func tiny() throws {
    // S(rho || 1/2) = r^2 / 2 + r^4 / 12 for a Bloch vector of length r.
    let state = bloch(0.6e-7, 0, 0.8e-7)
    let found = try state.relativeEntropy(to: bloch(0, 0, 0))
    // Elements of size 1/2 are rounded at 1e-16: relative 1e-9 of r, twice that of r^2; with room for the eigensolver.
    #expect(abs(found / 0.5e-14 - 1) < 1e-7)
  }

  @Test("close states: the series and the logarithm agree", arguments: [1e-4, 2e-3, 9e-3, 2e-2])
  func close(change: Double) throws {
    let space = HilbertSpace([.levels(3)])
    let p = [0.5, 0.3, 0.2]
    let q = [0.5 * (1 - 0.4 * change), 0.3, 0.2 * (1 + change)]
    let expected = zip(p, q).reduce(0) { $0 + $1.0 * Double.log($1.0 / $1.1) }
    let found = try DensityMatrix.diagonal(p, in: space).relativeEntropy(to: .diagonal(q, in: space))
    // The naive sum errs by a few 1e-17; the third order of the series is 0.06 change^3.
    #expect(abs(found - expected) < 1e-16)
  }

  @Test("relative entropy is positive, zero only for equal states, and invariant under unitaries")
  func positivity() throws {
    let space = HilbertSpace([.qubit, .clock(positions: 3)])
    let states = [0, 0.4, 1.1].map { genericState(space, shift: $0) }
    let unitary = Operator(space: space, matrix: reflection(6))
    for (i, first) in states.enumerated() {
      for (j, second) in states.enumerated() {
        let value = try first.relativeEntropy(to: second)
        if i == j { #expect(abs(value) < rounding) } else { #expect(value > 1e-3) }
        let turned = try rotated(first, by: unitary).relativeEntropy(to: rotated(second, by: unitary))
        // ln of the smallest eigenvalue, about 1e-4, amplifies its rounding.
        #expect(abs(turned - value) < 1e-10)
      }
    }
  }

  @Test("fidelity of pure states is |<a|b>|^2 and their trace distance sqrt(1 - F)")
  func pure() throws {
    let space = HilbertSpace([.levels(4)])
    let (a, b) = (genericVector(space), genericVector(space, shift: 0.8))
    let expected = a.overlap(with: b).lengthSquared
    #expect(expected > 0.01 && expected < 0.99)
    #expect(abs(try a.density().fidelity(with: b.density()) - expected) < rounding)
    #expect(abs(try a.density().traceDistance(to: b.density()) - (1 - expected).squareRoot()) < rounding)
    #expect(abs(try a.density().fidelity(with: a.density()) - 1) < rounding)
  }

  @Test("qubits: F = tr(rho sigma) + 2 sqrt(det rho det sigma), trace distance half the Bloch distance")
  func qubits() throws {
    let (r, s) = ([0.3, -0.4, 0.5], [-0.2, 0.1, 0.6])
    let (first, second) = (bloch(r[0], r[1], r[2]), bloch(s[0], s[1], s[2]))
    let dot = zip(r, s).reduce(0) { $0 + $1.0 * $1.1 }
    let determinants = (1 - 0.5) / 4 * (1 - 0.41) / 4
    #expect(
      abs(try first.fidelity(with: second) - ((1 + dot) / 2 + 2 * determinants.squareRoot())) < rounding)
    let distance = zip(r, s).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot() / 2
    #expect(abs(try first.traceDistance(to: second) - distance) < rounding)
  }

  @Test("Fuchs and van de Graaf: 1 - sqrt F <= T <= sqrt(1 - F)")
  func fuchsVanDeGraaf() throws {
    let space = HilbertSpace([.qubit, .clock(positions: 3)])
    for (i, j) in [(0.0, 0.4), (0.4, 1.1), (0.0, 2.0)] {
      let (first, second) = (genericState(space, shift: i), genericState(space, shift: j))
      let fidelity = try first.fidelity(with: second)
      let distance = try first.traceDistance(to: second)
      #expect(abs(fidelity - (try second.fidelity(with: first))) < rounding)
      #expect(1 - fidelity.squareRoot() < distance)
      #expect(distance < (1 - fidelity).squareRoot())
      #expect(distance > 0.01)
    }
  }
}
