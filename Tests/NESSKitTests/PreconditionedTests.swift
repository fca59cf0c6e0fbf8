import NESSKit
import Testing

@Suite("Preconditioning by a simpler generator")
struct PreconditionedTests {
  /// Two driven spins that decay together and one by one; the drive is what makes the generator hard.
  static func pair(drive: Double, decay: Double = 1) throws -> LindbladGenerator {
    let space = qubits(2)
    func sum(_ matrix: SparseMatrix) -> Operator {
      .local(matrix, at: 0, in: space) + .local(matrix, at: 1, in: space)
    }
    let bath = Bath(name: "field")
    return try LindbladGenerator(
      hamiltonian: drive * sum(.pauliX) + 0.3 * sum(.pauliZ),
      dissipators: [
        .jump(sum(.pauliLowering), rate: decay, bath: bath),
        .jump(.local(.pauliLowering, at: 0, in: space), rate: 0.4, bath: bath),
        .jump(.local(.pauliRaising, at: 1, in: space), rate: 0.1, bath: bath),
      ])
  }

  @Test("the state is that of the equation, whatever preconditions it", arguments: [0, 0.2, 1, 5])
  func agrees(drive: Double) throws {
    let equation = try Self.pair(drive: drive)
    let exact = try SteadyStateSolver(method: .dense).solve(equation)
    for simpler in [0.0, 0.15, drive] where simpler <= drive {
      let found = try SteadyStateSolver().solve(equation, preconditionedBy: Self.pair(drive: simpler))
      // Residuals of 1e-13 and a gap of order one.
      #expect(distance(found.state.density().elements, exact.state.density().elements) < 1e-12)
      #expect(found.certificate.unique == true && found.certificate.method == "gmres(sparse-lu)")
      // The generator itself needs no more than refinement.
      if simpler == drive { #expect(found.certificate.iterations <= 2) }
    }
    let other = try SteadyStateSolver(method: .dense).solve(Self.pair(drive: drive + 0.5))
    #expect(distance(other.state.density().elements, exact.state.density().elements) > 1e-3)
  }

  @Test("a chain with symmetries, preconditioned by its neighbour")
  func neighbour() throws {
    let chain = try RouteTests.chain(4)
    let weaker = try SpinChain(
      sites: 4, anisotropy: 0.5, left: .init(coupling: 0.6, magnetization: 0.5),
      right: .init(coupling: 0.6, magnetization: -0.5))
    let found = try SteadyStateSolver().solve(
      chain.generator(), preconditionedBy: weaker.generator(), symmetries: chain.symmetries())
    let exact = try SteadyStateSolver(method: .direct).solve(chain.generator())
    #expect(distance(found.state.density().elements, exact.state.density().elements) < 1e-12)
    #expect(found.certificate.iterations > 2 && found.certificate.iterations < 40)
  }

  @Test("what cannot precondition or does not converge is an error")
  func refusals() throws {
    let equation = try Self.pair(drive: 1)
    #expect {
      try SteadyStateSolver().solve(equation, preconditionedBy: Self.pair(drive: 0.1), maxIterations: 1)
    } throws: {
      if case SolverError.notConverged(let residual, 1) = $0 { residual > 1e-8 } else { false }
    }
    // Nothing decays: every function of the Hamiltonian is stationary.
    let space = qubits(2)
    let closed = try LindbladGenerator(
      hamiltonian: .local(.pauliZ, at: 0, in: space), dissipators: [])
    #expect(throws: SolverError.singular(errorBound: .infinity)) {
      try SteadyStateSolver().solve(equation, preconditionedBy: closed)
    }
    // A drive connects more than the undriven pair.
    #expect {
      try SteadyStateSolver().solve(Self.pair(drive: 0), preconditionedBy: Self.pair(drive: 1))
    } throws: {
      if case SolverError.unavailable = $0 { true } else { false }
    }
    #expect {
      try SteadyStateSolver(memoryLimit: 100).solve(equation, preconditionedBy: Self.pair(drive: 0))
    } throws: {
      if case SolverError.tooLarge = $0 { true } else { false }
    }
  }
}
