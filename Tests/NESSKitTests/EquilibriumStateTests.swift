import NESSKit
import Numerics
import Testing

@Suite("Thermal and ground states")
struct EquilibriumStateTests {
  @Test("the Gibbs state of a rotated spectrum", arguments: [0, 0.5, 3, 1e3])
  func gibbs(beta: Double) throws {
    let space = HilbertSpace([.levels(4)])
    let energies = [-1.0, 0.25, 0.5, 2]
    let u = Operator(space: space, matrix: reflection(4))
    let hamiltonian = u * Operator(space: space, matrix: .diagonal(energies.map { Complex($0) })) * u.adjoint
    let thermal = try ThermalState(of: hamiltonian, inverseTemperature: beta)
    let weights = energies.map { Double.exp(-beta * ($0 + 1)) }
    let sum = weights.reduce(0, +)
    let expected = rotated(.diagonal(weights.map { $0 / sum }, in: space), by: u)
    #expect(distance(thermal.state, expected) < 1e-14)
    #expect(thermal.certificate.residual < 1e-14 && thermal.certificate.unique == true)
    #expect(abs((thermal.certificate.minEigenvalue ?? -1) - weights[3] / sum) < 1e-15)
    #expect(abs(thermal.certificate.rateScale - 2) < 1e-14)
    #expect(thermal.certificate.traceDefect < 1e-14)
  }

  @Test("the ground state of the transverse Ising pair")
  func pair() throws {
    // H = -Z Z - h (X + X): in the symmetric sector -sqrt(1 + 4 h^2).
    let space = qubits(2)
    let h = 0.7
    let x = Operator.local(.pauliX, at: 0, in: space) + .local(.pauliX, at: 1, in: space)
    let hamiltonian = -1 * .local(.pauliZ, at: 0, in: space) * .local(.pauliZ, at: 1, in: space) - h * x
    let energy = -(1 + 4 * h * h).squareRoot()
    let exchange = PermutationSymmetry(name: "exchange", on: space) { $0.reversed() }
    let flip = PermutationSymmetry(name: "flip", on: space) { $0.map { 1 - $0 } }
    for (symmetries, dimension, gap) in [
      ([], 4, energy), ([exchange], 3, energy), ([exchange, flip], 2, 2 * energy),
    ] {
      let ground = try GroundState(of: hamiltonian, symmetries: symmetries)
      #expect(abs(ground.energy - energy) < 1e-14)
      #expect(ground.sectorDimension == dimension)
      // Levels: -s, -1, 1, s; the one at -1 is odd under the flip.
      #expect(abs(try #require(ground.gap) - (dimension == 2 ? -gap : -1 - energy)) < 1e-14)
      #expect(ground.residual < 1e-14 && abs(ground.state.norm - 1) < 1e-14)
      #expect(abs(ground.state.expectation(of: hamiltonian).real - energy) < 1e-14)
    }
  }

  @Test("degenerate ground levels, sectors that are left, and symmetries that fail are errors")
  func errors() throws {
    let space = qubits(2)
    let ising = -1 * Operator.local(.pauliZ, at: 0, in: space) * .local(.pauliZ, at: 1, in: space)
    #expect(
      (#expect(throws: SolverError.self) { try GroundState(of: ising) })?.several ?? (0, false) == (2, true))
    let flip = PermutationSymmetry(name: "flip", on: space) { $0.map { 1 - $0 } }
    #expect(abs(try GroundState(of: ising, symmetries: [flip]).energy + 1) < 1e-15)
    #expect(abs(try GroundState(of: ising, within: [0, 1]).energy + 1) < 1e-15)
    #expect(try GroundState(of: ising, within: [1]).gap == nil)
    let driven = ising + 0.25 * .local(.pauliX, at: 0, in: space)
    #expect(throws: SolverError.symmetryViolated(name: "sector", size: 0.25)) {
      try GroundState(of: driven, within: [0, 1])
    }
    let tilted = ising + 0.125 * .local(.pauliZ, at: 0, in: space)
    #expect(throws: SolverError.symmetryViolated(name: "flip", size: 0.25)) {
      try GroundState(of: tilted, symmetries: [flip])
    }
    let zero = #expect(throws: SolverError.self) { try GroundState(of: .zero(space)) }
    #expect(zero?.several ?? (0, false) == (4, true))
  }
}
