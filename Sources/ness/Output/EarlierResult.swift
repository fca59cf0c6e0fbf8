import Foundation
import NESSKit

/// Points of an earlier result that a run need not compute again.
struct EarlierResult {
  /// Points whose certificates hold, by their position in the grid; they may hold undefined values.
  let points: [Int: ResultDocument.Point]
  /// Version of the command that computed them.
  let version: String

  /// Reads a JSON result.
  /// - Returns: nil when there is no file yet.
  /// - Throws: ``Failure`` when the file belongs to another computation; it is then left alone.
  static func read(_ path: String, for job: Job) throws(Failure) -> EarlierResult? {
    let url = URL(filePath: path)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let json: JSONValue
    do {
      json = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: url))
    } catch is DecodingError {
      throw Failure(
        .input, "\(path): the file to resume must be a result in JSON, but is none; it was left as it was")
    } catch {
      throw Failure(.file, "cannot read \(path): \(systemReason(error))")
    }
    let reader = Reader(path: path, job: job, json: json)
    try reader.compare()
    return EarlierResult(points: try reader.points(), version: json["version"]?.text ?? "")
  }

  private struct Reader {
    let path: String
    let job: Job
    let json: JSONValue

    func differs(_ what: String, _ old: String, _ new: String) -> Failure {
      Failure(
        .input,
        "\(path): \(what) must agree to resume, but was \(old) and is \(new) now; the file was left as it was"
      )
    }

    func damaged(_ what: String) -> Failure {
      Failure(
        .input, "\(path): the file to resume must be a complete result, but \(what); it was left as it was")
    }

    func compare() throws(Failure) {
      for (key, now) in [
        ("schema", ResultDocument.schema), ("model", job.kind.description.name), ("state", job.request.state),
      ] {
        let old = json[key]?.text ?? "missing"
        if old != now { throw differs(key, old, now) }
      }
      guard case .object(let parameters)? = json["parameters"] else { throw damaged("it has no parameters") }
      let old = Dictionary(parameters.map { ($0.key, $0.value) }) { first, _ in first }
      for (name, value) in job.fixed {
        guard let before = old[name]?.parameterValue else {
          throw differs("parameter \(name)", "absent", "\(value)")
        }
        if !same(before, value) { throw differs("parameter \(name)", "\(before)", "\(value)") }
      }
      let names = job.fixed.map(\.name)
      if let extra = parameters.first(where: { !names.contains($0.key) }) {
        throw differs("parameter \(extra.key)", extra.value.compact, "absent or swept")
      }
      let columns = (json["columns"]?.list ?? []).map { $0["name"]?.text ?? "" }
      if columns != job.columns.map(\.name) {
        throw differs(
          "the list of columns", columns.joined(separator: ", "),
          job.columns.map(\.name).joined(separator: ", "))
      }
    }

    func points() throws(Failure) -> [Int: ResultDocument.Point] {
      guard let rows = json["rows"]?.list, let certificates = json["certificates"]?.list else {
        throw damaged("rows or certificates are missing")
      }
      var waiting: [String: [Int]] = [:]
      for index in (0..<job.sweep.count).reversed() {
        waiting[key(job.sweep.values(at: index)), default: []].append(index)
      }
      var points: [Int: ResultDocument.Point] = [:]
      for entry in certificates {
        let certificate: Certificate
        do throws(CertificateFields.Unreadable) {
          certificate = try CertificateFields.certificate(entry)
        } catch {
          throw damaged("a certificate has no readable \"\(error.field)\"")
        }
        guard let range = entry["rows"]?.list, let first = range.first?.integer,
          let count = range.last?.integer, first >= 0, count >= 1,
          count <= rows.count, first <= rows.count - count
        else { throw damaged("the rows of a certificate are not there") }
        var cells: [[JSONValue]] = []
        for row in rows[first..<first + count] {
          guard let list = row.list, list.count == job.columns.count else {
            throw damaged("row \(first + cells.count) has not one cell per column")
          }
          cells.append(list)
        }
        let parameters = cells[0].prefix(job.sweep.parameters.count).compactMap(\.parameterValue)
        guard let index = waiting[key(parameters)]?.popLast() else {
          let text = zip(job.sweep.parameters, parameters).map { "\($0) = \($1)" }.joined(separator: ", ")
          throw Failure(
            .input,
            "\(path): every point in it must be one of this run, but \(text.isEmpty ? "one" : text) is not; the file was left as it was"
          )
        }
        // A point that failed is tried again.
        if certificate.failure != nil { continue }
        guard let values = values(cells) else { continue }
        try compareTimes(values)
        points[index] = ResultDocument.Point(
          parameters: job.sweep.values(at: index), rows: values, certificate: certificate)
      }
      return points
    }

    /// The numbers of a point; nil where a cell is damaged. An observable that is null was undefined when it was computed, and
    /// would be again: what a point without a number lacks is told by its certificate.
    private func values(_ cells: [[JSONValue]]) -> [[Double?]]? {
      let columns = job.columns.dropFirst(job.sweep.parameters.count)
      var rows: [[Double?]] = []
      for row in cells {
        let values = row.dropFirst(job.sweep.parameters.count)
        for (cell, column) in zip(values, columns) where cell.number == nil {
          guard cell.isNull, column.role == .observable else { return nil }
        }
        rows.append(values.map(\.number))
      }
      return rows
    }

    private func compareTimes(_ rows: [[Double?]]) throws(Failure) {
      guard !job.request.times.isEmpty else { return }
      let times = Set(rows.compactMap { $0.first ?? nil })
      if times != Set(job.request.times) { throw differs("the list of times", "another", "that of this run") }
    }

    private func same(_ first: ParameterValue, _ second: ParameterValue) -> Bool {
      key([first]) == key([second])
    }

    /// Text that is equal for equal values; 4 and 4.0 are equal.
    private func key(_ values: [ParameterValue]) -> String {
      values.map { value in
        if case .list(let elements) = value { return "[\(key(elements))]" }
        return value.number.map { ParameterValue.real($0).description } ?? value.description
      }.joined(separator: ",")
    }
  }
}
