import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// Golden numbers of `reference/hybrid.json`, through the library.
@Suite("Two qubits and a rotor against golden numbers")
struct QubitRotorGoldenTests {
  static let steadyCases = [
    "fig2a_local", "fig2a_local_narrow_cutoff", "fig3_ergotropy", "fig45_b2_0.01", "fig45_b2_0.02",
    "fig45_b2_0.05",
    "fig45_omega_dependence", "global_sweep_fig2_parameters", "cutoff_convergence_local",
    "cutoff_convergence_global", "unit_flows_local", "unit_flows_global_rwa", "unit_flows_global_odd",
    "unit_flows_global_omegamax", "relaxation_rates",
  ]

  @Test("flows and what follows from them in steady states", arguments: steadyCases)
  func steadyStates(id: String) throws {
    let golden = try QubitRotorReferences.golden(id)
    func name(_ column: String) -> String {
      id == "fig3_ergotropy" && QubitRotorReferences.observableNames.contains("ergotropy_\(column)")
        ? "ergotropy_\(column)" : column
    }
    // In the file "r" is the ratio of temperatures and "R" the rectification.
    let compared = golden.columns.indices.filter {
      QubitRotorReferences.observableNames.contains(name(golden.columns[$0]))
        && !QubitRotorReferences.parameterNames.contains(golden.columns[$0])
    }
    #expect(compared.count >= 3)
    for row in golden.rows {
      var also: [String: ParameterValue] = [:]
      if let place = golden.position(of: "r"), golden.position(of: "beta2") == nil,
        case .real(let beta1)? = golden.parameters["beta1"], let ratio = row[place]
      {
        // Some cases give the ratio of temperatures alone.
        also["beta2"] = .real(ratio * beta1)
      }
      let result = try QubitRotorReferences.machine(golden, row, also: also).compute(
        PointRequest(state: "steady", observables: compared.map { name(golden.columns[$0]) }))
      #expect(result.certificate.unique == true)
      for (place, column) in compared.enumerated() {
        QubitRotorReferences.check(golden, column, result.rows[0][place], row)
      }
    }
  }

  @Test(
    "generator in the sector, entry by entry",
    arguments: ["unit_generator_local_N3", "unit_generator_global_N3", "unit_generator_global_odd_N3"])
  func generator(id: String) throws {
    let golden = try QubitRotorReferences.golden(id)
    let device = try QubitRotorReferences.device(id)
    let equation = try device.masterEquation()
    let count = device.levels.count
    /// Ket and bra of a slot: populations, then the coherence of which real and imaginary part are unknowns.
    func position(_ index: Int) -> (ket: Int, bra: Int, isImaginary: Bool) {
      let (level, slot) = (index / 6, index % 6)
      return slot < 4
        ? (slot * count + level, slot * count + level, false)
        : (count + level, 2 * count + level + 1, slot == 5)
    }
    // Columns of the generator: its image of one unknown, in the basis of the space.
    let dimension = device.space.dimension
    var found: [[Double]] = []
    let order = 6 * count - 2
    for column in 0..<order {
      let (ket, bra, isImaginary) = position(column)
      var elements = [Complex<Double>](repeating: .zero, count: dimension * dimension)
      elements[ket + bra * dimension] = isImaginary ? Complex(0, 1) : .one
      elements[bra + ket * dimension] = isImaginary ? Complex(0, -1) : .one
      let image = try Self.apply(equation, to: elements, dimension)
      found.append(
        (0..<order).map { row in
          let (ket, bra, isImaginary) = position(row)
          let value = image[ket + bra * dimension]
          return isImaginary ? value.imaginary : value.real
        })
    }
    var expected = [[Double]](repeating: [Double](repeating: 0, count: order), count: order)
    for row in golden.rows {
      expected[Int(try #require(row[1]))][Int(try #require(row[0]))] = try #require(row[2])
    }
    for column in 0..<order {
      for row in 0..<order {
        #expect(
          golden.deviation(found[column][row], from: expected[column][row], column: 2) <= 1,
          "(\(row), \(column)): \(found[column][row]) for \(expected[column][row])")
      }
    }
  }

  /// The generator on a matrix in the basis of the space.
  static func apply(
    _ equation: some MasterEquation, to elements: [Complex<Double>], _ dimension: Int
  ) throws -> [Complex<Double>] {
    guard let basis = equation.basis else { return try equation.terms().applied(to: elements) }
    let v = basis.dense
    func times(_ a: [Complex<Double>], _ b: [Complex<Double>]) -> [Complex<Double>] {
      var result = [Complex<Double>](repeating: .zero, count: dimension * dimension)
      for j in 0..<dimension {
        for k in 0..<dimension where b[k + j * dimension] != .zero {
          for i in 0..<dimension { result[i + j * dimension] += a[i + k * dimension] * b[k + j * dimension] }
        }
      }
      return result
    }
    let w = basis.adjoint.dense
    return times(v, times(try equation.terms().applied(to: times(w, times(elements, v))), w))
  }

  @Test("transitions between dressed states", arguments: ["unit_transitions", "unit_transitions_odd"])
  func transitions(id: String) throws {
    let golden = try QubitRotorReferences.golden(id)
    let equation = try #require(try QubitRotorReferences.device(id).masterEquation().secular)
    let expected = try golden.rows.map { row in try row.map { try #require($0) } }
      .sorted { ($0[0], $0[5], $0[6]) < ($1[0], $1[5], $1[6]) }
    let found = equation.transitions
      .map {
        [Double($0.coupling + 1), $0.frequency, $0.amplitude.lengthSquared, $0.absorption, $0.emission]
      }
      .sorted { ($0[0], $0[1], $0[2]) < ($1[0], $1[1], $1[2]) }
    try #require(found.count == expected.count)
    // Degenerate pairs may stand in either order: rounding sorts them.
    for (bath, frequency, weight, absorption, emission) in found.map({ ($0[0], $0[1], $0[2], $0[3], $0[4]) })
    {
      #expect(
        expected.contains { row in
          row[0] == bath && golden.deviation(frequency, from: row[5], column: 5) <= 1
            && golden.deviation(weight, from: row[6], column: 6) <= 1
            // The file has rates per squared amplitude.
            && golden.deviation(absorption / weight, from: row[7], column: 7) <= 1
            && golden.deviation(emission / weight, from: row[8], column: 8) <= 1
        }, "bath \(bath), omega \(frequency), weight \(weight): \(absorption), \(emission)")
    }
  }

  @Test(
    "steady states, element by element",
    arguments: [
      "unit_state_local", "unit_state_global_rwa", "unit_state_global_odd", "unit_state_global_omegamax",
      "unit_no_load_truncated",
    ])
  func states(id: String) throws {
    let golden = try QubitRotorReferences.golden(id)
    let device = try QubitRotorReferences.device(id)
    let flows = QubitRotorFlows(of: device, in: try SteadyStateSolver().solve(device.masterEquation()).state)
    for row in golden.rows {
      let (level, slot) = (Int(try #require(row[0])) - device.levels.lowerBound, Int(try #require(row[1])))
      let value =
        slot < 4
        ? flows.populations[slot][level]
        : slot == 4 ? flows.coherences[level].real : flows.coherences[level].imaginary
      #expect(golden.deviation(value, from: row[2], column: 2) <= 1, "l \(level), slot \(slot): \(value)")
    }
  }

  @Test("rates and stationary law of the load")
  func load() throws {
    let golden = try QubitRotorReferences.golden("unit_load")
    func number(_ name: String) throws -> Double {
      let value = try #require(golden.parameters[name])
      switch value {
      case .real(let number): return number
      case .integer(let number): return Double(number)
      default: throw GoldenFileError.missing(name)
      }
    }
    let qubit = QubitRotor.Qubit(field: 1, coupling: 1, inverseTemperature: 1)
    let device = try QubitRotor(
      first: qubit, second: qubit, inertia: number("I"), interaction: 0,
      loadInverseTemperature: number("beta_r"),
      friction: number("gamma"), levels: -9...9)
    let law = device.loadDistribution()
    for row in golden.rows {
      let level = Int(try #require(row[0]))
      #expect(golden.deviation(device.raisingRate(of: level), from: row[1], column: 1) <= 1)
      #expect(golden.deviation(device.loweringRate(of: level), from: row[2], column: 2) <= 1)
      #expect(golden.deviation(law[level + 9], from: row[3], column: 3) <= 1)
    }
  }
}
