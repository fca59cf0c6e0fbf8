import ArgumentParser
import Foundation
import NESSKit

/// Formats of descriptions.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json
}

/// `ness models`
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists the models, or the parameters, observables and states of one.")

  @Argument(help: "Name of a model.", completion: .list(Models.standard.descriptions.map(\.name)))
  var name: String?

  @Option(help: "table or json.")
  var format = ListFormat.table

  func run() throws {
    let text: String
    if let name {
      let description = try Models.standard.description(named: name)
      text =
        format == .json
        ? ModelsCommand.json(description).pretty(depth: 2) + "\n" : ModelsCommand.text(description)
    } else {
      let all = Models.standard.descriptions
      text =
        format == .json
        ? JSONValue.list(all.map(ModelsCommand.entry)).pretty(depth: 1) + "\n" : ModelsCommand.list(all)
    }
    try OutputFile.writeStandardOutput(Data(text.utf8))
  }

  private static func entry(_ description: MachineDescription) -> JSONValue {
    .object([
      ("model", .text(description.name)), ("summary", .text(description.summary)),
      ("source", .text(description.source)), ("states", .list(description.states.map(JSONValue.text))),
    ])
  }

  private static func json(_ description: MachineDescription) -> JSONValue {
    let parameters = description.parameters.map { parameter in
      JSONValue.object([
        ("name", .text(parameter.name)), ("unit", .text(parameter.unit)),
        ("default", parameter.defaultValue.map(JSONValue.init) ?? .null),
        ("allowed", .text(parameter.allowed)),
        ("meaning", .text(parameter.meaning)),
      ])
    }
    let observables = description.observables.map { observable in
      JSONValue.object([
        ("name", .text(observable.name)), ("unit", .text(observable.unit)),
        ("indices", .list(observable.indices.map(JSONValue.text))),
        ("states", .list(observable.states.map(JSONValue.text))), ("standard", .flag(observable.isStandard)),
        ("meaning", .text(observable.meaning)), ("source", .text(observable.source)),
      ])
    }
    return .object([
      ("model", .text(description.name)), ("summary", .text(description.summary)),
      ("source", .text(description.source)), ("parameters", .list(parameters)),
      ("observables", .list(observables)),
      ("states", .list(description.states.map(JSONValue.text))),
    ])
  }

  private static func list(_ descriptions: [MachineDescription]) -> String {
    let width = descriptions.map(\.name.count).max() ?? 0
    let indent = String(repeating: " ", count: width + 2)
    var lines: [String] = []
    for description in descriptions {
      let name = description.name.padding(toLength: width, withPad: " ", startingAt: 0)
      lines += TextBlock.wrapped(
        "\(description.summary) [\(description.states.joined(separator: ", "))]", head: name + "  ",
        indent: indent)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ description: MachineDescription) -> String {
    let isStyled = Terminal.isOutputStyled
    func title(_ text: String) -> String { isStyled ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    var lines = [title(description.name)]
    lines += TextBlock.wrapped(description.summary, head: "  ", indent: "  ")
    lines += TextBlock.wrapped(description.source, head: "  ", indent: "  ")
    lines += [
      "", title("states") + "  " + description.states.joined(separator: ", ") + " (the first is the default)",
    ]
    if !description.parameters.isEmpty { lines += ["", title("parameters")] }
    for parameter in description.parameters {
      let unit = ["", "1"].contains(parameter.unit) ? "" : " [\(parameter.unit)]"
      let value = parameter.defaultValue.map { " = \($0)" } ?? ""
      lines.append("  \(parameter.name)\(value)\(unit)")
      lines += TextBlock.wrapped(
        "\(parameter.meaning); \(parameter.allowed)", head: "      ", indent: "      ")
    }
    lines += ["", title("observables") + "  (* standard set)"]
    for observable in description.observables {
      let unit = observable.unit == "1" ? "" : " [\(observable.unit)]"
      let indices = observable.indices.isEmpty ? "" : "(\(observable.indices.joined(separator: ", ")))"
      let states =
        observable.states == description.states ? "" : "  {\(observable.states.joined(separator: ", "))}"
      lines.append("\(observable.isStandard ? "*" : " ") \(observable.name)\(indices)\(unit)\(states)")
      lines += TextBlock.wrapped(
        "\(observable.meaning) [\(observable.source)]", head: "      ", indent: "      ")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
