import NESSKit

extension BenchModel {
  static let qubitRotor = BenchModel(
    name: "qubit-rotor",
    axes: [
      Axis(name: "levels", standard: 101, meaning: "rotor levels N, from -0.4 N on"),
      Axis(name: "global", standard: 0, meaning: "1 for the global equation"),
      Axis(name: "ratio", standard: 0.2, meaning: "beta2/beta1"),
    ]
  ) { values in try QubitRotorCase(values) }
}

/// Two qubits and a rotor at the parameters of Fig. 2, with all flows.
struct QubitRotorCase: BenchCase {
  let machine: QubitRotorMachine
  static let observables = ["Q1", "Q2", "Qr", "WQ", "Wr", "K", "Lz", "eta", "COP"]

  init(_ axes: [String: Double]) throws {
    let value = AxisValues(axes)
    let levels = try value.count("levels")
    let lowest = -(2 * levels / 5)
    machine = try QubitRotorMachine([
      "lmin": .integer(lowest), "lmax": .integer(lowest + levels - 1), "beta2": .real(0.1 * value["ratio"]),
      "master_equation": .text(value["global"] == 0 ? "local" : "global"),
    ])
  }

  func equation() throws -> QubitRotorEquation { try machine.device.masterEquation() }

  func symmetries() -> [PermutationSymmetry] { [] }

  func observe(_ state: any QuantumState, _ equation: QubitRotorEquation) throws -> [String: Double] {
    let flows = QubitRotorFlows(of: machine.device, in: state, secular: equation.secular, isStationary: true)
    let values: [(String, Double?)] = [
      ("Q1", flows.heat(fromQubit: 0)), ("Q2", flows.heat(fromQubit: 1)), ("Qr", flows.heatFromLoad),
      ("WQ", flows.collisionalWork), ("Wr", flows.loadWork), ("K", flows.excitationCurrent),
      ("Lz", flows.momentum()), ("eta", flows.efficiency), ("COP", flows.coefficientOfPerformance),
    ]
    return Dictionary(uniqueKeysWithValues: values.compactMap { name, value in value.map { (name, $0) } })
  }
}
