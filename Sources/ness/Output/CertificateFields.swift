import NESSKit

/// Fields of a certificate by the names that all formats use, in their order.
enum CertificateFields {
  enum Value {
    case text(String?)
    case integer(Int?)
    case real(Double?)
    case flag(Bool?)

    var json: JSONValue {
      switch self {
      case .text(let value): return value.map(JSONValue.text) ?? .null
      case .integer(let value): return value.map(JSONValue.integer) ?? .null
      case .real(let value): return JSONValue(value)
      case .flag(let value): return value.map(JSONValue.flag) ?? .null
      }
    }
  }

  static func of(_ certificate: Certificate) -> [(name: String, value: Value)] {
    [
      ("method", .text(certificate.method)),
      ("unknowns_full", .integer(certificate.unknownsFull)),
      ("unknowns", .integer(certificate.unknowns)),
      ("nonzeros", .integer(certificate.nonzeros)),
      ("factor_nonzeros", .integer(certificate.factorNonzeros)),
      ("iterations", .integer(certificate.iterations)),
      ("applications", .integer(certificate.applications)),
      ("bytes_per_application", .integer(certificate.bytesPerApplication)),
      ("residual", .real(certificate.residual)),
      ("rate_scale", .real(certificate.rateScale)),
      ("trace_defect", .real(certificate.traceDefect)),
      ("hermiticity_defect", .real(certificate.hermiticityDefect)),
      ("min_eigenvalue", .real(certificate.minEigenvalue)),
      ("reciprocal_condition", .real(certificate.reciprocalCondition)),
      ("error_bound", .real(certificate.errorBound)),
      ("unique", .flag(certificate.unique)),
      ("uniqueness_method", .text(certificate.uniquenessMethod)),
      ("seconds", .real(certificate.seconds)),
      ("peak_bytes", .integer(certificate.peakBytes)),
      ("failure", .text(certificate.failure)),
    ]
  }

  /// A field that is missing or holds what it cannot.
  struct Unreadable: Error {
    let field: String
  }

  /// Reads what ``of(_:)`` of this version or an earlier one wrote.
  static func certificate(_ json: JSONValue) throws(Unreadable) -> Certificate {
    func text(_ name: String) throws(Unreadable) -> String {
      guard let value = json[name]?.text else { throw Unreadable(field: name) }
      return value
    }
    func integer(_ name: String) throws(Unreadable) -> Int {
      guard let value = json[name]?.integer else { throw Unreadable(field: name) }
      return value
    }
    var certificate = Certificate(
      method: try text("method"), unknownsFull: try integer("unknowns_full"),
      unknowns: try integer("unknowns"), nonzeros: try integer("nonzeros"),
      factorNonzeros: try integer("factor_nonzeros"), iterations: try integer("iterations"),
      applications: json["applications"]?.integer ?? 0, residual: json["residual"]?.number ?? .nan,
      rateScale: json["rate_scale"]?.number ?? .nan, traceDefect: json["trace_defect"]?.number ?? .nan,
      hermiticityDefect: json["hermiticity_defect"]?.number ?? .nan,
      minEigenvalue: json["min_eigenvalue"]?.number,
      reciprocalCondition: json["reciprocal_condition"]?.number,
      errorBound: json["error_bound"]?.number, unique: json["unique"]?.flag,
      uniquenessMethod: try text("uniqueness_method"), seconds: json["seconds"]?.number ?? .nan,
      peakBytes: try integer("peak_bytes"), failure: json["failure"]?.text)
    certificate.bytesPerApplication = json["bytes_per_application"]?.integer
    // Earlier versions lack some fields. One that is there and was not understood would be lost with the old file.
    for (name, value) in of(certificate) {
      guard let before = json[name], !before.isNull else { continue }
      if !before.isSameScalar(as: value.json) { throw Unreadable(field: name) }
    }
    return certificate
  }
}
