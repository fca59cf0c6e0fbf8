import NESSKit
import NESSTestSupport
import Numerics
import Testing

@Suite("Jump-chain solver")
struct JumpChainSolverTests {
  /// Rounding of states whose elements are at most 1, multiplied by conditions of a few hundred.
  static let rounding = 1e-12

  static func ring(_ rotors: Int, betas: (Double, Double) = (1, 2), g: Double = 0.3) throws
    -> LindbladGenerator
  {
    try ChiralClockRing(
      rotors: rotors, f: 0.4, phases: [Double](repeating: 0.7, count: rotors),
      inverseTemperatures: (0..<rotors).map { $0 % 2 == 0 ? betas.0 : betas.1 },
      couplings: [Double](repeating: g, count: rotors)
    ).generator()
  }

  /// Deviation of the first block from a density matrix.
  static func deviation(_ solution: JumpChainSolution, from state: DensityMatrix) -> Double {
    zip(solution.matrices[0], state.elements).reduce(0) { max($0, ($1.0 - $1.1).length) }
  }

  @Test("random generators have the state of the direct solver", arguments: 2...8)
  func random(dimension: Int) throws {
    var bits = UInt64(dimension)
    func number() -> Double {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(bits >> 11) * 0x1p-52 - 1
    }
    let space = HilbertSpace([.levels(dimension)])
    func matrix() -> Operator {
      Operator(
        space: space,
        matrix: SparseMatrix(
          rows: dimension, columns: dimension,
          dense: (0..<dimension * dimension).map { _ in Complex(number(), number()) }))
    }
    let h = matrix()
    let generator = try LindbladGenerator(
      hamiltonian: h + h.adjoint,
      dissipators: (0..<2).map { _ in .jump(matrix(), rate: 0.5, bath: Bath(name: "bath")) })
    let expected = try SteadyStateSolver(method: .dense).solve(generator).state.density()
    for form in [JumpChainSolver.Form.automatic, .eigenvectors, .schur] {
      let solution = try JumpChainSolver(form: form, checkUniqueness: true).solve(
        BlockTerms(generator.terms()))
      #expect(Self.deviation(solution, from: expected) < Self.rounding)
      #expect(solution.residual < 1e-13 * solution.rateScale)
      #expect(solution.forms == [form == .schur ? .schur : .eigenvectors] && solution.shift == 0)
    }
  }

  @Test(
    "clock rings have the state of the direct solver: warm, hot, cold, weakly coupled",
    arguments: [(1, 2), (1e-3, 2e-3), (20, 20), (1, 20)], [0.3, 1e-6])
  func rings(betas: (Double, Double), g: Double) throws {
    for rotors in 2...3 {
      let generator = try Self.ring(rotors, betas: betas, g: g)
      let solution = try JumpChainSolver().solve(BlockTerms(generator.terms()))
      let change = try generator.terms().applied(to: solution.matrices[0])
      #expect(change.allSatisfy { $0.length < 1e-13 * solution.rateScale })
      let expected = try SteadyStateSolver(method: .dense, tolerance: 1e-9).solve(generator)
      // What the bound of the direct solver leaves open.
      let error = Self.rounding + 10 * (expected.certificate.errorBound ?? 0)
      #expect(Self.deviation(solution, from: expected.state.density()) < error, "\(rotors) rotors")
      #expect(solution.iterations < 30 && solution.unknowns == generator.space.dimension)
    }
  }

  @Test("blocks of fixed magnetization make up the steady state of the whole chain", arguments: [0, 0.4])
  func chain(dephasing: Double) throws {
    var chain = SpinChainBlocks(sites: 4)
    chain.dephasing = dephasing
    let blocks = chain.blockTerms()
    let solution = try JumpChainSolver().solve(blocks)
    var whole = [Complex<Double>](repeating: .zero, count: 256)
    for up in 0...4 {
      let states = chain.states(up: up)
      for (a, ket) in states.enumerated() {
        for (b, bra) in states.enumerated() {
          whole[ket + 16 * bra] = solution.matrices[up][a + b * states.count]
        }
      }
    }
    let change = try chain.terms().applied(to: whole)
    #expect(change.allSatisfy { $0.length < 1e-14 * solution.rateScale })
    #expect(abs((0..<16).reduce(-1) { $0 + whole[$1 * 17].real }) < 1e-14)
    let single = try JumpChainSolver(form: .schur).solve(BlockTerms(chain.terms()))
    #expect(zip(single.matrices[0], whole).allSatisfy { ($0 - $1).length < Self.rounding })
    // A wrong weight must show.
    var wrong = blocks
    wrong.jumps[0].weight = 1.01
    let other = try? JumpChainSolver().solve(wrong)
    #expect(other.map { $0.matrices[2] != solution.matrices[2] } ?? true)
  }

  @Test(
    "single precision within rounds finds the same state, with a bound that holds also where baths are weak",
    arguments: [1, 0.1, 1e-2, 3e-3])
  func singlePrecision(bath: Double) throws {
    try Self.compareInSinglePrecision(SlowModeTests.chain(bath: bath))
  }

  @Test(
    "modes that rounding of single precision would speed up are measured in double",
    arguments: [1e-2, 1e-3, 1e-4, 1e-5, 3e-6])
  func slowModesInSinglePrecision(bond: Double) throws {
    // The right half relaxes through the weak bond alone; dephasing lets all coherences decay.
    let chain = try SpinChain(
      sites: 6, couplings: [1, 1, bond, 1, 1], anisotropies: [0.5, 0.5, 0.5, 0.5, 0.5],
      fields: [0, 0, 0, 0, 0, 0],
      left: .init(coupling: 1, magnetization: 0.5), right: .init(coupling: 0, magnetization: 0),
      dephasing: [0.3, 0.3, 0.3, 0.3, 0.3, 0.3])
    let bound = try Self.compareInSinglePrecision(chain.generator())
    // Hops over the bond have the rate of its square.
    #expect(bound > 1e-15 / (bond * bond))
  }

  @Test(
    "rates beyond the range of single precision change neither state nor bound",
    arguments: [1e25, 1e-25, 1e60, 1e-60])
  func ranges(unit: Double) throws {
    func solution(_ unit: Double, single: Int?) throws -> JumpChainSolution {
      var solver = JumpChainSolver()
      solver.singleFrom = single
      return try solver.solve(BlockTerms(SlowModeTests.chain(unit: unit).terms()))
    }
    let (exact, found) = (try solution(1, single: nil), try solution(unit, single: 1))
    #expect(found.residual < 1e-13 * found.rateScale)
    let bounds = (try #require(exact.errorBound), try #require(found.errorBound))
    #expect(bounds.1 < 10 * bounds.0 && bounds.0 < 10 * bounds.1, "\(bounds)")
    let distance = zip(exact.matrices[0], found.matrices[0]).reduce(0) { max($0, ($1.0 - $1.1).length) }
    #expect(distance < 1e-12)
  }

  @discardableResult
  static func compareInSinglePrecision(_ generator: LindbladGenerator) throws -> Double {
    let terms = BlockTerms(generator.terms())
    var solver = JumpChainSolver()
    solver.singleFrom = nil
    let exact = try solver.solve(terms)
    solver.singleFrom = 1
    let found = try solver.solve(terms)
    #expect(found.usesSingle && !exact.usesSingle && found.residual < 1e-13 * found.rateScale)
    let bounds = (try #require(exact.errorBound), try #require(found.errorBound))
    #expect(bounds.1 < 10 * bounds.0 + 1e-12 && bounds.0 < 10 * bounds.1 + 1e-12, "\(bounds)")
    let largest = exact.matrices[0].reduce(0) { max($0, $1.length) }
    let distance = zip(exact.matrices[0], found.matrices[0]).reduce(0) { max($0, ($1.0 - $1.1).length) }
    #expect(distance <= (bounds.0 + bounds.1) * largest)
    // Rounds in another precision do not take the very same way.
    #expect(distance > 0)
    return bounds.1
  }

  @Test("multiplicities and orbits: three states with two of them alike")
  func orbits() throws {
    // |1> and |2> change places under a symmetry: blocks {0, (1 + 2)/sqrt 2} and {(1 - 2)/sqrt 2}, orbits {0}, {1, 2}.
    let (up, down, hop, e) = (0.3, 0.8, 0.5, 1.1)
    let root = 2.0.squareRoot()
    func matrix(_ n: Int, _ m: Int, _ entries: [(Int, Int, Double)]) -> RealSparseMatrix {
      RealSparseMatrix(rows: n, columns: m, entries: entries.map { (row: $0.0, column: $0.1, value: $0.2) })
    }
    func drift(_ n: Int, _ entries: [(Int, Int, Complex<Double>)]) -> SparseMatrix {
      SparseMatrix(rows: n, columns: n, entries: entries.map { (row: $0.0, column: $0.1, value: $0.2) })
    }
    let terms = BlockTerms(
      blocks: [
        .init(
          multiplicity: 1,
          drift: drift(
            2,
            [
              (0, 0, Complex(-up, 0)), (1, 1, Complex(-down / 2, -e)), (0, 1, Complex(0, -hop * root)),
              (1, 0, Complex(0, -hop * root)),
            ])), .init(multiplicity: 1, drift: drift(1, [(0, 0, Complex(-down / 2, -e))])),
      ],
      rates: .init(
        matrix: matrix(2, 2, [(0, 1, 2 * down), (1, 0, up)]),
        populations: [matrix(2, 2, [(0, 0, 1), (1, 1, 0.5)]), matrix(2, 1, [(1, 0, 0.5)])],
        sources: [matrix(2, 2, [(0, 0, 1), (1, 1, 1)]), matrix(1, 2, [(0, 1, 1)])]))
    let whole = GeneratorTerms(
      dimension: 3,
      drift: drift(
        3,
        [
          (0, 0, Complex(-up, 0)), (1, 1, Complex(-down / 2, -e)), (2, 2, Complex(-down / 2, -e)),
          (0, 1, Complex(0, -hop)), (0, 2, Complex(0, -hop)), (1, 0, Complex(0, -hop)),
          (2, 0, Complex(0, -hop)),
        ]),
      rates: matrix(3, 3, [(0, 1, down), (0, 2, down), (1, 0, up), (2, 0, up)]))
    for form in [JumpChainSolver.Form.automatic, .schur] {
      let reduced = try JumpChainSolver(form: form).solve(terms)
      let full = try JumpChainSolver(form: form).solve(BlockTerms(whole)).matrices[0]
      let sum = (full[4] + full[5] + full[7] + full[8]) / 2
      let difference = (full[4] - full[5] - full[7] + full[8]) / 2
      #expect((reduced.matrices[0][0] - full[0]).length < Self.rounding)
      #expect((reduced.matrices[0][3] - sum).length < Self.rounding)
      #expect((reduced.matrices[1][0] - difference).length < Self.rounding)
      #expect((reduced.matrices[0][1] - (full[1] + full[2]) / Complex(root)).length < Self.rounding)
      #expect(reduced.unknowns == 2 && difference.real > 0.01)
    }
    // The copy counts in the trace.
    var twice = terms
    twice.blocks[1].multiplicity = 2
    let matrices = try JumpChainSolver(tolerance: 1e3).solve(twice).matrices
    #expect(abs(matrices[0][0].real + matrices[0][3].real + 2 * matrices[1][0].real - 1) < 1e-14)
  }

  /// A driven qubit that decays at twice the drive: its effective Hamiltonian has one eigenvector.
  static func drivenQubit(drive: Double, decay: Double) throws -> LindbladGenerator {
    let space = qubits(1)
    return try LindbladGenerator(
      hamiltonian: drive / 2 * .local(.pauliX, at: 0, in: space),
      dissipators: [.jump(.local(.pauliLowering, at: 0, in: space), rate: decay, bath: Bath(name: "bath"))])
  }

  @Test("an exceptional point goes by the Schur form")
  func exceptionalPoint() throws {
    let generator = try Self.drivenQubit(drive: 0.5, decay: 1)
    let solution = try JumpChainSolver().solve(BlockTerms(generator.terms()))
    #expect(solution.forms == [.schur])
    // Optical Bloch equations on resonance: p_1 = omega^2 / (gamma^2 + 2 omega^2).
    let excited = min(solution.matrices[0][0].real, solution.matrices[0][3].real)
    #expect(abs(excited - 0.25 / 1.5) < 1e-14)
  }

  @Test(
    "a stationary pure state makes the shift necessary", arguments: [JumpChainSolver.Form.automatic, .schur])
  func darkState(form: JumpChainSolver.Form) throws {
    let generator = try Self.drivenQubit(drive: 0, decay: 1)
    let solution = try JumpChainSolver(form: form, checkUniqueness: true).solve(BlockTerms(generator.terms()))
    #expect(solution.shift > 0)
    let populations = [solution.matrices[0][0].real, solution.matrices[0][3].real].sorted()
    #expect(abs(populations[0]) < 1e-13 && abs(populations[1] - 1) < 1e-13)
    // The same among orbits: rates that lead one way.
    let oneWay = GeneratorTerms(
      dimension: 2,
      drift: SparseMatrix(rows: 2, columns: 2, entries: [(row: 1, column: 1, value: Complex(-0.5))]),
      rates: RealSparseMatrix(rows: 2, columns: 2, entries: [(row: 0, column: 1, value: 1)]))
    let ground = try JumpChainSolver(form: form).solve(BlockTerms(oneWay))
    #expect(abs(ground.matrices[0][0].real - 1) < 1e-13)
  }

  @Test("several steady states are flagged")
  func degenerate() throws {
    var chain = SpinChainBlocks(sites: 3)
    (chain.rate, chain.dephasing) = (0, 1)
    let solver = JumpChainSolver(checkUniqueness: true)
    #expect { try solver.solve(chain.blockTerms()) } throws: {
      if case SolverError.notUnique = $0 { true } else { false }
    }
    chain.dephasing = 0
    #expect { try solver.solve(chain.blockTerms()) } throws: {
      if case SolverError.notUnique = $0 { true } else { false }
    }
  }

  @Test("the number of threads changes no bit")
  func threads() throws {
    var spins = SpinChainBlocks(sites: 8)
    spins.rate = 0.8
    for terms in [BlockTerms(try Self.ring(4).terms()), spins.blockTerms()] {
      let single = try JumpChainSolver(tolerance: 1e-3, goal: 1e-4).solve(terms)
      for threads in [2, 3] {
        let several = try JumpChainSolver(tolerance: 1e-3, goal: 1e-4, threads: threads).solve(terms)
        #expect(several.matrices == single.matrices && several.residual == single.residual)
      }
    }
  }

  @Test("limits are kept: steps, memory, cancellation; a neighbour's state saves steps")
  func limits() async throws {
    var chain = SpinChainBlocks(sites: 4)
    let terms = chain.blockTerms()
    #expect { try JumpChainSolver(maxIterations: 3).solve(terms) } throws: {
      if case SolverError.notConverged(let residual, 3) = $0 {
        residual > 1e-6 && residual.isFinite
      } else {
        false
      }
    }
    #expect { try JumpChainSolver(memoryLimit: 10_000).solve(terms) } throws: {
      if case SolverError.tooLarge(let bytes, 10_000, _) = $0 { bytes > 10_000 } else { false }
    }
    let cancelled = Task {
      while !Task.isCancelled { await Task.yield() }
      return try JumpChainSolver().solve(terms).iterations
    }
    cancelled.cancel()
    await #expect(throws: SolverError.cancelled) { try await cancelled.value }
    var steps: [Int] = []
    let cold = try JumpChainSolver(goal: 1e-10).solve(terms) { step, _ in steps.append(step) }
    #expect(steps == Array(1...cold.iterations) && cold.applications > cold.iterations && cold.flops > 0)
    #expect(cold.bytes <= JumpChainSolver.predictedBytes(orders: terms.blocks.map(\.order), restart: 1000))
    chain.anisotropy += 1e-4
    let warm = try JumpChainSolver(goal: 1e-10).solve(chain.blockTerms(), initial: cold.matrices)
    #expect(warm.iterations < cold.iterations)
    // Short rounds get there as well.
    let short = try JumpChainSolver(restart: 6).solve(terms)
    #expect(zip(short.matrices[2], cold.matrices[2]).allSatisfy { ($0 - $1).length < 1e-8 })
  }
}
