import Foundation

/// A gnuplot script that draws the data it holds to its standard output.
struct PlotScript {
  /// The script.
  let text: String

  /// Colours that people with colour-vision deficiencies tell apart (Okabe and Ito 2008).
  static let colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
  /// Most lines that one key may fan out into; beyond that a map is drawn.
  static let mostGroups = 8

  init(_ data: PlotData, format: PlotFormat) {
    let hasIndex = data.keys.contains(where: \.isIndex)
    if data.keys.count == 2 {
      // The first index runs along the picture, the other key becomes one line per value.
      let along = hasIndex ? data.keys.firstIndex(where: \.isIndex) ?? 0 : 0
      let across = 1 - along
      if hasIndex && data.keys[across].values.count <= PlotScript.mostGroups {
        text = LinePlot(data, along: along, across: across).script(format)
      } else {
        text = HeatMap(data).script(format)
      }
    } else {
      text = LinePlot(data, along: 0, across: nil).script(format)
    }
  }

  /// Terminal and style that all pictures share.
  static func preamble(_ format: PlotFormat, width: Int, height: Int) -> String {
    let terminal: String
    switch format {
    case .svg:
      terminal =
        "set terminal svg size \(width),\(height) dynamic enhanced background \"#ffffff\" font \"sans-serif,15\" linewidth 1"
    case .png:
      // Twice the pixels, letters, lines and marks: sharp on dense screens and in print.
      terminal =
        "set terminal pngcairo size \(2 * width),\(2 * height) enhanced background \"#ffffff\" font \"sans,15\" fontscale 1.5 linewidth 2 pointscale 2"
    }
    return """
      \(terminal)
      set encoding utf8
      set border 3 linecolor "#606060" linewidth 1
      set tics nomirror out scale 0.6 textcolor "#303030"
      set grid linecolor "#e4e4e4" linewidth 0.8 linetype 1
      unset key

      """
  }

  /// Text in quotes, without the marks that would raise, lower or evaluate anything.
  static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\\", "\"": return "\\\(scalar)"
      case "\n", "\r", "\t": return " "
      default: return String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }

  static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "NaN" }

  /// Name and unit of a key or observable.
  static func label(_ name: String, _ unit: String) -> String {
    unit == "1" || unit.isEmpty ? name : "\(name) (\(unit))"
  }

  /// The fixed parameters in lines of so many characters.
  static func heading(_ data: PlotData, columns: Int) -> [String] {
    guard !data.subtitle.isEmpty else { return [] }
    let lines = TextBlock.wrapped(data.subtitle, columns: columns, indent: "")
    return Array(lines.prefix(3)) + (lines.count > 3 ? ["…"] : [])
  }

  /// The title in large and the fixed parameters in small letters at the top left of the screen.
  static func headingScript(_ data: PlotData, lines: [String], height: Int) -> String {
    func at(_ pixels: Int) -> String { String(format: "%.4f", 1 - Double(pixels) / Double(height)) }
    var script =
      "set label 1 \(quoted(data.title)) at screen 0.02,\(at(24)) left font \",19\" textcolor \"#202020\" noenhanced\n"
    for (number, line) in lines.enumerated() {
      script +=
        "set label \(number + 2) \(quoted(line)) at screen 0.02,\(at(50 + 20 * number)) left font \",13\" textcolor \"#606060\" noenhanced\n"
    }
    return script
  }
}
