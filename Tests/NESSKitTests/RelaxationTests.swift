import NESSKit
import Numerics
import Testing

@Suite("Relaxation to the stationary state")
struct RelaxationTests {
  /// exp(t L) rho by repeated squaring of a Taylor series of the whole superoperator, 2^steps short steps of norm below 1/2.
  static func evolved(_ generator: LindbladGenerator, _ state: DensityMatrix, doublings: Int) -> DensityMatrix
  {
    let order = generator.space.dimension
    let size = order * order
    let l = superoperator(generator.terms())
    let norm = (0..<size).map { row in (0..<size).reduce(0.0) { $0 + l[row + $1 * size].length } }.max()!
    let a = l.map { $0 * Complex(0.5 / norm) }
    var power = [Complex<Double>](repeating: .zero, count: size * size)
    for k in 0..<size { power[k * (size + 1)] = .one }
    var exponential = power
    for k in 1...20 {
      power = naiveProduct(power, a, size).map { $0 / Complex(Double(k)) }
      for index in exponential.indices { exponential[index] += power[index] }
    }
    for _ in 0..<doublings { exponential = naiveProduct(exponential, exponential, size) }
    let vector = SparseMatrix(rows: size, columns: size, dense: exponential).applied(to: state.elements)
    return DensityMatrix(space: generator.space, elements: vector)
  }

  /// Generators that settle, unique or not.
  static let settling = (UniquenessTests.several + UniquenessTests.unique).filter { system in
    let name = system.testDescription
    return ![
      "no bath", "bath with rate 0", "all g = 0", "f = 0, one", "decoupled", "dephasing", "zero temp",
      "f > 0", "two dark",
    ]
    .contains { name.hasPrefix($0) }
  }

  @Test("the state is the limit of exact exponentials, from generic and basis states", arguments: settling)
  func limit(system: System) throws {
    let generator = try system.make()
    for initial in [genericState(generator.space), DensityMatrix(basisState: 1, in: generator.space)] {
      let relaxed = try SteadyStateSolver().relaxedState(of: generator, from: initial)
      // 2^24 steps: rounding grows to about 2^24 * 1e-16 at most, in norm-preserving maps less.
      let reference = Self.evolved(generator, initial, doublings: 24)
      #expect(distance(relaxed.state.density(), reference) < 1e-8)
      #expect(relaxed.certificate.unique == nil && relaxed.certificate.residual < 1e-12)
    }
  }

  @Test("undamped oscillations are averaged: what commutes with H stays, all else goes")
  func oscillations() throws {
    let space = HilbertSpace([.levels(3)])
    let energies = Operator(space: space, matrix: .diagonal([Complex(0.3), Complex(1.1), Complex(-0.7)]))
    let free = try LindbladGenerator(hamiltonian: energies, dissipators: [])
    let state = genericState(space)
    let relaxed = try SteadyStateSolver().relaxedState(of: free, from: state).state.density()
    #expect(distance(relaxed, .diagonal(state.populations, in: space)) < 1e-9)
  }

  @Test("dephasing keeps the populations, a decoupled site its reduced state")
  func conserved() throws {
    let space = qubits(2)
    let bath = Bath(name: "bath")
    let state = genericState(space)
    let dephasing = try LindbladGenerator(
      hamiltonian: .local(.pauliZ, at: 0, in: space),
      dissipators: (0..<2).map { .jump(.local(.pauliZ, at: $0, in: space), rate: 0.4, bath: bath) })
    let dephased = try SteadyStateSolver().relaxedState(of: dephasing, from: state).state.density()
    #expect(distance(dephased, .diagonal(state.populations, in: space)) < 1e-12)
    let partial = try LindbladGenerator(
      hamiltonian: .local(.pauliX, at: 0, in: space),
      dissipators: thermalJumps(0, space, up: 0.2, down: 0.7, bath: bath))
    let relaxed = try SteadyStateSolver().relaxedState(of: partial, from: state).state.density()
    #expect(distance(relaxed.reduced(to: [1]), state.reduced(to: [1])) < 1e-12)
    let alone = try LindbladGenerator(
      hamiltonian: .local(.pauliX, at: 0, in: qubits(1)),
      dissipators: thermalJumps(0, qubits(1), up: 0.2, down: 0.7, bath: bath))
    #expect(distance(relaxed, .tensor(bruteForceSteadyState(alone), state.reduced(to: [1]))) < 1e-12)
  }

  /// A fast qubit beside one whose jumps are slower by `rate`; both reach a law of their own, 0.2 and 0.3.
  static func slowPair(_ rate: Double, unit: Double) throws -> LindbladGenerator {
    let space = qubits(2)
    return try LindbladGenerator(
      hamiltonian: .zero(space),
      dissipators: thermalJumps(0, space, up: 0.2 * unit, down: 0.8 * unit, bath: Bath(name: "fast"))
        + thermalJumps(1, space, up: 0.3 * rate * unit, down: 0.7 * rate * unit, bath: Bath(name: "slow")))
  }

  @Test(
    "slow modes relax as well, whatever the unit of time", arguments: [1e-3, 1e-6, 1e-8, 1e-9, 1e-10],
    [1, 0.37, 2.9e5])
  func slow(rate: Double, unit: Double) throws {
    let generator = try Self.slowPair(rate, unit: unit)
    let relaxed = try SteadyStateSolver().relaxedState(
      of: generator, from: DensityMatrix(basisState: 3, in: generator.space)
    ).state
    // Rounding of the generator, 1e-16, against the rate: what double precision can know.
    let rounding = 1e-15 / rate + 1e-13
    #expect(abs(relaxed.reduced(to: [1]).populations[1] - 0.3) < rounding)
    #expect(abs(relaxed.reduced(to: [0]).populations[1] - 0.2) < rounding)
  }

  @Test(
    "a state that is still on its way is not returned", arguments: [1e-12, 1e-13, 1e-14, 1e-15, 1e-16],
    [1, 0.37, 2.9e5])
  func unresolved(rate: Double, unit: Double) throws {
    let generator = try Self.slowPair(rate, unit: unit)
    let error = #expect(throws: SolverError.self) {
      try SteadyStateSolver().relaxedState(
        of: generator, from: DensityMatrix(basisState: 3, in: generator.space))
    }
    guard case .evolution? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("a long chain of conserved charges keeps them", arguments: [4, 5])
  func charges(sites: Int) throws {
    // Isotropic chain with collective-free dephasing: the magnetization distribution is conserved.
    let space = qubits(sites)
    var hamiltonian = Operator.zero(space)
    for k in 0..<(sites - 1) {
      for pauli in [SparseMatrix.pauliX, .pauliY, .pauliZ] {
        hamiltonian +=
          (0.5 + 0.37 * Double(k)) * .local(pauli, at: k, in: space) * .local(pauli, at: k + 1, in: space)
      }
    }
    let generator = try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: (0..<sites).map {
        .jump(.local(.pauliZ, at: $0, in: space), rate: 0.3 + 0.1 * Double($0), bath: Bath(name: "b"))
      })
    let state = genericState(space)
    let relaxed = try SteadyStateSolver().relaxedState(of: generator, from: state)
    // Within each magnetization everything becomes equal.
    var weights = [Double](repeating: 0, count: sites + 1)
    var sizes = weights
    for (k, p) in state.populations.enumerated() {
      weights[k.nonzeroBitCount] += p
      sizes[k.nonzeroBitCount] += 1
    }
    let expected = DensityMatrix.diagonal(
      (0..<space.dimension).map { weights[$0.nonzeroBitCount] / sizes[$0.nonzeroBitCount] }, in: space)
    #expect(distance(relaxed.state.density(), expected) < 1e-11, "\(relaxed.certificate.iterations)")
  }
}
