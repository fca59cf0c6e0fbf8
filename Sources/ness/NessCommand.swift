import ArgumentParser
import CNESSFiles
import Foundation

/// The root of the command: steady states of open quantum machines from an input file.
@main
struct NessCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ness",
    abstract: "Steady states, currents and correlations of open quantum machines.",
    discussion: """
      ness init chiral-clock > clock.toml     writes an input file to start from
      ness plan clock.toml                    tells what it will cost
      ness run clock.toml --output clock.json --plot clock.svg

      Exit codes: 0 done, 64 wrong usage, 65 bad input, 69 a needed program is missing, 70 a computation \
      failed its certificate, 74 input/output error, 130 interrupted.
      """,
    version: "ness \(Version.text)",
    subcommands: [
      RunCommand.self, ModelsCommand.self, InitCommand.self, PlanCommand.self, FiguresCommand.self,
      ReproduceCommand.self,
    ])

  static func main() async {
    ness_keep_freed_memory()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let failure as Failure {
      StandardError.line(failure.message)
      Foundation.exit(failure.status.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}
