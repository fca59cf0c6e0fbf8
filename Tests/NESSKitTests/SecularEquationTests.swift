import NESSKit
import Numerics
import Testing

/// Levels, couplings and a rule for a secular equation.
struct SecularCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let energies: [Double]
  var isHermitian = true
  var rule = SpectralDensity.NegativeFrequencies.odd

  static let all = [
    SecularCase(testDescription: "generic", energies: [-1.1, -0.3, 0.2, 0.9, 1.7]),
    SecularCase(testDescription: "equidistant", energies: [-1, 0, 1, 2, 3]),
    SecularCase(testDescription: "degenerate", energies: [0, 0, 1, 1, 2.3, 2.3]),
    SecularCase(testDescription: "one threefold level", energies: [-0.4, 0.7, 0.7, 0.7, 1.8]),
    SecularCase(
      testDescription: "degenerate, not Hermitian, odd", energies: [0, 0, 1, 2, 2], isHermitian: false),
    SecularCase(
      testDescription: "generic, rotating-wave", energies: [-1.1, -0.3, 0.2, 0.9], isHermitian: false,
      rule: .rwa),
    // Levels of one energy have transitions of frequency zero, whose rate is zero.
    SecularCase(
      testDescription: "degenerate, rotating-wave", energies: [0, 0, 1, 1, 2.3], isHermitian: false,
      rule: .rwa),
  ]

  func make(
    seed: UInt64, betas: [Double] = [0.4, 1.3], others: Bool = false, lambShift: Bool = false
  ) throws -> (levels: Levels, secular: SecularEquation, davies: LindbladGenerator) {
    var random = RandomNumbers(seed: seed)
    let levels = try Levels(energies, &random)
    let couplings = try betas.enumerated().map { number, beta in
      try BathCoupling(
        operator: isHermitian ? random.hermitian(levels.space) : random.operator(levels.space),
        bath: Bath(name: "bath \(number)", inverseTemperature: beta),
        density: SpectralDensity(.ohmic(.exponential(2.5)), coupling: 0.1 * Double(number + 1)))
    }
    let load: [Dissipator] =
      others ? [.jump(random.operator(levels.space), rate: 0.3, bath: Bath(name: "load"))] : []
    return (
      levels,
      try SecularEquation(
        in: Eigenbasis(of: levels.hamiltonian), couplings: couplings, rule: rule, others: load,
        lambShift: lambShift),
      try levels.davies(couplings, rule, others: load, lambShift: lambShift)
    )
  }
}

@Suite("Secular equations")
struct SecularEquationTests {
  @Test(
    "the generator is the Davies generator on every matrix that commutes with H", arguments: SecularCase.all,
    [false, true])
  func generator(of one: SecularCase, lambShift: Bool) throws {
    // At frequency zero the shift of a rotating-wave coupling is infinite.
    if lambShift, one.rule == .rwa { return }
    let (levels, secular, davies) = try one.make(seed: 7, lambShift: lambShift)
    var random = RandomNumbers(seed: 8)
    let some = random.hermitian(levels.space)
    // The parts of frequency zero of a random matrix.
    let rho = try #require(levels.eigenoperators(some).first { $0.frequency == 0 }).operator
    let state = DensityMatrix(space: levels.space, elements: rho.matrix.dense)
    let expected = naiveLindblad(davies, state.elements)
    // A few roundings of products of numbers up to ten.
    #expect(distance(secular.applied(to: state), expected) < 1e-12)
    #expect(expected.contains { $0.length > 0.1 })
  }

  @Test(
    "steady states, heat and the second law agree with the Davies generator", arguments: SecularCase.all,
    [false, true])
  func steadyState(of one: SecularCase, lambShift: Bool) throws {
    if lambShift, one.rule == .rwa { return }
    let (levels, secular, davies) = try one.make(seed: 9, lambShift: lambShift)
    let reference = bruteForceSteadyState(davies)
    for method in [SteadyStateSolver.Method.automatic, .dense, .direct] {
      let state = try SteadyStateSolver(method: method).solve(secular).state
      #expect(distance(state.density().elements, reference.elements) < 1e-12, "\(method)")
    }
    let state = try SteadyStateSolver().solve(secular).state
    let heats = secular.couplings.indices.map { secular.flow(fromCoupling: $0, in: state) }
    for (heat, coupling) in zip(heats, secular.couplings) {
      let exact = reference.expectation(
        of: davies.adjointDissipator(of: coupling.bath, on: levels.hamiltonian)
      ).real
      #expect(abs(heat - exact) < 1e-12)
    }
    #expect(abs(heats[0] + heats[1]) < 1e-12)
    #expect(heats[0] > 1e-3 && -0.4 * heats[0] - 1.3 * heats[1] > 0)
  }

  @Test(
    "beside other dissipators, which create coherence between levels", arguments: SecularCase.all,
    [false, true])
  func otherDissipators(of one: SecularCase, lambShift: Bool) throws {
    if lambShift, one.rule == .rwa { return }
    let (_, secular, davies) = try one.make(seed: 10, others: true, lambShift: lambShift)
    let reference = bruteForceSteadyState(davies)
    let state = try SteadyStateSolver().solve(secular).state
    #expect(distance(state.density().elements, reference.elements) < 1e-12)
    let order = secular.space.dimension
    let v = secular.eigenbasis.vectors.dense
    let inside = naiveProduct(naiveProduct(naiveAdjoint(v, order), reference.elements, order), v, order)
    #expect((1..<order).contains { inside[$0 - 1 + $0 * order].length > 1e-3 })
  }

  @Test(
    "one temperature: the Gibbs state of H, Lamb shift or not", arguments: SecularCase.all, [false, true])
  func equilibrium(of one: SecularCase, lambShift: Bool) throws {
    if one.rule == .rwa, lambShift { return }
    let (levels, secular, _) = try one.make(seed: 11, betas: [0.8, 0.8], lambShift: lambShift)
    // Without negative frequencies a coupling of rotating-wave type still moves quanta both ways.
    let state = try SteadyStateSolver().solve(secular).state
    let gibbs = try ThermalState(of: levels.hamiltonian, inverseTemperature: 0.8).state
    #expect(distance(state.density().elements, gibbs.elements) < 1e-13)
  }

  @Test("time evolution of a state without coherence between levels")
  func evolution() throws {
    let one = SecularCase.all[2]
    let (levels, secular, davies) = try one.make(seed: 12, lambShift: true)
    let start = try ThermalState(of: levels.hamiltonian, inverseTemperature: 3).state
    let first = try TimeEvolution(of: secular, from: start, to: [0.5, 2])
    let second = try TimeEvolution(of: davies, from: start, to: [0.5, 2])
    for (a, b) in zip(first.states, second.states) {
      #expect(distance(a.density().elements, b.density().elements) < 1e-9)
    }
  }

  @Test(
    "the lowered generator keeps the trace of every matrix, those outside of its scope included",
    arguments: SecularCase.all)
  func trace(of one: SecularCase) throws {
    for others in [false, true] {
      let terms = try one.make(seed: 15, others: others).secular.terms()
      let change = terms.adjointApplied(to: .identity(terms.dimension))
      #expect(change.values.allSatisfy { $0.length < 1e-13 })
    }
  }

  @Test("a Lamb shift ties levels that no jump ties")
  func shiftAlone() throws {
    let space = HilbertSpace([.levels(5)])
    let levels = try Levels(of: Operator(diagonalIn: space) { [1, 1, 2, 0, 0][$0[0]] })
    func coupling(_ name: String, _ entries: [(row: Int, column: Int, value: Complex<Double>)]) throws
      -> BathCoupling
    {
      try BathCoupling(
        operator: Operator(space: space, entries: entries), bath: Bath(name: name, inverseTemperature: 0.7),
        density: SpectralDensity(.ohmic(.exponential(2)), coupling: 0.4))
    }
    // The first takes both states of one level upwards, which no quantum of the bath pays for, but which shifts them; the second takes
    // them down, and with them their coherence.
    let couplings = [
      try coupling("up", [(2, 0, .one), (2, 1, Complex(0.7))]),
      try coupling("down", [(3, 0, .one), (4, 1, Complex(0.8))]),
    ]
    var random = RandomNumbers(seed: 16)
    var rates: [(row: Int, column: Int, value: Double)] = []
    for a in 0..<5 { for c in 0..<5 where a != c { rates.append((a, c, 0.2 * (1.1 + random.real()))) } }
    let load = Dissipator.transitions(
      RealSparseMatrix(rows: 5, columns: 5, entries: rates), bath: Bath(name: "load"))
    let davies = try levels.davies(couplings, .rwa, others: [load], lambShift: true)
    let secular = try SecularEquation(
      in: Eigenbasis(of: levels.hamiltonian), couplings: couplings, rule: .rwa, others: [load],
      lambShift: true)
    let reference = bruteForceSteadyState(davies)
    let state = try SteadyStateSolver().solve(secular).state
    #expect(distance(state.density().elements, reference.elements) < 1e-12)
    #expect(state.element(3, 4).length > 1e-4)
  }

  /// XXZ ring of four spins in a field, with a bath at sigma^x of each of two neighbours.
  static func ring(lambShift: Bool) throws -> (Operator, [BathCoupling], SecularEquation) {
    let space = qubits(4)
    func at(_ site: Int, _ matrix: SparseMatrix) -> Operator { .local(matrix, at: site % 4, in: space) }
    var hamiltonian = Operator.zero(space)
    for site in 0..<4 {
      hamiltonian += at(site, .pauliX) * at(site + 1, .pauliX) + at(site, .pauliY) * at(site + 1, .pauliY)
      hamiltonian += 0.7 * (at(site, .pauliZ) * at(site + 1, .pauliZ)) + 0.3 * at(site, .pauliZ)
    }
    let couplings = try [(0, 0.3), (1, 1.1)].map { site, beta in
      try BathCoupling(
        operator: at(site, .pauliX), bath: Bath(name: "bath \(site)", inverseTemperature: beta),
        density: SpectralDensity(.ohmic(.algebraic(5)), coupling: 0.05))
    }
    return (
      hamiltonian, couplings,
      try SecularEquation(
        in: Eigenbasis(of: hamiltonian), couplings: couplings, rule: .odd, lambShift: lambShift)
    )
  }

  @Test("a ring of four spins between two baths", arguments: [false, true])
  func spinRing(lambShift: Bool) throws {
    let (hamiltonian, couplings, secular) = try Self.ring(lambShift: lambShift)
    let levels = try Levels(of: hamiltonian)
    // Momenta k and -k have one energy.
    #expect(Set(levels.energies).count < 16)
    let davies = try levels.davies(couplings, .odd, lambShift: lambShift)
    let state = try SteadyStateSolver().solve(secular).state
    #expect(
      distance(naiveLindblad(davies, state.density().elements), .init(repeating: .zero, count: 256)) < 1e-13)
    let reference = try SteadyStateSolver().solve(davies).state
    #expect(distance(state.density().elements, reference.density().elements) < 1e-11)
    // Coherence between levels of one energy is part of it.
    let inside = RotatedState(state, basis: secular.eigenbasis.vectors.adjoint).density()
    #expect(inside.elements.indices.contains { $0 / 16 != $0 % 16 && inside.elements[$0].length > 1e-4 })
    let heats = [0, 1].map { secular.flow(fromCoupling: $0, in: state) }
    #expect(heats[0] > 1e-3 && abs(heats[0] + heats[1]) < 1e-12)
    #expect(-0.3 * heats[0] - 1.1 * heats[1] > 0)
    for (heat, coupling) in zip(heats, couplings) {
      #expect(
        abs(
          heat - reference.expectation(of: davies.adjointDissipator(of: coupling.bath, on: hamiltonian)).real)
          < 1e-11)
    }
  }

  @Test("a symmetry that protects coherence between levels of one energy leaves several steady states")
  func protectedCoherence() throws {
    let space = HilbertSpace([.qubit])
    let coupling = try BathCoupling(
      operator: .local(.pauliX, at: 0, in: space), bath: Bath(name: "b", inverseTemperature: 1),
      density: SpectralDensity(.ohmic(.none), coupling: 1))
    let secular = try SecularEquation(in: Eigenbasis(of: .zero(space)), couplings: [coupling], rule: .odd)
    do {
      _ = try SteadyStateSolver().solve(secular)
      Issue.record("sigma^x is conserved")
    } catch { #expect(error.several?.count == 2) }
  }

  @Test("grouping tolerances from rounding to the smallest distance agree; larger ones are refused")
  func grouping() throws {
    let (_, secular, _) = try SecularCase.all[2].make(seed: 13)
    func state(_ tolerance: Double?) throws -> [Complex<Double>] {
      let equation = try SecularEquation(
        in: secular.eigenbasis, couplings: secular.couplings, rule: .odd, grouping: tolerance)
      return try SteadyStateSolver().solve(equation).state.density().elements
    }
    // Frequencies 0, 1, 1.3, 2.3 and their negatives; those of 1 and 1.3 start from different levels and never meet.
    let reference = try state(nil)
    for tolerance in [0, 1e-15, 1e-6, 0.29, 0.31] {
      #expect(try distance(state(tolerance), reference) < 1e-13)
    }
    for tolerance in [1.01, 5, -1, .nan] {
      #expect(throws: SolverError.self, "\(tolerance)") { try state(tolerance) }
    }
  }

  @Test("the rotor: tolerances below 2|lambda| agree, larger ones are refused")
  func groupingOfRotor() throws {
    let device = try QubitRotorReferences.device(equation: QubitRotorReferences.global)
    let secular = try #require(device.masterEquation().secular)
    func populations(_ tolerance: Double?) throws -> [Double] {
      let equation = try SecularEquation(
        in: secular.eigenbasis, couplings: secular.couplings, rule: .odd, others: secular.others,
        grouping: tolerance)
      return try SteadyStateSolver().solve(equation).state.populations
    }
    let reference = try populations(nil)
    for tolerance in [1e-10, 1e-6, 1e-2] {
      #expect(try zip(populations(tolerance), reference).allSatisfy { abs($0 - $1) < 1e-13 })
    }
    #expect(throws: SolverError.self) { try populations(0.9) }
  }

  @Test("what cannot be set up says why")
  func refused() throws {
    let space = HilbertSpace([.levels(3)])
    func reason(
      _ hamiltonian: Operator, _ coupling: Operator, _ shape: SpectralDensity.Shape, lambShift: Bool = false
    ) throws -> String? {
      let one = try BathCoupling(
        operator: coupling, bath: Bath(name: "b", inverseTemperature: 1),
        density: SpectralDensity(shape, coupling: 1))
      do {
        _ = try SecularEquation(
          in: Eigenbasis(of: hamiltonian), couplings: [one], rule: .odd, lambShift: lambShift)
        return nil
      } catch { return error.description }
    }
    let h = Operator(diagonalIn: space) { Double($0[0] * $0[0]) }
    let x = Operator.transition(from: 0, to: 1, in: space) + Operator.transition(from: 1, to: 0, in: space)
    let constant = SpectralDensity.Shape.table(frequencies: [0, 9], values: [1, 1])
    #expect(try reason(h, x, constant) == nil)
    #expect(try reason(h, x + .identity(space), constant)?.contains("infinite rate") == true)
    #expect(try reason(h, .identity(HilbertSpace([.qubit])), constant)?.contains("space") == true)
    #expect(
      try reason(x + Complex(0, 1) * Operator.identity(space), x, constant)?.contains("Hermitian") == true)
    #expect(try reason(Double.nan * h, x, constant)?.contains("finite") == true)
    #expect(try reason(h, x, .ohmic(.none)) == nil)
    #expect(try reason(h, x, .ohmic(.none), lambShift: true)?.contains("cutoff") == true)
  }

  @Test("rotated states: elements, populations and the full matrix are V rho' V^+")
  func rotatedState() throws {
    var random = RandomNumbers(seed: 14)
    let space = HilbertSpace([.levels(12)])
    let v = try DenseEigen.hermitian(random.hermitian(space).matrix.dense, order: 12).vectors
    let inner = random.matrix(12)
    let state = RotatedState(
      DensityMatrix(space: space, elements: inner), basis: SparseMatrix(rows: 12, columns: 12, dense: v))
    let expected = naiveProduct(naiveProduct(v, inner, 12), naiveAdjoint(v, 12), 12)
    #expect(distance(state.density().elements, expected) < 1e-14 * 50)
    #expect((0..<12).allSatisfy { abs(state.populations[$0] - expected[13 * $0].real) < 1e-14 * 50 })
    // Enough pairs that they are summed in more than one go.
    let places = (0..<4000).map { ($0 * 7 % 12, $0 * 5 / 12 % 12) }
    let elements = state.elements(kets: places.map(\.0), bras: places.map(\.1))
    #expect(elements.count == 4000)
    #expect(distance(elements, places.map { expected[$0.0 + 12 * $0.1] }) < 1e-14 * 50)
  }
}
