import NESSKit
import Numerics
import Testing

@Suite("Schmidt decomposition")
struct SchmidtTests {
  @Test(
    "entropy, negativity and transposed spectrum are those of the density matrix",
    arguments: [[0], [2, 0], [1, 3]])
  func measures(sites: [Int]) throws {
    let space = HilbertSpace([.levels(2), .levels(3), .qubit, .levels(2)])
    let state = genericVector(space)
    let schmidt = try SchmidtDecomposition(of: state, sites: sites)
    #expect(abs(schmidt.entropy - (try state.entropy(of: sites))) < 1e-12)
    #expect(abs(schmidt.negativity - (try state.negativity(of: sites))) < 1e-12)
    let transposed = try state.density().partialTranspose(over: sites).eigenvalues()
    #expect(abs(schmidt.smallestTransposedEigenvalue - transposed[0]) < 1e-12)
    #expect(abs(state.l1Coherence - state.density().l1Coherence) < 1e-12)
    #expect(abs(state.purity - state.density().purity) < 1e-14)
  }

  @Test("a restricted space and a real state")
  func restricted() throws {
    let sector = HilbertSpace(Array(repeating: .qubit, count: 4)).restricted { $0.reduce(0, +) == 2 }
    for state in [
      genericVector(sector),
      StateVector(space: sector, amplitudes: (1...6).map { Complex(Double($0)) }).normalized!,
    ] {
      let schmidt = try SchmidtDecomposition(of: state, sites: [0, 3])
      #expect(abs(schmidt.entropy - (try state.entropy(of: [0, 3]))) < 1e-12)
      #expect(abs(schmidt.coefficients.reduce(0) { $0 + $1 * $1 } - 1) < 1e-13)
    }
  }

  @Test("a product has one coefficient, a Bell pair two")
  func examples() throws {
    let pair = HilbertSpace([.qubit, .qubit])
    let bell = StateVector(space: pair, amplitudes: [1, 0, 0, Complex(0, -1)]).normalized!
    let schmidt = try SchmidtDecomposition(of: bell, sites: [1])
    #expect(abs(schmidt.entropy - .log(2)) < 1e-15 && abs(schmidt.negativity - 0.5) < 1e-15)
    #expect(abs(schmidt.smallestTransposedEigenvalue + 0.5) < 1e-15)
    let product = try SchmidtDecomposition(of: StateVector(basisState: 2, in: pair), sites: [0])
    #expect(product.coefficients == [1, 0] && product.negativity == 0 && product.entropy == 0)
  }
}
