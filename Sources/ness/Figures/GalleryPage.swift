import Foundation

/// The gallery: one page that lists all figures of a folder, and one page per figure. No scripts, no remote parts.
enum GalleryPage {
  /// Stands in every page, so that a page of somebody else is not replaced.
  static let generator = "ness reproduce"

  static func index(_ records: [FigureRecord]) -> String {
    var body = "<h1>Figures, recomputed</h1>\n"
    body +=
      "<p>Each figure of the papers is computed from the model, drawn, and the paper's statements about it are checked against the computed numbers.</p>\n"
    var papers: [String] = []
    for record in records where !papers.contains(record.paper) { papers.append(record.paper) }
    for paper in papers {
      let own = records.filter { $0.paper == paper }
      body += "<h2>\(citation(own[0]))</h2>\n"
      body += "<p class=\"tally\">\(tally(own.flatMap(\.statements)))</p>\n<div class=\"cards\">\n"
      for record in own {
        body += """
          <a class="card" href="\(escaped(record.id)).html">
          <img src="\(escaped(record.id)).svg" alt="\(escaped(record.number)): \(escaped(record.title))">
          <span class="name">\(escaped(record.number)) · \(escaped(record.title))\(quickMark(record))</span>
          <span class="tally">\(tally(record.statements))\(record.missing.isEmpty ? "" : " " + badge("incomplete", "failed"))</span>
          </a>

          """
      }
      body += "</div>\n"
    }
    return page("Figures, recomputed", body)
  }

  static func figure(_ record: FigureRecord) -> String {
    let id = escaped(record.id)
    var body = "<p class=\"nav\"><a href=\"index.html\">All figures</a></p>\n"
    body += "<h1>\(escaped(record.number)): \(escaped(record.title))</h1>\n<p>\(citation(record))</p>\n"
    if record.isQuick {
      body +=
        "<p class=\"warning\">Computed with --quick: coarser grids, and smaller systems than in the paper where those are large. The verdicts hold for these.</p>\n"
    }
    for line in record.missing { body += "<p class=\"warning\">Missing: \(escaped(line))</p>\n" }
    body +=
      "<a href=\"\(id).svg\"><img class=\"figure\" src=\"\(id).svg\" alt=\"\(escaped(record.number)), recomputed\"></a>\n"
    body += """
      <p class="files">Picture: <a href="\(id).svg">SVG</a>, <a href="\(id).png">PNG</a>. \
      Data: <a href="\(id).csv">curves</a> and <a href="\(id)-points.csv">the \(record.points) computed points with their certificates</a> (CSV), \
      <a href="\(id).json">statements</a> (JSON).</p>
      <h2>What the paper says, and what was computed</h2>
      <p class="tally">\(tally(record.statements))</p>

      """
    body += "<table>\n<tr><th>Statement</th><th>Computed</th><th>Verdict</th></tr>\n"
    for statement in record.statements {
      let numbers = statement.measured.map { entry in
        "<li>\(escaped(entry.name)) = <span class=\"number\">\(entry.value.map { Readable.number($0, digits: 4) } ?? "undefined")</span></li>"
      }
      body +=
        "<tr><td>“\(escaped(statement.text))” <span class=\"source\">\(escaped(statement.source))</span></td>"
      body += "<td>\(numbers.isEmpty ? "" : "<ul>\(numbers.joined())</ul>")"
      body += statement.remark.isEmpty ? "" : "<p>\(escaped(statement.remark))</p>"
      body += "</td><td>\(badge(statement.verdict.rawValue, style(statement.verdict)))</td></tr>\n"
    }
    body += "</table>\n"
    if !record.notes.isEmpty {
      body += "<h2>Notes</h2>\n<ul>\n" + record.notes.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
    }
    body +=
      "<p class=\"source\">Computed by ness \(escaped(record.version)): <code>ness reproduce \(id)\(record.isQuick ? " --quick" : "")</code></p>\n"
    return page("\(record.number): \(record.title)", body)
  }

  private static func citation(_ record: FigureRecord) -> String {
    "\(escaped(record.paper)), <a href=\"https://doi.org/\(escaped(record.doi))\">\(escaped(record.doi))</a>"
  }

  private static func quickMark(_ record: FigureRecord) -> String { record.isQuick ? " (quick)" : "" }

  /// Number of statements by verdict.
  private static func tally(_ statements: [FigureRecord.Entry]) -> String {
    Verdict.allCases.compactMap { verdict in
      let count = statements.count { $0.verdict == verdict }
      return count == 0 ? nil : badge("\(count) \(verdict.rawValue)", style(verdict))
    }.joined(separator: " ")
  }

  private static func badge(_ text: String, _ style: String) -> String {
    "<span class=\"badge \(style)\">\(escaped(text))</span>"
  }

  private static func style(_ verdict: Verdict) -> String {
    switch verdict {
    case .reproduced: return "good"
    case .withExceptions: return "partly"
    case .notReproduced: return "failed"
    case .notChecked: return "open"
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  private static func page(_ title: String, _ body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="generator" content="\(generator)">
    <title>\(escaped(title))</title>
    <style>
    \(styleSheet)
    </style>
    </head>
    <body>
    \(body)</body>
    </html>

    """
  }

  // Verdicts carry words, so that colour is never the only sign.
  private static let styleSheet = """
    :root { color-scheme: light dark; }
    body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1c; background: #ffffff; }
    a { color: #0b5cad; }
    h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
    img { background: #ffffff; }
    img.figure { display: block; width: 100%; height: auto; border: 1px solid #d0d0d0; }
    .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: 1rem; }
    .card { display: block; border: 1px solid #d0d0d0; border-radius: 6px; padding: .6rem; text-decoration: none; color: inherit; }
    .card img { width: 100%; height: 13rem; object-fit: contain; }
    .card .name { display: block; margin: .4rem 0; font-weight: 600; }
    .card .tally { display: block; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; vertical-align: top; padding: .5rem .6rem; border-top: 1px solid #d0d0d0; }
    th:nth-child(1), td:nth-child(1) { width: 42%; }
    td ul { margin: 0; padding-left: 1.1rem; } td p { margin: .3rem 0 0; }
    .badge { display: inline-block; border-radius: 4px; padding: 0 .45rem; font-size: .85rem; white-space: nowrap; }
    .good { background: #d7efe4; color: #00573b; } .partly { background: #fdf0cf; color: #6b4a00; }
    .failed { background: #fbdcd2; color: #8a2c00; } .open { background: #e4e4e4; color: #303030; }
    .number { white-space: nowrap; }
    .source { color: #5c5c5c; font-size: .9rem; }
    .warning { border-left: 4px solid #d55e00; padding-left: .7rem; }
    @media (prefers-color-scheme: dark) {
      body { color: #e6e6e6; background: #17191c; } a { color: #7db8f0; }
      .card, th, td, img.figure { border-color: #44484d; } .source { color: #a8a8a8; }
      .good { background: #0c4a36; color: #c9f2e2; } .partly { background: #5a4308; color: #fdeec4; }
      .failed { background: #6b2708; color: #fde0d5; } .open { background: #44484d; color: #e6e6e6; }
    }
    """
}
