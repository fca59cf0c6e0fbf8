import NESSKit
import Numerics

extension BenchModel {
  static let chiralClock = BenchModel(
    name: "chiral-clock",
    axes: [
      Axis(name: "M", standard: 4, meaning: "rotors"),
      Axis(name: "Ns", standard: 3, meaning: "positions of a rotor; stands for its cutoff"),
      Axis(name: "f", standard: 0.45, meaning: "weight of the single-rotor term"),
      Axis(name: "phi", standard: Double.pi / 2, meaning: "staggered phase"),
      Axis(name: "beta_e", standard: 1, meaning: "inverse temperature of the even rotors"),
      Axis(name: "beta_o", standard: 1.1, meaning: "inverse temperature of the odd rotors"),
      Axis(name: "g", standard: 0.2, meaning: "coupling to the baths"),
      Axis(
        name: "spread", standard: 0,
        meaning:
          "relative growth of the inverse temperature from rotor to rotor; breaks the spatial symmetries"),
    ]
  ) { values in try ChiralClockCase(values) }
}

/// The chiral clock ring and its tunnelling and thermal currents.
struct ChiralClockCase: BenchCase {
  let ring: ChiralClockRing
  let machine: ChiralClockMachine

  static let observables = ["J_tun_even", "J_tun_odd", "J_th_even", "J_th_odd", "J_tun_T", "J_th_T"]

  init(_ axes: [String: Double]) throws {
    let value = AxisValues(axes)
    let rotors = try value.count("M")
    let positions = try value.count("Ns")
    let sites = 0..<max(rotors, 0)
    let betas = sites.map { k in
      (k % 2 == 0 ? value["beta_o"] : value["beta_e"]) * (1 + value["spread"] * Double(k))
    }
    let phases = sites.map { k in k % 2 == 0 ? -value["phi"] : value["phi"] }
    ring = try ChiralClockRing(
      rotors: rotors, positions: positions, f: value["f"], phases: phases, inverseTemperatures: betas,
      couplings: sites.map { _ in value["g"] })
    machine = try ChiralClockMachine([
      "M": .integer(rotors), "Ns": .integer(positions), "f": .real(value["f"]), "g": .real(value["g"]),
      "phis": .list(phases.map { .real($0) }), "betas": .list(betas.map { .real($0) }),
    ])
  }

  func equation() throws -> LindbladGenerator { try ring.generator() }

  func symmetries() -> [PermutationSymmetry] { ring.symmetries() }

  func observe(_ state: any QuantumState, _ equation: LindbladGenerator) throws -> [String: Double] {
    let flows = ClockRingFlows(of: ring, hamiltonian: equation.hamiltonian, in: state)
    let tunnelling = flows.tunnelling.map { $0[0] }
    let thermal = flows.thermal.map { $0[0] }
    // Rotors count from 1 in the paper: the even ones have odd indices here.
    func average(_ values: [Double], parity: Int) -> Double {
      let chosen = values.indices.filter { $0 % 2 == parity }.map { values[$0] }
      return chosen.reduce(0, +) / Double(chosen.count)
    }
    return [
      "J_tun_even": average(tunnelling, parity: 1), "J_tun_odd": average(tunnelling, parity: 0),
      "J_th_even": average(thermal, parity: 1), "J_th_odd": average(thermal, parity: 0),
      "J_tun_T": tunnelling.reduce(0, +), "J_th_T": thermal.reduce(0, +),
    ]
  }
}
