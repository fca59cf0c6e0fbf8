import NESSKit

/// The result as JSON, one row and one certificate per line.
enum JSONFormat {
  static func encode(_ result: ResultDocument) -> String {
    let columns = result.columns.map { column -> JSONValue in
      var entries: [(key: String, value: JSONValue)] = [
        ("name", .text(column.name)), ("role", .text(column.role.rawValue)), ("unit", .text(column.unit)),
      ]
      if column.kind != .number { entries.append(("type", .text(column.kind.rawValue))) }
      if let source = column.source { entries.append(("source", .text(source))) }
      return .object(entries)
    }
    let rows = result.rows.map { row in
      JSONValue.list(
        row.cells.map { cell in
          switch cell {
          case .parameter(let value): return JSONValue(value)
          case .number(let value): return JSONValue(value)
          }
        })
    }
    let certificates = zip(result.points, result.rowRanges).map { point, range in
      JSONValue.object(
        CertificateFields.of(point.certificate).map { ($0.name, $0.value.json) }
          + [("rows", .list([.integer(range.first), .integer(range.count)]))])
    }
    let document = JSONValue.object([
      ("schema", .text(ResultDocument.schema)), ("model", .text(result.model)),
      ("version", .text(result.version)), ("state", .text(result.state)),
      ("parameters", .object(result.parameters.map { ($0.name, JSONValue($0.value)) })),
      ("columns", .list(columns)), ("rows", .list(rows)), ("certificates", .list(certificates)),
    ])
    return document.pretty(depth: 2) + "\n"
  }
}
