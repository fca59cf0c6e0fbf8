import Foundation
import NESSKit

/// What a picture shows: each observable over one or two keys.
struct PlotData {
  /// A key that the observables are drawn against: a sweep (its first parameter stands for zipped ones) or an index.
  struct Key {
    let name: String
    let unit: String
    let isIndex: Bool
    /// Texts of the values when these are no numbers; a point's coordinate is then a position in this list.
    let labels: [String]?
    /// Different finite values, ascending.
    let values: [Double]

    /// Whether the values have a constant ratio, so that a logarithmic axis shows them at equal distances.
    var isLogarithmic: Bool {
      guard values.count >= 3, labels == nil, let first = values.first, let last = values.last, first > 0
      else {
        return false
      }
      let ratio = values[1] / first
      return last / first >= 10
        && zip(values, values.dropFirst()).allSatisfy { abs($1 / $0 / ratio - 1) < 1e-6 }
    }
  }

  struct Point {
    /// One coordinate per key.
    let coordinates: [Double]
    let value: Double
  }

  struct Observable {
    let name: String
    let unit: String
    let points: [Point]

    var largest: Double { points.map { abs($0.value) }.filter(\.isFinite).max() ?? 0 }
  }

  let title: String
  let subtitle: String
  let keys: [Key]
  let observables: [Observable]

  init(_ result: ResultDocument) {
    let rows = result.rows
    let positions =
      PlotData.axisPositions(result) + result.columns.indices.filter { result.columns[$0].role == .index }
    var keys: [Key] = []
    var coordinates: [[Double]] = []
    for position in positions {
      let column = result.columns[position]
      var labels: [String] = []
      var values: [Double] = []
      for row in rows {
        switch row.cells[position] {
        case .number(let number): values.append(number ?? .nan)
        case .parameter(let value) where column.kind == .number: values.append(value.number ?? .nan)
        case .parameter(let value):
          let text = PlotData.text(value)
          let label = labels.firstIndex(of: text) ?? labels.count
          if label == labels.count { labels.append(text) }
          values.append(Double(label))
        }
      }
      keys.append(
        Key(
          name: column.name, unit: column.unit, isIndex: column.role == .index,
          labels: column.kind == .number ? nil : labels, values: Set(values.filter(\.isFinite)).sorted()))
      coordinates.append(values)
    }
    self.keys = keys
    observables = result.columns.enumerated().filter { $0.element.role == .observable }.map {
      position, column in
      let points = rows.enumerated().map { number, row in
        var value = Double.nan
        if case .number(let found?) = row.cells[position] { value = found }
        return Point(coordinates: coordinates.map { $0[number] }, value: value)
      }
      return Observable(name: column.name, unit: column.unit, points: points)
    }
    title = "\(result.model), \(result.state)"
    subtitle = result.parameters.map { "\($0.name) = \(PlotData.text($0.value))" }.joined(separator: ", ")
  }

  /// One column per axis of the sweep: of zipped parameters the first whose value changes.
  private static func axisPositions(_ result: ResultDocument) -> [Int] {
    let axes = Set(result.columns.compactMap(\.axis)).sorted()
    return axes.compactMap { axis in
      let columns = result.columns.indices.filter { result.columns[$0].axis == axis }
      let changing = columns.first { position in Set(result.points.map { $0.parameters[position] }).count > 1
      }
      return changing ?? columns.first
    }
  }

  private static func text(_ value: ParameterValue) -> String {
    switch value {
    case .real(let number): return Readable.number(number, digits: 6)
    case .list(let values): return "[" + values.map(text).joined(separator: ", ") + "]"
    case .text(let text): return text
    case .integer, .flag: return value.description
    }
  }
}
