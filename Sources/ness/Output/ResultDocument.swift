import NESSKit

/// A result as all formats write it.
struct ResultDocument {
  /// Name of the layout of the JSON file.
  static let schema = "ness-result/1"

  /// One computed point.
  struct Point {
    /// Values of the swept parameters, in the order of the columns.
    let parameters: [ParameterValue]
    /// Indices and observables, row by row.
    let rows: [[Double?]]
    let certificate: Certificate
  }

  let model: String
  let version: String
  let state: String
  let parameters: [(name: String, value: ParameterValue)]
  let columns: [Column]
  /// Computed points in the order of the grid; after an interruption not all of them.
  let points: [Point]
}

extension ResultDocument {
  /// A cell of a row.
  enum Cell {
    case parameter(ParameterValue)
    case number(Double?)

    /// An index: a whole number is written as such.
    init(counted value: Double?) {
      if let value, let whole = Int(exactly: value) {
        self = .parameter(.integer(whole))
      } else {
        self = .number(value)
      }
    }
  }

  /// Rows with the position of the point that each belongs to.
  var rows: [(point: Int, cells: [Cell])] {
    let rest = columns.filter { $0.role != .parameter }
    return points.enumerated().flatMap { position, point in
      point.rows.map { row in
        let cells = zip(rest, row).map { column, value in
          column.isCounted ? Cell(counted: value) : .number(value)
        }
        return (position, point.parameters.map(Cell.parameter) + cells)
      }
    }
  }

  /// First row and number of rows of each point.
  var rowRanges: [(first: Int, count: Int)] {
    var first = 0
    return points.map { point in
      defer { first += point.rows.count }
      return (first, point.rows.count)
    }
  }
}
