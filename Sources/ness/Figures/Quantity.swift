import NESSKit

/// Points of one model in one state along one coordinate.
package struct FigureSweep: Sendable {
  let model: String
  let state: String
  /// Name of the coordinate, a parameter or what takes the place of one.
  let axis: String
  /// Values of the coordinate, ascending.
  let x: [Double]
  /// Parameters at each of them; what is missing takes its default.
  let parameters: [[String: ParameterValue]]

  /// A parameter that is swept at fixed others.
  init(
    _ model: String, state: String, _ axis: String, _ x: [Double], fixed: [String: ParameterValue]
  ) {
    self.init(model, state: state, axis, x) { fixed.merging([axis: .real($0)]) { $1 } }
  }

  /// A coordinate that the parameters are functions of.
  init(
    _ model: String, state: String, _ axis: String, _ x: [Double],
    parameters: (Double) -> [String: ParameterValue]
  ) {
    self.model = model
    self.state = state
    self.axis = axis
    self.x = x
    self.parameters = x.map(parameters)
  }

  /// What is computed at each point.
  var points: [FigurePoint] { parameters.map { FigurePoint(model: model, state: state, parameters: $0) } }

  /// An observable along the sweep.
  func callAsFunction(_ observable: String) -> Quantity { .observable(observable, self) }
}

/// One computation: figures that ask for equal points share it.
package struct FigurePoint: Hashable, Sendable {
  let model: String
  let state: String
  let parameters: [String: ParameterValue]
}

/// A curve before it is computed: an observable along a sweep, or what is derived from such curves point by point.
package indirect enum Quantity: Sendable {
  case observable(String, FigureSweep)
  /// 1 where the certificate shows that the state is the only one, else 0.
  case uniqueness(FigureSweep)
  /// A function of the values of other quantities at the same place.
  case derived(name: String, unit: String, from: [Quantity], @Sendable ([Double]) -> Double)

  /// (b - a)/step of one observable.
  static func differenceQuotient(
    _ name: String, of observable: String, from a: FigureSweep, to b: FigureSweep, step: Double,
    factor: Double = 1
  ) -> Quantity {
    .derived(name: name, unit: "", from: [b(observable), a(observable)]) { factor * ($0[0] - $0[1]) / step }
  }

  /// Name in the data files.
  package var name: String {
    switch self {
    case .observable(let name, _): return name
    case .uniqueness: return "unique"
    case .derived(let name, _, _, _): return name
    }
  }

  /// The sweep that gives the coordinate.
  var sweep: FigureSweep? {
    switch self {
    case .observable(_, let sweep), .uniqueness(let sweep): return sweep
    case .derived(_, _, let sources, _): return sources.first?.sweep
    }
  }

  /// Everything that has to be computed: sweeps with the observable that is needed there, nil for the certificate alone.
  var needs: [(sweep: FigureSweep, observable: String?)] {
    switch self {
    case .observable(let name, let sweep): return [(sweep, name)]
    case .uniqueness(let sweep): return [(sweep, nil)]
    case .derived(_, _, let sources, _): return sources.flatMap(\.needs)
    }
  }

  /// The computed curve; what failed or is undefined is missing.
  func curve(_ computed: [FigurePoint: ComputedPoint]) -> SampledCurve {
    SampledCurve(x: sweep?.x ?? [], y: values(computed))
  }

  private func values(_ computed: [FigurePoint: ComputedPoint]) -> [Double?] {
    switch self {
    case .observable(let name, let sweep):
      return sweep.points.map { computed[$0]?.values[name] ?? nil }
    case .uniqueness(let sweep):
      return sweep.points.map { point in
        guard let found = computed[point], found.certificate.failure == nil else { return nil }
        return found.certificate.unique == true ? 1 : 0
      }
    case .derived(_, _, let sources, let formula):
      let columns = sources.map { $0.values(computed) }
      let count = columns.map(\.count).min() ?? 0
      return (0..<count).map { row in
        let numbers = columns.compactMap { $0[row] }
        guard numbers.count == columns.count else { return nil }
        let value = formula(numbers)
        return value.isFinite ? value : nil
      }
    }
  }
}
