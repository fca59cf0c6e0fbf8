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

  /// Reads what ``of(_:)`` wrote; nil when a field is missing or of another type.
  static func certificate(_ json: JSONValue) -> Certificate? {
    guard let method = json["method"]?.text, let unknownsFull = json["unknowns_full"]?.integer,
      let unknowns = json["unknowns"]?.integer, let nonzeros = json["nonzeros"]?.integer,
      let factorNonzeros = json["factor_nonzeros"]?.integer, let iterations = json["iterations"]?.integer,
      let uniquenessMethod = json["uniqueness_method"]?.text, let peakBytes = json["peak_bytes"]?.integer
    else { return nil }
    var certificate = Certificate(
      method: method, unknownsFull: unknownsFull, unknowns: unknowns, nonzeros: nonzeros,
      factorNonzeros: factorNonzeros, iterations: iterations,
      applications: json["applications"]?.integer ?? 0, residual: json["residual"]?.number ?? .nan,
      rateScale: json["rate_scale"]?.number ?? .nan, traceDefect: json["trace_defect"]?.number ?? .nan,
      hermiticityDefect: json["hermiticity_defect"]?.number ?? .nan,
      minEigenvalue: json["min_eigenvalue"]?.number,
      reciprocalCondition: json["reciprocal_condition"]?.number,
      errorBound: json["error_bound"]?.number, unique: json["unique"]?.flag,
      uniquenessMethod: uniquenessMethod, seconds: json["seconds"]?.number ?? .nan, peakBytes: peakBytes,
      failure: json["failure"]?.text)
    certificate.bytesPerApplication = json["bytes_per_application"]?.integer
    return certificate
  }
}
