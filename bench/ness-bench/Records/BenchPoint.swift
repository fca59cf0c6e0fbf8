import Foundation
import NESSKit

/// What is to be measured at one point; a spawned process receives it as JSON.
struct BenchPoint: Codable, Hashable {
  var model: String
  /// Values of the model's axes.
  var axes: [String: Double]
  /// A route of ``SteadyStateSolver``.
  var route: String
  /// Whether the model's symmetries are declared to the solver.
  var symmetries: Bool
  /// Threads of one solve.
  var threads = 1

  /// Solver options of the point.
  func solver() throws(BenchFailure) -> SteadyStateSolver {
    guard let method = SteadyStateSolver.Method(rawValue: route) else {
      let known = SteadyStateSolver.Method.allCases.map(\.rawValue).joined(separator: ", ")
      throw BenchFailure("route must be one of \(known), but is \(route)")
    }
    return SteadyStateSolver(method: method, threads: threads)
  }

  /// The case at this point.
  func makeCase() throws -> any BenchCase {
    let model = try BenchModel.named(model)
    return try model.make(try model.complete(axes))
  }

  /// The point with one axis set: an axis of the model, `route`, `threads` or `symmetries`.
  func setting(_ axis: String, to text: String) throws(BenchFailure) -> BenchPoint {
    var point = self
    switch axis {
    case "route":
      point.route = text
      _ = try point.solver()
    case "symmetries":
      guard ["on", "off"].contains(text) else {
        throw BenchFailure("symmetries must be on or off, but is \(text)")
      }
      point.symmetries = text == "on"
    case "threads":
      guard let threads = Int(text), threads > 0 else {
        throw BenchFailure("threads must be a whole number >= 1, but is \(text)")
      }
      point.threads = threads
    default:
      guard let value = Double(text), value.isFinite else {
        throw BenchFailure("axis \(axis) must be a finite number, but is \(text)")
      }
      point.axes[axis] = value
      point.axes = try BenchModel.named(model).complete(point.axes)
    }
    return point
  }

  /// All coordinates on one line.
  var name: String {
    let values = axes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.formatted())" }
    return
      "\(model) \(values.joined(separator: " ")) route=\(route) symmetries=\(symmetries ? "on" : "off")"
      + (threads == 1 ? "" : " threads=\(threads)")
  }
}
