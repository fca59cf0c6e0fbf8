import NESSKit
import NESSTestSupport
import Testing

/// Places that the paper names or should have named, against `reference/hybrid.json`.
@Suite("Landmarks of two qubits and a rotor")
struct QubitRotorLandmarkTests {
  /// Observables of the steady state with one more parameter than the golden case gives.
  private static func values(
    _ names: [String], _ fixed: [String: ParameterValue], _ parameter: String, _ value: Double
  ) throws(ComputationError) -> [Double?] {
    let machine: QubitRotorMachine
    do throws(InputError) {
      machine = try QubitRotorMachine(fixed.merging([parameter: .real(value)]) { $1 })
    } catch { throw .input(error) }
    return try machine.compute(PointRequest(state: "steady", observables: names)).rows[0]
  }

  private static func parameters(_ golden: GoldenCase) -> [String: ParameterValue] {
    golden.parameters.filter { QubitRotorReferences.parameterNames.contains($0.key) }
  }

  @Test("Fig. 2: sign changes, extrema of the efficiency, closest approaches to Carnot, passive qubits")
  func operations() throws {
    let golden = try QubitRotorReferences.golden("fig2_landmarks")
    let fixed = Self.parameters(golden)
    let finder = LandmarkFinder(tolerance: 1e-10)
    /// The only landmark of a sum of observables against the ratio of inverse temperatures.
    func only(
      _ kind: Landmark.Kind, _ terms: [(name: String, factor: Double)], _ range: ClosedRange<Double>
    ) throws -> Landmark {
      let grid = SweepAxis.linear(from: range.lowerBound, to: range.upperBound, points: 12)
      let found = try finder.landmarks([kind], on: grid) { ratio throws(ComputationError) in
        let row = try Self.values(terms.map(\.name), fixed, "beta2", 0.1 * ratio)
        return zip(terms, row).reduce(0.0) { sum, term in
          guard let sum, let value = term.1 else { return nil }
          return sum + term.0.factor * value
        }
      }
      try #require(found.count == 1, "\(kind) of \(terms.map(\.name)): \(found)")
      return found[0]
    }
    let highest = try only(.maximum, [("eta", 1)], 0.2...0.43)
    let lowest = try only(.minimum, [("eta", 1)], 0.02...0.3)
    let engine = try only(.minimum, [("eta_C", 1), ("eta", -1)], 0.15...0.43)
    let refrigerator = try only(.minimum, [("COP_C_printed", 1), ("COP", -1)], 0.51...0.89)
    let work = try only(.zero, [("WQ", 1)], 0.3...0.6)
    let heats = try ["Q1", "Q2"].map { try only(.zero, [($0, 1)], 0.3...0.6) }
    // Populations of |01> and |10> are equal where those of the excited levels are.
    let passive = try only(.zero, [("n2", 1), ("n1", -1)], 0.2...0.6)
    #expect(abs(heats[0].position - heats[1].position) < 1e-9)
    let found = [
      work.position, heats[0].position, highest.position, highest.value, lowest.position, lowest.value,
      engine.position, engine.value, refrigerator.position, refrigerator.value, passive.position,
    ]
    try #require(found.count == golden.columns.count)
    // The polynomial of degree 8 through eta at 41 points around its minimum has it at 0.14083105; the position in the file,
    // 0.14083153, is off by more than the file says, where eta differs by 1e-12.
    // Where eta is flat to 14 digits.
    #expect(abs(lowest.position - 0.14083105) < 2e-7)
    for (column, value) in found.enumerated() where golden.columns[column] != "r_eta_localmin" {
      #expect(
        golden.deviation(value, from: golden.rows[0][column], column: column) <= 1,
        "\(golden.columns[column]) = \(value) for \(golden.rows[0][column] ?? .nan)")
    }
  }

  @Test("the finder reaches the same zero through the named observable")
  func machineCurve() throws {
    let golden = try QubitRotorReferences.golden("fig2_landmarks")
    let curve = MachineCurve(
      of: "WQ", in: QubitRotorMachine.kind, state: "steady", varying: "beta2", fixed: Self.parameters(golden))
    let found = try LandmarkFinder().landmarks([.zero], of: curve, on: [0.03, 0.04, 0.05, 0.06])
    try #require(found.count == 1)
    #expect(golden.deviation(10 * found[0].position, from: golden.rows[0][0], column: 0) <= 1)
  }

  @Test("Figs. 4 and 5: best asymmetries for heat and angular momentum", arguments: [0.01, 0.02, 0.05])
  func rectification(beta2: Double) throws {
    let golden = try QubitRotorReferences.golden("fig45_optima")
    // Results of the golden window hold to 1e-10 in this one.
    let fixed = Self.parameters(golden).merging([
      "beta2": .real(beta2), "lmin": .integer(-30), "lmax": .integer(40),
    ]) { $1 }
    let names = ["R", "J", "R_angular_magnitudes", "J_angular"]
    var known: [Double: [Double?]] = [:]
    let rows = golden.rows.filter { $0[0] == beta2 }
    try #require(rows.count == 3)
    for row in rows {
      let alpha = try #require(row[1])
      for (rectification, column) in [(0, 2), (2, 4)] {
        // Golden positions hold to 1e-5.
        let found = try LandmarkFinder(tolerance: 1e-6).landmarks(
          [.maximum], on: SweepAxis.linear(from: 0.5, to: 0.97, points: 7)
        ) { chi throws(ComputationError) -> Double? in
          // All curves are read off the same states.
          let values: [Double?]
          if let seen = known[chi] {
            values = seen
          } else {
            values = try Self.values(names, fixed, "chi", chi)
          }
          known[chi] = values
          guard let r = values[rectification], let j = values[rectification + 1] else { return nil }
          return alpha * r + (1 - alpha) * j
        }
        try #require(found.count == 1)
        #expect(
          golden.deviation(found[0].position, from: row[column], column: column) <= 1,
          "alpha = \(alpha): \(golden.columns[column]) = \(found[0].position) for \(row[column] ?? .nan)")
        #expect(
          golden.deviation(found[0].value, from: row[column + 1], column: column + 1) <= 1,
          "alpha = \(alpha): \(golden.columns[column + 1]) = \(found[0].value) for \(row[column + 1] ?? .nan)"
        )
      }
    }
  }
}
