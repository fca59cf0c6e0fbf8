import NESSKit
import Numerics
import Testing

/// Sums of up to a hundred products of numbers below 1.
private let rounding = 1e-14

@Suite("Density matrices")
struct DensityMatrixTests {
  static let space = HilbertSpace([.clock(positions: 3), .qubit, .rotor(levels: -1...2)])

  /// Partial trace written as a sum over all digits.
  private func naiveReduction(_ state: some QuantumState, to sites: [Int]) -> DensityMatrix {
    let kept = state.space.subspace(of: sites)
    var elements = [Complex<Double>](repeating: .zero, count: kept.dimension * kept.dimension)
    for ket in 0..<state.space.dimension {
      for bra in 0..<state.space.dimension {
        let (a, b) = (state.space.digits(of: ket), state.space.digits(of: bra))
        guard state.space.sites.indices.allSatisfy({ sites.contains($0) || a[$0] == b[$0] }) else { continue }
        let row = kept.index(of: sites.map { a[$0] })!
        let column = kept.index(of: sites.map { b[$0] })!
        elements[row + column * kept.dimension] += state.element(ket, bra)
      }
    }
    return DensityMatrix(space: kept, elements: elements)
  }

  @Test("elements are <ket| rho |bra>, stacked by columns")
  func elements() {
    let state = genericState(Self.space)
    #expect(state.element(3, 5) == state.elements[3 + 5 * 24])
    #expect(state.populations[7] == state.element(7, 7).real)
    #expect(abs(state.trace.real - 1) < rounding)
    #expect(state.hermiticityDefect < rounding)
    var skewed = state.elements
    skewed[3 + 5 * 24] += Complex(0, 0.25)
    #expect(abs(DensityMatrix(space: Self.space, elements: skewed).hermiticityDefect - 0.25) < rounding)
  }

  @Test(
    "a partial trace sums over equal levels of the other sites",
    arguments: [[0], [1], [2], [0, 1], [1, 0], [2, 0], [1, 2], [2, 1, 0]])
  func reduction(sites: [Int]) {
    let state = genericState(Self.space)
    let reduced = state.reduced(to: sites)
    #expect(reduced.space == Self.space.subspace(of: sites))
    #expect(distance(reduced, naiveReduction(state, to: sites)) < rounding)
    let vector = genericVector(Self.space)
    #expect(distance(vector.reduced(to: sites), naiveReduction(vector.density(), to: sites)) < rounding)
  }

  @Test("a partial trace of a product state gives its factors")
  func productState() {
    let first = genericState(HilbertSpace([.clock(positions: 3)]))
    let second = genericState(HilbertSpace([.qubit, .levels(2)]), shift: 0.3)
    let product = DensityMatrix.tensor(first, second)
    #expect(product.space.sites == [.clock(positions: 3), .qubit, .levels(2)])
    #expect(distance(product.reduced(to: [0]), first) < rounding)
    #expect(distance(product.reduced(to: [1, 2]), second) < rounding)
    #expect((product.element(9, 6) - first.element(2, 1) * second.element(1, 2)).length < rounding)
  }

  @Test(
    "reducing a restricted state is reducing its embedding in the full space",
    arguments: [[0], [2, 0], [1, 3]])
  func restrictedReduction(sites: [Int]) {
    let full = HilbertSpace([.qubit, .qubit, .qubit, .qubit])
    let sector = full.restricted { $0.reduce(0, +) == 2 }
    let state = genericState(sector)
    var embedded = [Complex<Double>](repeating: .zero, count: 256)
    for ket in 0..<6 {
      for bra in 0..<6 {
        embedded[sector.productIndex(of: ket) + 16 * sector.productIndex(of: bra)] = state.element(ket, bra)
      }
    }
    let reference = DensityMatrix(space: full, elements: embedded).reduced(to: sites)
    #expect(state.reduced(to: sites).space == full.subspace(of: sites))
    #expect(distance(state.reduced(to: sites), reference) < rounding)
    #expect(abs(state.reduced(to: sites).trace.real - 1) < rounding)
    let vector = genericVector(sector)
    #expect(distance(vector.reduced(to: sites), vector.density().reduced(to: sites)) < rounding)
  }

  @Test("an expectation value is tr(rho O)")
  func expectation() {
    let state = genericState(Self.space)
    let vector = genericVector(Self.space)
    let operand = Operator.local(OperatorTests.generic(12), at: [0, 2], in: Self.space)
    let product = naiveProduct(state.elements, operand.matrix.dense, 24)
    let trace = (0..<24).reduce(Complex<Double>.zero) { $0 + product[$1 * 25] }
    // The operator's elements reach 40, its expectation value a few hundred.
    #expect((state.expectation(of: operand) - trace).length < 1e-11)
    #expect((vector.expectation(of: operand) - vector.density().expectation(of: operand)).length < 1e-11)
    #expect(trace.imaginary.magnitude > 0.1)
  }

  @Test("a qubit along y has <sigma^y> = 1 when its phase lags by a quarter turn")
  func orientation() {
    // Level 0 is down: the eigenvector (up, down) = (1, i) / sqrt 2 of +1 reads (1, -i) / sqrt 2, up to a phase.
    let space = HilbertSpace([.qubit])
    let state = StateVector(space: space, amplitudes: [1, Complex(0, -1)]).normalized!
    let sigmaY = Operator.local(.pauliY, at: 0, in: space)
    #expect((state.expectation(of: sigmaY) - 1).length < rounding)
    #expect((state.density().expectation(of: sigmaY) - 1).length < rounding)
  }

  @Test("pure, mixed and diagonal states")
  func construction() {
    let space = HilbertSpace([.levels(3)])
    let vector = genericVector(space)
    let pure = DensityMatrix(pure: vector)
    #expect(pure.element(2, 1) == vector.amplitudes[2] * vector.amplitudes[1].conjugate)
    #expect(vector.element(2, 1) == pure.element(2, 1))
    #expect(vector.populations == pure.populations)
    #expect(abs(pure.purity - 1) < rounding)
    #expect(DensityMatrix(basisState: 1, in: space).populations == [0, 1, 0])
    #expect(abs(DensityMatrix.maximallyMixed(space).purity - 1.0 / 3.0) < rounding)
    let mixture = DensityMatrix.mixture(of: [(0.25, pure), (0.75, .diagonal([0.5, 0.5, 0], in: space))])
    #expect((mixture.element(2, 1) - pure.element(2, 1) * Complex(0.25)).length < rounding)
    #expect(abs(mixture.populations[0] - 0.25 * pure.populations[0] - 0.375) < rounding)
  }

  @Test("purity is tr rho^2")
  func purity() {
    let state = genericState(Self.space)
    let square = naiveProduct(state.elements, state.elements, 24)
    #expect(abs(state.purity - (0..<24).reduce(0) { $0 + square[$1 * 25].real }) < rounding)
  }

  @Test("normalizing divides by the trace or the norm, and refuses what has none")
  func normalization() {
    let space = HilbertSpace([.qubit])
    let state = DensityMatrix(space: space, elements: [3, Complex(0, 1), Complex(0, -1), 1])
    #expect(
      state.normalized?.elements == [Complex(0.75), Complex(0, 0.25), Complex(0, -0.25), Complex(0.25)])
    #expect(DensityMatrix(space: space, elements: [1, 0, 0, -1]).normalized == nil)
    #expect(StateVector(space: space, amplitudes: [3, Complex(0, 4)]).norm == 5)
    #expect(StateVector(space: space, amplitudes: [0, 0]).normalized == nil)
  }

  @Test("an overlap is antilinear in its first state")
  func overlap() {
    let space = HilbertSpace([.qubit])
    let first = StateVector(space: space, amplitudes: [Complex(0, 1), 0])
    #expect(first.overlap(with: StateVector(space: space, amplitudes: [2, 5])) == Complex(0, -2))
  }

  @Test("a partial transpose exchanges the levels of its sites", arguments: [[0], [1], [0, 2], [2, 1]])
  func partialTranspose(sites: [Int]) {
    let state = genericState(Self.space)
    let transposed = state.partialTranspose(over: sites)
    for ket in 0..<24 {
      for bra in 0..<24 {
        var (a, b) = (Self.space.digits(of: ket), Self.space.digits(of: bra))
        for site in sites { (a[site], b[site]) = (b[site], a[site]) }
        #expect(
          transposed.element(ket, bra) == state.element(Self.space.index(of: a)!, Self.space.index(of: b)!))
      }
    }
    #expect(transposed.partialTranspose(over: sites) == state)
  }

  @Test("transposing all sites is the transpose")
  func fullTranspose() {
    let state = genericState(Self.space)
    #expect(state.partialTranspose(over: [0, 1, 2]).element(3, 11) == state.element(11, 3))
  }
}
