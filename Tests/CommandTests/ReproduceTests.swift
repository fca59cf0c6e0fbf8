import Foundation
import Testing

/// `ness figures` and `ness reproduce` as a user runs them.
@Suite("Figures of the papers")
struct ReproduceTests {
  private static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: "\($0)/gnuplot") }

  @Test("figures are listed with id, title and cost, in words and as JSON")
  func list() throws {
    let table = try Ness.run(["figures"])
    #expect(table.status == 0)
    let json = try Ness.run(["figures", "--format", "json"])
    #expect(json.status == 0)
    let entries = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
    let ids = entries.compactMap { $0["id"] as? String }
    #expect(Set(ids).count == entries.count)
    for number in 2...9 { #expect(ids.contains("rotors-\(number)")) }
    for number in 2...8 { #expect(ids.contains("hybrid-\(number)")) }
    for entry in entries {
      let id = try #require(entry["id"] as? String)
      #expect(table.output.contains("\n\(id)  "))
      #expect((entry["title"] as? String)?.isEmpty == false)
      #expect((entry["cost"] as? String)?.isEmpty == false)
      #expect(entry["points"] as? Int ?? 0 > 0)
      #expect(entry["statements"] as? Int ?? 0 > 0)
    }
  }

  @Test(
    "wrong usage exits with 64 and says what is allowed",
    arguments: [
      (["rotors-22"], "did you mean rotors-2?"), ([], "either ids of figures or --all"),
      (["rotors-2", "--all"], "either ids of figures or --all"), (["rotors-2", "rotors-2"], "given once"),
      (["rotors-2", "--points", "4"], "from 5 to"), (["rotors-2", "--threads", "0"], "from 1 to"),
    ])
  func usage(arguments: [String], fragment: String) throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(["reproduce"] + arguments, in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
      #expect(try Ness.files(in: folder).isEmpty)
    }
  }

  @Test("without gnuplot nothing is computed and the exit code is 69")
  func missingProgram() throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(
        ["reproduce", "rotors-2"], in: folder, environment: ["PATH": folder.path])
      #expect(outcome.status == 69)
      #expect(outcome.errors.contains("gnuplot"))
      #expect(try Ness.files(in: folder).isEmpty)
    }
  }

  @Test(
    "files of somebody else are not replaced",
    .enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: ["index.html", "rotors-4.csv"])
  func foreignFiles(name: String) throws {
    try Ness.withFolder { folder in
      try Data("precious".utf8).write(to: folder.appending(path: name))
      let outcome = try Ness.run(["reproduce", "rotors-4", "--quick", "--output", "."], in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("\(name) was not written by ness reproduce"), "\(outcome.errors)")
      #expect(try Ness.files(in: folder) == [name])
      #expect(try FileTests.text(name, in: folder) == "precious")
    }
  }

  @Test(
    "a quick figure has data, pictures and pages; a second one joins it",
    .enabled(if: hasGnuplot, "gnuplot is not installed"))
  func gallery() throws {
    try Ness.withFolder { folder in
      let arguments = ["reproduce", "--quick", "--points", "9"]
      let first = try Ness.run(arguments + ["rotors-4"], in: folder)
      #expect(first.status == 0, "\(first.errors)")
      #expect(first.output.contains("reproduced: Note that Σ_k (Q_D,k + Q_ND,k) = 0"))
      let gallery = folder.appending(path: "figures")
      let suffixes = ["-points.csv", ".csv", ".html", ".json", ".png", ".svg"]
      #expect(try Ness.files(in: gallery) == (["index.html"] + suffixes.map { "rotors-4\($0)" }).sorted())
      try curves(in: gallery)
      try points(in: gallery)
      #expect(try FileTests.text("rotors-4.svg", in: gallery).contains("</svg>"))
      let png = try Data(contentsOf: gallery.appending(path: "rotors-4.png"))
      #expect(png.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
      let second = try Ness.run(arguments + ["rotors-6"], in: folder)
      #expect(second.status == 0, "\(second.errors)")
      let index = try FileTests.text("index.html", in: gallery)
      for id in ["rotors-4", "rotors-6"] {
        #expect(index.contains("href=\"\(id).html\""))
        let page = try FileTests.text("\(id).html", in: gallery)
        #expect(page.contains(">reproduced</span>"))
        #expect(page.contains("Computed with --quick"))
        try links(page, in: gallery)
      }
      try links(index, in: gallery)
    }
  }

  /// The curves as drawn: two panels, four and two curves of nine points.
  private func curves(in gallery: URL) throws {
    let lines = try FileTests.text("rotors-4.csv", in: gallery).split(separator: "\n")
    #expect(lines.first == "panel,curve,x_quantity,x,y_quantity,y")
    #expect(lines.count == 1 + 6 * 9)
  }

  /// Curves of a figure whose golden case has the same quantity as a column.
  private struct Comparison {
    let figure: String
    let panel: String
    /// What the label of the curve ends with.
    let label: String
    let quantity: String
    let golden: String
    let column: String
    var factor = 1.0
  }

  private static let comparisons: [Comparison] = {
    var list: [Comparison] = []
    for (panel, current, golden) in [
      ("a", "J_tun", "f"), ("b", "J_th", "f"), ("c", "J_tun", "phi"), ("d", "J_th", "phi"),
      ("e", "J_net", "f"), ("f", "J_net", "phi"),
    ] {
      for sublattice in ["even", "odd"] {
        let name = "\(current)_\(sublattice)"
        list.append(
          Comparison(
            figure: "rotors-2", panel: panel, label: "\(sublattice) rotors", quantity: name,
            golden: "fig2-3-\(golden)-M4", column: name))
      }
    }
    for (beta, golden) in [("1", "fig4-betae1"), ("0.2", "fig4-betae0.2")] {
      for (panel, name) in [("a", "QD_even"), ("a", "QD_odd"), ("b", "QND")] {
        list.append(
          Comparison(
            figure: "rotors-4", panel: panel, label: "β_e = \(beta)", quantity: name, golden: golden,
            column: name))
      }
    }
    for (panel, golden) in [("a", "fig6-betae1"), ("b", "fig6-betae0.5")] {
      list += [
        Comparison(
          figure: "rotors-6", panel: panel, label: "ΔT", quantity: "dI/dT", golden: golden, column: "dI/dT"),
        Comparison(
          figure: "rotors-6", panel: panel, label: "ΔT", quantity: "10 dJ_th_T/dT", golden: golden,
          column: "dJ_th_T/dT", factor: 10),
      ]
    }
    return list
  }()

  @Test(
    "curves of quick figures are the golden ones wherever both have a point",
    .enabled(if: hasGnuplot, "gnuplot is not installed"))
  func goldenCurves() throws {
    try Ness.withFolder { folder in
      let ids = Array(Set(Self.comparisons.map(\.figure))).sorted()
      let outcome = try Ness.run(
        ["reproduce", "--quick", "--points", "11", "--output", "."] + ids, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      for entry in Self.comparisons {
        let golden = try GoldenCommandTests.golden.get()(entry.golden)
        let column = try #require(golden.position(of: entry.column))
        var common = 0
        for line in try FileTests.text("\(entry.figure).csv", in: folder).split(separator: "\n") {
          // The label of the curve may hold commas of its own.
          let cells = line.split(separator: ",")
          let label = cells.dropFirst().dropLast(4).joined(separator: ",").filter { $0 != "\"" }
          guard cells[0] == entry.panel, label.hasSuffix(entry.label),
            cells[cells.count - 2] == entry.quantity, let x = Double(cells[cells.count - 3]),
            let value = cells.last.flatMap({ Double($0) }),
            let row = golden.rows.first(where: { abs(($0[0] ?? .nan) - x) < 1e-12 })
          else { continue }
          common += 1
          #expect(
            golden.deviation(value / entry.factor, from: row[column]) <= 1,
            "\(entry.quantity) at \(x): \(value) for \(row[column] ?? .nan)")
        }
        // Eleven places of the figure are among those of the golden case.
        #expect(common == 11, "\(entry)")
      }
    }
  }

  /// Every computed point once, with its certificate.
  private func points(in gallery: URL) throws {
    let lines = try FileTests.text("rotors-4-points.csv", in: gallery).split(separator: "\n")
    let header = try #require(lines.first)
    for name in ["model", "state", "M", "f", "beta_e", "QD_even", "QND", "cert_residual", "cert_unique"] {
      #expect(header.split(separator: ",").contains(Substring(name)), "\(name)")
    }
    #expect(lines.count == 1 + 2 * 9)
    #expect(Set(lines).count == lines.count)
  }

  /// Relative links lead to files of the gallery, and nothing is loaded from elsewhere.
  private func links(_ page: String, in gallery: URL) throws {
    let targets = page.matches(of: /(?:href|src)="([^"]*)"/).map { String($0.output.1) }
    #expect(targets.count > 1)
    let files = try Ness.files(in: gallery)
    for target in targets where !target.hasPrefix("https://doi.org/") {
      #expect(files.contains(target), "\(target)")
    }
    #expect(!page.contains("<script"))
  }
}
