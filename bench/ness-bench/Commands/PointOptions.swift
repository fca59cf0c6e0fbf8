import ArgumentParser
import NESSKit

/// Options that fix a point.
struct PointOptions: ParsableArguments {
  @Option(help: "Model to measure.")
  var model = "chiral-clock"

  @Option(name: .customLong("set"), help: "Fix an axis, for instance Ns=4; repeatable.")
  var settings: [String] = []

  @Option(help: "Route of the solver: \(routeNames).")
  var route = "auto"

  @Option(help: "Threads of one solve.")
  var threads = 1

  @Flag(inversion: .prefixedNo, help: "Declare the model's symmetries to the solver.")
  var symmetries = true

  /// The point.
  func point() throws -> BenchPoint {
    try Self.point(model: model, settings: settings, route: route, symmetries: symmetries, threads: threads)
  }

  /// A point from NAME=VALUE settings.
  static func point(
    model name: String, settings: [String], route: String = "auto", symmetries: Bool = true, threads: Int = 1
  ) throws -> BenchPoint {
    let model = try BenchModel.named(name)
    var point = BenchPoint(
      model: model.name, axes: try model.complete([:]), route: route, symmetries: symmetries)
    _ = try point.solver()
    point = try point.setting("threads", to: "\(threads)")
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw BenchFailure("an axis must be set as NAME=VALUE, but is \(setting)")
      }
      point = try point.setting(parts[0], to: parts[1])
    }
    return point
  }
}

/// Names of all routes.
let routeNames = SteadyStateSolver.Method.allCases.map(\.rawValue).joined(separator: ", ")

/// Options that say how often to measure.
struct RepeatOptions: ParsableArguments {
  @Option(help: "Repeats after the warm-up.")
  var repeats = 7

  @Option(help: "Seconds after which no further repeat starts.")
  var budget = 20.0
}
