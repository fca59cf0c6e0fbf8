import ArgumentParser
import CNESSFiles

/// Measures a row of points, one process each.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Measure points along one axis; print one JSON object per point.",
    discussion:
      "Axes: route (\(routeNames)), symmetries (on, off), threads, and the numbers that `axes` lists.")

  @OptionGroup var options: PointOptions
  @OptionGroup var repeats: RepeatOptions

  @Option(help: "Axis to vary.")
  var axis = "M"

  @Option(help: "Values along the axis, separated by commas.")
  var points = "2,3,4"

  @Flag(help: "Measure a debug build as well; its times mean nothing.")
  var debug = false

  func run() throws {
    guard debug || BenchEnvironment.build == "release" else {
      throw BenchFailure(
        "the build must be a release build, but is a debug build (--debug measures it nevertheless)")
    }
    let base = try options.point()
    let row = try points.split(separator: ",").map { try base.setting(axis, to: String($0)) }
    for point in row {
      var record = try Self.measure(point, repeats: repeats)
      record.axis = axis
      try JSONLines.emit(record)
    }
  }

  /// Measures one point in a process of its own.
  static func measure(_ point: BenchPoint, repeats: RepeatOptions) throws -> BenchRecord {
    let output = try ChildProcess.runSelf([
      "single", try JSONLines.line(point), "--repeats", "\(repeats.repeats)", "--budget", "\(repeats.budget)",
    ])
    return try JSONLines.decode(BenchRecord.self, from: String(decoding: output, as: UTF8.self))
  }
}

/// Measures one point in this process; what `sweep` starts.
struct SingleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "single", abstract: "Measure one point in this process.", shouldDisplay: false)

  @Argument(help: "The point as JSON.")
  var point: String

  @OptionGroup var repeats: RepeatOptions

  func run() throws {
    // As the command does.
    ness_keep_freed_memory()
    let point = try JSONLines.decode(BenchPoint.self, from: point)
    try JSONLines.emit(
      try Measurement(point: point, repeats: repeats.repeats, budget: repeats.budget).run())
  }
}

/// Lists models and axes.
struct AxesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "axes", abstract: "List models and their axes.")

  func run() {
    for model in BenchModel.all {
      print(model.name)
      for axis in model.axes { print("  \(axis.name) = \(axis.standard)\n      \(axis.meaning)") }
    }
  }
}
