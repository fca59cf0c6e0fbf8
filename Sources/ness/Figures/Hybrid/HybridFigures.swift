import NESSKit

/// Figures of Leitch, Hammam & De Chiara on two qubits that drive a quantum rotor.
enum HybridFigures {
  static let paper = Paper(
    key: "hybrid",
    citation:
      "H. Leitch, K. Hammam, G. De Chiara, Thermodynamics of hybrid quantum rotor devices, arXiv:2304.08122v2 (2024)",
    doi: "10.48550/arXiv.2304.08122")

  static let all = [
    operations, ergotropies, heatRectification, momentumRectification, freeRotor, loadedRotor, powers,
  ]

  static let model = "qubit-rotor"
  /// Inverse temperature of the cold bath in all figures.
  static let beta1 = 0.1
  /// Largest ratio of temperatures that leaves the load between the baths: beta_r/beta1.
  static let largestRatio = 0.9
  /// The window in which nothing of the figures depends on the walls.
  static let converged = -40...60
  /// The window of the paper's Figs. 6 and 7.
  static let narrow = -5...10

  static func window(_ levels: ClosedRange<Int>) -> [String: ParameterValue] {
    ["lmin": .integer(levels.lowerBound), "lmax": .integer(levels.upperBound)]
  }

  static func name(_ levels: ClosedRange<Int>) -> String { "\(levels.lowerBound)…\(levels.upperBound)" }

  /// The collision model of Figs. 2, 3 and 8 in the limit of short collisions.
  static func collisional(_ levels: ClosedRange<Int> = converged) -> [String: ParameterValue] {
    [
      "B1": .real(4), "B2": .real(10), "I": .real(1), "lambda": .real(0.1), "g": .real(1), "chi": .real(0),
      "beta1": .real(beta1), "beta_r": .real(0.09), "gamma": .real(5e-5),
    ].merging(window(levels)) { $1 }
  }

  /// The spin-boson model of Figs. 4 and 5.
  static func spinBoson(_ beta2: Double, _ levels: ClosedRange<Int> = converged) -> [String: ParameterValue] {
    collisional(levels).merging([
      "master_equation": .text("global"), "g": .real(0.5), "Omega": .real(20), "beta2": .real(beta2),
    ]) { $1 }
  }

  static let ratio = FigureLandmark.Axis(name: "beta2/beta1", parameter: "beta2", factor: beta1)
  static let asymmetry = FigureLandmark.Axis(name: "chi", parameter: "chi")

  static func withRatio(
    _ ratio: Double, _ levels: ClosedRange<Int> = converged
  ) -> [String: ParameterValue] {
    collisional(levels).merging(["beta2": .real(beta1 * ratio)]) { $1 }
  }

  /// Steady states of the collision model against the ratio of inverse temperatures.
  static func overRatio(
    _ ratios: [Double], _ levels: ClosedRange<Int> = converged
  ) -> FigureSweep {
    FigureSweep(model, state: "steady", ratio.name, ratios) { withRatio($0, levels) }
  }

  /// The ratios that the paper admits, and a few small ones, where the efficiency rises.
  static func ratios(_ points: Int) -> [Double] {
    let even = (1...points).map { largestRatio * Double($0) / Double(points) }
    return [0.001, 0.003, 0.006].filter { $0 < even[0] } + even
  }

  /// A landmark of a sum of observables along the ratio of inverse temperatures.
  static func landmark(
    _ kind: Landmark.Kind, _ terms: [String: Double], in range: ClosedRange<Double>
  ) -> FigureLandmark {
    FigureLandmark(
      model: model, kind: kind, terms: terms, axis: ratio,
      grid: SweepAxis.linear(from: range.lowerBound, to: range.upperBound, points: 23), fixed: collisional())
  }

  static let ratioAxis = Panel.Axis(label: "β_2/β_1", range: 0...largestRatio)

  /// One value of a curve that holds a single place.
  static func only(_ curve: SampledCurve) -> SampledCurve.Place? { curve.points.first }
}

extension Checks {
  /// Distance from a bound that is printed with two digits: half a unit of the second one.
  static let bound = 0.005

  /// Whether a curve rises, or falls, between neighbouring points.
  static func monotonic(
    _ label: String, _ curve: SampledCurve,
    in range: ClosedRange<Double> = -Double.infinity...Double.infinity,
    rising: Bool
  ) -> (label: String, x: [Double], holds: [Bool]) {
    let slope = curve.within(range).slope.points
    return (label, slope.map(\.x), slope.map { rising ? $0.y > 0 : $0.y < 0 })
  }
}
