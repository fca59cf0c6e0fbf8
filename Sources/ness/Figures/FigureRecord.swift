import NESSKit

/// What the gallery keeps of a figure: enough to show it again without its data.
struct FigureRecord {
  static let schema = "ness-figure/1"

  let json: JSONValue

  init(_ result: FigureResult) {
    let figure = result.figure
    let statements = zip(result.content.statements, result.findings).map { statement, finding in
      JSONValue.object([
        ("text", .text(statement.text)), ("source", .text(statement.source)),
        ("verdict", .text(finding.verdict.rawValue)),
        (
          "measured",
          .list(
            finding.measured.map { .object([("name", .text($0.name)), ("value", JSONValue($0.value))]) })
        ),
        ("remark", .text(finding.remark)),
      ])
    }
    json = .object([
      ("schema", .text(FigureRecord.schema)), ("id", .text(figure.id)),
      ("paper", .text(figure.paper.citation)), ("doi", .text(figure.paper.doi)),
      ("number", .text(figure.number)), ("title", .text(figure.title)), ("version", .text(Version.text)),
      ("quick", .flag(result.scale.isQuick)), ("points", .integer(result.points.count)),
      ("missing", .list(result.complaints.map(JSONValue.text))),
      ("notes", .list(result.content.notes.map(JSONValue.text))), ("statements", .list(statements)),
    ])
  }

  /// A record that an earlier run wrote; nil when it is something else.
  init?(_ json: JSONValue) {
    guard json["schema"]?.text == FigureRecord.schema, json["id"]?.text != nil,
      json["statements"]?.list != nil
    else { return nil }
    self.json = json
  }

  var id: String { json["id"]?.text ?? "" }
  var paper: String { json["paper"]?.text ?? "" }
  var doi: String { json["doi"]?.text ?? "" }
  var number: String { json["number"]?.text ?? "" }
  var title: String { json["title"]?.text ?? "" }
  var version: String { json["version"]?.text ?? "" }
  var isQuick: Bool { json["quick"]?.flag ?? false }
  var points: Int { json["points"]?.integer ?? 0 }
  var missing: [String] { (json["missing"]?.list ?? []).compactMap(\.text) }
  var notes: [String] { (json["notes"]?.list ?? []).compactMap(\.text) }

  struct Entry {
    let text: String
    let source: String
    let verdict: Verdict
    let measured: [(name: String, value: Double?)]
    let remark: String
  }

  var statements: [Entry] {
    (json["statements"]?.list ?? []).map { entry in
      Entry(
        text: entry["text"]?.text ?? "", source: entry["source"]?.text ?? "",
        verdict: Verdict(rawValue: entry["verdict"]?.text ?? "") ?? .notChecked,
        measured: (entry["measured"]?.list ?? []).map { ($0["name"]?.text ?? "", $0["value"]?.number) },
        remark: entry["remark"]?.text ?? "")
    }
  }
}
