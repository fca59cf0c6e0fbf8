import ArgumentParser

/// Measures NESSKit: sweeps of sizes, growth exponents, and counters against a baseline.
@main
struct NessBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ness-bench", abstract: "Measure NESSKit phase by phase.",
    discussion: "Build with `swift build -c release --product ness-bench`. See bench/README.md.",
    subcommands: [
      SweepCommand.self, RoutesCommand.self, ChoicesCommand.self, SummaryCommand.self, BaselineCommand.self,
      CheckCommand.self,
      AxesCommand.self, SingleCommand.self,
    ],
    defaultSubcommand: SweepCommand.self)
}
