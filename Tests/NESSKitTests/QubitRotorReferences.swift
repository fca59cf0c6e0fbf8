import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// Golden cases, devices and states that several suites of two qubits and a rotor use.
enum QubitRotorReferences {
  static let golden = Result { try GoldenFile("hybrid") }

  static func golden(_ id: String) throws -> GoldenCase { try golden.get()(id) }

  static let parameterNames = Set(QubitRotorMachine.kind.description.parameters.map(\.name))
  static let observableNames = Set(QubitRotorMachine.kind.description.observables.map(\.name))

  static func machine(
    _ golden: GoldenCase, _ row: [Double?] = [], also: [String: ParameterValue] = [:]
  ) throws -> QubitRotorMachine {
    var given = golden.parameters.filter { parameterNames.contains($0.key) }
    if case .text(let text)? = given["initial_state"], !text.hasPrefix("thermal") {
      given["initial_state"] = nil
    }
    for (column, value) in zip(golden.columns, row) where parameterNames.contains(column) {
      let number = try #require(value)
      given[column] =
        column.hasPrefix("lm") ? ParameterValue.integer(Int(number)) : ParameterValue.real(number)
    }
    return try QubitRotorMachine(given.merging(also) { $1 })
  }

  static func device(_ id: String) throws -> QubitRotor { try machine(golden(id)).device }

  static func check(
    _ golden: GoldenCase, _ column: Int, _ value: Double?, _ row: [Double?]
  ) {
    #expect(
      golden.deviation(value, from: row[column], column: column) <= 1,
      "\(golden.columns[column]) = \(value ?? .nan) for \(row[column] ?? .nan) at \(row[0] ?? .nan)")
  }

  // Devices and states without pattern.

  /// A device with quick relaxation and a narrow rotor, so that windows stay small.
  static let quick: [String: ParameterValue] = [
    "B1": .real(0.7), "B2": .real(1.3), "I": .real(0.8), "lambda": .real(0.4), "g": .real(0.9),
    "chi": .real(0.25), "beta1": .real(0.9), "beta2": .real(0.3), "beta_r": .real(0.6), "gamma": .real(0.2),
  ]

  static func device(
    lambda: Double = 0.4, chi: Double = 0.25, gamma: Double = 0.05, beta1: Double = 0.9, beta2: Double = 0.3,
    betaR: Double = 0.6, levels: ClosedRange<Int> = -4...5, equation: QubitRotor.Equation = .local
  ) throws -> QubitRotor {
    try QubitRotor(
      first: QubitRotor.Qubit(field: 0.7, coupling: 0.9 * (1 - chi), inverseTemperature: beta1),
      second: QubitRotor.Qubit(field: 1.3, coupling: 0.9 * (1 + chi), inverseTemperature: beta2),
      inertia: 0.8,
      interaction: lambda, loadInverseTemperature: betaR, friction: gamma, levels: levels, equation: equation)
  }

  static let global = QubitRotor.Equation.global(cutoff: .frequency(3.5), rule: .odd)

  static func flows(_ device: QubitRotor) throws -> QubitRotorFlows {
    let equation = try device.masterEquation()
    return QubitRotorFlows(
      of: device, in: try SteadyStateSolver().solve(equation).state, secular: equation.secular)
  }

  /// A positive state of the sector with populations and coherences without pattern.
  static func state(of device: QubitRotor) -> QubitRotorState {
    let count = device.levels.count
    var unknowns = (0..<(6 * count - 2)).map { $0 % 6 < 4 ? 1.5 + Double.cos(Double(3 * $0)) : 0 }
    for level in 0..<(count - 1) {
      let size = 0.7 * (unknowns[6 * level + 1] * unknowns[6 * level + 8]).squareRoot()
      unknowns[6 * level + 4] = size * .cos(0.3 + Double(level))
      unknowns[6 * level + 5] = size * .sin(0.3 + Double(level))
    }
    let trace = (0..<unknowns.count).reduce(0) { $0 + ($1 % 6 < 4 ? unknowns[$1] : 0) }
    return QubitRotorState(of: device, unknowns: unknowns.map { $0 / trace })
  }

  /// (|01,0> + exp(-0.7 i) |10,1>)/sqrt(2), with c_0 = exp(0.7 i)/2.
  static func superposition(on device: QubitRotor) -> DensityMatrix {
    let count = device.levels.count
    let (ket, bra) = (count - device.levels.lowerBound, 2 * count - device.levels.lowerBound + 1)
    var amplitudes = [Complex<Double>](repeating: .zero, count: 4 * count)
    amplitudes[ket] = Complex(Double(0.5).squareRoot())
    amplitudes[bra] = Complex(length: Double(0.5).squareRoot(), phase: -0.7)
    return DensityMatrix(pure: StateVector(space: device.space, amplitudes: amplitudes))
  }
}
