import NESSKit
import Numerics
import Testing

/// Energies of order one, matrices of order 12 and below.
private let rounding = 1e-13

@Suite("Ergotropy")
struct ErgotropyTests {
  private let space = HilbertSpace([.levels(3)])

  private func hamiltonian(_ energies: [Double]) -> Operator {
    Operator(diagonalIn: HilbertSpace([.levels(energies.count)])) { energies[$0[0]] }
  }

  private func rotated(_ operand: Operator, by unitary: Operator) -> Operator {
    unitary * operand * unitary.adjoint
  }

  @Test("thermal states are passive, excited states give their energy")
  func extremes() throws {
    let energies = [0.3, -1.0, 2.0]
    let weights = energies.map { Double.exp(-0.7 * $0) }
    let thermal = DensityMatrix.diagonal(weights.map { $0 / weights.reduce(0, +) }, in: space)
    let unitary = Operator(space: space, matrix: reflection(3))
    let turned = rotated(hamiltonian(energies), by: unitary)
    #expect(try thermal.ergotropy(withRespectTo: hamiltonian(energies)) == 0)
    let turnedThermal = NESSKitTests.rotated(thermal, by: unitary)
    #expect(try turnedThermal.ergotropy(withRespectTo: turned) == 0)
    #expect(try turnedThermal.ergotropyParts(withRespectTo: turned) == Ergotropy(total: 0, incoherent: 0))
    let excited = NESSKitTests.rotated(DensityMatrix(basisState: 2, in: space), by: unitary)
    #expect(abs(try excited.ergotropy(withRespectTo: turned) - 3) < rounding)
    let parts = try excited.ergotropyParts(withRespectTo: turned)
    #expect(abs(parts.incoherent - 3) < rounding && abs(parts.coherent) < rounding)
    // An inverted diagonal state: sorting the populations is the best unitary.
    let inverted = DensityMatrix.diagonal([0.2, 0.3, 0.5], in: space)
    let expected = 0.2 * 0.3 - 0.3 + 0.5 * 2 - (0.5 * -1 + 0.3 * 0.3 + 0.2 * 2)
    #expect(abs(try inverted.ergotropy(withRespectTo: hamiltonian(energies)) - expected) < rounding)
  }

  @Test("a qubit splits into inversion and coherence", arguments: [0.1, 0.5, 0.8])
  func qubit(p: Double) throws {
    let qubit = HilbertSpace([.qubit])
    let c = Complex(0.15, -0.2)
    let state = DensityMatrix(space: qubit, elements: [Complex(1 - p), c, c.conjugate, Complex(p)])
    let length = ((1 - 2 * p) * (1 - 2 * p) + 4 * 0.0625).squareRoot()
    let parts = try state.ergotropyParts(withRespectTo: .local(.pauliZ, at: 0, in: qubit))
    #expect(abs(parts.total - (2 * p - 1 + length)) < rounding)
    #expect(abs(parts.incoherent - max(0, 2 * (2 * p - 1))) < rounding)
    #expect(abs(parts.coherent - (parts.total - parts.incoherent)) < rounding)
  }

  @Test("coherence inside a degenerate level is kept, across levels it is removed")
  func degeneracy() throws {
    // Populations 0.2, 0.4, 0.4 and coherence 0.3 between the last two: eigenvalues 0.2, 0.7, 0.1.
    var elements: [Complex<Double>] = DensityMatrix.diagonal([0.2, 0.4, 0.4], in: space).elements
    (elements[1 + 3 * 2], elements[2 + 3 * 1]) = (Complex(0, 0.3), Complex(0, -0.3))
    let state = DensityMatrix(space: space, elements: elements)
    let unitary = Operator(space: space, matrix: reflection(3))
    let turnedState = NESSKitTests.rotated(state, by: unitary)
    func parts(_ splitting: Double, tolerance: Double) throws -> Ergotropy {
      let energies = rotated(hamiltonian([0, 1, 1 + splitting]), by: unitary)
      return try turnedState.ergotropyParts(withRespectTo: energies, levelTolerance: tolerance)
    }
    let degenerate = try parts(0, tolerance: 1e-8)
    #expect(abs(degenerate.total - 0.5) < rounding)
    #expect(abs(degenerate.incoherent - 0.5) < rounding)
    let split = try parts(0.25, tolerance: 1e-8)
    #expect(abs(split.total - (0.4 + 0.4 * 1.25 - 0.2 - 0.1 * 1.25)) < rounding)
    #expect(abs(split.incoherent - (0.4 + 0.4 * 1.25 - 0.4 - 0.2 * 1.25)) < rounding)
    // A tolerance above the splitting makes the two levels one.
    let merged = try parts(0.25, tolerance: 0.3)
    #expect(abs(merged.coherent) < rounding && abs(merged.total - split.total) < rounding)
  }

  @Test("two qubits with p01 > p10 give 2 (B2 - B1) (p01 - p10)")
  func twoQubits() throws {
    let pair = HilbertSpace([.qubit, .qubit])
    let (b1, b2) = (0.4, 1.0)
    let energy = b1 * Operator.local(.pauliZ, at: 0, in: pair) + b2 * Operator.local(.pauliZ, at: 1, in: pair)
    let inverted = DensityMatrix.diagonal([0.5, 0.3, 0.15, 0.05], in: pair)
    #expect(abs(try inverted.ergotropy(withRespectTo: energy) - 2 * 0.6 * 0.15) < rounding)
    let ordered = DensityMatrix.diagonal([0.5, 0.15, 0.3, 0.05], in: pair)
    #expect(try ordered.ergotropy(withRespectTo: energy) == 0)
  }

  @Test("the passive state has the same eigenvalues, commutes with H and holds the remaining energy")
  func passive() throws {
    let space = HilbertSpace([.qubit, .clock(positions: 3)])
    let state = genericState(space)
    let generic = Operator(space: space, matrix: OperatorTests.generic(6))
    let energy = (generic + generic.adjoint) / 20
    let passive = try state.passiveState(withRespectTo: energy)
    let ergotropy = try state.ergotropy(withRespectTo: energy)
    #expect(ergotropy > 0.1)
    #expect(
      abs((state.expectation(of: energy) - passive.expectation(of: energy)).real - ergotropy) < 10 * rounding)
    for (a, b) in zip(try state.eigenvalues(), try passive.eigenvalues()) { #expect(abs(a - b) < rounding) }
    let product = naiveProduct(passive.elements, energy.matrix.dense, 6)
    let reversed = naiveProduct(energy.matrix.dense, passive.elements, 6)
    for (a, b) in zip(product, reversed) { #expect((a - b).length < 10 * rounding) }
    #expect(try passive.ergotropy(withRespectTo: energy) < 10 * rounding)
    let parts = try state.ergotropyParts(withRespectTo: energy)
    #expect(abs(parts.total - ergotropy) < 10 * rounding)
    #expect(parts.incoherent >= 0 && parts.incoherent < parts.total)
  }
}
