import NESSKit

/// The result as comma-separated values after RFC 4180 (with the line ends of Unix): one header line, no comments.
///
/// After the columns of the result come the certificate of the row's point (`cert_…`) and what is the same in all rows
/// (`run_…`, `fixed_…` for the fixed parameters), so that the file says by itself what it holds.
enum CSVFormat {
  static func encode(_ result: ResultDocument) -> String {
    let common =
      [("run_model", result.model), ("run_version", result.version), ("run_state", result.state)]
      + result.parameters.map { ("fixed_\($0.name)", text($0.value)) }
    // The names of the certificate's fields are needed even when there is no point.
    let fields = CertificateFields.of(Certificate(method: "")).map { "cert_\($0.name)" }
    var lines = [(result.columns.map(\.name) + fields + common.map(\.0)).map(quoted).joined(separator: ",")]
    let tail = common.map { quoted($0.1) }
    let certificates = result.points.map {
      CertificateFields.of($0.certificate).map { quoted(text($0.value)) }
    }
    for row in result.rows {
      let cells = row.cells.map { cell in
        switch cell {
        case .parameter(let value): return quoted(text(value))
        case .number(let value): return text(value)
        }
      }
      lines.append((cells + certificates[row.point] + tail).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func text(_ number: Double?) -> String {
    number.map { $0.isFinite ? "\($0)" : "" } ?? ""
  }

  /// Text as it is, everything else as in JSON.
  static func text(_ value: ParameterValue) -> String {
    if case .text(let text) = value { return text }
    return JSONValue(value).compact
  }

  static func text(_ value: CertificateFields.Value) -> String {
    switch value {
    case .text(let text): return text ?? ""
    case .integer(let number): return number.map { String($0) } ?? ""
    case .real(let number): return text(number)
    case .flag(let flag): return flag.map { $0 ? "true" : "false" } ?? ""
    }
  }

  static func quoted(_ field: String) -> String {
    guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }
}
