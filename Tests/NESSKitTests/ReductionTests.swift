import NESSKit
import Numerics
import Testing

@Suite("Reductions")
struct ReductionTests {
  static let bath = Bath(name: "bath", inverseTemperature: 1)

  /// Heisenberg chain in a field with thermal jumps on every site; the rate of the last upward jump is scaled.
  static func chain(_ sites: Int, periodic: Bool = false, lastFactor: Double = 1) throws -> LindbladGenerator
  {
    let space = qubits(sites)
    var hamiltonian = Operator.zero(space)
    for k in 0..<(periodic ? sites : sites - 1) {
      for pauli in [SparseMatrix.pauliX, .pauliY, 0.7 * .pauliZ] {
        hamiltonian += .local(pauli, at: k, in: space) * .local(pauli, at: (k + 1) % sites, in: space)
      }
    }
    let dissipators = (0..<sites).flatMap { k in
      thermalJumps(k, space, up: 0.3 * (k == sites - 1 ? lastFactor : 1), down: 0.8, bath: bath)
    }
    return try LindbladGenerator(hamiltonian: hamiltonian, dissipators: dissipators)
  }

  static func translation(_ space: HilbertSpace) -> PermutationSymmetry {
    PermutationSymmetry(name: "translation", on: space) { [$0.last!] + $0.dropLast() }
  }

  static func violation(_ equation: LindbladGenerator, _ symmetry: PermutationSymmetry) throws -> Double? {
    do {
      _ = try ReducedSpace(terms: equation.terms(), space: equation.space, symmetries: [symmetry])
      return nil
    } catch .symmetryViolated(let name, let size) {
      #expect(name == symmetry.name)
      return size
    }
  }

  @Test(
    "a declared symmetry that fails is an error of the size of the perturbation",
    arguments: [1e-9, 1e-6, 1e-2])
  func violated(perturbation: Double) throws {
    let space = qubits(4)
    #expect(try Self.violation(Self.chain(4, periodic: true), Self.translation(space)) == nil)
    let broken = try Self.chain(4, periodic: true, lastFactor: 1 + perturbation)
    let size = try #require(try Self.violation(broken, Self.translation(space)))
    // A rate of 0.3 changes by 0.3 times the perturbation; K holds half of it.
    #expect(size > 0.05 * perturbation && size < perturbation)
    // With the decay put right by hand only the jump terms differ: the random form must see it.
    let terms = broken.terms()
    let hidden = GeneratorTerms(
      dimension: 16, drift: try Self.chain(4, periodic: true).terms().drift, jumps: terms.jumps)
    let found = try hidden.defect(of: Self.translation(space)).size
    #expect(found > 0.003 * perturbation && found < 3 * perturbation)
  }

  @Test("a classical rate broken by 1e-9, or present on one side only, is caught")
  func violatedRates() throws {
    let ring = try ChiralClockRing(
      rotors: 3, f: 0.4, staggeredPhase: 0, oddInverseTemperature: 1, evenInverseTemperature: 1, coupling: 0.2
    )
    let generator = try ring.generator()
    let shift = ring.clockShift()
    #expect(try generator.terms().defect(of: shift).size < 1e-14)
    guard case .transitions(let rates) = generator.dissipators[0].process else { return }
    for (row, column, change) in [(9, 0, 1e-9 * rates[9, 0]), (26, 0, 1e-9)] {
      let extra = RealSparseMatrix(rows: 27, columns: 27, entries: [(row, column, change)])
      let broken = try LindbladGenerator(
        hamiltonian: generator.hamiltonian,
        dissipators: generator.dissipators + [.transitions(extra, bath: Self.bath)])
      let size = try #require(try Self.violation(broken, shift))
      #expect(size > 0.4 * change && size < 1.1 * change)
      // With K put right by hand only W differs.
      let hidden = GeneratorTerms(dimension: 27, drift: generator.terms().drift, rates: broken.terms().rates)
      #expect(abs(try hidden.defect(of: shift).size / change - 1) < 1e-5)
    }
  }

  @Test("what is no permutation of the states is refused")
  func notPermutation() throws {
    let generator = try Self.chain(2)
    for images in [[0, 0, 1, 2], [0, 1, 2], [0, 1, 2, 4], [-1, 0, 1, 2]] {
      #expect(throws: SolverError.kernel(.notPermutation)) {
        try ReducedSpace(
          terms: generator.terms(), space: generator.space, symmetries: [.init(name: "none", images: images)])
      }
    }
  }

  @Test("a reduced state answers like its dense matrix", arguments: [false, true])
  func reducedState(symmetric: Bool) throws {
    let generator = try Self.chain(4, periodic: true)
    let space = generator.space
    let reduced = try ReducedSpace(
      terms: generator.terms(), space: space, symmetries: symmetric ? [Self.translation(space)] : [])
    var random = RandomNumbers(seed: 4)
    let state = ReducedState(in: reduced, unknowns: (0..<reduced.unknownCount).map { _ in random.real() })
    let dense = state.density()
    #expect(dense.hermiticityDefect == 0)
    #expect(
      abs(dense.trace.real - zip(reduced.traceWeights, state.unknowns).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-13
    )
    #expect(reduced.unknowns(of: dense) == state.unknowns)
    #expect(state.populations == dense.populations)
    for (ket, bra) in [(3, 5), (5, 3), (6, 6), (0, 1), (12, 10)] {
      #expect(state.element(ket, bra) == dense.element(ket, bra))
    }
    #expect(state.element(3, 5).imaginary != 0 && state.element(0, 1) == .zero)
    let observable = random.operator(space)
    #expect((state.expectation(of: observable) - dense.expectation(of: observable)).length < 1e-12)
    for sites in [[0], [2, 0], [1, 2, 3], [3, 2, 1, 0]] {
      #expect(distance(state.reduced(to: sites), dense.reduced(to: sites)) < 1e-13)
    }
  }

  static func count(_ generator: LindbladGenerator, seeds: [(ket: Int, bra: Int)]? = nil) throws -> (
    slots: Int, active: Int
  ) {
    let terms = generator.terms()
    let reduced = try ReducedSpace(terms: terms, space: generator.space, seeds: seeds)
    return (reduced.slotCount, try Liouvillian(terms: terms, on: reduced).active.count)
  }

  @Test("a qubit with thermal jumps has two unknowns")
  func qubit() throws {
    let space = qubits(1)
    let generator = try LindbladGenerator(
      hamiltonian: .local(.pauliZ, at: 0, in: space),
      dissipators: thermalJumps(0, space, up: 0.2, down: 0.5, bath: Self.bath))
    #expect(try Self.count(generator) == (2, 2))
  }

  @Test(
    "chains with conserved magnetization need the elements between equal magnetizations", arguments: 2...5)
  func chains(sites: Int) throws {
    let generator = try Self.chain(sites)
    let states = 0..<(1 << sites)
    let expected = states.reduce(0) { sum, ket in
      sum + states.count { $0.nonzeroBitCount == ket.nonzeroBitCount }
    }
    // Two sites alone have a gauge in which the generator is real, which saves the real part of one coherence.
    #expect(try Self.count(generator) == (expected, sites == 2 ? 5 : expected))
  }

  /// Two collective spins N/2 with a resonant exchange; reference/engine.md, section 1.
  static func engine(_ doubled: Int) throws -> LindbladGenerator {
    let space = HilbertSpace([.spin(doubled: doubled), .spin(doubled: doubled)])
    let plus = (0..<2).map { Operator.local(.spinRaising(doubled: doubled), at: $0, in: space) }
    let exchange = plus[0] * plus[1].adjoint
    return try LindbladGenerator(
      hamiltonian: 0.35 * (exchange + exchange.adjoint),
      dissipators: (0..<2).flatMap { k in
        [
          Dissipator.jump(plus[k], rate: 0.1 + 0.2 * Double(k), bath: Bath(name: "\(k)")),
          .jump(plus[k].adjoint, rate: 0.6 + 0.1 * Double(k), bath: Bath(name: "\(k)")),
        ]
      })
  }

  @Test("the gauge of the collective engine leaves (N+1)(N+2)(2N+3)/6 real unknowns", arguments: 1...5)
  func gauge(doubled: Int) throws {
    let counts = try Self.count(Self.engine(doubled))
    #expect(counts.slots == (doubled + 1) * (2 * (doubled + 1) * (doubled + 1) + 1) / 3)
    #expect(counts.active == (doubled + 1) * (doubled + 2) * (2 * doubled + 3) / 6)
  }

  /// Two qubits and a rotor with a load; reference/hybrid.md, sections 1 to 3.
  static func hybrid(_ levels: ClosedRange<Int>) throws -> LindbladGenerator {
    let space = HilbertSpace([.qubit, .qubit, .rotor(levels: levels)])
    let (b1, b2, inertia, lambda, kappa) = (1.0, 2.5, 1.0, 0.4, 0.107)
    let momentum = SparseMatrix.rotorMomentum(levels: levels)
    let raising = SparseMatrix.rotorRaising(levels: levels)
    let identity = SparseMatrix.identity(levels.count)
    let exchange =
      Operator.local(.pauliRaising, at: 0, in: space) * .local(.pauliLowering, at: 1, in: space)
      * .local(raising, at: 2, in: space)
    let hamiltonian =
      b1 * .local(.pauliZ, at: 0, in: space) + b2 * .local(.pauliZ, at: 1, in: space)
      + .local(momentum.multiplied(by: momentum) / (2 * inertia), at: 2, in: space) + lambda
      * (exchange + exchange.adjoint)
    let up = raising.multiplied(by: identity - kappa * momentum)
    let down = raising.adjoint.multiplied(by: identity + kappa * momentum)
    let load = Bath(name: "load")
    return try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: thermalJumps(0, space, up: 0.05, down: 0.07, bath: Bath(name: "1"))
        + thermalJumps(1, space, up: 0.06, down: 0.09, bath: Bath(name: "2")) + [
          .jump(.local(up, at: 2, in: space), rate: 0.01, bath: load),
          .jump(.local(down, at: 2, in: space), rate: 0.01, bath: load),
        ])
  }

  @Test(
    "two qubits and a rotor of N levels have 6N - 2 unknowns", arguments: [-1...1, -2...1, 0...4, -1...4])
  func hybridSector(levels: ClosedRange<Int>) throws {
    #expect(try Self.count(Self.hybrid(levels)) == (6 * levels.count - 2, 6 * levels.count - 2))
  }

  @Test("seeds limit the space to what they reach; limits are errors")
  func seeds() throws {
    let generator = try Self.chain(2)
    // The coherence between no and one excitation and its transpose: ket and bra differ by one.
    #expect(try Self.count(generator, seeds: [(0, 1)]).slots == 8)
    #expect(throws: SolverError.kernel(.limitExceeded)) {
      try ReducedSpace(terms: generator.terms(), space: generator.space, limit: 5)
    }
    #expect(try ReducedSpace(terms: generator.terms(), space: generator.space, limit: 6).slotCount == 6)
  }
}
