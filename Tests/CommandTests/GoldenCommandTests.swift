import Foundation
import NESSKit
import NESSTestSupport
import Testing

/// Golden numbers of `reference/rotors.json`, through the built command as a user drives it.
@Suite("The command against golden numbers")
struct GoldenCommandTests {
  static let golden = Result { try GoldenFile("rotors") }

  static func toml(_ golden: GoldenCase, state: String, observables: [String], swept: String?) throws
    -> String
  {
    var parameters = golden.parameters.filter {
      !["phi", "dT"].contains($0.key) || golden.parameters["phis"] == nil
    }
    if parameters["betas"] != nil { (parameters["beta_e"], parameters["beta_o"]) = (nil, nil) }
    if let swept { parameters[swept] = nil }
    let list = ParameterValue.list(observables.map { .text($0) })
    var text = "model = \"chiral-clock\"\nstate = \"\(state)\"\nobservables = \(list)\n[parameters]\n"
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) { text += "\(name) = \(value)\n" }
    if let swept {
      let values = ParameterValue.list(golden.rows.map { .real($0[0] ?? .nan) })
      text += "[[sweep]]\nparameter = \"\(swept)\"\nvalues = \(values)\n"
    }
    return text
  }

  static func compare(_ golden: GoldenCase, _ outcome: Ness.Outcome, _ observables: [String]) throws {
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json()
    let names = try #require(json["columns"] as? [[String: Any]]).map { $0["name"] as? String ?? "" }
    let rows = try #require(json["rows"] as? [[Any]])
    try #require(rows.count == golden.rows.count)
    for (row, reference) in zip(rows, golden.rows) {
      for name in observables {
        let value = (row[try #require(names.firstIndex(of: name))] as? NSNumber)?.doubleValue
        let expected = reference[try #require(golden.position(of: name))]
        #expect(
          golden.deviation(value, from: expected) <= 1, "\(name): \(value ?? .nan) for \(expected ?? .nan)")
      }
    }
    let certificates = try #require(json["certificates"] as? [[String: Any]])
    #expect(certificates.allSatisfy { $0["unique"] as? Bool == true })
  }

  @Test(
    "sweeps of the figures with M = 4",
    arguments: [
      ("fig2-3-f-M4", "steady"), ("fig2-3-phi-M4", "steady"), ("fig4-betae0.2", "steady"),
      ("fig4-betae1", "steady"),
      ("fig5-phi1.5708-betae1", "steady"), ("fig5-phi0.0000-betae1", "steady"), ("fig7-hom-M4", "ground"),
      ("fig7-stag-M4", "ground"), ("fig8-M4", "ground"), ("fig9-M4", "ground"),
    ])
  func sweeps(id: String, state: String) throws {
    let golden = try Self.golden.get()(id)
    // Global discord has tests of its own: the search takes seconds for a point.
    let observables = golden.columns.dropFirst().filter { $0 != "G" }
    let text = try Self.toml(golden, state: state, observables: Array(observables), swept: golden.columns[0])
    try Self.compare(
      golden, Ness.run(["run", "-", "--format", "json", "--quiet"], input: text), Array(observables))
  }

  @Test(
    "tables with one row per rotor and position",
    arguments: [
      "unit-ness-asymmetric-M3", "unit-Ns2-M3", "unit-Ns4-M3", "unit-Ns5-M2", "unit-rotated-ness-M3",
    ])
  func perRotor(id: String) throws {
    let golden = try Self.golden.get()(id)
    let observables = Array(golden.columns.dropFirst(2))
    let text = try Self.toml(golden, state: "steady", observables: observables, swept: nil)
    let outcome = try Ness.run(["run", "-", "--format", "json", "--quiet"], input: text)
    try Self.compare(golden, outcome, observables)
    let rows = try #require(outcome.json()["rows"] as? [[Double]])
    #expect(rows.map { Array($0.prefix(2)) } == golden.rows.map { $0.prefix(2).compactMap { $0 } })
  }
}
