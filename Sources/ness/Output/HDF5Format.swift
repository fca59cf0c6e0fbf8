import NESSKit

/// The result as HDF5.
///
/// - `/rows`: points by columns, NaN where a quantity is undefined; attributes `columns`, `roles`, `units`, `sources`,
///   `types`, one text per column. A column that is no number holds positions (from 0) in `/labels/NAME`.
/// - `/certificates/FIELD`: one entry per point; `first_row` and `row_count` say which rows are the point's. Absent
///   numbers are NaN, absent integers -1, `unique` is 1, 0, or -1 for unknown, absent texts are empty.
/// - `/parameters`: the fixed parameters as attributes; lists of anything but numbers as JSON text.
/// - attributes of `/`: `schema`, `model`, `version`, `state`.
enum HDF5Format {
  static func encode(_ result: ResultDocument) throws(HDF5File.WriteError) -> [UInt8] {
    let file = try HDF5File()
    try file.put("/", "schema", ResultDocument.schema)
    try file.put("/", "model", result.model)
    try file.put("/", "version", result.version)
    try file.put("/", "state", result.state)
    try addRows(result, to: file)
    try addCertificates(result, to: file)
    try file.group("/parameters")
    for (name, value) in result.parameters { try put(value, name, in: file) }
    return try file.bytes()
  }

  private static func addRows(_ result: ResultDocument, to file: HDF5File) throws(HDF5File.WriteError) {
    let labels = result.columns.enumerated().map { position, column -> [ParameterValue] in
      guard column.kind != .number else { return [] }
      var distinct: [ParameterValue] = []
      for point in result.points where !distinct.contains(point.parameters[position]) {
        distinct.append(point.parameters[position])
      }
      return distinct
    }
    let rows = result.rows
    var values: [Double] = []
    values.reserveCapacity(rows.count * result.columns.count)
    for row in rows {
      for (position, cell) in row.cells.enumerated() {
        switch cell {
        case .number(let number): values.append(number ?? .nan)
        case .parameter(let value):
          let label = labels[position].firstIndex(of: value).map(Double.init)
          values.append(label ?? value.number ?? .nan)
        }
      }
    }
    try file.add("/rows", rows: rows.count, columns: result.columns.count, values)
    try file.put("/rows", "columns", result.columns.map(\.name))
    try file.put("/rows", "roles", result.columns.map(\.role.rawValue))
    try file.put("/rows", "units", result.columns.map(\.unit))
    try file.put("/rows", "sources", result.columns.map { $0.source ?? "" })
    try file.put("/rows", "types", result.columns.map(\.kind.rawValue))
    try file.group("/labels")
    for (column, distinct) in zip(result.columns, labels) where column.kind != .number {
      try file.add("/labels/\(column.name)", distinct.map(text))
    }
  }

  private static func addCertificates(_ result: ResultDocument, to file: HDF5File) throws(HDF5File.WriteError)
  {
    try file.group("/certificates")
    let points = result.points.map { CertificateFields.of($0.certificate) }
    for (position, field) in CertificateFields.of(Certificate(method: "")).enumerated() {
      let path = "/certificates/\(field.name)"
      let values = points.map { $0[position].value }
      switch field.value {
      case .text:
        try file.add(
          path, values.map { value -> String in if case .text(let text?) = value { text } else { "" } })
      case .integer:
        try file.add(
          path, values.map { value -> Int in if case .integer(let number?) = value { number } else { -1 } })
      case .real:
        try file.add(
          path, values.map { value -> Double in if case .real(let number?) = value { number } else { .nan } })
      case .flag:
        try file.add(
          path, values.map { value -> Int in if case .flag(let flag?) = value { flag ? 1 : 0 } else { -1 } })
      }
    }
    try file.add("/certificates/first_row", result.rowRanges.map(\.first))
    try file.add("/certificates/row_count", result.rowRanges.map(\.count))
  }

  private static func put(_ value: ParameterValue, _ name: String, in file: HDF5File) throws(HDF5File
    .WriteError)
  {
    switch value {
    case .integer(let number): try file.put("/parameters", name, number)
    case .real(let number): try file.put("/parameters", name, number)
    case .flag(let flag): try file.put("/parameters", name, flag ? 1 : 0)
    case .text(let text): try file.put("/parameters", name, text)
    case .list(let values):
      let numbers = values.compactMap(\.number)
      if numbers.count == values.count {
        try file.put("/parameters", name, numbers)
      } else {
        try file.put("/parameters", name, JSONValue(value).compact)
      }
    }
  }

  private static func text(_ value: ParameterValue) -> String {
    if case .text(let text) = value { return text }
    return JSONValue(value).compact
  }
}
