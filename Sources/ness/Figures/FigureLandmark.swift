import NESSKit

/// The first zero or extremum along a coordinate, between the points of a grid, as the library's finder refines it.
package struct FigureLandmark: Hashable, Sendable {
  /// A coordinate that one parameter is proportional to.
  struct Axis: Hashable, Sendable {
    let name: String
    let parameter: String
    var factor = 1.0
  }

  let model: String
  let kind: Landmark.Kind
  /// The curve: a sum of observables with these factors.
  let terms: [String: Double]
  let axis: Axis
  let grid: [Double]
  let fixed: [String: ParameterValue]
  var state = "steady"

  /// The sum in words.
  var name: String {
    terms.sorted { $0.key < $1.key }.map { $0.value == 1 ? $0.key : "\($0.value) \($0.key)" }
      .joined(separator: " + ")
  }

  /// The computation at a value of the coordinate.
  func point(at position: Double) -> FigurePoint {
    FigurePoint(
      model: model, state: state,
      parameters: fixed.merging([axis.parameter: .real(axis.factor * position)]) { $1 })
  }

  /// The curve in a computed point; nil where a term is undefined.
  func value(_ computed: ComputedPoint) -> Double? {
    var sum = 0.0
    for (name, factor) in terms {
      guard let value = computed.values[name]?.first ?? nil else { return nil }
      sum += factor * value
    }
    return sum
  }
}

/// What a run has found so far.
struct FigureValues: Sendable {
  var points: [FigurePoint: ComputedPoint] = [:]
  /// Landmarks that exist; what was looked for in vain is missing.
  var landmarks: [FigureLandmark: Landmark] = [:]

  /// An observable in one row of a computation; nil where it is undefined or failed.
  func value(_ observable: String, at sample: FigureSweep.Sample) -> Double? {
    guard let column = points[sample.point]?.values[observable], sample.row < column.count else { return nil }
    return column[sample.row]
  }
}
