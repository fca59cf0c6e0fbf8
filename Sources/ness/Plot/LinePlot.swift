import Foundation

/// Lines over one key, in panels that share it.
struct LinePlot {
  private struct Line {
    let name: String
    let points: [(x: Double, y: Double)]
  }

  private struct Panel {
    var lines: [Line]
    var label: String
  }

  private let data: PlotData
  private let key: PlotData.Key
  private let panels: [Panel]

  /// - Parameters:
  ///   - along: Key that runs along the picture.
  ///   - across: Key that has one line per value; nil when there is one key only.
  init(_ data: PlotData, along: Int, across: Int?) {
    self.data = data
    key = data.keys[along]
    panels = LinePlot.groups(data.observables).map { group in
      let lines = group.flatMap { observable -> [Line] in
        guard let across else {
          return [
            Line(name: observable.name, points: observable.points.map { ($0.coordinates[along], $0.value) })
          ]
        }
        let other = data.keys[across]
        return other.values.map { value in
          let text = other.labels.map { $0[Int(value)] } ?? Readable.number(value, digits: 4)
          let points = observable.points.filter { $0.coordinates[across] == value }
          return Line(
            name: "\(observable.name), \(other.name) = \(text)",
            points: points.map { ($0.coordinates[along], $0.value) })
        }
      }
      return Panel(lines: lines, label: LinePlot.label(group))
    }
  }

  /// Observables that can share an axis: the same unit, and magnitudes that leave the smallest visible.
  private static func groups(_ observables: [PlotData.Observable]) -> [[PlotData.Observable]] {
    var groups: [[PlotData.Observable]] = []
    let visible = 20.0
    for observable in observables.sorted(by: { $0.largest > $1.largest }) {
      let place = groups.firstIndex { group in
        guard let first = group.first else { return false }
        return first.unit == observable.unit
          && (first.largest <= visible * observable.largest || observable.largest == 0)
      }
      if let place { groups[place].append(observable) } else { groups.append([observable]) }
    }
    // Within and between panels the order of the request.
    let order = Dictionary(observables.enumerated().map { ($1.name, $0) }) { first, _ in first }
    func rank(_ observable: PlotData.Observable) -> Int { order[observable.name] ?? 0 }
    return groups.map { $0.sorted { rank($0) < rank($1) } }
      .sorted { ($0.first.map(rank) ?? 0) < ($1.first.map(rank) ?? 0) }
  }

  /// The unit: the names stand beside the lines.
  private static func label(_ group: [PlotData.Observable]) -> String {
    guard let first = group.first else { return "" }
    return first.unit == "1" ? "" : first.unit
  }

  func script(_ format: PlotFormat) -> String {
    let width = 900
    let heading = PlotScript.heading(data, columns: 105)
    let top = 56 + 20 * heading.count
    let bottom = 76
    let panelHeight = panels.count == 1 ? 400 : panels.count == 2 ? 270 : 220
    let gap = 34
    let height = top + panels.count * (panelHeight + gap) - gap + bottom
    var script = PlotScript.preamble(format, width: width, height: height)
    script += block
    script += PlotScript.headingScript(data, lines: heading, height: height)
    let longest = panels.flatMap(\.lines).map(\.name.count).max() ?? 0
    // Room for the names beside the panels, at most a third of the picture.
    let right = 1 - min(0.34, (Double(longest) * 8.6 + 62) / Double(width))
    script += """
      set multiplot
      set lmargin at screen 0.125
      set rmargin at screen \(PlotScript.number(right))
      set key at screen \(PlotScript.number(right + 0.008)),0.5 left Left reverse vertical noenhanced samplen 1.6 spacing 1.25 font ",14"
      set xrange [\(range)]
      \(key.isLogarithmic ? "set logscale x\nset format x \"10^{%L}\"" : "")
      \(ticks)

      """
    for (number, panel) in panels.enumerated() {
      let upper = 1 - Double(top + number * (panelHeight + gap)) / Double(height)
      let lower = upper - Double(panelHeight) / Double(height)
      let isLast = number == panels.count - 1
      script += """
        set tmargin at screen \(PlotScript.number(upper))
        set bmargin at screen \(PlotScript.number(lower))
        set key top at screen \(PlotScript.number(right + 0.008)),\(PlotScript.number(upper))
        set ylabel \(PlotScript.quoted(panel.label)) offset 1.2,0 noenhanced textcolor "#202020"
        set yrange [\(heights(panel))]
        \(isLast ? "set xlabel \(PlotScript.quoted(PlotScript.label(key.name, key.unit))) noenhanced textcolor \"#202020\" offset 0,0.2" : "unset xlabel")
        \(isLast || key.labels != nil ? "" : "set format x \"\"")
        \(isLast ? "set format x \"\(key.isLogarithmic ? "10^{%L}" : "%h")\"" : "")
        \(crossesZero(panel) ? "set xzeroaxis linetype 1 linewidth 1 linecolor \"#909090\"" : "unset xzeroaxis")
        plot \(plots(panel, number))
        unset label

        """
    }
    return script + "unset multiplot\n"
  }

  /// All lines as one table per line, in a block of their own.
  private var block: String {
    var text = ""
    for (number, panel) in panels.enumerated() {
      for (position, line) in panel.lines.enumerated() {
        text += "$line_\(number)_\(position) << EOD\n"
        for point in line.points { text += "\(PlotScript.number(point.x)) \(PlotScript.number(point.y))\n" }
        text += "EOD\n"
      }
    }
    return text
  }

  private func plots(_ panel: Panel, _ number: Int) -> String {
    // Colours go on from panel to panel: one colour, one line.
    let before = panels.prefix(number).map(\.lines.count).reduce(0, +)
    return panel.lines.enumerated().map { place, line in
      let position = before + place
      let colour = PlotScript.colours[position % PlotScript.colours.count]
      let dashes = position / PlotScript.colours.count + 1
      let marks = line.points.count <= 26
      let style = marks ? "linespoints pointtype 7 pointsize 0.6" : "lines"
      return
        "$line_\(number)_\(place) using 1:2 with \(style) linewidth 2.2 dashtype \(dashes) linecolor \"\(colour)\" title \(PlotScript.quoted(line.name))"
    }.joined(separator: ", \\\n  ")
  }

  private func crossesZero(_ panel: Panel) -> Bool {
    let values = panel.lines.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    return (values.min() ?? 0) < 0 && (values.max() ?? 0) > 0
  }

  /// Limits with a little room, from zero where that is near.
  private func heights(_ panel: Panel) -> String {
    let values = panel.lines.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return "*:*" }
    let room = low == high ? max(abs(low), 1e-300) * 0.5 : (high - low) * 0.05
    if low >= 0 && low < 0.2 * high { return "0:\(high + room)" }
    if high <= 0 && high > 0.2 * low { return "\(low - room):0" }
    return "\(low - room):\(high + room)"
  }

  /// Whether the values are counted: then they stand away from the borders and every tick is a whole number.
  private var isCounted: Bool {
    key.labels == nil && key.isIndex && key.name != "t" && key.values.allSatisfy { $0 == $0.rounded() }
  }

  private var range: String {
    guard let low = key.values.first, let high = key.values.last else { return "*:*" }
    if key.labels != nil || isCounted || low == high { return "\(low - 0.4):\(high + 0.4)" }
    return "\(low):\(high)"
  }

  private var ticks: String {
    guard let labels = key.labels else {
      return isCounted ? "set xtics \(max(1, (key.values.count + 9) / 10))" : ""
    }
    return "set xtics noenhanced ("
      + labels.enumerated().map { "\(PlotScript.quoted($1)) \($0)" }.joined(separator: ", ") + ")"
  }
}
