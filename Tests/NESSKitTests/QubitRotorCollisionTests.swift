import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// Collisions of two qubits and a rotor with fresh ancillas.
@Suite("Two qubits and a rotor: collisions")
struct QubitRotorCollisionTests {
  typealias Qubit = QubitRotor.Qubit

  static func device(lambda: Double = 0.4, friction: Double = 0.05, levels: ClosedRange<Int> = -2...2) throws
    -> QubitRotor
  {
    try QubitRotor(
      first: Qubit(field: 0.7, coupling: 0.675, inverseTemperature: 1.2),
      second: Qubit(field: 1.3, coupling: 1.125, inverseTemperature: 0.9), inertia: 0.8, interaction: lambda,
      loadInverseTemperature: 0.6, friction: friction, levels: levels)
  }

  static func map(
    _ tau: Double, of device: QubitRotor, ancillaLevels: Int? = nil
  ) throws -> CollisionMap {
    try CollisionMap(
      of: device, by: QubitRotorCollisions(duration: tau, ancillaLevels: ancillaLevels))
  }

  @Test("one collision from a basis state")
  func oneStep() throws {
    let golden = try QubitRotorReferences.golden("unit_collision_one_step")
    let device = try QubitRotorReferences.device("unit_collision_one_step")
    let start = QubitRotorState(of: device, in: try device.basisState(1, 0, rotor: 1))
    var durations: Set<Double> = []
    for row in golden.rows {
      let tau = try #require(row[0])
      durations.insert(tau)
      let map = try Self.map(tau, of: device, ancillaLevels: 20)
      let (place, slot) = (Int(try #require(row[1])) + 2, Int(try #require(row[2])))
      let value = map.collided(start).unknowns[6 * place + slot]
      #expect(golden.deviation(value, from: row[3], column: 3) <= 1, "\(tau), \(place), \(slot): \(value)")
      let flows = CollisionFlows(of: map, from: start)
      for (column, flow) in [
        (4, flows.heat(fromQubit: 0)), (5, flows.heat(fromQubit: 1)), (6, flows.work),
      ] {
        #expect(golden.deviation(flow, from: row[column], column: column) <= 1, "\(column): \(flow)")
      }
      // The opposite sign of the work.
      #expect(golden.deviation(-flows.work, from: row[6], column: 6) > 100)
    }
    #expect(durations.count == 3)
  }

  @Test("fixed points through the machine, and the local equation where tau is 0")
  func fixedPoint() throws {
    let golden = try QubitRotorReferences.golden("collision_fixed_point")
    for row in golden.rows {
      let tau = try #require(row[0])
      let machine = try QubitRotorReferences.machine(
        golden, also: tau > 0 ? ["tau": .real(tau)] : [:])
      let names = golden.columns.dropFirst().map { $0 == "W" && tau == 0 ? "WQ" : $0 }
      let result = try machine.compute(
        PointRequest(state: tau > 0 ? "collision" : "steady", observables: names))
      #expect(result.certificate.unique == true && result.certificate.unknowns == 28)
      for (place, name) in names.enumerated() {
        let value = try #require(result.rows[0][place])
        #expect(
          golden.deviation(value, from: row[place + 1], column: place + 1) <= 1,
          "\(name) = \(value) for \(row[place + 1] ?? .nan) at tau = \(tau)")
      }
    }
  }

  @Test("short collisions are the local equation, with an error linear in tau")
  func shortCollisions() throws {
    let device = try Self.device()
    let state = QubitRotorReferences.state(of: device)
    // Without the load, and with it in the fixed point.
    let exact = try device.with(friction: 0).localGenerator().terms().applied(
      to: state.density().elements)
    let order = device.space.dimension
    let limit = QubitRotorState(
      of: device, in: DensityMatrix(space: device.space, elements: exact)
    ).unknowns
    let steady = try SteadyStateSolver().solve(device.masterEquation()).state
    let flows = QubitRotorFlows(of: device, in: steady)
    var errors: [[Double]] = []
    for tau in [0.02, 0.01, 0.005, 0.0025] {
      let map = try Self.map(tau, of: device)
      let rate = map.collision.applied(to: state.unknowns).map { $0 / tau }
      let fixed = try SteadyStateSolver().solve(map).state
      let exchanged = CollisionFlows(of: map, from: fixed)
      errors.append([
        zip(rate, limit).map { abs($0 - $1) }.max() ?? 0, abs(exchanged.work - flows.collisionalWork),
        abs(exchanged.heat(fromQubit: 1) - flows.heat(fromQubit: 1)),
        abs(exchanged.heatFromLoad - flows.heatFromLoad),
      ])
    }
    #expect(order == 20)
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      for (a, b) in zip(coarse, fine) { #expect(abs(a / b - 2) < 0.1, "\(a) \(b)") }
    }
    #expect(errors[3].allSatisfy { $0 < 0.1 })
  }

  @Test("the map is that of the unitary on system and both ancillas", arguments: [0.3, 1.7])
  func unitary(tau: Double) throws {
    let device = try Self.device(levels: -1...1)
    let levels = 4
    let map = try Self.map(tau, of: device, ancillaLevels: levels)
    let state = QubitRotorReferences.state(of: device)
    let full = try BruteForceCollision(device, tau, levels).apply(to: state.density())
    let found = map.collided(state)
    for (a, b) in zip(found.unknowns, QubitRotorState(of: device, in: full.state).unknowns) {
      #expect(abs(a - b) < 1e-13)
    }
    // Nothing leaves the sector.
    let distance = zip(found.density().elements, full.state.elements).map { ($0 - $1).length }.max() ?? 1
    #expect(distance < 1e-13)
    let flows = CollisionFlows(of: map, from: state)
    #expect(abs(flows.heat(fromQubit: 0) - full.heat.first) < 1e-12)
    #expect(abs(flows.heat(fromQubit: 1) - full.heat.second) < 1e-12)
    #expect(abs(flows.heat(fromQubit: 0) + flows.heat(fromQubit: 1) + flows.work - full.energy) < 1e-12)
  }

  @Test(
    "both laws hold for each collision, whatever the state and the duration", arguments: [0.05, 0.7, 3.0])
  func laws(tau: Double) throws {
    let device = try Self.device(levels: -3...3)
    let map = try Self.map(tau, of: device)
    var state = QubitRotorReferences.state(of: device)
    for _ in 0..<4 {
      let flows = CollisionFlows(of: map, from: state)
      let after = map.loaded(map.collided(state))
      let energies = [state, after].map { QubitRotorFlows(of: device, in: $0).energy }
      #expect(abs((energies[1] - energies[0]) / tau - flows.energyChange) < 1e-13 / tau)
      let productions = try flows.entropyProductions()
      #expect(productions.collision > 1e-6 && productions.load > 1e-6)
      #expect(abs(after.populations.reduce(-1, +)) < 1e-13)
      #expect(after.spectrum().allSatisfy { $0.eigenvalue > 0 })
      state = after
    }
    let steady = try SteadyStateSolver().solve(map)
    let flows = CollisionFlows(of: map, from: steady.state)
    #expect(abs(flows.energyChange) < 1e-13 && flows.entropyFlow > 1e-4)
    let productions = try flows.entropyProductions()
    #expect(abs(productions.collision + productions.load - flows.entropyFlow) < 1e-12)
    // Repeated, the map leads there.
    for _ in 0..<Int(2000 / tau) { state = map.loaded(map.collided(state)) }
    let distance = zip(state.unknowns, steady.state.unknowns).map { abs($0 - $1) }.max() ?? 1
    #expect(distance < 1e-11)
  }

  @Test("the load alone: exponential of its part of the local equation, friction and its own distribution")
  func load() throws {
    let device = try Self.device(friction: 0.8, levels: -9...9)
    let map = try Self.map(0.9, of: device, ancillaLevels: 2)
    // Lz falls like exp(-gamma t) far from the walls.
    let start = QubitRotorState(of: device, in: try device.basisState(0, 0, rotor: 2))
    let moved = QubitRotorFlows(of: device, in: map.loaded(start)).momentum()
    #expect(abs(moved - 2 * .exp(-0.8 * 0.9)) < 1e-3)
    var law: [Double] = []
    for p in device.loadDistribution() { law += [p / 4, p / 4, p / 4, p / 4, 0, 0] }
    #expect(map.load.applied(to: Array(law.dropLast(2))).allSatisfy { abs($0) < 1e-15 })
    // Against the evolution under its jumps alone.
    let loads = try device.localGenerator().dissipators.filter { $0.bath.name == "r" }
    #expect(loads.count == 2)
    let alone = try LindbladGenerator(hamiltonian: 0.0 * device.hamiltonian(), dissipators: loads)
    let state = QubitRotorReferences.state(of: device)
    let evolved = try TimeEvolution(of: alone, from: state, to: [0.9], tolerance: 1e-13).states[0]
    let expected = QubitRotorState(of: device, in: evolved).unknowns
    for (found, expected) in zip(map.loaded(state).unknowns, expected) {
      #expect(abs(found - expected) < 1e-12)
    }
  }

  @Test("more ancilla levels, threads and solvers change nothing")
  func independence() throws {
    let device = try Self.device(levels: -4...5)
    let found = try SteadyStateSolver().solve(Self.map(0.4, of: device)).state.unknowns
    func distance(_ other: QubitRotorState) -> Double {
      zip(other.unknowns, found).map { abs($0 - $1) }.max() ?? 1
    }
    let automatic = try Self.map(0.4, of: device).ancillaLevels
    #expect(automatic.first == 22 && automatic.second == 16)
    #expect(
      try distance(SteadyStateSolver().solve(Self.map(0.4, of: device, ancillaLevels: 50)).state) < 1e-13)
    #expect(try distance(SteadyStateSolver().solve(Self.map(0.4, of: device, ancillaLevels: 3)).state) > 1e-4)
    let parallel = try CollisionMap(of: device, by: QubitRotorCollisions(duration: 0.4), threads: 2)
    #expect(try parallel.collision == Self.map(0.4, of: device).collision)
    for method in [SteadyStateSolver.Method.dense, .direct, .banded] {
      let other = try SteadyStateSolver(method: method).solve(Self.map(0.4, of: device))
      #expect(distance(other.state) < 1e-12)
    }
    #expect(throws: SolverError.self) {
      try SteadyStateSolver(method: .krylov).solve(Self.map(0.4, of: device))
    }
  }

  @Test("a state of the sector reads the same in every representation")
  func representations() throws {
    let device = try Self.device()
    let state = QubitRotorReferences.state(of: device)
    let density = state.density()
    let order = device.space.dimension
    for ket in 0..<order {
      for bra in 0..<order { #expect(state.element(ket, bra) == density.elements[ket + bra * order]) }
    }
    #expect(density.hermiticityDefect == 0)
    #expect(QubitRotorState(of: device, in: density).unknowns == state.unknowns)
    #expect(state.populations == density.populations)
    let values = state.spectrum().map(\.eigenvalue).sorted()
    for (a, b) in zip(values, try density.eigenvalues().sorted()) { #expect(abs(a - b) < 1e-14) }
    #expect(values.count == order)
    #expect(abs(state.purity - density.purity) < 1e-15)
    #expect(abs(state.elementwiseNorm - density.elementwiseNorm) < 1e-14)
    for (a, b) in zip(state.reduced(to: [2]).elements, density.reduced(to: [2]).elements) {
      #expect((a - b).length < 1e-15)
    }
  }

  @Test("levels that a collision is cut at are out of reach", arguments: [1e-6, 0.01, 0.5, 3, -8])
  func radius(hop: Double) {
    let kernel = ExchangeKernel(
      diagonal: [Double](repeating: 0, count: 60), hop: hop, couplings: (1, 1), weights: ([1], [1]))
    // Each level takes one factor of the hop: the rest of the series of exp(hop).
    func rest(beyond radius: Int) -> Double {
      var (term, sum) = (1.0, 0.0)
      for n in 1...200 {
        term *= abs(hop) / Double(n)
        if n > radius { sum += term }
      }
      return sum
    }
    #expect(rest(beyond: kernel.radius) < 1e-18 && rest(beyond: kernel.radius - 2) > 1e-18)
  }

  @Test("bad input names the parameter, and what has no fixed point is refused")
  func refusals() throws {
    func field(_ change: [String: ParameterValue], compute: Bool = false) -> String? {
      do {
        let machine = try QubitRotorMachine(
          change.merging(["lmin": .integer(-2), "lmax": .integer(2)]) { $1 })
        if compute { _ = try machine.compute(PointRequest(state: "collision", observables: ["W"])) }
        return nil
      } catch let error as InputError {
        return error.field
      } catch ComputationError.input(let error) {
        return error.field
      } catch { return "\(error)" }
    }
    #expect(field(["tau": .real(0)]) == "parameters.tau")
    #expect(field(["tau": .real(-1)]) == "parameters.tau")
    #expect(field(["ancilla_levels": .integer(1)]) == "parameters.ancilla_levels")
    #expect(field(["ancilla_levels": .real(3.5)]) == "parameters.ancilla_levels")
    #expect(
      field(["master_equation": .text("global")], compute: true) == "parameters.master_equation")
    #expect(field([:], compute: true) == nil)
    // A bath so hot that its ancilla needs too many levels.
    #expect(field(["beta1": .real(1e-4)], compute: true)?.contains("ancilla_levels") == true)
    #expect(field(["tau": .real(1e9)], compute: true)?.contains("shorter") == true)
    // Without coupling nothing relaxes the qubits.
    #expect(throws: SolverError.self) {
      let bare = try QubitRotor(
        first: Qubit(field: 0.7, coupling: 0, inverseTemperature: 1),
        second: Qubit(field: 1.3, coupling: 0, inverseTemperature: 1), interaction: 0.4,
        loadInverseTemperature: 0.6, friction: 0.05, levels: -1...1)
      _ = try SteadyStateSolver().solve(Self.map(0.3, of: bare, ancillaLevels: 2))
    }
  }

  @Test("a plan, the standard observables and the rotor's populations")
  func machine() throws {
    let machine = try QubitRotorMachine([
      "lmin": .integer(-4), "lmax": .integer(8), "beta1": .real(0.5), "beta2": .real(0.2),
    ])
    let plan = try machine.plan(PointRequest(state: "collision", observables: ["W"]))
    #expect(plan.unknowns == 76 && plan.route == "collisions" && plan.seconds < 10)
    let standard = QubitRotorMachine.kind.description.observables.filter {
      $0.isStandard && $0.states.contains("collision")
    }.map(\.name)
    #expect(standard == ["Q1", "Q2", "Qr", "W", "Lz"])
    let flows = try machine.compute(PointRequest(state: "collision", observables: ["Udot", "sigma_exact"]))
    let (change, production) = (try #require(flows.rows[0][0]), try #require(flows.rows[0][1]))
    #expect(abs(change) < 1e-12 && production > 0)
    let levels = try machine.compute(PointRequest(state: "collision", observables: ["p_l"]))
    #expect(levels.rows.count == 13 && levels.rows[0][0] == -4)
    #expect(abs(levels.rows.reduce(-1) { $0 + ($1[1] ?? .nan) }) < 1e-13)
    #expect(throws: ComputationError.self) {
      try machine.compute(PointRequest(state: "collision", observables: ["WQ"]))
    }
  }
}

extension QubitRotor {
  fileprivate func with(friction: Double) throws -> QubitRotor {
    try QubitRotor(
      first: first, second: second, inertia: inertia, interaction: interaction,
      loadInverseTemperature: loadInverseTemperature, friction: friction, levels: levels)
  }
}

/// One collision on the whole space of system and both ancillas, by a Taylor series of the unitary.
private struct BruteForceCollision {
  let device: QubitRotor
  let tau: Double
  let levels: Int
  /// System first, then the ancillas.
  let space: HilbertSpace
  let hamiltonian: Operator
  let modes: [Operator]

  init(_ device: QubitRotor, _ tau: Double, _ levels: Int) {
    self.device = device
    self.tau = tau
    self.levels = levels
    let site = Site.boson(cutoff: levels - 1)
    space = HilbertSpace(device.space.sites + [site, site])
    let lower = SparseMatrix(
      rows: levels, columns: levels,
      entries: (1..<levels).map { ($0 - 1, $0, Complex(Double($0).squareRoot())) })
    let space = space
    func embedded(_ system: Operator) -> Operator {
      Operator(space: space, matrix: system.matrix.kroneckerProduct(with: .identity(levels * levels)))
    }
    var hamiltonian = embedded(device.hamiltonian())
    var modes: [Operator] = []
    for (number, qubit) in [device.first, device.second].enumerated() {
      let mode = Operator.local(lower, at: 3 + number, in: space)
      let exchange = embedded(device.lowering(qubit: number)) * mode.adjoint
      hamiltonian =
        hamiltonian + 2 * qubit.field * (mode.adjoint * mode)
        + qubit.coupling / tau.squareRoot() * (exchange + exchange.adjoint)
      modes.append(2 * qubit.field * (mode.adjoint * mode))
    }
    self.hamiltonian = hamiltonian
    self.modes = modes
  }

  /// The state after the collision, heat from both ancillas and the change of the energy of the system, per unit time.
  func apply(
    to state: DensityMatrix
  ) throws -> (state: DensityMatrix, heat: (first: Double, second: Double), energy: Double) {
    let (order, size) = (space.dimension, state.space.dimension)
    func weights(_ qubit: QubitRotor.Qubit) -> [Double] {
      let raw = (0..<levels).map { Double.exp(-2 * qubit.inverseTemperature * qubit.field * Double($0)) }
      return raw.map { $0 / raw.reduce(0, +) }
    }
    let (w1, w2) = (weights(device.first), weights(device.second))
    var whole = [Complex<Double>](repeating: .zero, count: order * order)
    for a in 0..<order {
      for b in 0..<order where a % (levels * levels) == b % (levels * levels) {
        let k = a % (levels * levels)
        whole[a + b * order] =
          state.elements[a / (levels * levels) + b / (levels * levels) * size]
          * Complex(w1[k / levels] * w2[k % levels])
      }
    }
    let before = DensityMatrix(space: space, elements: whole)
    // U = V exp(-i E tau) V^+.
    let (energies, vectors) = try DenseEigen.hermitian(hamiltonian.matrix.dense, order: order)
    func product(_ a: [Complex<Double>], _ b: [Complex<Double>], adjoint: Bool) throws -> [Complex<Double>] {
      try denseMultiply(a, b, adjointRight: adjoint, rows: order, inner: order, columns: order)
    }
    let phased = vectors.indices.map {
      vectors[$0] * Complex(length: 1, phase: -energies[$0 / order] * tau)
    }
    let unitary = try product(phased, vectors, adjoint: true)
    let after = DensityMatrix(
      space: space, elements: try product(product(unitary, whole, adjoint: false), unitary, adjoint: true))
    let reduced = DensityMatrix(
      space: device.space, elements: after.reduced(to: [0, 1, 2]).elements)
    func change(_ observable: Operator) -> Double {
      (after.expectation(of: observable) - before.expectation(of: observable)).real / tau
    }
    let energy =
      (reduced.expectation(of: device.hamiltonian()) - state.expectation(of: device.hamiltonian())).real / tau
    return (reduced, (-change(modes[0]), -change(modes[1])), energy)
  }
}
