import NESSKit
import Numerics
import Testing

/// Evolutions under secular equations from states with coherence between eigenvectors, against exponentials of the Davies generator.
@Suite("Secular equations and coherence")
struct SecularCoherenceTests {
  /// exp(L t) rho by Taylor series in short steps.
  static func evolved(
    _ state: DensityMatrix, under davies: LindbladGenerator, for time: Double
  ) -> [Complex<Double>] {
    // Steps of 1/16 times rates and frequencies up to 10 leave 0.6^17/17!.
    let steps = (time * 16).rounded(.up)
    let size = state.elements.count
    let matrix = superoperator(davies.terms())
    let entries = matrix.indices.filter { matrix[$0] != .zero }
      .map { (row: $0 % size, column: $0 / size, value: Complex(time / steps) * matrix[$0]) }
    var rho = state.elements
    for _ in 0..<Int(steps) {
      var term = rho
      for order in 1...16 {
        var next = [Complex<Double>](repeating: .zero, count: size)
        for (row, column, value) in entries { next[row] += value * term[column] }
        term = next.map { $0 / Complex(Double(order)) }
        for k in rho.indices { rho[k] += term[k] }
      }
    }
    return rho
  }

  /// A pure state with every coherence.
  static func superposition(on levels: Levels) -> DensityMatrix {
    var random = RandomNumbers(seed: 40)
    let amplitudes = (0..<levels.space.dimension).map { _ in random.complex() }
    let norm = amplitudes.reduce(0) { $0 + $1.lengthSquared }.squareRoot()
    return DensityMatrix(
      pure: StateVector(space: levels.space, amplitudes: amplitudes.map { $0 / Complex(norm) }))
  }

  static func isRefused(_ body: () throws -> Void) -> Bool {
    do { try body() } catch SolverError.excludedCoherence(let found, let allowed) {
      return found > 1e-2 && allowed == 1e-12
    } catch {}
    return false
  }

  @Test(
    "coherence between classes is refused, until the equation describes it", arguments: SecularCase.all,
    [false, true])
  func coherence(of one: SecularCase, others: Bool) throws {
    let (levels, secular, davies) = try one.make(seed: 41, others: others)
    let state = Self.superposition(on: levels)
    let order = levels.space.dimension
    #expect(Set(secular.classes) == Set(secular.classes.map { secular.classes[$0] }))
    let exact = naiveLindblad(davies, state.elements)
    if Set(secular.classes).count > 1 {
      #expect(Self.isRefused { _ = try TimeEvolution(of: secular, from: state, to: [1]) })
      #expect(Self.isRefused { _ = try SteadyStateSolver().relaxedState(of: secular, from: state) })
    }
    let described = try secular.describing(state)
    #expect(distance(described.applied(to: state), exact) < 1e-12)
    let evolution = try TimeEvolution(of: described, from: state, to: [0.7])
    let expected = Self.evolved(state, under: davies, for: 0.7)
    #expect(distance(evolution.states[0].density().elements, expected) < 1e-9)
    // Flows of observables that are no functions of H.
    var random = RandomNumbers(seed: 42)
    let observable = random.hermitian(levels.space)
    let later = DensityMatrix(space: levels.space, elements: expected)
    for (number, coupling) in secular.couplings.enumerated() {
      let flow = described.flow(of: observable, fromCoupling: number, in: evolution.states[0])
      let reference = later.expectation(of: davies.adjointDissipator(of: coupling.bath, on: observable)).real
      #expect(abs(flow - reference) < 1e-8)
      // Heat needs no coherence.
      let heat = secular.flow(fromCoupling: number, in: later)
      #expect(abs(heat - described.flow(fromCoupling: number, in: later)) < 1e-12)
    }
    // Without coherence between classes all is as it was.
    let diagonal = DensityMatrix(
      space: levels.space,
      elements: levels.function { .exp(-0.3 * $0) }.matrix.dense.map {
        $0 / Complex(levels.energies.reduce(0) { $0 + .exp(-0.3 * $1) })
      })
    #expect(try secular.describing(diagonal).classes == secular.classes)
    let plain = try TimeEvolution(of: secular, from: diagonal, to: [0.7]).states[0].density().elements
    #expect(distance(plain, Self.evolved(diagonal, under: davies, for: 0.7)) < 1e-9)
    #expect(
      (0..<order).contains { (plain[$0 * (order + 1)] - diagonal.elements[$0 * (order + 1)]).length > 1e-4 })
  }

  @Test("equidistant levels: coherence moves on, which jumps between single eigenvectors do not know")
  func movingCoherence() throws {
    let (levels, secular, davies) = try SecularCase.all[1].make(seed: 43)
    #expect(Set(secular.classes).count == 5)
    let state = Self.superposition(on: levels)
    let exact = naiveLindblad(davies, state.elements)
    #expect(distance(secular.applied(to: state), exact) > 1e-2)
    #expect(Set(try secular.describing(state).classes).count == 1)
  }

  @Test("the rotor without load from a basis state, through the machine", arguments: [0.0, 0.3])
  func rotor(friction: Double) throws {
    let machine = try QubitRotorMachine([
      "B1": .real(0.7), "B2": .real(1.3), "I": .real(0.8), "lambda": .real(0.4), "beta1": .real(0.9),
      "beta2": .real(0.3), "beta_r": .real(0.6), "gamma": .real(friction), "lmin": .integer(-1),
      "lmax": .integer(1), "master_equation": .text("global"), "Omega": .real(3.5),
      "initial_state": .text("|0 1 0>"),
    ])
    let device = machine.device
    let equation = try #require(try device.masterEquation().secular)
    let davies = try Levels(of: device.hamiltonian()).davies(
      equation.couplings, .rwa, others: equation.others)
    var elements = [Complex<Double>](repeating: .zero, count: 144)
    elements[4 * 13] = .one
    let start = DensityMatrix(space: device.space, elements: elements)
    // Without load the two dressed states of a pair are classes of their own.
    if friction == 0 { #expect(Self.isRefused { _ = try TimeEvolution(of: equation, from: start, to: [1]) }) }
    let expected = DensityMatrix(
      space: device.space, elements: Self.evolved(start, under: davies, for: 1.5))
    let flows = QubitRotorFlows(of: device, in: expected)
    let found = try machine.compute(
      PointRequest(state: "dynamics", observables: ["Lz", "n1", "n2", "U", "K"], times: [1.5])
    ).rows[0]
    let values = [
      flows.momentum(), flows.excitations.first, flows.excitations.second, flows.energy,
      flows.excitationCurrent,
    ]
    for (value, reference) in zip(found.dropFirst(), values) {
      #expect(abs(try #require(value) - reference) < 1e-9)
    }
    #expect(abs(values[4]) > 1e-3)
  }
}
