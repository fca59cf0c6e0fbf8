import ArgumentParser
import Foundation
import NESSKit

/// Holds the automatic choice of the route against every manual one.
struct ChoicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "choices",
    abstract: "Compare the automatic route with every manual one; fail where it takes too long.",
    discussion: """
      Times are processor seconds of a whole point, the least of the repeats. Without --point a list of standard points of all \
      models is measured. A route that the planner expects to take long is left out.
      """)

  @Option(
    name: .customLong("point"),
    help: "Model and axes, for instance 'spin-chain N=6 dephasing=0.5'; repeatable.")
  var points: [String] = []

  @OptionGroup var repeats: RepeatOptions

  @Option(help: "Largest accepted ratio of the automatic route to the best.")
  var limit = 2.0

  @Option(help: "Predicted seconds beyond which a manual route is left out.")
  var longest = 5.0

  /// Points of every size and kind that takes no longer than seconds.
  static let standardPoints = [
    "chiral-clock M=2", "chiral-clock M=3", "chiral-clock M=4", "chiral-clock M=5", "chiral-clock M=6",
    "chiral-clock M=3 spread=0.1", "chiral-clock M=4 spread=0.1", "chiral-clock M=5 spread=0.1",
    "chiral-clock M=3 Ns=5", "chiral-clock M=4 beta_e=20 beta_o=20",
    "spin-chain N=2", "spin-chain N=3", "spin-chain N=4", "spin-chain N=6", "spin-chain N=8",
    "spin-chain N=6 dephasing=0.5", "spin-chain N=6 mu=1",
  ]

  func run() throws {
    let manual = SteadyStateSolver.Method.allCases.filter { $0 != .automatic }
    print((["point", "auto s"] + manual.map(\.rawValue) + ["auto/best"]).joined(separator: "\t"))
    var worst = 0.0
    for text in points.isEmpty ? Self.standardPoints : points {
      let point = try Self.point(text)
      let automatic = try seconds(point)
      var cells: [String] = []
      var best = automatic.seconds
      for method in manual {
        var other = point
        other.route = method.rawValue
        guard let predicted = try? Self.predicted(other) else {
          cells.append("-")
          continue
        }
        guard predicted <= longest else {
          cells.append("(\(shortText(predicted)) expected)")
          continue
        }
        do {
          let found = try seconds(other).seconds
          best = min(best, found)
          cells.append(shortText(found))
        } catch { cells.append("failed") }
      }
      let ratio = automatic.seconds / best
      worst = max(worst, ratio)
      let row =
        [text, "\(shortText(automatic.seconds)) (\(automatic.route))"] + cells + [fixedText(ratio, digits: 2)]
      FileHandle.standardOutput.write(Data((row.joined(separator: "\t") + "\n").utf8))
    }
    guard worst <= limit else {
      throw BenchFailure(
        "the automatic route must take at most \(limit) times as long as the best, but takes \(fixedText(worst, digits: 2)) times"
      )
    }
  }

  private func seconds(_ point: BenchPoint) throws -> (seconds: Double, route: String) {
    let record = try SweepCommand.measure(point, repeats: repeats)
    guard let spread = record.seconds["point"] else { throw BenchFailure("a point must have been measured") }
    return (spread.processor, record.counters.route)
  }

  private static func predicted(_ point: BenchPoint) throws -> Double {
    try point.makeCase().plan(try point.solver()).seconds
  }

  private static func point(_ text: String) throws -> BenchPoint {
    let words = text.split(separator: " ").map(String.init)
    guard let model = words.first else {
      throw BenchFailure("--point must be a model and its axes, but is empty")
    }
    return try PointOptions.point(model: model, settings: Array(words.dropFirst()))
  }
}
