import Foundation

/// The panels of a figure, side by side, each with its own axes and the names of its curves above it.
struct PanelPlot {
  private struct Line {
    let curve: Curve
    let points: [SampledCurve.Place]
    let colour: String
  }

  private let title: String
  private let panels: [(panel: Panel, lines: [Line])]

  // Sizes in pixels of the SVG.
  private static let panelWidth = 480
  private static let plotHeight = 250
  private static let left = 92
  private static let right = 28
  private static let letterWidth = 7.0
  private static let legendRow = 19
  private static let sampleLength = 30
  private static let head = 30
  private static let foot = 66
  /// Solid, dashed, dotted.
  private static let dashes = ["1", "(7,5)", "(2,4)"]

  init(title: String, panels: [Panel], curves: [FigureResult.CurveData]) {
    self.title = title
    self.panels = panels.enumerated().map { number, panel in
      let own = curves.filter { $0.panel == number }
      return (
        panel,
        own.enumerated().map { position, entry in
          let colour = PlotScript.colours[(entry.curve.colour ?? position) % PlotScript.colours.count]
          return Line(curve: entry.curve, points: entry.data.points, colour: colour)
        }
      )
    }
  }

  func script(_ format: PlotFormat) -> String {
    let columns = panels.count == 1 ? 1 : 2
    let rows = stride(from: 0, to: panels.count, by: columns).map { start in
      Array(start..<min(start + columns, panels.count))
    }
    let heights = rows.map { row in
      PanelPlot.head + PanelPlot.plotHeight + PanelPlot.foot
        + (row.map { PanelPlot.legend(panels[$0].panel).rows }.max() ?? 0) * PanelPlot.legendRow
    }
    let width = columns * PanelPlot.panelWidth
    let height = 44 + heights.reduce(0, +)
    var script = PlotScript.preamble(format, width: width, height: height)
    for (number, entry) in panels.enumerated() {
      for (position, line) in entry.lines.enumerated() { script += block(number, position, line) }
    }
    script +=
      "set label 1 \(PlotScript.quoted(title)) at screen 0.015,\(fraction(24, height)) left font \",18\" textcolor \"#202020\" noenhanced\n"
    script += "set multiplot\nunset key\n"
    var top = 44
    for (row, rowHeight) in zip(rows, heights) {
      for (column, number) in row.enumerated() {
        script += panelScript(
          number, left: column * PanelPlot.panelWidth, top: top, rowHeight: rowHeight, width: width,
          height: height)
      }
      top += rowHeight
    }
    return script + "unset multiplot\n"
  }

  private func panelScript(
    _ number: Int, left: Int, top: Int, rowHeight: Int, width: Int, height: Int
  ) -> String {
    let (panel, lines) = panels[number]
    let exponent = exponent(panel, lines)
    func x(_ pixels: Int) -> String { PlotScript.number(Double(left + pixels) / Double(width)) }
    func y(_ pixels: Int) -> String { fraction(top + pixels, height) }
    let plotTop = rowHeight - PanelPlot.foot - PanelPlot.plotHeight
    let heading = "(\(panel.name))" + (panel.title.isEmpty ? "" : "  \(panel.title)")
    var script = """
      set lmargin at screen \(x(PanelPlot.left))
      set rmargin at screen \(x(PanelPlot.panelWidth - PanelPlot.right))
      set tmargin at screen \(y(plotTop))
      set bmargin at screen \(y(plotTop + PanelPlot.plotHeight))
      set label 2 \(PanelPlot.marked(heading)) at screen \(x(14)),\(y(14)) left font ",15" textcolor "#202020"
      unset arrow
      \(axis(panel.x, "x", xRange(panel, lines), exponent: 0))
      \(axis(panel.y, "y", yRange(panel, lines), exponent: exponent))
      set xlabel offset 0,0.3
      set ylabel offset 0,0

      """
    for (place, line) in lines.enumerated() { script += sample(place, line, of: panel, x: x, y: y) }
    for (place, marker) in panel.markers.enumerated() {
      script += """
        set arrow \(place + 1) from \(marker.x), graph 0 to \(marker.x), graph 1 nohead linecolor "#707070" linewidth 1.4 dashtype 3
        set label \(place + 10) \(PanelPlot.marked(marker.label)) at \(marker.x), graph 0.06 left offset 0.5,0 font ",12" textcolor "#505050"

        """
    }
    let values = lines.flatMap { $0.points.map(\.y) }
    let crossesZero = yRange(panel, lines).map { $0.lowerBound < 0 && $0.upperBound > 0 } ?? false
    script +=
      crossesZero ? "set xzeroaxis linetype 1 linewidth 1 linecolor \"#909090\"\n" : "unset xzeroaxis\n"
    let plots = lines.enumerated().map {
      plot($1, block: "$curve_\(number)_\($0)", exponent: exponent)
    }
    // An empty panel still shows its axes and the names of its curves, and says so.
    if values.isEmpty { script += "set label 3 \"no data\" at graph 0.5,0.5 center textcolor \"#a04040\"\n" }
    script += "plot \(plots.joined(separator: ", \\\n  "))\n"
    // What is set stays set: the title would be drawn again with every panel.
    return script + "unset label\n"
  }

  /// A curve's entry above the plot, column by column. gnuplot's own key breaks into columns by the widths that a terminal
  /// guesses, which differ between SVG and PNG.
  private func sample(
    _ place: Int, _ line: Line, of panel: Panel, x: (Int) -> String, y: (Int) -> String
  ) -> String {
    let (_, rows, width) = PanelPlot.legend(panel)
    let start = PanelPlot.left + place / rows * width
    let middle = y(PanelPlot.head + place % rows * PanelPlot.legendRow + PanelPlot.legendRow / 4)
    let end = start + PanelPlot.sampleLength
    var script =
      line.curve.mark == nil
      ? "set arrow \(place + 100) from screen \(x(start)),\(middle) to screen \(x(end)),\(middle) nohead \(look(line))\n"
      : ""
    script += """
      set label \(place + 100) \(PanelPlot.marked(line.curve.label)) at screen \(x(end + 9)),\(middle) left font ",13" textcolor "#303030"

      """
    if line.curve.mark != nil || hasMarks(line) {
      script +=
        "set label \(place + 200) \"\" at screen \(x((start + end) / 2)),\(middle) point \(marks(line))\n"
    }
    return script
  }

  // Marks would fill the gaps of dashes.
  private func hasMarks(_ line: Line) -> Bool { line.points.count <= 26 && line.curve.dash == 1 }

  private func marks(_ line: Line) -> String {
    let (type, size) = line.curve.mark.map { ($0.rawValue, 1.0) } ?? (7, 0.45)
    return "pointtype \(type) pointsize \(size) linewidth 1.6 linecolor \"\(line.colour)\""
  }

  private func look(_ line: Line) -> String {
    let dashes = PanelPlot.dashes[(line.curve.dash - 1) % PanelPlot.dashes.count]
    return "linewidth 2 dashtype \(dashes) linecolor \"\(line.colour)\""
  }

  private func plot(_ line: Line, block: String, exponent: Int) -> String {
    let style: String
    if line.curve.mark != nil {
      style = "points \(marks(line))"
    } else {
      style = hasMarks(line) ? "linespoints pointtype 7 pointsize 0.45 \(look(line))" : "lines \(look(line))"
    }
    return "\(block) using 1:(1e\(-exponent)*$2) with \(style)"
  }

  private func block(_ number: Int, _ position: Int, _ line: Line) -> String {
    let rows = line.points.map { "\(PlotScript.number($0.x)) \(PlotScript.number($0.y))" }
    // A block must not be empty.
    return "$curve_\(number)_\(position) << EOD\n"
      + (rows.isEmpty ? ["NaN NaN"] : rows).joined(separator: "\n")
      + "\nEOD\n"
  }

  private func axis(
    _ axis: Panel.Axis, _ name: String, _ range: ClosedRange<Double>?, exponent: Int
  ) -> String {
    let ticks = axis.ticks.map { "\(PanelPlot.marked($0.label)) \($0.place)" }.joined(separator: ", ")
    return """
      set \(name)label \(PanelPlot.marked(PanelPlot.label(axis, exponent))) textcolor "#202020"
      set \(name)range [\(range.map { "1e\(-exponent)*\($0.lowerBound):1e\(-exponent)*\($0.upperBound)" } ?? "*:*")]
      \(axis.isLogarithmic ? "set logscale \(name)" : "unset logscale \(name)")
      set format \(name) "\(axis.isLogarithmic ? "10^{%L}" : "%h")"
      \(ticks.isEmpty ? "set \(name)tics autofreq" : "set \(name)tics (\(ticks))")
      """
  }

  /// Name and unit, with the power of ten that the numbers at the ticks leave out.
  private static func label(_ axis: Panel.Axis, _ exponent: Int) -> String {
    let power = "10^{\(exponent)}"
    let unit: String
    if exponent == 0 {
      unit = axis.unit
    } else if axis.unit.hasPrefix("1/") {
      unit = power + axis.unit.dropFirst()
    } else {
      unit = axis.unit.isEmpty ? power : "\(power) \(axis.unit)"
    }
    return unit.isEmpty ? axis.label : "\(axis.label) (\(unit))"
  }

  private func visible(_ panel: Panel, _ lines: [Line]) -> [Double] {
    lines.flatMap { line in line.points.filter { panel.x.range?.contains($0.x) ?? true }.map(\.y) }
  }

  /// A multiple of three that leaves at most three digits before the point where the numbers are small or large.
  private func exponent(_ panel: Panel, _ lines: [Line]) -> Int {
    let largest = visible(panel, lines).map(abs).max() ?? 1
    guard !panel.y.isLogarithmic, panel.y.ticks.isEmpty, largest > 0, largest < 0.05 || largest >= 1e4 else {
      return 0
    }
    return Int((log10(largest) / 3).rounded(.down)) * 3
  }

  private func xRange(_ panel: Panel, _ lines: [Line]) -> ClosedRange<Double>? {
    if let range = panel.x.range { return range }
    let values = lines.flatMap { $0.points.map(\.x) }
    guard let low = values.min(), let high = values.max(), low < high else { return 0...1 }
    return low...high
  }

  /// The range of what is visible with a little room, from zero where that is near; nil leaves it to gnuplot.
  private func yRange(_ panel: Panel, _ lines: [Line]) -> ClosedRange<Double>? {
    if let range = panel.y.range { return range }
    let values = visible(panel, lines)
    guard let low = values.min(), let high = values.max() else {
      return panel.y.isLogarithmic ? 1...10 : 0...1
    }
    if panel.y.isLogarithmic { return nil }
    if low == 0 && high == 0 { return -1...1 }
    let room = low == high ? abs(low) * 0.5 : (high - low) * 0.06
    // Rounding below zero is not drawn as a range of its own.
    if low >= -1e-9 * high && low < 0.2 * high { return 0...(high + room) }
    if high <= -1e-9 * low && high > 0.2 * low { return (low - room)...0 }
    return (low - room)...(high + room)
  }

  /// Columns and rows of the names of the curves, and the width of a column.
  private static func legend(_ panel: Panel) -> (columns: Int, rows: Int, width: Int) {
    guard !panel.curves.isEmpty else { return (1, 0, 0) }
    let longest = panel.curves.map { FigureData.plain($0.label).count }.max() ?? 1
    let width = sampleLength + 28 + Int(Double(longest) * letterWidth)
    // The last name may reach to the edge of the panel.
    let columns = max(1, min(panel.curves.count, (panelWidth - left) / width))
    return (columns, (panel.curves.count + columns - 1) / columns, width)
  }

  private func fraction(_ pixels: Int, _ height: Int) -> String {
    PlotScript.number(1 - Double(pixels) / Double(height))
  }

  /// Text whose marks ^{} and _{} stay in force: labels come from the definitions of figures, not from users.
  private static func marked(_ text: String) -> String { "\"\(text)\"" }
}
