import ArgumentParser

/// Options that fix a point.
struct PointOptions: ParsableArguments {
  @Option(help: "Model to measure.")
  var model = "chiral-clock"

  @Option(name: .customLong("set"), help: "Fix an axis, for instance Ns=4; repeatable.")
  var settings: [String] = []

  @Option(help: "Route of the solver: auto, dense or direct.")
  var route = "auto"

  @Flag(inversion: .prefixedNo, help: "Declare the model's symmetries to the solver.")
  var symmetries = true

  /// The point.
  func point() throws -> BenchPoint {
    let model = try BenchModel.named(model)
    var point = BenchPoint(
      model: model.name, axes: try model.complete([:]), route: route, symmetries: symmetries)
    _ = try point.solver()
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw BenchFailure("--set must be NAME=VALUE, but is \(setting)") }
      point = try point.setting(parts[0], to: parts[1])
    }
    return point
  }
}

/// Options that say how often to measure.
struct RepeatOptions: ParsableArguments {
  @Option(help: "Repeats after the warm-up.")
  var repeats = 7

  @Option(help: "Seconds after which no further repeat starts.")
  var budget = 20.0
}
