import NESSKit
import Numerics

extension BenchModel {
  static let spinChain = BenchModel(
    name: "spin-chain",
    axes: [
      Axis(name: "N", standard: 8, meaning: "spins"),
      Axis(name: "Delta", standard: 0.5, meaning: "anisotropy"),
      Axis(name: "mu", standard: 0.5, meaning: "drive: mu_L = mu, mu_R = -mu"),
      Axis(name: "gamma", standard: 1, meaning: "coupling to both baths"),
      Axis(name: "dephasing", standard: 0, meaning: "rate of sz on every site"),
    ]
  ) { values in try SpinChainCase(values) }
}

/// The boundary-driven XXZ chain and its spin current.
struct SpinChainCase: BenchCase {
  let chain: SpinChain
  let machine: SpinChainMachine
  static let observables = ["j_spin"]

  init(_ axes: [String: Double]) throws {
    let value = AxisValues(axes)
    let (mu, gamma) = (value["mu"], value["gamma"])
    machine = try SpinChainMachine([
      "N": .integer(try value.count("N")), "Delta": .real(value["Delta"]), "gamma_L": .real(gamma),
      "gamma_R": .real(gamma), "mu_L": .real(mu), "mu_R": .real(-mu),
      "gamma_phi": .real(value["dephasing"]),
    ])
    chain = machine.chain
  }

  func equation() throws -> LindbladGenerator { try chain.generator() }

  func symmetries() -> [PermutationSymmetry] { chain.symmetries() }

  func observe(_ state: any QuantumState, _ equation: LindbladGenerator) throws -> [String: Double] {
    let bonds = 0..<(chain.sites - 1)
    let sum = bonds.reduce(0.0) { $0 + state.expectation(of: chain.spinCurrent(ofBond: $1)).real }
    return ["j_spin": sum / Double(bonds.count)]
  }
}
