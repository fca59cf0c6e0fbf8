import Foundation

/// One map per observable over two keys; cells reach halfway to their neighbours, so that any grid can be drawn. Grey is undefined.
struct HeatMap {
  private let data: PlotData

  init(_ data: PlotData) { self.data = data }

  func script(_ format: PlotFormat) -> String {
    let count = data.observables.count
    let columns = count == 1 ? 1 : count <= 4 ? 2 : 3
    let rows = (count + columns - 1) / columns
    let (panelWidth, panelHeight) = count == 1 ? (760, 480) : (480, 384)
    let heading = PlotScript.heading(data, columns: columns * panelWidth / 9)
    let top = 56 + 20 * heading.count
    let (width, height) = (columns * panelWidth, top + rows * panelHeight)
    var script = PlotScript.preamble(format, width: width, height: height)
    for (number, observable) in data.observables.enumerated() { script += block(number, observable) }
    let (first, second) = (data.keys[0], data.keys[1])
    // The fast key runs along the picture.
    script += PlotScript.headingScript(data, lines: heading, height: height)
    script += """
      set multiplot
      unset grid
      set border 15
      set xlabel \(PlotScript.quoted(PlotScript.label(second.name, second.unit))) noenhanced offset 0,0.4
      set ylabel \(PlotScript.quoted(PlotScript.label(first.name, first.unit))) noenhanced offset 1,0
      set xrange [\(range(second))]
      set yrange [\(range(first))]
      set colorbox noborder
      set format cb "%h"
      set format x "%h"
      set format y "%h"
      set style fill solid 1.0 noborder
      set object 1 rectangle from graph 0,0 to graph 1,1 behind fillcolor "#d9d9d9" fillstyle solid noborder
      \(second.isLogarithmic ? "set logscale x; set format x \"10^{%L}\"" : "")
      \(first.isLogarithmic ? "set logscale y; set format y \"10^{%L}\"" : "")
      \(ticks(second, "x"))
      \(ticks(first, "y"))

      """
    for (number, observable) in data.observables.enumerated() {
      let left = Double(number % columns * panelWidth)
      let above = Double(top + number / columns * panelHeight)
      func x(_ pixels: Double) -> String { PlotScript.number((left + pixels) / Double(width)) }
      func y(_ pixels: Double) -> String { PlotScript.number(1 - (above + pixels) / Double(height)) }
      let (wide, high) = (Double(panelWidth), Double(panelHeight))
      script += """
        set lmargin at screen \(x(88)); set rmargin at screen \(x(wide - 108))
        set tmargin at screen \(y(34)); set bmargin at screen \(y(high - 72))
        set colorbox user origin \(x(wide - 98)),\(y(high - 72)) size \(PlotScript.number(16 / Double(width))),\(PlotScript.number((high - 106) / Double(height)))
        set title \(PlotScript.quoted(PlotScript.label(observable.name, observable.unit))) noenhanced offset 0,-0.4 textcolor "#202020"
        \(colours(observable))
        plot $map_\(number) using 1:2:3:4:5:6:7 with boxxyerror fillcolor palette notitle
        unset label

        """
    }
    return script + "unset multiplot\n"
  }

  /// Blue to red through white around zero when both signs occur, dark to light otherwise.
  private func colours(_ observable: PlotData.Observable) -> String {
    let values = observable.points.map(\.value).filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return "set cbrange [0:1]" }
    if low < 0 && high > 0 {
      let most = max(-low, high)
      return
        "set palette defined (-1 \"#2166ac\", -0.5 \"#92c5de\", 0 \"#f7f7f7\", 0.5 \"#f4a582\", 1 \"#b2182b\"); set cbrange [\(-most):\(most)]"
    }
    let margin = low == high ? max(abs(low), 1) * 1e-3 : 0
    return
      "set palette defined (0 \"#440154\", 1 \"#3b528b\", 2 \"#21918c\", 3 \"#5ec962\", 4 \"#fde725\"); set cbrange [\(low - margin):\(high + margin)]"
  }

  /// Columns: centre, edges along x, edges along y, value.
  private func block(_ number: Int, _ observable: PlotData.Observable) -> String {
    let (first, second) = (edges(data.keys[0]), edges(data.keys[1]))
    var text = "$map_\(number) << EOD\n"
    for point in observable.points where point.value.isFinite {
      guard let vertical = first[point.coordinates[0]], let horizontal = second[point.coordinates[1]] else {
        continue
      }
      let numbers = [
        point.coordinates[1], point.coordinates[0], horizontal.low, horizontal.high, vertical.low,
        vertical.high,
        point.value,
      ]
      text += numbers.map(PlotScript.number).joined(separator: " ") + "\n"
    }
    return text + "EOD\n"
  }

  /// Limits of the cell around each value: the middle between neighbours, on the scale of the axis.
  private func edges(_ key: PlotData.Key) -> [Double: (low: Double, high: Double)] {
    let isLogarithmic = key.isLogarithmic
    let places = key.values.map { isLogarithmic ? log($0) : $0 }
    var result: [Double: (low: Double, high: Double)] = [:]
    for (position, place) in places.enumerated() {
      let before = position > 0 ? place - places[position - 1] : nil
      let after = position + 1 < places.count ? places[position + 1] - place : nil
      let low = place - (before ?? after ?? 1) / 2
      let high = place + (after ?? before ?? 1) / 2
      result[key.values[position]] = isLogarithmic ? (exp(low), exp(high)) : (low, high)
    }
    return result
  }

  private func range(_ key: PlotData.Key) -> String {
    let limits = edges(key).values
    guard let low = limits.map(\.low).min(), let high = limits.map(\.high).max() else { return "*:*" }
    return "\(low):\(high)"
  }

  private func ticks(_ key: PlotData.Key, _ axis: String) -> String {
    guard let labels = key.labels else { return "" }
    let entries = labels.enumerated().map { "\(PlotScript.quoted($1)) \($0)" }
    return "set \(axis)tics noenhanced (\(entries.joined(separator: ", ")))"
  }
}
