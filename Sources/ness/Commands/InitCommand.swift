import ArgumentParser
import Foundation
import NESSKit

/// `ness init`
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Prints a commented input file that runs as it is.")

  @Argument(help: "Name of a model.", completion: .list(Models.standard.descriptions.map(\.name)))
  var name: String

  func run() throws {
    let description = try Models.standard.description(named: name)
    try OutputFile.writeStandardOutput(Data(Template(description).text.utf8))
  }
}
