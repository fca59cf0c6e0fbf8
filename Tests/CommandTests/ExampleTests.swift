import Foundation
import Testing

/// The input files under Examples, as a newcomer runs them.
@Suite("Examples")
struct ExampleTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Examples")

  @Test("two qubits from Matrix Market files carry the heat of the closed form")
  func twoQubits() throws {
    let outcome = try Ness.run(
      ["run", "two-qubits.toml", "--format", "json"], in: Self.folder.appending(path: "two-qubits"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json()
    let names = try #require(json["columns"] as? [[String: Any]]).map { $0["name"] as? String }
    let row = try #require((json["rows"] as? [[Double]])?.first)
    func value(_ name: String) throws -> Double { row[try #require(names.firstIndex(of: name))] }
    // Free fermions: I = w0^2 G1 G2 (p2 - p1) / ((G1 + G2)(G1 G2 + w0^2)), every quantum carries energy 1.
    let occupations = [1 / (exp(1.0) - 1), 1 / (exp(0.5) - 1)]
    let widths = occupations.map { 0.1 * (2 * $0 + 1) }
    let thermal = zip(occupations, widths).map { 0.1 * $0 / $1 }
    let current =
      0.25 * widths[0] * widths[1] * (thermal[1] - thermal[0])
      / ((widths[0] + widths[1]) * (widths[0] * widths[1] + 0.25))
    #expect(abs(try value("Q_hot") - current) < 1e-14)
    #expect(abs(try value("Q_cold") + current) < 1e-14)
    #expect(abs(try value("Sigma") - 0.5 * current) < 1e-14)
    #expect(abs(try value("n2") - (thermal[1] - current / widths[1])) < 1e-14)
  }

  @Test("the spin chain's current ends at the closed form for Delta = 0 and equals the flows of both baths")
  func spinChain() throws {
    let outcome = try Ness.run(
      ["run", "spin-chain.toml", "--format", "json", "--set", "sweep.0.points=2"], in: Self.folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = try #require(outcome.json()["rows"] as? [[Double]])
    // Ballistic: 1/(1/gamma_L + 1/gamma_R + (gamma_L + gamma_R)/16).
    #expect(abs(rows[0][1] - 1 / 2.125) < 1e-13)
    for row in rows { #expect(abs(row[1] - row[2]) < 1e-13 && abs(row[1] + row[3]) < 1e-13) }
    #expect(rows[1][1] > 0 && rows[1][1] < 0.1)
  }

  @Test(
    "two qubits and a rotor: an engine between very different temperatures, a refrigerator between similar ones"
  )
  func qubitRotor() throws {
    let outcome = try Ness.run(
      ["run", "qubit-rotor.toml", "--format", "json", "--set", "sweep.0.points=2"], in: Self.folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = try #require(outcome.json()["rows"] as? [[Double]])
    try #require(rows.count == 2)
    for row in rows {
      let (q1, q2, qr, work) = (row[1], row[2], row[3], row[4])
      // The work of the load, 1e-8 of the others, is not among the columns.
      #expect(abs(q1 + q2 + qr + work) < 1e-9 && abs(q1 + 0.4 * q2) < 1e-13)
    }
    #expect(rows[0][1] < 0 && rows[0][4] < 0)
    #expect(rows[1][1] > 0 && rows[1][4] > 0)
  }

  @Test("the demo's input is accepted and planned")
  func clockRing() throws {
    let outcome = try Ness.run(["plan", "clock-ring.toml", "--format", "json"], in: Self.folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let points = try #require(outcome.json()["points"] as? [[String: Any]])
    #expect(points.count == 51)
    #expect(points.contains { $0["unknowns"] as? Int == 675 })
  }
}
