import NESSKit
import Numerics
import Testing

@Suite("Uniqueness")
struct UniquenessTests {
  static let bath = Bath(name: "bath", inverseTemperature: 1)

  static func ring(_ f: Double, _ couplings: [Double], positions: Int = 3) throws -> LindbladGenerator {
    try ChiralClockRing(
      rotors: couplings.count, positions: positions, f: f,
      phases: couplings.indices.map { 0.4 + 0.3 * Double($0) },
      inverseTemperatures: couplings.indices.map { 0.6 + 0.5 * Double($0) }, couplings: couplings
    ).generator()
  }

  static func make(
    _ sites: Int, _ hamiltonian: (HilbertSpace) -> Operator, _ jumps: (HilbertSpace) -> [(Operator, Double)]
  ) throws -> LindbladGenerator {
    let space = qubits(sites)
    return try LindbladGenerator(
      hamiltonian: hamiltonian(space), dissipators: jumps(space).map { .jump($0.0, rate: $0.1, bath: bath) })
  }

  static func at(_ matrix: SparseMatrix, _ site: Int, _ space: HilbertSpace) -> Operator {
    .local(matrix, at: site, in: space)
  }

  static func coupled(_ space: HilbertSpace, _ strength: Double = 1) -> Operator {
    strength * (at(.pauliX, 0, space) * at(.pauliX, 1, space) + at(.pauliY, 0, space) * at(.pauliY, 1, space))
      + 0.3 * at(.pauliZ, 0, space) + 0.8 * at(.pauliZ, 1, space)
  }

  /// Every generator with its brute-force nullity above one.
  static let several = [
    System("no bath") { try make(2, { coupled($0) }, { _ in [] }) },
    System("no bath, H = 0") { try make(1, { .zero($0) }, { _ in [] }) },
    System("bath with rate 0") { try make(1, { at(.pauliX, 0, $0) }, { [(at(.pauliLowering, 0, $0), 0)] }) },
    System("all g = 0") { try ring(0.4, [0, 0]) },
    System("f = 0, one g = 0") { try ring(0, [0.2, 0]) },
    System("decoupled qubit") {
      try make(
        2, { 0.3 * at(.pauliZ, 0, $0) },
        { [(at(.pauliLowering, 0, $0), 0.5), (at(.pauliRaising, 0, $0), 0.2)] })
    },
    System("decoupled qubit with a field along x") {
      try make(
        2, { 0.3 * at(.pauliZ, 0, $0) + 0.7 * at(.pauliX, 1, $0) },
        { [(at(.pauliLowering, 0, $0), 0.5), (at(.pauliRaising, 0, $0), 0.2)] })
    },
    System("two dark states") {
      // |11> decays into |00> and |01>, which stay.
      try make(
        2, { 0.4 * at(.pauliZ, 0, $0) + 0.3 * at(.pauliZ, 1, $0) },
        { space in
          [0, 1].map { (Operator.transition(from: 3, to: $0, in: space), 0.5) } + [
            (.transition(from: 2, to: 0, in: space), 1)
          ]
        })
    },
    System("levels that decay as one: dark superpositions, which the state found does not touch") {
      let space = HilbertSpace([.levels(4)])
      let decay = [0.3, 0.7, 1.1].enumerated().reduce(Operator.zero(space)) {
        $0 + $1.element * .transition(from: $1.offset + 1, to: 0, in: space)
      }
      return try LindbladGenerator(
        hamiltonian: .zero(space), dissipators: [.jump(decay, rate: 1, bath: bath)])
    },
    System("dephasing only") {
      try make(
        2, { 0.4 * at(.pauliZ, 0, $0) + 0.3 * at(.pauliZ, 1, $0) },
        { [(at(.pauliZ, 0, $0), 0.5), (at(.pauliZ, 1, $0), 0.3)] })
    },
    System("strong symmetry: jumps and Hamiltonian conserve the parity sigma^x sigma^x") {
      try make(
        2, { 0.4 * at(.pauliX, 0, $0) + 0.6 * at(.pauliZ, 0, $0) * at(.pauliZ, 1, $0) },
        { [(at(.pauliX, 1, $0), 0.5), (at(.pauliZ, 0, $0) * at(.pauliZ, 1, $0), 0.3)] })
    },
    System("conserved sigma^x of one qubit: populations alone look unique") {
      try make(1, { 0.4 * at(.pauliX, 0, $0) }, { [(at(.pauliX, 0, $0), 0.5)] })
    },
    System("conserved sigma^x beside a qubit at temperature zero: not faithful") {
      try make(
        2, { 0.4 * at(.pauliX, 0, $0) }, { [(at(.pauliX, 0, $0), 0.5), (at(.pauliLowering, 1, $0), 0.8)] })
    },
    System("Pauli jumps X1 and Z1 X2: a commutant that is not commutative") {
      try make(
        2, { .zero($0) }, { [(at(.pauliX, 0, $0), 0.5), (at(.pauliZ, 0, $0) * at(.pauliX, 1, $0), 0.8)] })
    },
    System("one-way classical jumps into two states") {
      try LindbladGenerator(
        hamiltonian: .zero(HilbertSpace([.levels(3)])),
        dissipators: [
          .transitions(
            RealSparseMatrix(rows: 3, columns: 3, entries: [(0, 1, 0.4), (2, 1, 0.7)]), bath: bath)
        ])
    },
    System("two spins in one collective bath") {
      try make(
        2, { 0.4 * (at(.pauliZ, 0, $0) + at(.pauliZ, 1, $0)) },
        { space in
          let lower = at(.pauliLowering, 0, space) + at(.pauliLowering, 1, space)
          return [(lower, 0.6), (lower.adjoint, 0.2)]
        })
    },
  ]

  @Test(
    "more than one steady state is an error that counts them", arguments: several,
    SteadyStateSolver.Method.allCases)
  func severalStates(system: System, method: SteadyStateSolver.Method) throws {
    let generator = try system.make()
    let nullity = try bruteForceNullity(generator.terms())
    #expect(nullity > 1)
    do {
      let steady = try SteadyStateSolver(method: method).solve(generator)
      Issue.record(
        "nullity \(nullity), but solved with \(steady.certificate.uniquenessMethod), unique \(String(describing: steady.certificate.unique))"
      )
    } catch .unavailable where method == .krylov {
      // Jump operators.
      #expect(!generator.terms().jumps.isEmpty)
    } catch .singular where method == .complex {
      // Null vectors with parts that no real form of the sector has: more than one state, but how many was not counted.
    } catch .notConverged where method == .krylov {
      // A probe of a singular generator does not end.
    } catch {
      let found = try #require(error.several, "\(method): \(error)")
      #expect(
        found.exact ? found.count == nullity : found.count > 1 && found.count <= nullity,
        "\(error); nullity \(nullity)")
    }
  }

  @Test("f = 0 with one g = 0 leaves exactly Ns states", arguments: [2, 3, 4])
  func frozenRotor(positions: Int) throws {
    let generator = try Self.ring(0, [0.2, 0], positions: positions)
    let error = #expect(throws: SolverError.self) { try SteadyStateSolver().solve(generator) }
    let found = try #require(error?.several)
    #expect(found == (positions, true))
  }

  static let unique = [
    System("f > 0, one g = 0, M = 2") { try ring(0.4, [0.2, 0]) },
    System("f > 0, all g > 0") { try ring(0.4, [0.2, 0.1]) },
    System("dark state: both qubits decay") {
      try make(2, { coupled($0) }, { [(at(.pauliLowering, 0, $0), 0.5), (at(.pauliLowering, 1, $0), 0.7)] })
    },
    System("dark state, one qubit decays, the other is coupled to it") {
      try make(2, { coupled($0) }, { [(at(.pauliLowering, 0, $0), 0.5)] })
    },
    System("driven qubit") {
      try make(1, { at(.pauliX, 0, $0) + 0.2 * at(.pauliZ, 0, $0) }, { [(at(.pauliLowering, 0, $0), 0.5)] })
    },
    System("irreducible Pauli jumps") {
      try make(1, { .zero($0) }, { [(at(.pauliX, 0, $0), 0.5), (at(.pauliZ, 0, $0), 0.7)] })
    },
    System("one bath at the end of a coupled pair") {
      try make(2, { coupled($0) }, { [(at(.pauliLowering, 0, $0), 0.5), (at(.pauliRaising, 0, $0), 0.2)] })
    },
    System("zero temperature limit of the ring: uphill rates underflow") {
      try ChiralClockRing(
        rotors: 2, f: 0.4, phases: [0.4, 0.9], inverseTemperatures: [1500, 1200], couplings: [0.2, 0.1]
      ).generator()
    },
  ]

  @Test("a single steady state is found and shown to be the only one", arguments: unique)
  func single(system: System) throws {
    let generator = try system.make()
    #expect(try bruteForceNullity(generator.terms()) == 1)
    let steady = try SteadyStateSolver().solve(generator)
    #expect(steady.certificate.unique == true)
    #expect(distance(steady.state.density(), bruteForceSteadyState(generator)) < 1e-12)
  }

  @Test(
    "the proof of uniqueness is the cheapest that applies",
    arguments: zip(
      [0, 2, 4],
      [
        "irreducible jump graph", "singular values of the whole generator",
        "simple null space of the full problem",
      ]))
  func proofs(index: Int, method: String) throws {
    #expect(try SteadyStateSolver().solve(Self.unique[index].make()).certificate.uniquenessMethod == method)
  }

  @Test("slow but unique: all rates 1e-9 of the energies", arguments: [1e-3, 1e-6, 1e-9])
  func slow(rate: Double) throws {
    // Perturbation theory: at vanishing rates the state is diagonal in the energy basis; the exact current is the closed form.
    let space = qubits(2)
    let plus = (0..<2).map { Operator.local(.pauliRaising, at: $0, in: space) }
    let exchange = plus[0] * plus[1].adjoint
    let generator = try LindbladGenerator(
      hamiltonian: 0.5 * (exchange + exchange.adjoint),
      dissipators: (0..<2).flatMap { k in
        thermalJumps(
          k, space, up: rate * (k == 0 ? 1 : 3), down: rate * (k == 0 ? 5 : 4), bath: Bath(name: "\(k)"))
      })
    let steady = try SteadyStateSolver().solve(generator)
    #expect(steady.certificate.unique == true)
    let (g1, g2) = (6 * rate, 7 * rate)
    let current = g1 * g2 * (3.0 / 7 - 1.0 / 6) / ((g1 + g2) * (g1 * g2 + 1))
    let absorbed = steady.state.expectation(
      of: generator.adjointDissipator(of: Bath(name: "1"), on: plus[1] * plus[1].adjoint)
    ).real
    #expect(abs(absorbed / current - 1) < 1e-16 / rate + 1e-13)
  }

  @Test("a symmetric sector that looks unique does not hide other states")
  func hiddenBySymmetry() throws {
    // Two qubits, exchanged by the symmetry; jumps between |01> and |10> only, and within |00>, |11>.
    let space = qubits(2)
    func jump(_ from: Int, _ to: Int) -> Dissipator {
      .jump(.transition(from: from, to: to, in: space), rate: 0.5, bath: Self.bath)
    }
    let frozen = try LindbladGenerator(
      hamiltonian: .zero(space),
      dissipators: [jump(0, 3), jump(3, 0), jump(0, 1), jump(0, 2), jump(3, 1), jump(3, 2)])
    let exchange = PermutationSymmetry(name: "exchange", on: space) { $0.reversed() }
    #expect(try bruteForceNullity(frozen.terms()) > 1)
    let parity = try Self.make(
      2, { 0.4 * (Self.at(.pauliX, 0, $0) + Self.at(.pauliX, 1, $0)) },
      { [(Self.at(.pauliX, 0, $0), 0.5), (Self.at(.pauliX, 1, $0), 0.5)] })
    #expect(try bruteForceNullity(parity.terms()) > 1)
    let flips = (0..<2).map { site in
      PermutationSymmetry(name: "flip \(site)", on: space) { levels in
        levels.enumerated().map { $0.offset == site ? 1 - $0.element : $0.element }
      }
    }
    let ring = try ChiralClockRing(
      rotors: 2, f: 0, phases: [0, 0], inverseTemperatures: [1, 1], couplings: [0, 0.2])
    for (generator, symmetries) in [
      (frozen, [exchange]), (parity, [exchange] + flips), (try ring.generator(), [ring.clockShift()]),
    ] {
      let error = #expect(throws: SolverError.self) {
        try SteadyStateSolver().solve(generator, symmetries: symmetries)
      }
      #expect(error?.several != nil, "\(String(describing: error))")
    }
  }

  @Test("decay off the diagonal may keep what the Hamiltonian couples dark")
  func darkStates() throws {
    let space = HilbertSpace([.levels(3)])
    func t(_ from: Int, _ to: Int) -> Operator { .transition(from: from, to: to, in: space) }
    let hop = Complex(0, 0.5) * (t(0, 1) + t(2, 1))
    let generator = try LindbladGenerator(
      hamiltonian: hop + hop.adjoint,
      dissipators: [
        .jump(t(0, 0), rate: 0.4, bath: Self.bath), .jump(t(2, 2), rate: 0.7, bath: Self.bath),
        .jump(t(0, 0) + t(1, 0), rate: 1, bath: Self.bath),
        .jump(t(2, 2) + t(1, 2), rate: 1, bath: Self.bath),
      ])
    #expect(try bruteForceNullity(generator.terms()) == 2)
    for method in [SteadyStateSolver.Method.automatic, .dense, .direct] {
      let error = #expect(throws: SolverError.self) { try SteadyStateSolver(method: method).solve(generator) }
      #expect(error?.several != nil, "\(String(describing: error))")
    }
  }

  @Test("jumps count as a pair when one is the adjoint of the other, not with other places or sizes")
  func adjointPairs() throws {
    let space = HilbertSpace([.levels(3)])
    func t(_ from: Int, _ to: Int) -> Operator { .transition(from: from, to: to, in: space) }
    func proof(_ jump: Operator, _ other: Operator) throws -> String {
      let generator = try LindbladGenerator(
        hamiltonian: .zero(space),
        dissipators: [.jump(jump, rate: 0.5, bath: Self.bath), .jump(other, rate: 0.3, bath: Self.bath)])
      return try SteadyStateSolver().solve(generator).certificate.uniquenessMethod
    }
    let pairs = "irreducible: jumps in adjoint pairs"
    let turning = t(0, 1) + Complex(0, 2) * t(1, 2)
    #expect(try proof(turning, turning.adjoint) == pairs)
    #expect(try proof(turning, t(1, 0) + Complex(0, 2) * t(2, 1)) != pairs)
    #expect(try proof(t(0, 1) + t(1, 2), t(1, 0) + 2 * t(2, 1)) != pairs)
  }
}
