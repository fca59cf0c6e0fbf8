import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// What a change of the zero of energy or of the unit of time must not change, and singular systems that pivots do not show.
@Suite("Invariance and certificates")
struct InvarianceTests {
  /// A qubit between two baths with a Hamiltonian shifted by `offset`.
  static func qubit(offset: Double, rate: Double = 1e-3) throws -> LindbladGenerator {
    let space = HilbertSpace([.qubit])
    let energy = Operator.local(.pauliZ, at: 0, in: space) + offset * Operator.identity(space)
    let lower = Operator.local(.pauliLowering, at: 0, in: space)
    let bath = Bath(name: "bath", inverseTemperature: 1)
    return try LindbladGenerator(
      hamiltonian: energy,
      dissipators: [.jump(lower, rate: rate, bath: bath), .jump(lower.adjoint, rate: rate / 4, bath: bath)])
  }

  @Test("a shift of all energies changes nothing", arguments: [0, 1e6, 1e9, 1e12])
  func energyOffset(offset: Double) throws {
    let generator = try Self.qubit(offset: offset)
    #expect(abs(generator.terms().rateScale - 2) < 1e-3)
    let steady = try SteadyStateSolver().solve(generator)
    #expect(abs(steady.state.populations[1] - 0.2) < 1e-14)
    let relaxed = try SteadyStateSolver().relaxedState(
      of: generator, from: DensityMatrix(basisState: 1, in: generator.space))
    #expect(abs(relaxed.state.populations[1] - 0.2) < 1e-12)
    // Rounding of the shifted energies is all that may be left of the splitting.
    let ground = try GroundState(of: generator.hamiltonian)
    #expect(abs((ground.gap ?? .nan) - 2) < 1e-15 * max(1, offset))
  }

  @Test("a generator that loses probability is refused, whatever the zero of energy", arguments: [0, 1e12])
  func leak(offset: Double) throws {
    struct Leaking: MasterEquation {
      let base: LindbladGenerator
      var space: HilbertSpace { base.space }
      var preservesPositivity: Bool { true }
      func terms() -> GeneratorTerms {
        let terms = base.terms()
        let leak = Complex(-1e-3) * SparseMatrix.projector(on: 1, levels: 2)
        return GeneratorTerms(dimension: 2, drift: terms.drift + leak, jumps: terms.jumps)
      }
    }
    let leaking = Leaking(base: try Self.qubit(offset: offset))
    #expect(throws: SolverError.self) { try SteadyStateSolver().solve(leaking) }
    #expect(throws: SolverError.self) {
      try TimeEvolution(of: leaking, from: DensityMatrix(basisState: 1, in: leaking.space), to: [1000])
    }
  }

  @Test("several steady states are found where the pivots of a sparse LU hide them", arguments: 0..<6)
  func hiddenSingularity(seed: Int) throws {
    // Sites 0 and 1 are exchange-symmetric without being declared so; the antisymmetric singlet is dark. All else is generic.
    let space = HilbertSpace(Array(repeating: .qubit, count: 4))
    func number(_ k: Int) -> Double { 0.3 + abs(Double.cos(Double(17 * k + 31 * seed) + 0.7)) }
    func site(_ matrix: SparseMatrix, _ k: Int) -> Operator { .local(matrix, at: k, in: space) }
    var energy = Operator.zero(space)
    for k in 0..<4 {
      let field = number(max(k, 1))
      energy = energy + field * site(.pauliZ, k) + number(10 + max(k, 1)) * site(.pauliX, k)
    }
    for (k, pair) in [(0, 1), (0, 2), (1, 2), (0, 3), (1, 3), (2, 3)].enumerated() {
      let strength = number(20 + [0, 1, 1, 3, 3, 5][k])
      energy =
        energy + strength * (site(.pauliX, pair.0) * site(.pauliX, pair.1))
        + number(30 + [0, 1, 1, 3, 3, 5][k]) * (site(.pauliZ, pair.0) * site(.pauliZ, pair.1))
    }
    let bath = Bath(name: "bath", inverseTemperature: 1)
    let generator = try LindbladGenerator(
      hamiltonian: energy,
      dissipators: [
        .jump(site(.pauliLowering, 3), rate: 0.5, bath: bath),
        .jump(site(.pauliRaising, 3), rate: 0.2, bath: bath),
      ])
    for method in [SteadyStateSolver.Method.dense, .direct, .complex] {
      let error = #expect(throws: SolverError.self) { try SteadyStateSolver(method: method).solve(generator) }
      guard case .notUnique? = error else {
        Issue.record("\(method.rawValue): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("an amplitude whose square overflows is refused by name")
  func overflow() throws {
    let space = HilbertSpace([.qubit])
    let error = #expect(throws: InputError.self) {
      try LindbladGenerator(
        hamiltonian: .local(.pauliZ, at: 0, in: space),
        dissipators: [
          .jump(1e200 * Operator.local(.pauliLowering, at: 0, in: space), rate: 1, bath: Bath(name: "b"))
        ])
    }
    #expect(error?.field == "dissipators[0].operator")
  }

  @Test("a symmetry broken only by baths far weaker than the energies is refused")
  func weakBathsBreakSymmetry() throws {
    let space = HilbertSpace([.qubit, .qubit])
    func site(_ matrix: SparseMatrix, _ k: Int) -> Operator { .local(matrix, at: k, in: space) }
    let baths = [1.0, 3.0].map { Bath(name: "bath \(Int($0))", inverseTemperature: $0) }
    let generator = try LindbladGenerator(
      hamiltonian: site(.pauliZ, 0) + site(.pauliZ, 1),
      dissipators: (0..<2).flatMap { k in
        let ratio = Double.exp(-2 * (baths[k].inverseTemperature ?? 0))
        return [
          Dissipator.jump(site(.pauliLowering, k), rate: 1e-12, bath: baths[k]),
          .jump(site(.pauliRaising, k), rate: 1e-12 * ratio, bath: baths[k]),
        ]
      })
    let swap = PermutationSymmetry(name: "swap", on: space) { [$0[1], $0[0]] }
    let error = #expect(throws: SolverError.self) {
      try SteadyStateSolver().solve(generator, symmetries: [swap])
    }
    guard case .symmetryViolated(name: "swap", _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("ergotropy does not depend on the unit of energy", arguments: [1, 1e-9, 1e9])
  func ergotropyUnits(unit: Double) throws {
    let space = HilbertSpace([.qubit])
    let state = StateVector(space: space, amplitudes: [Complex(0.6), Complex(0.8)]).density()
    let energy = unit * Operator.local(.pauliZ, at: 0, in: space)
    let parts = try state.ergotropyParts(withRespectTo: energy)
    // Pure: all of <H> - E_0 = 0.28 + 1; dephased: 0.64 up, 0.36 down gives 2 (0.64 - 0.36).
    #expect(abs(parts.total / unit - 1.28) < 1e-12)
    #expect(abs(parts.incoherent / unit - 0.56) < 1e-12)
  }

  @Test(
    "the ground state is refused where the sector need not hold it, and is the lowest level of all elsewhere")
  func groundState() throws {
    for f in [-0.5, 0] {
      #expect(throws: ComputationError.self) {
        try ChiralClockMachine(["f": .real(f), "M": .integer(3)]).compute(
          PointRequest(state: "ground", observables: ["E0"]))
      }
    }
    for (f, picture) in [(0.2, "ccm"), (0.2, "rotated"), (1.7, "ccm"), (1.7, "rotated")] {
      let machine = try ChiralClockMachine([
        "f": .real(f), "M": .integer(3), "phi_uniform": .real(1.2), "H": .text(picture),
      ])
      let lowest = try machine.ring.hamiltonian().eigenvalues()[0]
      let found = try machine.compute(PointRequest(state: "ground", observables: ["E0"])).rows[0][0]
      #expect(abs(try #require(found) - lowest) < 1e-12)
    }
  }

  @Test("the order parameter has the same moments in both pictures", arguments: [2, 3, 4])
  func moments(positions: Int) throws {
    let values = try ["ccm", "rotated"].map { picture in
      try ChiralClockMachine([
        "M": .integer(3), "Ns": .integer(positions), "f": .real(0.37), "phi_uniform": .real(0.3),
        "H": .text(picture),
      ]).compute(PointRequest(state: "ground", observables: ["m2", "m4", "B"])).rows[0].map {
        try #require($0)
      }
    }
    for (clock, rotated) in zip(values[0], values[1]) { #expect(abs(clock - rotated) < 1e-11) }
  }

  @Test("dynamics and relaxation respect the memory limit", arguments: ["dynamics", "steady"])
  func memory(state: String) throws {
    // M = 3 without symmetries: 729 slots take 0.4 MB, a factorization about 4 MB.
    let machine = try ChiralClockMachine([
      "M": .integer(3), "initial": .list([.integer(0), .integer(1), .integer(2)]),
    ])
    func compute(_ limit: Int) throws -> PointResult {
      try machine.compute(
        PointRequest(
          state: state, observables: ["S"], times: [0.01], solver: SteadyStateSolver(memoryLimit: limit)))
    }
    let error = #expect(throws: ComputationError.self) { try compute(1_000_000) }
    guard case .solver(.tooLarge(let bytes, limit: 1_000_000, _))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bytes > 1_000_000)
    #expect(try compute(200_000_000).rows.count == 1)
  }
}
