import NESSKit
import Numerics
import Testing

/// A named way to make a generator.
struct System: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let make: @Sendable () throws -> LindbladGenerator
  init(_ name: String, _ make: @escaping @Sendable () throws -> LindbladGenerator) {
    (testDescription, self.make) = (name, make)
  }
}

@Suite("Steady states")
struct SteadyStateTests {
  static let bath = Bath(name: "bath", inverseTemperature: 1)
  static let routes: [SteadyStateSolver.Method] = [.dense, .direct, .automatic, .complex]

  static func solve(_ generator: LindbladGenerator, _ method: SteadyStateSolver.Method = .automatic) throws
    -> SteadyState
  {
    try SteadyStateSolver(method: method).solve(generator)
  }

  @Test("a qubit in a thermal bath has the populations up : down of its rates", arguments: routes)
  func thermalQubit(method: SteadyStateSolver.Method) throws {
    let space = qubits(1)
    let generator = try LindbladGenerator(
      hamiltonian: 0.5 * .local(.pauliZ, at: 0, in: space),
      dissipators: thermalJumps(0, space, up: 0.2, down: 0.6, bath: Self.bath))
    let state = try Self.solve(generator, method).state.density()
    #expect(distance(state, .diagonal([0.75, 0.25], in: space)) < 1e-15)
  }

  @Test("a driven qubit obeys the optical Bloch equations, coherences included", arguments: routes)
  func drivenQubit(method: SteadyStateSolver.Method) throws {
    // H = delta |1><1| + (omega/2) sigma^x, decay at rate gamma, dephasing D[sigma^z] at rate kappa/2. With r = rho_10 in the frame of
    // the drive: 0 = -i delta r - (gamma/2 + kappa) r - i (omega/2)(p0 - p1), 0 = -gamma p1 + omega Im(...)
    let (delta, omega, gamma, kappa) = (0.3, 0.7, 0.5, 0.2)
    let space = qubits(1)
    let generator = try LindbladGenerator(
      hamiltonian: 0.5 * delta * .local(.pauliZ, at: 0, in: space) + 0.5 * omega
        * .local(.pauliX, at: 0, in: space),
      dissipators: [
        .jump(.local(.pauliLowering, at: 0, in: space), rate: gamma, bath: Self.bath),
        .jump(.local(.pauliZ, at: 0, in: space), rate: kappa / 2, bath: Self.bath),
      ])
    let steady = try Self.solve(generator, method)
    let transverse = gamma / 2 + kappa
    let saturation = omega * omega * transverse / (gamma * (transverse * transverse + delta * delta))
    let excited = saturation / 2 / (1 + saturation)
    let coherence = Complex(0, -omega / 2) * Complex(1 - 2 * excited) / Complex(transverse, delta)
    #expect(abs(steady.state.populations[1] - excited) < 1e-15)
    #expect((steady.state.element(1, 0) - coherence).length < 1e-15)
    #expect((steady.state.element(0, 1) - coherence.conjugate).length < 1e-15)
  }

  @Test("a damped oscillator with a cutoff has a geometric law", arguments: routes)
  func oscillator(method: SteadyStateSolver.Method) throws {
    let space = HilbertSpace([.boson(cutoff: 12)])
    let lower = Operator.local(.bosonAnnihilation(cutoff: 12), at: 0, in: space)
    let generator = try LindbladGenerator(
      hamiltonian: lower.adjoint * lower,
      dissipators: [
        .jump(lower, rate: 1.5, bath: Self.bath), .jump(lower.adjoint, rate: 0.5, bath: Self.bath),
      ])
    let populations = try Self.solve(generator, method).state.populations
    let sum = (0...12).reduce(0) { $0 + Double.pow(3, -$1) }
    for n in 0...12 { #expect(abs(populations[n] * sum * Double.pow(3, n) - 1) < 1e-12) }
  }

  @Test(
    "two coupled qubits between two baths carry the current of the closed form", arguments: routes,
    [0.05, 0.7, 4])
  func twoQubits(method: SteadyStateSolver.Method, w0: Double) throws {
    let space = qubits(2)
    let rates = [(up: 0.1, down: 0.5), (up: 0.3, down: 0.4)]
    let plus = (0..<2).map { Operator.local(.pauliRaising, at: $0, in: space) }
    let exchange = plus[0] * plus[1].adjoint
    let generator = try LindbladGenerator(
      hamiltonian: w0 / 2 * (exchange + exchange.adjoint),
      dissipators: (0..<2).flatMap { k in
        thermalJumps(k, space, up: rates[k].up, down: rates[k].down, bath: Bath(name: "\(k)"))
      })
    let steady = try Self.solve(generator, method)
    let (g1, g2) = (0.6, 0.7)
    let current = w0 * w0 * g1 * g2 * (0.3 / g2 - 0.1 / g1) / ((g1 + g2) * (g1 * g2 + w0 * w0))
    // d<n_1>/dt through the bonds: i <[H, n_1]>, from qubit 2 into qubit 1.
    let number = plus[0] * plus[0].adjoint
    let flow = Complex(0, 1) * generator.hamiltonian.commutator(with: number)
    #expect(abs(steady.state.expectation(of: flow).real - current) < 1e-15)
    for (k, sign) in [(0, -1.0), (1, 1.0)] {
      let absorbed = steady.state.expectation(
        of: generator.adjointDissipator(of: Bath(name: "\(k)"), on: plus[k] * plus[k].adjoint)
      ).real
      #expect(abs(absorbed - sign * current) < 1e-15)
    }
  }

  @Test("a boundary-driven XX chain carries the same current at every bond", arguments: routes, [3, 4])
  func chain(method: SteadyStateSolver.Method, sites: Int) throws {
    // H = (J/2) sum (s+ s- + h.c.), in and out at rate G at the ends: free fermions with correlation matrix C,
    // C_11 = ... . For equal total rates G at both ends the current is (J^2 G/(J^2 + G^2)) (f_1 - f_N) / 2, independent of length
    // (D. Karevski and T. Platini, PRL 102, 207207 (2009)), flat occupation (f_1 + f_N)/2 inside.
    let (j, g, f1, fn) = (0.9, 0.6, 0.8, 0.3)
    let space = qubits(sites)
    let plus = (0..<sites).map { Operator.local(.pauliRaising, at: $0, in: space) }
    var hamiltonian = Operator.zero(space)
    for k in 0..<(sites - 1) {
      let hop = plus[k] * plus[k + 1].adjoint
      hamiltonian += j / 2 * (hop + hop.adjoint)
    }
    let generator = try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: thermalJumps(0, space, up: g * f1, down: g * (1 - f1), bath: Bath(name: "left"))
        + thermalJumps(sites - 1, space, up: g * fn, down: g * (1 - fn), bath: Bath(name: "right")))
    let steady = try Self.solve(generator, method)
    let injected = steady.state.expectation(
      of: generator.adjointDissipator(of: Bath(name: "left"), on: plus[0] * plus[0].adjoint)
    ).real
    let expected = j * j * g / (j * j + g * g) * (f1 - fn) / 2
    #expect(abs(injected - expected) < 1e-14)
    for k in 1..<(sites - 1) {
      #expect(abs(steady.state.expectation(of: plus[k] * plus[k].adjoint).real - (f1 + fn) / 2) < 1e-14)
    }
  }

  static let systems = [
    System("random, 2 levels") { try LindbladGeneratorTests.random(HilbertSpace([.qubit]), seed: 3) },
    System("random, 2 x 3 levels") {
      try LindbladGeneratorTests.random(HilbertSpace([.qubit, .levels(3)]), seed: 4)
    },
    System("random, 9 levels") { try LindbladGeneratorTests.random(HilbertSpace([.levels(9)]), seed: 5) },
    System("chain of 3") { try ReductionTests.chain(3, lastFactor: 2) },
    System("engine N = 2") { try ReductionTests.engine(2) },
    System("rotor of 3 levels") { try ReductionTests.hybrid(-1...1) },
    System("clock ring") {
      try ChiralClockRing(
        rotors: 2, positions: 3, f: 0.4, phases: [0.3, 1.1], inverseTemperatures: [0.5, 1.5],
        couplings: [0.2, 0.3]
      ).generator()
    },
  ]

  @Test("every route agrees with elimination in the whole superoperator", arguments: systems)
  func agreement(system: System) throws {
    let generator = try system.make()
    let reference = bruteForceSteadyState(generator)
    #expect(try bruteForceNullity(generator.terms()) == 1)
    for method in Self.routes {
      let steady = try Self.solve(generator, method)
      #expect(distance(steady.state.density(), reference) < 1e-13)
      let certificate = steady.certificate
      #expect(certificate.unique == true)
      let order = generator.space.dimension
      #expect(certificate.unknownsFull == order * order)
      #expect(certificate.unknowns > 0 && certificate.unknowns <= order * order)
      #expect(
        certificate.nonzeros >= certificate.unknowns && certificate.factorNonzeros >= certificate.unknowns)
      #expect(certificate.residual < 1e-14 * certificate.rateScale)
      let change = naiveLindblad(generator, steady.state.density().elements).reduce(0) { max($0, $1.length) }
      #expect(abs(change - certificate.residual) < 1e-14 * certificate.rateScale)
      #expect(certificate.rateScale >= generator.terms().rateScale)
      #expect(certificate.traceDefect < 1e-14 && certificate.hermiticityDefect < 1e-14)
      // The real form cannot but be Hermitian; the complex one has to find it.
      #expect(method == .complex || certificate.hermiticityDefect == 0)
      #expect(abs(try #require(certificate.minEigenvalue) - reference.eigenvalues()[0]) < 1e-13)
      let condition = try #require(certificate.reciprocalCondition)
      #expect(condition > 1e-12 && condition < 1)
      #expect(certificate.peakBytes > 8 * certificate.nonzeros && certificate.seconds > 0)
      let isDense = method == .dense || (method == .automatic && certificate.unknowns <= 300)
      let sparse = method == .complex ? "complex-sparse-lu" : "sparse-lu"
      #expect(certificate.method == (isDense ? "dense-lu" : "\(sparse)(symmetric,metis)"))
    }
  }

  @Test("a tolerance or a memory limit that cannot be met is an error")
  func unmet() throws {
    let generator = try LindbladGeneratorTests.random(HilbertSpace([.levels(6)]))
    let error = #expect(throws: SolverError.self) { try SteadyStateSolver(tolerance: 1e-30).solve(generator) }
    guard case .residual(let found, let allowed, let scale)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(found > allowed && abs(allowed / scale - 1e-30) < 1e-43)
    // 36 unknowns: too many slots for 5000 bytes, and a matrix of 10368 bytes.
    for limit in [5_000, 10_000] {
      let error = #expect(throws: SolverError.self) {
        try SteadyStateSolver(memoryLimit: limit).solve(generator)
      }
      guard case .tooLarge(let bytes, let allowed, _)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(bytes > limit && allowed == limit)
    }
  }

  @Test("a generator that is none is refused: its null vector is no state")
  func notAState() throws {
    // Trace-preserving and Hermitian, with negative rates: the populations of the null vector are 2 and -1.
    struct Negative: MasterEquation {
      let space = qubits(1)
      let preservesPositivity: Bool
      func terms() -> GeneratorTerms {
        GeneratorTerms(
          dimension: 2, drift: .diagonal([Complex(-0.5), Complex(1, 0.3)]),
          rates: RealSparseMatrix(rows: 2, columns: 2, dense: [0, 1, -2, 0]))
      }
    }
    let error = #expect(throws: SolverError.self) {
      try SteadyStateSolver().solve(Negative(preservesPositivity: true))
    }
    guard case .notAState("positivity", let found, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(abs(found - 1) < 1e-14)
    let steady = try SteadyStateSolver().solve(Negative(preservesPositivity: false))
    #expect(abs((steady.certificate.minEigenvalue ?? 0) + 1) < 1e-14)
  }

  @Test(
    "slow jumps are not lost beside fast dephasing", arguments: [1e-6, 1e-10, 1e-13, 1e-16], [0.7, 1, 3.3])
  func dephasing(slow: Double, fast: Double) throws {
    // Dephasing leaves the populations alone; the escape rate comes out of K with an error of 1e-16 of the fast rate.
    let space = qubits(2)
    let generator = try LindbladGenerator(
      hamiltonian: .local(.pauliZ, at: 0, in: space),
      dissipators: (0..<2).flatMap { k in
        [
          Dissipator.jump(
            .local(.pauliZ, at: k, in: space), rate: fast * (1 + 0.3 * Double(k)), bath: Bath(name: "phase"))
        ]
          + thermalJumps(k, space, up: 0.3 * slow, down: 0.7 * slow, bath: Bath(name: "heat"))
      })
    let steady = try Self.solve(generator)
    for (population, expected) in zip(steady.state.populations, [0.49, 0.21, 0.21, 0.09]) {
      #expect(abs(population - expected) < 1e-15)
    }
  }

  @Test("a generator that loses probability has no steady state")
  func leaking() throws {
    struct Leak: MasterEquation {
      let space = qubits(1)
      let preservesPositivity = true
      func terms() -> GeneratorTerms {
        GeneratorTerms(
          dimension: 2, drift: .diagonal([Complex(-0.5), Complex(-1)]),
          rates: RealSparseMatrix(rows: 2, columns: 2, dense: [0, 1, 1, 0]))
      }
    }
    let error = #expect(throws: SolverError.self) { try SteadyStateSolver().solve(Leak()) }
    guard case .residual? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
