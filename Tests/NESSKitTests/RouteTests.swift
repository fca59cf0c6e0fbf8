import NESSKit
import NESSTestSupport
import Numerics
import Testing

@Suite("Routes to the steady state")
struct RouteTests {
  typealias Method = SteadyStateSolver.Method

  static func ring(
    _ rotors: Int, f: Double = 0.4, beta: Double = 1, g: Double = 0.2, positions: Int = 3
  ) throws -> ChiralClockRing {
    try ChiralClockRing(
      rotors: rotors, positions: positions, f: f, staggeredPhase: 1.1, oddInverseTemperature: beta,
      evenInverseTemperature: 1.3 * beta, coupling: g)
  }

  static func chain(
    _ sites: Int, coupling: Double = 0.7, drive: Double = 0.6, dephasing: Double = 0
  ) throws -> SpinChain {
    try SpinChain(
      sites: sites, anisotropy: 0.8, left: .init(coupling: coupling, magnetization: drive),
      right: .init(coupling: coupling, magnetization: -drive), dephasing: dephasing)
  }

  /// Largest difference of matrix elements between equal spaces.
  static func difference(_ a: any QuantumState, _ b: any QuantumState) -> Double {
    distance(a.density().elements, b.density().elements)
  }

  @Test(
    "every route finds the same state of a ring", arguments: [Method.direct, .complex, .sylvester, .krylov])
  func ringAgrees(method: Method) throws {
    for (rotors, positions) in [(2, 4), (3, 3), (4, 2)] {
      let ring = try Self.ring(rotors, positions: positions)
      let generator = try ring.generator()
      let exact = try SteadyStateSolver(method: .dense).solve(generator, symmetries: ring.symmetries())
      let found = try SteadyStateSolver(method: method).solve(generator, symmetries: ring.symmetries())
      // The iteration stops at 1e-11 of the right-hand side; the slowest rate is some 0.1.
      #expect(Self.difference(found.state, exact.state) < 1e-10)
      #expect(found.certificate.unique == true && found.certificate.failure == nil)
      #expect(found.certificate.method.hasPrefix(method == .direct ? "sparse" : method.rawValue))
      #expect(abs((found.certificate.minEigenvalue ?? -1) - (exact.certificate.minEigenvalue ?? 1)) < 1e-10)
      #expect(abs(try found.state.entropy() - exact.state.entropy()) < 1e-9)
      #expect(abs(found.state.purity - exact.state.purity) < 1e-10)
      #expect(abs(found.state.l1Coherence - exact.state.l1Coherence) < 1e-8)
    }
  }

  @Test("blocks find the state of a driven chain, with and without symmetries and dephasing")
  func chainAgrees() throws {
    for (sites, dephasing) in [(3, 0.0), (4, 0.3), (5, 0)] {
      let chain = try Self.chain(sites, dephasing: dephasing)
      let generator = try chain.generator()
      let exact = try SteadyStateSolver(method: .direct).solve(generator)
      for symmetries in [[], chain.symmetries()] {
        let found = try SteadyStateSolver(method: .sylvester).solve(generator, symmetries: symmetries)
        #expect(Self.difference(found.state, exact.state) < 1e-12)
        #expect(found.certificate.unique == true)
        let theorems = ["irreducible: jumps in adjoint pairs", "trivial commutant"]
        #expect(theorems.contains(found.certificate.uniquenessMethod))
      }
    }
  }

  @Test("results do not depend on the number of threads", arguments: [Method.sylvester, .krylov])
  func threads(method: Method) throws {
    let ring = try Self.ring(3)
    let states = try [1, 2, 3].map {
      try SteadyStateSolver(method: method, threads: $0).solve(
        ring.generator(), symmetries: ring.symmetries()
      ).state.density().elements
    }
    #expect(states[1] == states[0] && states[2] == states[0])
  }

  @Test(
    "hot, cold and weakly coupled rings: the right state by some route",
    arguments: [(1e-3, 0.2, 0.4), (20, 0.2, 0.4), (1, 1e-6, 0.4), (1, 100, 0.4), (10, 0.2, 0.01)])
  func extremes(_ given: (beta: Double, g: Double, f: Double)) throws {
    let ring = try Self.ring(3, f: given.f, beta: given.beta, g: given.g)
    let generator = try ring.generator()
    let exact = try SteadyStateSolver(method: .dense).solve(generator, symmetries: ring.symmetries())
    let found = try SteadyStateSolver().solve(generator, symmetries: ring.symmetries())
    #expect(Self.difference(found.state, exact.state) < 1e-8)
    // A route that is asked for finds it or says why not.
    for method in [Method.sylvester, .krylov] {
      do {
        let asked = try SteadyStateSolver(method: method).solve(generator, symmetries: ring.symmetries())
        #expect(Self.difference(asked.state, exact.state) < 1e-7)
      } catch SolverError.notConverged(let residual, _) {
        #expect(method == .krylov && residual.isFinite)
      }
    }
  }

  @Test("several steady states are an error on every route, also where symmetries hide them")
  func degenerate() throws {
    // Without baths at the ends dephasing conserves the magnetization: one steady state per sector.
    let chain = try Self.chain(3, coupling: 0, dephasing: 0.5)
    let generator = try chain.generator()
    for method in [Method.automatic, .direct, .sylvester] {
      for symmetries in [[], chain.symmetries()] {
        let error = #expect(throws: SolverError.self) {
          try SteadyStateSolver(method: method).solve(generator, symmetries: symmetries)
        }
        guard case .notUnique(let count, _, _) = error else {
          Issue.record("\(method) gave \(String(describing: error))")
          continue
        }
        #expect(count >= 2 && count <= 4)
      }
    }
  }

  @Test(
    "a symmetry that does not hold is named with its size", arguments: [Method.sylvester, .krylov, .direct])
  func falseSymmetry(method: Method) throws {
    let ring = try Self.ring(3)
    let wrong = PermutationSymmetry(name: "exchange of two rotors", on: ring.space) { [$0[1], $0[0], $0[2]] }
    let error = #expect(throws: SolverError.self) {
      try SteadyStateSolver(method: method).solve(ring.generator(), symmetries: [wrong])
    }
    guard case .symmetryViolated(name: "exchange of two rotors", let size) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(size > 1e-3)
  }

  @Test("what does not fit or does not apply is refused")
  func refusals() throws {
    let ring = try Self.ring(4)
    let error = #expect(throws: SolverError.self) {
      try SteadyStateSolver(memoryLimit: 20_000).solve(ring.generator(), symmetries: ring.symmetries())
    }
    guard case .tooLarge(let bytes, limit: 20_000, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bytes > 20_000)
    #expect(throws: SolverError.self) {
      try SteadyStateSolver(method: .krylov).solve(try Self.chain(3).generator())
    }
  }

  @Test("one orbit of populations and nothing else: the trace decides", arguments: Method.allCases)
  func singleUnknown(method: Method) throws {
    guard method != .krylov else { return }  // needs classical rates
    let space = qubits(1)
    let bath = Bath(name: "bath")
    let generator = try LindbladGenerator(
      hamiltonian: .zero(space),
      dissipators: [SparseMatrix.pauliLowering, .pauliRaising].map {
        .jump(.local($0, at: 0, in: space), rate: 1, bath: bath)
      })
    let flip = PermutationSymmetry(name: "flip", images: [1, 0])
    let steady = try SteadyStateSolver(method: method).solve(generator, symmetries: [flip])
    #expect(steady.state.populations.allSatisfy { abs($0 - 0.5) < 1e-14 })
  }

  @Test("routes are ranked by cost; the ring of eight rotors is not factorized")
  func ranking() throws {
    func routes(_ machine: some Machine, _ solver: SteadyStateSolver = .init()) throws -> PointPlan {
      try machine.plan(PointRequest(state: "steady", observables: ["energy"], solver: solver))
    }
    let large = try routes(ChiralClockMachine(["M": .integer(8)]))
    #expect(large.route == "krylov" && large.unknowns == 1_803_735)
    #expect(Set(large.alternatives.map(\.method)) == [.direct, .sylvester])
    #expect(zip(large.alternatives, large.alternatives.dropFirst()).allSatisfy { $0.seconds <= $1.seconds })
    let asked = try routes(ChiralClockMachine(["M": .integer(8)]), .init(method: .sylvester))
    #expect(asked.route == "sylvester" && asked.bytes < 1 << 30)
    #expect(try routes(SpinChainMachine(["N": .integer(10)])).route == "sylvester")
    #expect(try routes(ChiralClockMachine(["M": .integer(2)])).route == "dense")
  }

  @Test("the ring of six rotors: golden currents", arguments: [(Method.krylov, 0.45), (.automatic, 0.05)])
  func golden(method: Method, f: Double) throws {
    let machine = try ChiralClockMachine(["M": .integer(6), "f": .real(f)])
    // Near f = 0 slow modes magnify the residual; heat is where it shows first.
    let names = ["J_tun_even", "J_tun_odd", "J_th_even", "J_th_odd", "QD_even", "Sigma"]
    let result = try machine.compute(
      PointRequest(state: "steady", observables: names, solver: SteadyStateSolver(method: method)))
    let golden = try GoldenFile("rotors")("fig2-3-f-M6")
    let row = try #require(golden.rows.first { $0[0] == f })
    for (name, value) in zip(names, result.rows[0]) {
      #expect(golden.deviation(value, from: row[try #require(golden.position(of: name))]) <= 1)
    }
  }
}
