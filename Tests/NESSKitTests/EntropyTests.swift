import NESSKit
import Numerics
import Testing

/// Eigenvalues err by a few units in the last place, sums of a few x ln x likewise.
private let rounding = 1e-13

@Suite("Entropies and coherence")
struct EntropyTests {
  static let pair = HilbertSpace([.qubit, .qubit])

  private func shannon(_ probabilities: [Double]) -> Double {
    probabilities.reduce(0) { $1 > 0 ? $0 - $1 * Double.log($1) : $0 }
  }

  @Test("the von Neumann entropy is the Shannon entropy of the eigenvalues, in nats")
  func vonNeumann() throws {
    let space = HilbertSpace([.levels(4)])
    let probabilities = [0.5, 0.3, 0.2, 0.0]
    let state = DensityMatrix.diagonal(probabilities, in: space)
    #expect(abs(try state.vonNeumannEntropy() - shannon(probabilities)) < rounding)
    let mixed = rotated(state, by: Operator(space: space, matrix: reflection(4)))
    #expect(mixed.element(1, 0).length > 0.01)
    #expect(abs(try mixed.vonNeumannEntropy() - shannon(probabilities)) < rounding)
    #expect(abs(try DensityMatrix.maximallyMixed(space).vonNeumannEntropy() - Double.log(4)) < rounding)
    #expect(abs(try genericVector(space).density().vonNeumannEntropy()) < rounding)
    #expect(abs(mixed.renyi2Entropy + Double.log(0.38)) < rounding)
  }

  @Test("eigenvalues come out ascending")
  func eigenvalues() throws {
    let space = HilbertSpace([.levels(3)])
    let state = rotated(
      .diagonal([0.5, 0.2, 0.3], in: space), by: Operator(space: space, matrix: reflection(3)))
    for (value, expected) in zip(try state.eigenvalues(), [0.2, 0.3, 0.5]) {
      #expect(abs(value - expected) < rounding)
    }
    let energies = try Operator.local(.pauliY, at: 0, in: HilbertSpace([.qubit])).eigenvalues()
    #expect(abs(energies[0] + 1) < rounding && abs(energies[1] - 1) < rounding)
  }

  @Test("a negative eigenvalue counts as zero when it is rounding and is an error when it is not")
  func negativeEigenvalues() throws {
    let space = HilbertSpace([.qubit])
    let nearly = DensityMatrix.diagonal([1 + 1e-13, -1e-13], in: space)
    #expect(abs(try nearly.vonNeumannEntropy()) < 2e-13)
    let wrong = DensityMatrix.diagonal([1.001, -0.001], in: space)
    #expect(throws: ObservableError.self) { try wrong.vonNeumannEntropy() }
    do {
      _ = try wrong.vonNeumannEntropy()
    } catch .notPositive(let eigenvalue, _) {
      #expect(abs(eigenvalue + 0.001) < rounding)
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("mutual information: 0 without, ln 2 with classical, 2 ln 2 with a Bell pair's correlation")
  func mutualInformation() throws {
    let ln2 = Double.log(2)
    let bell = StateVector(space: Self.pair, amplitudes: [1, 0, 0, Complex(0, 1)]).normalized!
    #expect(abs(try bell.mutualInformation(between: [0], and: [1]) - 2 * ln2) < rounding)
    let classical = DensityMatrix.diagonal([0.5, 0, 0, 0.5], in: Self.pair)
    #expect(abs(try classical.mutualInformation(between: [0], and: [1]) - ln2) < rounding)
    let product = DensityMatrix.tensor(
      genericState(HilbertSpace([.qubit])), genericState(HilbertSpace([.levels(3)])))
    #expect(abs(try product.mutualInformation(between: [0], and: [1])) < 1e-25)
    let triple = HilbertSpace([.qubit, .qubit, .qubit])
    let ghz = StateVector(space: triple, amplitudes: [1, 0, 0, 0, 0, 0, 0, -1]).normalized!
    #expect(abs(try ghz.mutualInformation(between: [0], and: [2]) - ln2) < rounding)
    #expect(abs(try ghz.mutualInformation(between: [1], and: [2, 0]) - 2 * ln2) < rounding)
    #expect(abs(try ghz.entropy(of: [2, 0]) - ln2) < rounding)
  }

  @Test("mutual information is S_A + S_B - S_AB and invariant under local unitaries")
  func mutualInformationGeneric() throws {
    let space = HilbertSpace([.qubit, .clock(positions: 3), .qubit])
    let state = genericState(space)
    let expected = try state.entropy(of: [0, 2]) + state.entropy(of: [1]) - state.vonNeumannEntropy()
    #expect(expected > 0.01)
    #expect(abs(try state.mutualInformation(between: [2, 0], and: [1]) - expected) < rounding)
    let turned = rotated(state, by: localUnitary(space))
    #expect(abs(try turned.mutualInformation(between: [2, 0], and: [1]) - expected) < rounding)
  }

  @Test("a tiny mutual information keeps its digits", arguments: [1e-4, 1e-6, 1e-8])
  func tinyMutualInformation(correlation: Double) throws {
    // p_ab = p_a q_b + d (-1)^(a + b): I = d^2 / 2 sum 1 / (p_a q_b), up to relative corrections of order d / p_a q_b.
    let (p, q) = ([0.7, 0.3], [0.4, 0.6])
    var populations: [Double] = []
    var expected = 0.0
    for a in 0..<2 {
      for b in 0..<2 {
        populations.append(p[a] * q[b] + correlation * (a == b ? 1 : -1))
        expected += correlation * correlation / 2 / (p[a] * q[b])
      }
    }
    let diagonal = DensityMatrix.diagonal(populations, in: Self.pair)
    let turned = rotated(diagonal, by: localUnitary(Self.pair))
    // Third order in d, plus elements that are rounded at 1e-16 where 1e-8 counts.
    let allowed = expected * (10 * correlation + 1e-15 / correlation * 100)
    #expect(abs(try diagonal.mutualInformation(between: [0], and: [1]) - expected) < allowed)
    #expect(abs(try turned.mutualInformation(between: [0], and: [1]) - expected) < allowed)
  }

  @Test("coherence: none without off-diagonal elements, D - 1 and ln D for a uniform superposition")
  func coherence() throws {
    let space = HilbertSpace([.levels(5)])
    let uniform = StateVector(space: space, amplitudes: (0..<5).map { Complex(length: 1, phase: Double($0)) })
      .normalized!.density()
    #expect(abs(uniform.l1Coherence - 4) < rounding)
    #expect(abs(try uniform.relativeEntropyOfCoherence() - Double.log(5)) < rounding)
    let diagonal = DensityMatrix.diagonal([0.1, 0.2, 0.3, 0.15, 0.25], in: space)
    #expect(diagonal.l1Coherence == 0)
    #expect(abs(try diagonal.relativeEntropyOfCoherence()) < rounding)
    let state = genericState(space)
    var sum = 0.0
    for a in 0..<5 { for b in 0..<5 where a != b { sum += state.element(a, b).length } }
    #expect(abs(state.l1Coherence - sum) < rounding)
    let dephased = DensityMatrix.diagonal(state.populations, in: space)
    #expect(
      abs(try state.relativeEntropyOfCoherence() - (try state.relativeEntropy(to: dephased))) < rounding)
  }
}
