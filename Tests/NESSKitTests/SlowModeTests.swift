import NESSKit
import Numerics
import Testing

/// A residual below the tolerance says nothing about a mode that decays more slowly than that.
@Suite("Slow modes and large offsets")
struct SlowModeTests {
  typealias Method = SteadyStateSolver.Method
  static let bath = Bath(name: "bath", inverseTemperature: 1)

  /// Two pairs of levels, each with fast jumps, linked by slow ones from 1 to 2 and three times as fast back.
  static func linked(_ link: Double) throws -> LindbladGenerator {
    let space = HilbertSpace([.levels(4)])
    let hamiltonian = SparseMatrix(
      rows: 4, columns: 4,
      entries: [(0, 1, 0.3), (1, 0, 0.3), (1, 1, 1), (2, 2, 0.5), (2, 3, 0.2), (3, 2, 0.2), (3, 3, 0.1)].map {
        (row: $0.0, column: $0.1, value: Complex($0.2))
      })
    let rates = RealSparseMatrix(
      rows: 4, columns: 4,
      entries: [(1, 0, 1), (0, 1, 0.5), (3, 2, 0.7), (2, 3, 0.9), (2, 1, link), (1, 2, 3 * link)])
    return try LindbladGenerator(
      hamiltonian: Operator(space: space, matrix: hamiltonian), dissipators: [.transitions(rates, bath: bath)]
    )
  }

  @Test(
    "weakly linked parts: detailed balance between them, or an error",
    arguments: [1e-4, 1e-7, 1e-8, 1e-9, 1e-12, 1e-13, 1e-14])
  func weakLink(link: Double) throws {
    let generator = try Self.linked(link)
    for method in Method.allCases {
      do {
        let steady = try SteadyStateSolver(method: method).solve(generator)
        let populations = steady.state.populations
        let deviation = abs(populations[1] / (3 * populations[2]) - 1)
        // Populations are a few tenths, so that the bound on their error is that of the balance up to a factor of ten.
        let bound = try #require(method == .complex ? 1e-3 : steady.certificate.errorBound)
        #expect(deviation < 10 * bound && deviation < 1e-3, "\(method): \(deviation), bound \(bound)")
        #expect(link >= 1e-12 || method == .complex)
      } catch SolverError.singular {
        #expect(link <= 1e-9 || method == .complex)
      } catch SolverError.notConverged { #expect(link <= 1e-9 && method == .krylov) }
    }
  }

  static func chain(
    offset: Double = 0, field: Double = 0, dephasing: Double = 0, bath strength: Double = 1,
    unit: Double = 1
  ) throws -> LindbladGenerator {
    let space = qubits(6)
    func at(_ matrix: SparseMatrix, _ site: Int) -> Operator { .local(matrix, at: site, in: space) }
    var hamiltonian = Operator(
      space: space, matrix: .diagonal((0..<64).map { _ in Complex<Double>(offset) }))
    for site in 0..<5 {
      for (matrix, strength) in [(SparseMatrix.pauliX, 1.0), (.pauliY, 1), (.pauliZ, 0.7)] {
        hamiltonian = hamiltonian + strength * (at(matrix, site) * at(matrix, site + 1))
      }
    }
    for site in 0..<6 { hamiltonian = hamiltonian + (field + 0.1 * Double(site)) * at(.pauliZ, site) }
    let ends: [(SparseMatrix, Int, Double)] = [
      (.pauliLowering, 0, 0.6), (.pauliRaising, 5, 0.8), (.pauliRaising, 0, 0.1), (.pauliLowering, 5, 0.05),
    ]
    return try LindbladGenerator(
      hamiltonian: unit * hamiltonian,
      dissipators: ends.map { .jump(at($0.0, $0.1), rate: unit * strength * $0.2, bath: Self.bath) }
        + (dephasing > 0
          ? (0..<6).map { .jump(at(.pauliZ, $0), rate: unit * dephasing, bath: Self.bath) } : []))
  }

  @Test("strong dephasing: the state of the factorization, not what the iteration leaves")
  func strongDephasing() throws {
    let generator = try Self.chain(dephasing: 1e6)
    let exact = try SteadyStateSolver(method: .direct).solve(generator)
    let found = try SteadyStateSolver().solve(generator)
    // Transport along the chain is 1e-13 of the dephasing.
    #expect(RouteTests.difference(exact.state, found.state) < 1e-4)
    #expect(throws: SolverError.self) { try SteadyStateSolver(method: .sylvester).solve(generator) }
  }

  @Test("weak baths: rounds go on until the state is right")
  func weakBaths() throws {
    let generator = try Self.chain(bath: 1e-7)
    let exact = try SteadyStateSolver(method: .direct).solve(generator)
    let found = try SteadyStateSolver(method: .sylvester).solve(generator)
    // A residual of 1e-14 alone left an error of 5e-8.
    #expect(RouteTests.difference(exact.state, found.state) < 3e-9)
    let bound = try #require(found.certificate.errorBound)
    #expect(bound > 1e-9 && bound < 1e-4)
  }

  @Test("a common energy or a uniform field of 1e6 changes neither state nor verdict")
  func offsets() throws {
    let plain = try SteadyStateSolver(method: .direct).solve(Self.chain())
    for (generator, accuracy) in [(try Self.chain(offset: 1e6), 1e-9), (try Self.chain(field: 1e6), 1e-9)] {
      for method in [Method.direct, .sylvester] {
        let found = try SteadyStateSolver(method: method).solve(generator)
        #expect(RouteTests.difference(plain.state, found.state) < accuracy)
        #expect(found.certificate.unique == true && found.certificate.uniquenessMethod == "trivial commutant")
      }
    }
  }

  @Test("equal jump operators on both ends, listed in turn: their images compose like the reflection")
  func equalJumps() throws {
    let space = qubits(3)
    func at(_ matrix: SparseMatrix, _ site: Int) -> Operator { .local(matrix, at: site, in: space) }
    var hamiltonian = 0.3 * (at(.pauliX, 0) + at(.pauliX, 2))
    for site in 0..<2 { hamiltonian = hamiltonian + at(.pauliX, site) * at(.pauliX, site + 1) }
    let mirror = PermutationSymmetry(name: "mirror", on: space) { [$0[2], $0[1], $0[0]] }
    for sites in [[0, 2, 0, 2], [0, 0, 2, 2], [0, 2, 2, 0], [2, 0, 0, 2, 2, 0]] {
      let generator = try LindbladGenerator(
        hamiltonian: hamiltonian,
        dissipators: (sites + [1]).map { .jump(at(.pauliLowering, $0), rate: 0.7, bath: Self.bath) })
      let exact = try SteadyStateSolver(method: .dense).solve(generator)
      let found = try SteadyStateSolver(method: .sylvester).solve(generator, symmetries: [mirror])
      #expect(RouteTests.difference(exact.state, found.state) < 1e-12)
    }
  }

  @Test("the error bound holds for whatever weak link, by blocks and by a simpler generator")
  func boundsOfWeakLinks() throws {
    var refused = 0
    for exponent in stride(from: -14.0, through: -7, by: 0.05) {
      let generator = try Self.linked(Double.exp10(exponent))
      for simpler in [nil, try Self.linked(0.01)] {
        do {
          let steady =
            try simpler.map { try SteadyStateSolver().solve(generator, preconditionedBy: $0) }
            ?? SteadyStateSolver(method: .sylvester).solve(generator)
          let populations = steady.state.populations
          let bound = try #require(steady.certificate.errorBound)
          // The two populations of the balance are 0.1 to 0.3 of the largest.
          #expect(
            abs(populations[1] / (3 * populations[2]) - 1) < 10 * bound,
            "link 1e\(exponent), bound \(bound), \(steady.certificate.method)")
        } catch SolverError.singular { refused += 1 } catch SolverError.notConverged { refused += 1 }
      }
    }
    #expect(refused > 0 && refused < 250)
  }

  @Test("a weak tie between two halves of a chain is no conserved quantity", arguments: [1e-7, 1e-5, 1e-3])
  func weakTie(tie: Double) throws {
    let space = qubits(6)
    func at(_ matrix: SparseMatrix, _ site: Int) -> Operator { .local(matrix, at: site, in: space) }
    var hamiltonian = Operator.zero(space)
    for site in 0..<5 {
      let strength = site == 2 ? tie : 1
      for matrix in [SparseMatrix.pauliX, .pauliY, .pauliZ] {
        hamiltonian = hamiltonian + (strength * 0.6) * (at(matrix, site) * at(matrix, site + 1))
      }
    }
    for site in 0..<6 { hamiltonian = hamiltonian + (0.1 * Double(site)) * at(.pauliZ, site) }
    // Dephasing alone keeps what a chain conserves: the magnetization of each half, if nothing tied them.
    let generator = try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: [
        .jump(at(.pauliLowering, 0), rate: 0.5, bath: Self.bath),
        .jump(at(.pauliRaising, 0), rate: 0.2, bath: Self.bath),
        .jump(at(.pauliZ, 5), rate: 1, bath: Self.bath),
      ])
    do {
      let steady = try SteadyStateSolver().solve(generator)
      #expect(steady.certificate.unique == true && tie > 1e-6)
    } catch {
      // Rates of the square of the tie: rounding, beside the others.
      var isAboutRates = false
      if case SolverError.notUnique = error { isAboutRates = true }
      if case SolverError.singular = error { isAboutRates = true }
      #expect(tie < 1e-6 && isAboutRates, "\(error)")
    }
  }

  @Test(
    "rates of ninety orders of magnitude, or beyond the smallest number: a factorization along the diagonal keeps them",
    arguments: [50.0, 200])
  func coldEquilibrium(beta: Double) throws {
    let ring = try ChiralClockRing(
      rotors: 6, f: 0, phases: (0..<6).map { $0 % 2 == 0 ? 1.57 : -1.57 },
      inverseTemperatures: [Double](repeating: beta, count: 6), couplings: [Double](repeating: 0.2, count: 6))
    let steady = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries())
    #expect(steady.certificate.method.hasPrefix("sparse-lu"))
    let energies = ring.hamiltonian().diagonal.map(\.real)
    let lowest = try #require(energies.min())
    let weights = energies.map { Double.exp(-beta * ($0 - lowest)) }
    let sum = weights.reduce(0, +)
    let largest = zip(steady.state.populations, weights).map { abs($0 - $1 / sum) }.max()
    #expect(try #require(largest) < 1e-12)
  }

  @Test(
    "weak links between ladders of all sizes: the balance within its bound, or an error, by the automatic route"
  )
  func weakLadders() throws {
    var solved = 0
    for size in stride(from: 13, through: 61, by: 8) {
      for (link, left) in [(1e-4, size / 2), (1e-10, size / 3), (1e-12, size / 2), (1e-12, 3 * size / 4)] {
        let space = HilbertSpace([.levels(size)])
        func step(_ pairs: [(Int, Int)]) -> Operator {
          Operator(space: space, entries: pairs.map { (row: $0.0, column: $0.1, value: .one) })
        }
        let down = (0..<(size - 1)).filter { $0 != left - 1 }.map { ($0, $0 + 1) }
        let up = down.map { ($0.1, $0.0) }
        let generator = try LindbladGenerator(
          hamiltonian: step(down + up),
          dissipators: [
            .jump(step(down), rate: 1, bath: Self.bath), .jump(step(up), rate: 1, bath: Self.bath),
            .jump(step([(0, left)]), rate: link, bath: Self.bath),
            .jump(step([(left, 0)]), rate: 3 * link, bath: Self.bath),
          ])
        do {
          let steady = try SteadyStateSolver().solve(generator)
          let bound = try #require(
            steady.certificate.errorBound, "\(size), \(link): \(steady.certificate.method)")
          let found = steady.state.populations[..<left].reduce(0, +)
          // Every level of a part is equally occupied, and the parts by balance of the link.
          let exact = 1 / (1 + 3 * Double(size - left) / Double(left))
          #expect(
            abs(found - exact) <= 100 * bound,
            "\(size), \(left), \(link): \(found) for \(exact), bound \(bound)")
          solved += 1
        } catch SolverError.singular {
        } catch SolverError.notUnique { #expect(link <= 1e-10) } catch SolverError.notConverged {}
      }
    }
    #expect(solved >= 7)
  }

  @Test(
    "two rings of classical states with links of any weakness: one half in each, or an error",
    arguments: [Method.automatic, .dense, .direct, .banded], [3, 9])
  func weakRings(method: Method, size: Int) throws {
    var solved = 0
    for link in [1e-6, 1e-12, 1e-16, 1e-20, 1e-30, 1e-60, 1e-200] {
      var entries = [(row: 0, column: size, value: link), (row: size, column: 0, value: link)]
      for offset in [0, size] {
        for k in 0..<size {
          let (a, b) = (offset + k, offset + (k + 1) % size)
          entries += [(b, a, 0.1 * Double(k + 1) / 3), (a, b, 0.07 * Double(k + 2) / 3)]
        }
      }
      let rates = RealSparseMatrix(rows: 2 * size, columns: 2 * size, entries: entries)
      let space = HilbertSpace([.levels(2 * size)])
      let generator = try LindbladGenerator(
        hamiltonian: .zero(space), dissipators: [.transitions(rates, bath: Self.bath)])
      do {
        let steady = try SteadyStateSolver(method: method).solve(generator)
        let half = steady.state.populations[..<size].reduce(0, +)
        // A bound of 1e-14 used to come with a state that left one of the rings empty.
        #expect(abs(half - 0.5) < 1e-4, "link \(link): \(half)")
        solved += 1
      } catch {
        switch error {
        case .singular, .notConverged: break
        default: throw error
        }
      }
    }
    #expect(solved > 0)
  }

  @Test("a slow chain that the automatic route cuts short goes to another one")
  func slowChain() throws {
    let chain = try SpinChain(
      sites: 6, couplings: [1, 1e-4, 1, 1, 1], anisotropies: [1, 1, 1, 1, 1], fields: [0, 0, 0, 0, 0, 0],
      left: .init(coupling: 1, magnetization: 0.5), right: .init(coupling: 0, magnetization: -1),
      dephasing: [0, 0, 0, 0, 0, 0])
    let steady = try SteadyStateSolver().solve(chain.generator(), symmetries: chain.symmetries())
    let bound = try #require(steady.certificate.errorBound)
    for site in 0..<6 {
      let found = steady.state.expectation(of: chain.magnetization(ofSite: site)).real
      #expect(abs(found - 0.5) < 1e-6 + 100 * bound, "\(site): \(found), bound \(bound)")
    }
    #expect(bound < 1e-4)
  }
}
