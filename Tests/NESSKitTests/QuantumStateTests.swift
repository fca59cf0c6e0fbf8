import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// What a state offers by default, and what the clock ring reads off any state.
@Suite("Quantum states in any representation")
struct QuantumStateTests {
  /// A state that answers only what it must.
  struct Minimal: QuantumState {
    let matrix: DensityMatrix
    var space: HilbertSpace { matrix.space }
    var populations: [Double] { matrix.populations }
    func element(_ ket: Int, _ bra: Int) -> Complex<Double> { matrix.element(ket, bra) }
    func expectation(of operator: Operator) -> Complex<Double> { matrix.expectation(of: `operator`) }
    func reduced(to sites: [Int]) -> DensityMatrix { matrix.reduced(to: sites) }
    func density() -> DensityMatrix { matrix }
  }

  /// A state in two blocks, the second one three times.
  struct Blocks: QuantumState {
    let values = [(eigenvalue: 0.4, multiplicity: 1), (eigenvalue: 0.2, multiplicity: 3)]
    var space: HilbertSpace { HilbertSpace([.qubit, .qubit]) }
    var full: DensityMatrix {
      DensityMatrix(
        space: space, elements: SparseMatrix.diagonal([0.4, 0.2, 0.2, 0.2].map { Complex($0) }).dense)
    }
    var populations: [Double] { full.populations }
    func element(_ ket: Int, _ bra: Int) -> Complex<Double> { full.element(ket, bra) }
    func expectation(of operator: Operator) -> Complex<Double> { full.expectation(of: `operator`) }
    func reduced(to sites: [Int]) -> DensityMatrix { full.reduced(to: sites) }
    func density() -> DensityMatrix { preconditionFailure("the full matrix is not needed") }
    func spectrum() -> [(eigenvalue: Double, multiplicity: Int)] { values }
  }

  @Test("defaults agree with the dense matrix and with the reduced state")
  func defaults() throws {
    let ring = try ClockRingReadingsTests.paper(.configuration)
    let reduced = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries()).state
    let dense = reduced.density()
    let states: [any QuantumState] = [reduced, Minimal(matrix: dense)]
    for state in states {
      // Sums of 6561 terms below 1.
      #expect(abs(state.elementwiseNorm - dense.elementwiseNorm) < 1e-12)
      #expect(abs(state.l1Coherence - dense.l1Coherence) < 1e-12)
      #expect(abs(state.purity - dense.purity) < 1e-14)
      #expect(abs(try state.entropy() - dense.vonNeumannEntropy()) < 1e-12)
      let pairs = [(0, 0), (3, 27), (80, 79), (5, 5)]
      let elements = state.elements(kets: pairs.map(\.0), bras: pairs.map(\.1))
      // Blocks may be added up in another order.
      #expect(zip(elements, pairs).allSatisfy { ($0 - dense.element($1.0, $1.1)).length < 1e-16 })
      #expect(elements.count == pairs.count)
    }
    #expect(dense.l1Coherence > 1)
    #expect(dense.purity < 0.5)
  }

  @Test("pure states have one eigenvalue")
  func pure() throws {
    let space = HilbertSpace([.qubit, .qubit])
    let state = StateVector(
      space: space, amplitudes: [Complex(0.6), .zero, Complex(0, 0.8), .zero])
    let dense = state.density()
    #expect(abs(state.elementwiseNorm - dense.elementwiseNorm) < 1e-15)
    #expect(abs(state.purity - dense.purity) < 1e-15)
    #expect(state.spectrum().map(\.multiplicity) == [1, 3])
    #expect(abs(try state.entropy()) < 1e-15)
    #expect(abs(state.l1Coherence - 0.96) < 1e-15)
  }

  @Test("entropy and mutual information count multiplicities and leave the full matrix alone")
  func multiplicities() throws {
    let state = Blocks()
    let entropy = -0.4 * Double.log(0.4) - 0.6 * Double.log(0.2)
    #expect(abs(try state.entropy() - entropy) < 1e-15)
    let single = -0.6 * Double.log(0.6) - 0.4 * Double.log(0.4)
    #expect(abs(try state.mutualInformation(between: [0], and: [1]) - (2 * single - entropy)) < 1e-14)
  }

  @Test("a spectrum that would need too large a matrix is an error that says how large")
  func tooLarge() throws {
    let space = HilbertSpace(Array(repeating: .qubit, count: 11))
    struct Large: QuantumState {
      let space: HilbertSpace
      var populations: [Double] { Array(repeating: 1 / 2048, count: 2048) }
      func element(_ ket: Int, _ bra: Int) -> Complex<Double> { ket == bra ? Complex(1 / 2048) : .zero }
      func expectation(of operator: Operator) -> Complex<Double> { .zero }
      func reduced(to sites: [Int]) -> DensityMatrix { preconditionFailure("not needed") }
      func density() -> DensityMatrix { preconditionFailure("must not be built") }
    }
    let error = #expect(throws: ObservableError.self) { try Large(space: space).entropy() }
    #expect(
      error
        == .needsFullMatrix(
          quantity: "the entropy of the whole state", bytes: 64 * 2048 * 2048, limit: 64 * 1024 * 1024))
    #expect(error?.description.contains("256 MiB") == true)
    // The machine refuses before anything is solved, where no solver returns blocks.
    let machine = try ChiralClockMachine(["M": .integer(8)])
    let refusal = #expect(throws: ComputationError.self) {
      try machine.plan(
        PointRequest(
          state: "dynamics", observables: ["S"], times: [1], solver: SteadyStateSolver(memoryLimit: .max)))
    }
    #expect(refusal?.description.contains("S must be left out") == true, "\(String(describing: refusal))")
  }

  @Test("flows of the ring agree with the operators, in any state and both pictures", arguments: [2, 3, 4])
  func flows(positions: Int) throws {
    for picture in ChiralClockRing.Picture.allCases {
      let ring = try ClockRingReadingsTests.generic(
        .configuration, rotors: 3, positions: positions, picture: picture)
      let generator = try ring.generator()
      let state = goldenTestMatrix(on: ring.space)
      let flows = ClockRingFlows(of: ring, hamiltonian: generator.hamiltonian, in: state)
      let reference = try Thermodynamics(of: generator, in: state, stationary: true)
      #expect(abs(flows.energy - state.expectation(of: generator.hamiltonian).real) < 1e-13)
      for rotor in 0..<3 {
        #expect(abs(flows.heat[rotor] - reference.flows[rotor].heat) < 1e-13)
        #expect(abs(try #require(flows.work)[rotor] - reference.flows[rotor].work) < 1e-13)
        for j in 0..<positions {
          let from = ring.projector(onPosition: j, ofRotor: rotor)
          let to = ring.projector(onPosition: (j + 1) % positions, ofRotor: rotor)
          let coherent = Currents.coherent(from: from, to: to, hamiltonian: generator.hamiltonian)
          let dissipative = Currents.dissipative(
            from: from, to: to, jumps: generator.terms(of: ring.bath(ofRotor: rotor)))
          #expect(abs(flows.tunnelling[rotor][j] - state.expectation(of: coherent).real) < 1e-14)
          #expect(abs(flows.thermal[rotor][j] - state.expectation(of: dissipative).real) < 1e-14)
          #expect(abs(flows.probabilities[rotor][j] - state.expectation(of: from).real) < 1e-14)
          if j == 0 {
            let square = state.expectation(of: dissipative * dissipative).real
            #expect(abs(flows.thermalSquared[rotor] - square) < 1e-14)
          }
        }
      }
    }
    let coherent = try ClockRingReadingsTests.generic(.neighbours, rotors: 4)
    let generator = try coherent.generator()
    let state = goldenTestMatrix(on: coherent.space)
    #expect(ClockRingFlows(of: coherent, hamiltonian: generator.hamiltonian, in: state).work == nil)
    // The thermal current is one and the same operator, and the first law needs the reading's own nondiagonal part.
    let balance = try Thermodynamics(of: generator, in: state, stationary: false)
    let whole = state.expectation(of: generator.adjointApplied(to: generator.hamiltonian)).real
    #expect(abs(balance.flows.reduce(0) { $0 + $1.heat + $1.work } - whole) < 1e-12)
    #expect(abs(balance.energyChange - whole) < 1e-12)
    #expect(try #require(balance.entropyProduction) > 0)
  }
}
