import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// Golden numbers of `reference/rotors.json`, through the library.
@Suite("Clock ring against golden numbers")
struct ClockRingGoldenTests {
  static let golden = Result { try GoldenFile("rotors") }

  static func golden(_ id: String) throws -> GoldenCase { try golden.get()(id) }

  /// Ring of a case with per-rotor lists.
  static func ring(_ golden: GoldenCase) throws -> ChiralClockRing {
    try ChiralClockMachine(
      golden.parameters.filter { ["M", "Ns", "f", "phis", "betas", "g", "H"].contains($0.key) }
    ).ring
  }

  @Test("rates obey Eq. (6) for both signs and through zero")
  func rates() throws {
    let golden = try Self.golden("unit-rates")
    for row in golden.rows {
      let rate = DetailedBalance.ohmicRate(
        energyDrop: try #require(row[0]), inverseTemperature: try #require(row[1]),
        coupling: try #require(row[2]))
      #expect(golden.deviation(rate, from: row[3]) <= 1, "omega \(row[0] ?? 0), beta \(row[1] ?? 0): \(rate)")
    }
  }

  @Test("diagonal energies and escape rates of every basis state")
  func energiesAndEscapeRates() throws {
    let golden = try Self.golden("unit-energies-escape")
    let ring = try Self.ring(golden)
    let energies = ring.diagonalEnergies()
    let escapes = (0..<3).map { ring.rates(ofRotor: $0).columnSums }
    for row in golden.rows {
      let state = Int(try #require(row[0]))
      #expect(ring.space.digits(of: state).map { Double($0) } == row[1...3].compactMap { $0 })
      #expect(golden.deviation(energies[state], from: row[4]) <= 1)
      #expect(golden.deviation(escapes.reduce(0) { $0 + $1[state] }, from: row[5]) <= 1)
      for k in 0..<3 { #expect(golden.deviation(escapes[k][state], from: row[6 + k]) <= 1) }
    }
  }

  @Test("L(rho) on the fixed test matrix, element by element")
  func application() throws {
    let golden = try Self.golden("unit-apply")
    let ring = try Self.ring(golden)
    let state = goldenTestMatrix(on: ring.space)
    let image = try ring.generator().terms().applied(to: state.elements)
    for row in golden.rows {
      let element = image[Int(try #require(row[0])) + Int(try #require(row[1])) * 9]
      #expect(golden.deviation(element.real, from: row[2]) <= 1)
      #expect(golden.deviation(element.imaginary, from: row[3]) <= 1)
    }
  }

  @Test("steady-state density matrix", arguments: ["unit-ness-M2", "unit-ness-M4-elements"])
  func elements(id: String) throws {
    let golden = try Self.golden(id)
    let ring = try Self.ring(golden)
    let steady = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries())
    for row in golden.rows {
      let element = steady.state.element(Int(try #require(row[0])), Int(try #require(row[1])))
      #expect(golden.deviation(element.real, from: row[2]) <= 1)
      #expect(golden.deviation(element.imaginary, from: row[3]) <= 1)
    }
  }

  static let perRotorColumns = ["J_tun_j_to_j+1", "J_th_j_to_j+1", "p_j", "QD_k", "QND_k"]

  @Test(
    "currents, populations and heat of every rotor",
    arguments: [
      "unit-ness-asymmetric-M3", "unit-Ns2-M3", "unit-Ns4-M2", "unit-Ns4-M3", "unit-Ns5-M2",
      "unit-rotated-ness-M3",
    ])
  func perRotor(id: String) throws {
    let golden = try Self.golden(id)
    let machine = try ChiralClockMachine(golden.parameters)
    let result = try machine.compute(PointRequest(state: "steady", observables: Self.perRotorColumns))
    #expect(result.indexNames == ["k", "j"])
    try #require(result.rows.count == golden.rows.count)
    for (row, reference) in zip(result.rows, golden.rows) {
      #expect(row[0] == reference[0] && row[1] == reference[1])
      for column in 2..<7 {
        #expect(
          golden.deviation(row[column], from: reference[column]) <= 1, "\(golden.columns[column]) at \(row)")
      }
    }
  }

  @Test("all observables on a state without symmetry that is not stationary")
  func asymmetricState() throws {
    let golden = try Self.golden("unit-observables-asymmetric-state")
    let ring = try Self.ring(golden)
    let generator = try ring.generator()
    let state = goldenTestMatrix(on: ring.space)
    let thermodynamics = try Thermodynamics(of: generator, in: state, stationary: false)
    for row in golden.rows {
      let rotor = Int(try #require(row[0])) - 1
      let position = Int(try #require(row[1]))
      let from = ring.projector(onPosition: position, ofRotor: rotor)
      let to = ring.projector(onPosition: (position + 1) % 3, ofRotor: rotor)
      let tunnelling = Currents.coherent(from: from, to: to, hamiltonian: generator.hamiltonian)
      let thermal = Currents.dissipative(from: from, to: to, jumps: generator.terms())
      #expect(golden.deviation(state.expectation(of: tunnelling).real, from: row[2]) <= 1)
      #expect(golden.deviation(state.expectation(of: thermal).real, from: row[3]) <= 1)
      #expect(golden.deviation(state.expectation(of: from).real, from: row[4]) <= 1)
      #expect(golden.deviation(thermodynamics.flows[rotor].heat, from: row[5]) <= 1)
      #expect(golden.deviation(thermodynamics.flows[rotor].work, from: row[6]) <= 1)
    }
    let scalars: [String: Double] = [
      "entropy": try state.vonNeumannEntropy(), "S_1": try state.entropy(of: [0]),
      "S_12": try state.entropy(of: [0, 1]),
      "negativity_1": try state.negativity(of: [0]),
      "I_1_23": try state.mutualInformation(between: [0], and: [1, 2]),
      "C": state.l1Coherence, "Sigma": try #require(thermodynamics.entropyProduction),
    ]
    #expect(Set(scalars.keys) == Set(golden.scalars.keys))
    for (name, value) in scalars {
      #expect(golden.deviation(value, from: golden.scalars[name]) <= 1, "\(name): \(value)")
    }
  }

  @Test("relaxation from a basis state")
  func transient() throws {
    let golden = try Self.golden("unit-transient-M2")
    var parameters = golden.parameters
    parameters["initial"] = .list([.integer(0), .integer(1)])
    let times = Array(Set(golden.rows.compactMap { $0[0] })).sorted()
    let result = try ChiralClockMachine(parameters).compute(
      PointRequest(state: "dynamics", observables: ["J_tun_j_to_j+1", "J_th_j_to_j+1", "p_j"], times: times))
    #expect(result.indexNames == ["t", "k", "j"])
    try #require(result.rows.count == golden.rows.count)
    for (row, reference) in zip(result.rows, golden.rows) {
      #expect(row[1] == reference[1] && row[2] == reference[2])
      for column in 3..<6 {
        #expect(golden.deviation(row[column], from: reference[column]) <= 1, "\(row) \(reference)")
      }
    }
  }

  @Test(
    "sweeps of the figures with M = 4, every row and column",
    arguments: [
      "fig2-3-f-M4", "fig2-3-phi-M4", "fig4-betae0.2", "fig4-betae1", "fig5-phi1.5708-betae1",
      "fig5-phi1.5708-betae0.5",
      "fig5-phi1.5708-betae0.2", "fig5-phi0.7854-betae1", "fig5-phi0.0000-betae1",
    ])
  func steadySweep(id: String) throws { try sweep(id, state: "steady", skipping: ["G"]) }

  @Test(
    "ground states up to M = 6, every row and column",
    arguments: [
      "fig7-hom-M4", "fig7-stag-M4", "fig7-phi0-M4", "fig7-hom-M5", "fig7-phi0-M5", "fig7-hom-M6",
      "fig7-stag-M6", "fig8-M4", "fig8-M6", "fig9-M4", "fig9-M6",
    ])
  func groundSweep(id: String) throws { try sweep(id, state: "ground", skipping: ["G"]) }

  /// `skipping`: columns with tests of their own (global discord, a search with many starts).
  private func sweep(_ id: String, state: String, skipping: Set<String>) throws {
    let golden = try Self.golden(id)
    let swept = golden.columns[0]
    let observables = golden.columns.dropFirst().filter { !skipping.contains($0) }
    for row in golden.rows {
      var parameters = golden.parameters
      parameters[swept] = .real(try #require(row[0]))
      if parameters["phis"] != nil { parameters["phi"] = nil }
      if parameters["betas"] != nil { (parameters["beta_e"], parameters["beta_o"]) = (nil, nil) }
      let result = try ChiralClockMachine(parameters).compute(
        PointRequest(state: state, observables: Array(observables)))
      try #require(result.rows.count == 1)
      for (name, value) in zip(observables, result.rows[0]) {
        let reference = row[try #require(golden.position(of: name))]
        #expect(
          golden.deviation(value, from: reference) <= 1,
          "\(name) at \(swept) = \(row[0] ?? 0): \(value ?? .nan) for \(reference ?? .nan)")
      }
    }
  }
}
