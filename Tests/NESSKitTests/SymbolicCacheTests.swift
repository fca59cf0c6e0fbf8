import NESSKit
import Numerics
import Testing

@Suite("Analysis shared between generators")
struct SymbolicCacheTests {
  /// A generator given by its matrices.
  struct Equation: MasterEquation {
    let space: HilbertSpace
    let lowered: GeneratorTerms
    var preservesPositivity: Bool { true }
    func terms() -> GeneratorTerms { lowered }
  }

  /// A ladder of levels with classical jumps between neighbours, and coherence between few of them.
  struct Ladder {
    /// Rate upwards; that downwards is 1.
    var up = 0.3
    var hops = [(7, 0.2)]
    /// One jump operator that leads from all of these to the next level.
    var jump = [20, 30]
    /// A level from which that operator has a stored element zero.
    var zeroed: Int?
    /// Terms A rho B with diagonal matrices: the level that A lacks and the one that B lacks.
    var dephasing: [(Int, Int)] = []
    /// Classical jumps from these levels to the next but one.
    var leaps: [Int] = []
    /// What is added to the rate upwards from the lowest level.
    var asymmetry = 0.0
    var energy = 0.01
    static let count = 60

    func equation() -> Equation {
      let count = Self.count
      typealias Entry = (row: Int, column: Int, value: Complex<Double>)
      func matrix(_ entries: [Entry]) -> SparseMatrix {
        SparseMatrix(rows: count, columns: count, entries: entries)
      }
      var energies: [Entry] = (0..<count).map { ($0, $0, Complex(energy * Double($0 * $0))) }
      for (level, size) in hops {
        energies.append((level, level + 1, Complex(size)))
        energies.append((level + 1, level, Complex(size)))
      }
      var drift = Complex(0, -1) * matrix(energies)
      var pairs: [GeneratorTerms.JumpPair] = []
      if !jump.isEmpty {
        let places = matrix(jump.map { ($0 + 1, $0, Complex(0.5)) })
        let step = SparseMatrix(
          rows: count, columns: count, starts: places.starts, indices: places.indices,
          values: places.indices.map { $0 - 1 == zeroed ? .zero : Complex(0.5) })
        pairs.append(.init(left: step))
        drift -= 0.5 * step.adjoint.multiplied(by: step)
      }
      func diagonal(without level: Int) -> SparseMatrix {
        matrix((0..<count).filter { $0 != level }.map { ($0, $0, Complex(0.1 + 0.001 * Double($0))) })
      }
      for (left, right) in dephasing {
        let (a, b) = (diagonal(without: left), diagonal(without: right))
        pairs.append(left == right ? .init(left: a) : .init(left: a, right: b))
        drift -= 0.5 * b.adjoint.multiplied(by: a)
      }
      var entries: [(row: Int, column: Int, value: Double)] = leaps.map { ($0 + 2, $0, 0.4) }
      for level in 0..<(count - 1) {
        entries.append((level + 1, level, up + (level == 0 ? asymmetry : 0)))
        entries.append((level, level + 1, 1))
      }
      let rates = RealSparseMatrix(rows: count, columns: count, entries: entries)
      drift -= .diagonal(rates.columnSums.map { Complex($0 / 2) })
      return Equation(
        space: HilbertSpace([Site(kind: .level, dimension: count)]),
        lowered: GeneratorTerms(dimension: count, drift: drift, jumps: pairs, rates: rates))
    }
  }

  private func same(_ first: SteadyState, _ second: SteadyState) -> Bool {
    var (a, b) = (first.certificate, second.certificate)
    (a.seconds, b.seconds) = (0, 0)
    return first.state.populations == second.state.populations && a == b
  }

  @Test("generators of one pattern share it, and have the results they have alone")
  func shared() throws {
    let cache = SymbolicCache()
    for (number, up) in [0.3, 0.5, 0.9, 0.3].enumerated() {
      let equation = Ladder(up: up).equation()
      let shared = try SteadyStateSolver().solve(equation, reusing: cache)
      #expect(try same(shared, SteadyStateSolver().solve(equation)))
      #expect(shared.certificate.method.hasPrefix("band-lu"))
      #expect(cache.reuseCount == number)
      // Above hop and jumps every level holds up times what the one below holds.
      let populations = shared.state.populations
      #expect(abs(populations[50] / populations[40] - Double.pow(up, 10)) < 1e-9)
    }
  }

  @Test(
    "generators of other patterns share nothing",
    arguments: [
      (Ladder(), Ladder(hops: [(8, 0.2)])), (Ladder(), Ladder(hops: [(7, 0.2), (8, 0.1)])),
      (Ladder(), Ladder(jump: [20, 31])), (Ladder(), Ladder(jump: [20])), (Ladder(), Ladder(jump: [])),
      (Ladder(), Ladder(zeroed: 30)), (Ladder(), Ladder(dephasing: [(3, 3)])),
      (Ladder(dephasing: [(3, 3), (8, 8)]), Ladder(dephasing: [(3, 8), (8, 3)])),
      (
        Ladder(dephasing: [(3, 8), (8, 3), (5, 11), (11, 5)]),
        Ladder(dephasing: [(3, 5), (8, 11), (5, 3), (11, 8)])
      ),
      (
        Ladder(dephasing: [(3, 8), (8, 3), (5, 11), (11, 5)]),
        Ladder(dephasing: [(5, 8), (11, 3), (3, 11), (8, 5)])
      ), (Ladder(), Ladder(leaps: [40])),
      (Ladder(leaps: [40]), Ladder(leaps: [44])),
    ])
  func different(first: Ladder, second: Ladder) throws {
    let equations = [first.equation(), second.equation()]
    let cache = SymbolicCache()
    for equation in equations + equations {
      let shared = try SteadyStateSolver().solve(equation, reusing: cache)
      #expect(try same(shared, SteadyStateSolver().solve(equation)))
      #expect(shared.certificate.method.hasPrefix("band-lu"))
    }
    #expect(cache.reuseCount == 0)
  }

  @Test("a declared symmetry is verified for every generator, and belongs to the pattern")
  func symmetries() throws {
    let count = Ladder.count
    // Up and down are alike and the hop is in the middle.
    let even = Ladder(up: 1, hops: [(count / 2 - 1, 0.2)], jump: [], energy: 0)
    var odd = even
    odd.asymmetry = 0.01
    let mirror = PermutationSymmetry(name: "mirror", images: (0..<count).reversed())
    let cache = SymbolicCache()
    let solver = SteadyStateSolver()
    for number in 0..<2 {
      let folded = try solver.solve(even.equation(), symmetries: [mirror], reusing: cache)
      #expect(folded.certificate.unknowns < count && cache.reuseCount == number)
    }
    let error = #expect(throws: SolverError.self) {
      try solver.solve(odd.equation(), symmetries: [mirror], reusing: cache)
    }
    guard case .symmetryViolated = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let reuses = cache.reuseCount
    let whole = try solver.solve(even.equation(), reusing: cache)
    #expect(whole.certificate.unknowns > count && cache.reuseCount == reuses)
  }

  @Test("one pattern may be assembled to different places")
  func cancelled() throws {
    let cache = SymbolicCache()
    // At equal energies a coherence does not turn.
    for energy in [0.01, 0, 0.01, 0] {
      let equation = Ladder(energy: energy).equation()
      let shared = try SteadyStateSolver().solve(equation, reusing: cache)
      #expect(try same(shared, SteadyStateSolver().solve(equation)))
    }
  }

  @Test("a limit on memory holds for what is kept as well")
  func memory() throws {
    let cache = SymbolicCache()
    let equation = Ladder().equation()
    _ = try SteadyStateSolver().solve(equation, reusing: cache)
    let error = #expect(throws: SolverError.self) {
      try SteadyStateSolver(memoryLimit: 20_000).solve(equation, reusing: cache)
    }
    guard case .tooLarge = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cache.reuseCount == 0)
  }

  @Test("points of a sweep are what they are alone", arguments: [1, 2])
  func sweep(width: Int) async throws {
    let fixed: [String: ParameterValue] = [
      "B1": .real(4), "B2": .real(10), "lambda": .real(0.1), "g": .real(1), "beta1": .real(0.1),
      "beta_r": .real(0.09), "lmin": .integer(-12), "lmax": .integer(16),
    ]
    // Points without load have another pattern.
    let axes = [
      SweepAxis("gamma", [.real(0), .real(5e-5), .real(0), .real(1e-3)]),
      SweepAxis("beta2", [.real(0.01), .real(0.05)]),
    ]
    let sweep = try Sweep(axes: axes)
    var request = PointRequest(state: "steady", observables: ["Q1", "Lz", "R"])
    let cache = SymbolicCache()
    request.cache = cache
    let outcomes = await sweep.run(QubitRotorMachine.kind, fixed: fixed, request: request, width: width)
    // Rectification takes a second solve, which always shares the pattern.
    #expect(width > 1 || cache.reuseCount == 12)
    for (index, outcome) in outcomes.enumerated() {
      let alone = try QubitRotorMachine(sweep.parameters(at: index, fixed: fixed)).compute(
        PointRequest(state: "steady", observables: ["Q1", "Lz", "R"]))
      #expect(try outcome?.get().rows == alone.rows)
    }
  }

  /// Pairs of levels on a ring: jumps within pairs both ways, hops from pair to pair. `tilt` makes the way back differ from the adjoint.
  private func ring(rate: Double, hop: (Int) -> Double, tilt: Double = 0) -> Equation {
    let count = 60
    let pairs = Array(stride(from: 0, to: count, by: 2))
    let up = SparseMatrix(
      rows: count, columns: count, entries: pairs.map { ($0 + 1, $0, Complex(rate.squareRoot())) })
    let down = SparseMatrix(
      rows: count, columns: count, entries: pairs.map { ($0, $0 + 1, Complex(1 + tilt * Double($0))) })
    var drift = SparseMatrix.zero(rows: count, columns: count)
    for start in pairs {
      let (from, to) = (start + 1, (start + 2) % count)
      let size = Complex(0, -hop(start))
      drift += SparseMatrix(rows: count, columns: count, entries: [(to, from, size), (from, to, size)])
    }
    for jump in [up, down] { drift -= 0.5 * jump.adjoint.multiplied(by: jump) }
    return Equation(
      space: HilbertSpace([.levels(count)]),
      lowered: GeneratorTerms(
        dimension: count, drift: drift, jumps: [.init(left: up), .init(left: down)]))
  }

  @Test("a proof of uniqueness holds for other rates, not for another Hamiltonian or other jump operators")
  func proofs() throws {
    let proof = "irreducible: jumps in adjoint pairs"
    func distinct(_ start: Int) -> Double { 0.1 + 0.01 * Double(start) }
    for (other, isProven) in [
      (ring(rate: 0.7, hop: distinct), true), (ring(rate: 0.3, hop: { _ in 0.2 }), false),
      (ring(rate: 0.3, hop: distinct, tilt: 0.01), false),
    ] {
      let cache = SymbolicCache()
      let first = try SteadyStateSolver().solve(ring(rate: 0.3, hop: distinct), reusing: cache)
      #expect(first.certificate.uniquenessMethod == proof)
      let shared = try SteadyStateSolver().solve(other, reusing: cache)
      #expect(cache.reuseCount == 1)
      #expect(try same(shared, SteadyStateSolver().solve(other)))
      #expect((shared.certificate.uniquenessMethod == proof) == isProven)
    }
  }

  @Test("states keep the space of their own generator")
  func spaces() throws {
    let cache = SymbolicCache()
    let lowered = Ladder().equation().lowered
    for lowest in [-10, 0] {
      let space = HilbertSpace([.rotor(levels: lowest...(lowest + Ladder.count - 1))])
      let steady = try SteadyStateSolver().solve(Equation(space: space, lowered: lowered), reusing: cache)
      #expect(steady.state.space == space)
    }
    #expect(cache.reuseCount == 0)
  }
}
