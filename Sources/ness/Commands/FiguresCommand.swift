import ArgumentParser
import Foundation
import NESSKit

/// `ness figures`
struct FiguresCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures", abstract: "Lists the figures of the papers that ness reproduce computes.")

  @Option(help: "table or json.")
  var format = ListFormat.table

  func run() throws {
    let figures = FigureCatalog.standard.figures
    let text = format == .json ? FiguresCommand.json(figures) : FiguresCommand.table(figures)
    try OutputFile.writeStandardOutput(Data(text.utf8))
  }

  private static func table(_ figures: [Figure]) -> String {
    let width = figures.map(\.id.count).max() ?? 0
    let indent = String(repeating: " ", count: width + 2)
    var lines: [String] = []
    var paper = ""
    for figure in figures {
      if figure.paper.citation != paper {
        paper = figure.paper.citation
        lines += (lines.isEmpty ? [] : [""]) + TextBlock.wrapped(paper, head: "", indent: "")
      }
      let name = figure.id.padding(toLength: width, withPad: " ", startingAt: 0)
      lines += TextBlock.wrapped(
        "\(figure.number): \(figure.title) [\(figure.cost)]", head: name + "  ", indent: indent)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func json(_ figures: [Figure]) -> String {
    JSONValue.list(
      figures.map { figure in
        let content = figure.content(FigureScale())
        return .object([
          ("id", .text(figure.id)), ("paper", .text(figure.paper.citation)), ("doi", .text(figure.paper.doi)),
          ("number", .text(figure.number)), ("title", .text(figure.title)), ("cost", .text(figure.cost)),
          ("panels", .integer(content.panels.count)), ("statements", .integer(content.statements.count)),
          ("points", .integer(FigureRun([content], catalog: .standard).count)),
        ])
      }
    ).pretty(depth: 1) + "\n"
  }
}
