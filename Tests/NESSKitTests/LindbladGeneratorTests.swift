import NESSKit
import Numerics
import Testing

@Suite("Lindblad generators")
struct LindbladGeneratorTests {
  static let cold = Bath(name: "cold", inverseTemperature: 2)
  static let hot = Bath(name: "hot", inverseTemperature: 0.5)

  /// Random Hamiltonian, jump operators and classical rates; one bath owns two dissipators of different kinds.
  static func random(_ space: HilbertSpace, seed: UInt64 = 1) throws -> LindbladGenerator {
    var random = RandomNumbers(seed: seed)
    let order = space.dimension
    func rates() -> RealSparseMatrix {
      RealSparseMatrix(
        rows: order, columns: order,
        dense: (0..<(order * order)).map { $0 % (order + 1) == 0 ? 0 : abs(random.real()) })
    }
    let (first, second) = (rates(), rates())
    return try LindbladGenerator(
      hamiltonian: random.hermitian(space),
      dissipators: [
        .jump(random.operator(space), rate: 0.7, bath: cold),
        .jump(random.operator(space), rate: 1.3, bath: hot),
        .transitions(first, bath: hot), .jump(random.operator(space), rate: 0, bath: hot),
        .transitions(second, bath: cold),
      ], bareHamiltonian: random.hermitian(space))
  }

  static let spaces = [
    HilbertSpace([.qubit]), HilbertSpace([.levels(3)]), HilbertSpace([.qubit, .levels(3)]),
  ]

  @Test("the lowered form is the Lindblad equation", arguments: spaces)
  func lowered(space: HilbertSpace) throws {
    let generator = try Self.random(space)
    var random = RandomNumbers(seed: 5)
    // Not Hermitian: a conjugate in the wrong place shows.
    let rho = random.matrix(space.dimension)
    let naive = naiveLindblad(generator, rho)
    let terms = generator.terms()
    let size = space.dimension * space.dimension
    // Sums of at most 36 * 36 products of numbers below 10.
    #expect(distance(try terms.applied(to: rho), naive) < 1e-12)
    let matrix = SparseMatrix(rows: size, columns: size, dense: superoperator(terms))
    #expect(distance(matrix.applied(to: rho), naive) < 1e-12)
    #expect(terms.jumps.count == 2)
    let wrong = try LindbladGenerator(hamiltonian: -generator.hamiltonian, dissipators: generator.dissipators)
    #expect(distance(try wrong.terms().applied(to: rho), naive) > 0.1)
  }

  @Test("the parts of the baths and the Hamiltonian add up", arguments: spaces)
  func baths(space: HilbertSpace) throws {
    let generator = try Self.random(space)
    #expect(generator.baths == [Self.cold, Self.hot])
    let rho = genericState(space).elements
    var sum = try LindbladGenerator(hamiltonian: generator.hamiltonian, dissipators: []).terms().applied(
      to: rho)
    for bath in generator.baths {
      let part = try generator.terms(of: bath).applied(to: rho)
      #expect(distance(part, .init(repeating: .zero, count: rho.count)) > 0.01)
      for k in sum.indices { sum[k] += part[k] }
    }
    #expect(distance(sum, try generator.terms().applied(to: rho)) < 1e-13)
  }

  @Test("traces are preserved: K + K^+ + sum A^+ A + diag(column sums of W) = 0", arguments: spaces)
  func tracePreservation(space: HilbertSpace) throws {
    let terms = try Self.random(space).terms()
    var sum =
      terms.drift + terms.drift.adjoint + .diagonal((terms.rates?.columnSums ?? []).map { Complex($0) })
    for pair in terms.jumps { sum = sum + pair.left.adjoint.multiplied(by: pair.left) }
    #expect(sum.values.allSatisfy { $0.length < 1e-13 })
    #expect(terms.drift.values.contains { $0.real < -0.1 })
  }

  @Test("the Heisenberg generator is the adjoint of the other, as a whole and by bath", arguments: spaces)
  func duality(space: HilbertSpace) throws {
    let generator = try Self.random(space)
    var random = RandomNumbers(seed: 6)
    let observable = random.operator(space)
    let rho = DensityMatrix(space: space, elements: random.matrix(space.dimension))
    func expectation(_ elements: [Complex<Double>]) -> Complex<Double> {
      DensityMatrix(space: space, elements: elements).expectation(of: observable)
    }
    let whole = expectation(try generator.terms().applied(to: rho.elements))
    #expect((rho.expectation(of: generator.adjointApplied(to: observable)) - whole).length < 1e-12)
    #expect(whole.length > 0.01)
    for bath in generator.baths {
      let part = expectation(try generator.terms(of: bath).applied(to: rho.elements))
      #expect(
        (rho.expectation(of: generator.adjointDissipator(of: bath, on: observable)) - part).length < 1e-12)
    }
    // Pairs A != B, for which A and B^+ change places.
    let pairs = GeneratorTerms(
      dimension: space.dimension, drift: random.operator(space).matrix,
      jumps: [.init(left: random.operator(space).matrix, right: random.operator(space).matrix)])
    let adjoint = Operator(space: space, matrix: pairs.adjointApplied(to: observable.matrix))
    #expect((rho.expectation(of: adjoint) - expectation(try pairs.applied(to: rho.elements))).length < 1e-12)
  }

  struct Bad: CustomTestStringConvertible, Sendable {
    let field: String
    let allowed: String
    let make: @Sendable () throws -> LindbladGenerator
    var testDescription: String { field }
    init(_ field: String, _ allowed: String, _ make: @escaping @Sendable () throws -> LindbladGenerator) {
      (self.field, self.allowed, self.make) = (field, allowed, make)
    }
  }

  static let two = HilbertSpace([.qubit])
  static let x = Operator.local(.pauliX, at: 0, in: two)
  static func generator(
    _ hamiltonian: Operator = x, _ dissipators: [Dissipator] = [], bare: Operator? = nil
  ) throws -> LindbladGenerator {
    try LindbladGenerator(hamiltonian: hamiltonian, dissipators: dissipators, bareHamiltonian: bare)
  }
  static func rates(_ entries: [(Int, Int, Double)], order: Int = 2) -> RealSparseMatrix {
    RealSparseMatrix(
      rows: order, columns: order, entries: entries.map { (row: $0.0, column: $0.1, value: $0.2) })
  }
  static let lowering = Operator.local(.pauliLowering, at: 0, in: two)
  static let three = Operator.identity(HilbertSpace([.levels(3)]))

  static let bad: [Bad] = [
    Bad("hamiltonian", "Hermitian") { try generator(lowering) },
    Bad("hamiltonian", "Hermitian") { try generator(x + 1e-11 * lowering) },
    Bad("hamiltonian", "finite") { try generator(Double.nan * x) },
    Bad("bareHamiltonian", "Hermitian") { try generator(bare: lowering) },
    Bad("bareHamiltonian", "finite") { try generator(bare: Double.infinity * x) },
    Bad("bareHamiltonian", "space") { try generator(bare: three) },
    Bad("dissipators[0].rate", ">= 0") { try generator(x, [.jump(x, rate: -1e-300, bath: cold)]) },
    Bad("dissipators[0].rate", "finite") { try generator(x, [.jump(x, rate: .nan, bath: cold)]) },
    Bad("dissipators[0].rate", "finite") { try generator(x, [.jump(x, rate: .infinity, bath: cold)]) },
    Bad("dissipators[1].operator", "finite") {
      try generator(x, [.jump(x, rate: 1, bath: cold), .jump(.nan * x, rate: 1, bath: cold)])
    },
    Bad("dissipators[0].operator", "dimension 2") { try generator(x, [.jump(three, rate: 1, bath: cold)]) },
    Bad("dissipators[0].rates", "2 x 2") {
      try generator(x, [.transitions(rates([], order: 3), bath: cold)])
    },
    Bad("dissipators[0].rates[1, 0]", ">= 0") {
      try generator(x, [.transitions(rates([(1, 0, -1)]), bath: cold)])
    },
    Bad("dissipators[0].rates[1, 0]", "finite") {
      try generator(x, [.transitions(rates([(1, 0, .nan)]), bath: cold)])
    },
    Bad("dissipators[0].rates[1, 1]", "different states") {
      try generator(x, [.transitions(rates([(1, 1, 1)]), bath: cold)])
    },
    Bad("bath \"b\".beta", ">= 0") {
      try generator(x, [.jump(x, rate: 1, bath: Bath(name: "b", inverseTemperature: -1))])
    },
    Bad("bath \"b\".beta", "finite") {
      try generator(x, [.jump(x, rate: 1, bath: Bath(name: "b", inverseTemperature: .nan))])
    },
    Bad("bath \"cold\"", "one inverse temperature") {
      try generator(
        x,
        [.jump(x, rate: 1, bath: cold), .jump(x, rate: 1, bath: Bath(name: "cold", inverseTemperature: 3))])
    },
    Bad("bath \"cold\"", "one inverse temperature") {
      try generator(x, [.jump(x, rate: 1, bath: Bath(name: "cold")), .jump(x, rate: 1, bath: cold)])
    },
  ]

  @Test("bad input is refused with its field and what is allowed", arguments: bad)
  func validation(bad: Bad) {
    let error = #expect(throws: InputError.self) { try bad.make() }
    #expect(error?.field == bad.field)
    #expect(error?.allowed.contains(bad.allowed) == true)
  }

  @Test("what is barely allowed is accepted")
  func accepted() throws {
    _ = try Self.generator(Self.x + 1e-13 * Self.lowering)
    let zero = try Self.generator(
      Self.x, [.jump(Self.x, rate: 0, bath: Bath(name: "b", inverseTemperature: 0))])
    #expect(zero.terms().jumps.isEmpty)
    _ = try Self.generator(Self.x, [.transitions(Self.rates([(1, 1, 0), (0, 1, 1)]), bath: Self.cold)])
  }
}
