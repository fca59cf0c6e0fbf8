import Foundation
import NESSTestSupport
import Testing

/// Figures of the hybrid rotor devices as a user recomputes them, against `reference/hybrid.json`.
@Suite("Figures of the hybrid rotor devices")
struct HybridReproduceTests {
  private static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }
  private static let golden = Result { try GoldenFile("hybrid") }

  /// Rows of a file of curves: panel, curve, name and value of the coordinate, name and value of the quantity.
  private struct Row {
    let panel: String
    let curve: String
    let x: Double
    let quantity: String
    let y: Double?
  }

  private static func rows(_ figure: String, in folder: URL) throws -> [Row] {
    try FileTests.text("\(figure).csv", in: folder).split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      try #require(cells.count == 6)
      return Row(
        panel: cells[0], curve: cells[1], x: try #require(Double(cells[3])), quantity: cells[4],
        y: Double(cells[5]))
    }
  }

  /// Compares a curve with a column wherever both have a point.
  private static func compare(
    _ rows: [Row], _ id: String, _ column: String, at coordinate: Int = 0, common: Int,
    where isWanted: (Row) -> Bool
  ) throws {
    let golden = try Self.golden.get()(id)
    let place = try #require(golden.position(of: column))
    var found = 0
    for row in rows where isWanted(row) {
      let match = golden.rows.first { abs(($0[coordinate] ?? .nan) - row.x) < 1e-12 * max(1, row.x) }
      guard let match else { continue }
      found += 1
      #expect(
        golden.deviation(row.y, from: match[place], column: place) <= 1,
        "\(id), \(column) at \(row.x): \(row.y ?? .nan) for \(match[place] ?? .nan)")
    }
    #expect(found == common, "\(id), \(column): \(found) points in common")
  }

  @Test(
    "flows, ergotropies, efficiency and its bounds", .enabled(if: hasGnuplot, "gnuplot is not installed"))
  func ratios() throws {
    try Ness.withFolder { folder in
      // 18 points put the ratio on multiples of 0.05, ten of which are golden.
      let outcome = try Ness.run(
        ["reproduce", "hybrid-2", "hybrid-3", "--points", "18", "--output", "."], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let flows = try Self.rows("hybrid-2", in: folder)
      for name in ["Q1", "Q2", "WQ", "Qr"] {
        try Self.compare(flows, "fig2a_local", name, common: 10) { $0.panel == "a" && $0.quantity == name }
      }
      // An engine up to 0.4, a refrigerator from 0.6; at 0.5 an accelerator, which has neither.
      try Self.compare(flows, "fig2a_local", "eta", common: 6) {
        $0.panel == "b" && $0.quantity == "eta" && $0.x < 0.45
      }
      try Self.compare(flows, "fig2a_local", "COP", common: 3) {
        $0.panel == "c" && $0.quantity == "COP" && $0.x > 0.55
      }
      #expect(flows.contains { $0.panel == "b" && $0.x == 0.5 && $0.y == nil })
      let ergotropies = try Self.rows("hybrid-3", in: folder)
      for name in ["total", "rotor", "qubits"] {
        try Self.compare(ergotropies, "fig3_ergotropy", name, common: 10) {
          $0.panel == "a" && $0.quantity == "ergotropy_\(name)"
        }
      }
      // Landmarks of the golden case, and the statements that rest on them.
      let page = try FileTests.text("hybrid-2.html", in: folder)
      for number in [
        "0.4342", "0.5039", "0.3088", "0.1877", "0.1408", "0.1416", "0.3711", "0.4669", "0.5454",
      ] {
        #expect(page.contains(">\(number)</span>"), "\(number)")
      }
      #expect(page.contains(">not reproduced</span>"))
    }
  }

  @Test(
    "populations and powers in time", .enabled(if: hasGnuplot, "gnuplot is not installed"))
  func evolutions() throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(
        ["reproduce", "hybrid-6", "hybrid-7", "hybrid-8", "--quick", "--output", "."], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      try populations("hybrid-6", "a", "fig6_no_load", times: 5, in: folder)
      try populations("hybrid-7", "a", "fig7_load", times: 6, in: folder)
      try populations("hybrid-7", "b", "fig7_load_converged", times: 6, in: folder)
      let powers = try Self.rows("hybrid-8", in: folder)
      for name in ["Wkin", "QBA", "Wint", "Wnet"] {
        try Self.compare(powers, "fig8_powers", name, common: 14) { $0.panel != "d" && $0.quantity == name }
      }
      try points(in: folder)
    }
  }

  /// Each population is a row of the computed points, with its time and level.
  private func points(in folder: URL) throws {
    let lines = try FileTests.text("hybrid-7-points.csv", in: folder).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    // Six times and the steady state in both windows, and their mean angular momenta.
    try #require(lines.count == 1 + (6 + 1) * (101 + 16) + 2)
    #expect(lines.allSatisfy { $0.count == lines[0].count })
    let (t, l, p) = (
      try #require(lines[0].firstIndex(of: "t")), try #require(lines[0].firstIndex(of: "l")),
      try #require(lines[0].firstIndex(of: "p_l"))
    )
    let drawn = try Self.rows("hybrid-7", in: folder).filter { $0.panel == "a" && $0.curve == "t = 500" }
    try #require(drawn.count == 16)
    for row in drawn {
      #expect(
        lines.contains { Double($0[t]) == 500 && Double($0[l]) == row.x && Double($0[p]) == row.y },
        "l = \(row.x)")
    }
  }

  /// Populations of the levels -5 to 10 at the times that are golden, and in the steady state.
  private func populations(
    _ figure: String, _ panel: String, _ id: String, times: Int, in folder: URL
  ) throws {
    let golden = try Self.golden.get()(id)
    var compared: Set<String> = []
    for row in try Self.rows(figure, in: folder) where row.panel == panel && (-5...10).contains(row.x) {
      let time: Double?
      if row.curve == "steady state" {
        time = -1
      } else {
        time = Double(row.curve.dropFirst(4).replacing("×10^4", with: "e4"))
      }
      guard let time, let match = golden.rows.first(where: { $0[0] == time }) else { continue }
      let column = try #require(golden.position(of: "p(\(Int(row.x)))"))
      // An evolution promises 1e-10 per element; a population sums four.
      let distance = abs((row.y ?? .nan) - (match[column] ?? .nan))
      #expect(distance <= 1e-9, "\(id), \(row.curve), l = \(row.x): \(distance)")
      compared.insert("\(row.curve) \(row.x)")
    }
    #expect(compared.count == 16 * (times + 1))
  }

  @Test("rectification and its optima", .enabled(if: hasGnuplot, "gnuplot is not installed"))
  func rectification() throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(
        ["reproduce", "hybrid-4", "hybrid-5", "--points", "9", "--output", "."], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let heat = try Self.rows("hybrid-4", in: folder)
      let momentum = try Self.rows("hybrid-5", in: folder)
      for beta2 in ["0.01", "0.02", "0.05"] {
        func compare(_ rows: [Row], _ panel: String, _ name: String) throws {
          // The asymmetries 0, 0.7, 0.8, 0.9 and 0.995.
          try Self.compare(rows, "fig45_b2_\(beta2)", name, common: 5) {
            $0.panel == panel && $0.quantity == name && $0.curve == "β_2 = \(beta2)"
          }
        }
        try compare(heat, "b", "R")
        try compare(heat, "c", "J")
        try compare(momentum, "d", "R_angular_magnitudes")
      }
      let optima = try Self.golden.get()("fig45_optima")
      for (rows, column) in [(heat, "Gamma_heat"), (momentum, "Gamma_angular")] {
        let place = try #require(optima.position(of: column))
        for (alpha, label) in [(0.0, "0"), (0.5, "0.5"), (1, "1")] {
          let marks = rows.filter { $0.panel == "a" && $0.curve == "best for α = \(label)" }
          let expected = optima.rows.filter { $0[1] == alpha }
          try #require(marks.count == 3 && expected.count == 3)
          for (mark, row) in zip(marks, expected) {
            let value = alpha * mark.x + (1 - alpha) * (mark.y ?? .nan)
            #expect(optima.deviation(value, from: row[place], column: place) <= 1, "\(column): \(value)")
          }
        }
      }
    }
  }
}
