import NESSKit

/// The result as a table for people: fewer digits, units, and the certificates in one line below.
enum TableFormat {
  static func encode(_ result: ResultDocument, columns limit: Int, isStyled: Bool) -> String {
    let parameters = result.parameters.map { "\($0.name) = \(text($0.value, digits: 6))" }.joined(
      separator: ", ")
    var lines = TextBlock.wrapped(
      "\(result.model), \(result.state)\(parameters.isEmpty ? "" : ": " + parameters)", columns: limit)
    lines.append("")
    let keys = result.columns.filter { $0.role != .observable }.count
    // Digits are given up before the table is cut into blocks.
    let tables = [6, 5, 4].map { table(result, digits: $0) }
    let chosen = tables.first { $0.width <= limit } ?? tables[0]
    lines += chosen.lines(limit: limit, keys: keys, isStyled: isStyled)
    lines.append("")
    lines += TextBlock.wrapped(summary(result), columns: limit)
    for point in result.points {
      guard let failure = point.certificate.failure else { continue }
      let names = zip(result.columns, point.parameters).map { "\($0.name) = \(text($1, digits: 6))" }
      let place = names.isEmpty ? "" : " at " + names.joined(separator: ", ")
      lines += TextBlock.wrapped("failed\(place): \(failure)", columns: limit)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func table(_ result: ResultDocument, digits: Int) -> TextTable {
    let rows = result.rows
    let columns = result.columns.enumerated().map { position, column in
      let cells = rows.map { row -> String in
        switch row.cells[position] {
        case .parameter(let value): return text(value, digits: digits)
        case .number(let number): return number.map { Readable.number($0, digits: digits) } ?? "-"
        }
      }
      let unit = column.unit == "1" || column.unit.isEmpty ? "" : "[\(column.unit)]"
      return TextTable.Column(column.name, subtitle: unit, isText: column.kind != .number, cells)
    }
    return TextTable(columns: columns)
  }

  private static func text(_ value: ParameterValue, digits: Int) -> String {
    switch value {
    case .real(let number): return Readable.number(number, digits: digits)
    case .list(let values): return "[" + values.map { text($0, digits: digits) }.joined(separator: ", ") + "]"
    case .text(let text): return text
    case .integer, .flag: return value.description
    }
  }

  /// Method, unknowns, worst residual, smallest eigenvalue and uniqueness over all points.
  static func summary(_ result: ResultDocument) -> String {
    let good = result.points.map(\.certificate).filter { $0.failure == nil }
    let failed = result.points.count - good.count
    var parts: [String] = []
    if !good.isEmpty {
      var methods: [String] = []
      for certificate in good where !methods.contains(certificate.method) {
        methods.append(certificate.method)
      }
      parts.append(methods.joined(separator: ", "))
      let unknowns = good.map(\.unknowns)
      if let low = unknowns.min(), let high = unknowns.max() {
        parts.append("\(low == high ? "\(low)" : "\(low) to \(high)") unknowns")
      }
      let residuals = good.map(\.residual).filter { !$0.isNaN }
      if let worst = residuals.max() { parts.append("worst residual \(Readable.number(worst, digits: 2))") }
      if let least = good.compactMap(\.minEigenvalue).min() {
        parts.append("min eigenvalue \(Readable.number(least, digits: 2))")
      }
      let unique = good.map(\.unique)
      if unique.allSatisfy({ $0 == true }) {
        parts.append("unique")
      } else if unique.contains(false) {
        parts.append("not unique")
      } else {
        parts.append("uniqueness not examined\(unique.contains(true) ? " at all points" : "")")
      }
      parts.append(Readable.duration(good.map(\.seconds).reduce(0, +)))
    }
    let points = result.points.count == 1 ? "1 point" : "\(result.points.count) points"
    let head = failed == 0 ? points : "\(points), \(failed) failed"
    return parts.isEmpty ? head : "\(head): \(parts.joined(separator: "; "))"
  }
}
