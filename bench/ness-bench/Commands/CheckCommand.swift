import ArgumentParser
import Foundation

/// Turns records into a baseline.
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline", abstract: "Print the counters of records as a baseline file (JSON).")

  @Argument(help: "Files with the output of sweep; standard input when there are none.")
  var files: [String] = []

  func run() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    // Sweeps along different axes share points.
    var seen: Set<BenchPoint> = []
    let baselines = try JSONLines.records(in: files).map(Baseline.init).filter {
      seen.insert($0.point).inserted
    }
    print(String(decoding: try encoder.encode(baselines), as: UTF8.self))
  }
}

/// Measures the points of baselines again and compares counters.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Compare counters with baselines; fail on a regression.",
    discussion: """
      Unknowns and nonzeros must not grow; factor nonzeros, flops and bytes not by more than 1 %, iterations and applications \
      not by more than 10 %; the route and the observables must stay the same, and the residual at its level. Times are not \
      compared.
      """)

  @Argument(help: "Baseline files, bench/baselines/*.json.")
  var files: [String]

  func run() throws {
    var failed = 0
    var compared = 0
    for file in files {
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      for baseline in try JSONDecoder().decode([Baseline].self, from: data) {
        let record = try SweepCommand.measure(baseline.point, repeats: try .parse(["--repeats", "1"]))
        let findings = baseline.findings(in: record)
        compared += 1
        if findings.contains(where: { $0.verdict == .regression }) { failed += 1 }
        print("\(findings.isEmpty ? "same" : "differs")  \(baseline.point.name)")
        for finding in findings { print("  \(finding.verdict.rawValue)  \(finding.text)") }
      }
    }
    guard compared > 0 else { throw BenchFailure("there must be at least one baseline, but there is none") }
    if failed > 0 {
      FileHandle.standardError.write(Data("\(failed) of \(compared) points have regressed\n".utf8))
      throw ExitCode.failure
    }
    print("\(compared) points without a regression")
  }
}
