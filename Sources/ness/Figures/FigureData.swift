import NESSKit

/// Data files of a figure.
enum FigureData {
  /// The curves as they are drawn, one row per place.
  static func curves(_ result: FigureResult) -> String {
    var lines = ["panel,curve,x_quantity,x,y_quantity,y"]
    for entry in result.curves {
      let head = [
        result.content.panels[entry.panel].name, plain(entry.curve.label),
        entry.curve.xName,
      ].map(CSVFormat.quoted)
      let name = CSVFormat.quoted(entry.curve.quantity.name)
      for (x, y) in zip(entry.data.x, entry.data.y) {
        lines.append((head + ["\(x)", name, CSVFormat.text(y)]).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// All computed points: model, state, parameters that were given, times and indices, observables, certificate. One row per
  /// point, time and index.
  static func points(_ result: FigureResult) -> String {
    let parameters = unique(result.points.flatMap { $0.point.parameters.keys.sorted() })
    let observables = unique(result.points.flatMap { $0.computed.values.keys.sorted() })
    let indices = unique(result.points.flatMap { $0.computed.indexNames })
    let fields = CertificateFields.of(Certificate(method: "")).map { "cert_\($0.name)" }
    var lines = [
      (["model", "state"] + parameters + indices + observables + fields).map(CSVFormat.quoted).joined(
        separator: ",")
    ]
    for (point, computed) in result.points {
      let head =
        [point.model, point.state].map(CSVFormat.quoted)
        + parameters.map { point.parameters[$0].map { CSVFormat.quoted(CSVFormat.text($0)) } ?? "" }
      let tail = CertificateFields.of(computed.certificate).map { CSVFormat.quoted(CSVFormat.text($0.value)) }
      for (row, index) in computed.indexRows.enumerated() {
        let places = Dictionary(zip(computed.indexNames, index)) { first, _ in first }
        let cells =
          indices.map { CSVFormat.text(places[$0]) }
          + observables.map { name in
            CSVFormat.text(computed.values[name].flatMap { row < $0.count ? $0[row] : nil })
          }
        lines.append((head + cells + tail).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A label without gnuplot's marks.
  static func plain(_ label: String) -> String { String(label.filter { !"{}".contains($0) }) }

  private static func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}
