import NESSKit

/// Points of one model in one state along one coordinate.
package struct FigureSweep: Sendable {
  /// Where the value at a place stands: a computation and one of its rows.
  struct Sample: Sendable {
    let point: FigurePoint
    var row = 0
  }

  /// Name of the coordinate, a parameter or what takes the place of one.
  let axis: String
  /// Values of the coordinate, ascending.
  let x: [Double]
  /// One per value of the coordinate.
  let samples: [Sample]

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
    self.axis = axis
    self.x = x
    samples = x.map { Sample(point: FigurePoint(model: model, state: state, parameters: parameters($0))) }
  }

  /// One evolution along its times, ascending.
  init(evolution model: String, _ times: [Double], _ parameters: [String: ParameterValue]) {
    let point = FigurePoint(model: model, state: "dynamics", parameters: parameters, times: times)
    axis = "t"
    x = times
    samples = times.indices.map { Sample(point: point, row: $0) }
  }

  /// One computation along an index of its observables; with times, at one of them.
  ///
  /// - Parameter values: All values of the index, ascending.
  init(
    _ model: String, state: String, index: String, _ values: [Int], _ parameters: [String: ParameterValue],
    times: [Double] = [], at time: Int = 0
  ) {
    let point = FigurePoint(
      model: model, state: state, parameters: parameters, times: times, indices: [index])
    axis = index
    x = values.map(Double.init)
    samples = values.indices.map { Sample(point: point, row: time * values.count + $0) }
  }

  /// What is computed for it; neighbours may be the same.
  var points: [FigurePoint] { samples.map(\.point) }

  /// An observable along the sweep.
  func callAsFunction(_ observable: String) -> Quantity { .observable(observable, self) }
}

/// One computation: figures that ask for equal points share it.
package struct FigurePoint: Hashable, Sendable {
  let model: String
  let state: String
  let parameters: [String: ParameterValue]
  /// Ascending times of state "dynamics", else empty.
  var times: [Double] = []
  /// Indices of its observables, which make several rows.
  var indices: [String] = []
}

/// A curve before it is computed: an observable along a sweep, or what is derived from such curves point by point.
package indirect enum Quantity: Sendable {
  case observable(String, FigureSweep)
  /// 1 where the certificate shows that the state is the only one, else 0.
  case uniqueness(FigureSweep)
  /// An observable at landmarks, or the combination that they are landmarks of.
  case landmarks([FigureLandmark], observable: String? = nil)
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
    case .landmarks(let landmarks, let observable): return observable ?? landmarks.first?.name ?? "y"
    case .derived(let name, _, _, _): return name
    }
  }

  /// Name of the coordinate.
  var axis: String {
    switch self {
    case .observable(_, let sweep), .uniqueness(let sweep): return sweep.axis
    case .landmarks(let landmarks, _): return landmarks.first?.axis.name ?? "x"
    case .derived(_, _, let sources, _): return sources.first?.axis ?? "x"
    }
  }

  /// Everything that has to be computed: sweeps with the observable that is needed there, nil for the certificate alone.
  var needs: [(sweep: FigureSweep, observable: String?)] {
    switch self {
    case .observable(let name, let sweep): return [(sweep, name)]
    case .uniqueness(let sweep): return [(sweep, nil)]
    case .landmarks: return []
    case .derived(_, _, let sources, _): return sources.flatMap(\.needs)
    }
  }

  /// Landmarks that have to be found, with what is read there.
  var landmarks: [(landmark: FigureLandmark, observable: String?)] {
    switch self {
    case .observable, .uniqueness: return []
    case .landmarks(let landmarks, let observable): return landmarks.map { ($0, observable) }
    case .derived(_, _, let sources, _): return sources.flatMap(\.landmarks)
    }
  }

  /// The computed curve; what failed or is undefined is missing.
  func curve(_ found: FigureValues) -> SampledCurve {
    SampledCurve(x: places(found), y: values(found))
  }

  private func places(_ found: FigureValues) -> [Double] {
    switch self {
    case .observable(_, let sweep), .uniqueness(let sweep): return sweep.x
    case .landmarks(let landmarks, _): return landmarks.map { found.landmarks[$0]?.position ?? .nan }
    case .derived(_, _, let sources, _): return sources.first?.places(found) ?? []
    }
  }

  private func values(_ found: FigureValues) -> [Double?] {
    switch self {
    case .observable(let name, let sweep):
      return sweep.samples.map { found.value(name, at: $0) }
    case .uniqueness(let sweep):
      return sweep.points.map { point in
        guard let computed = found.points[point], computed.certificate.failure == nil else { return nil }
        return computed.certificate.unique == true ? 1 : 0
      }
    case .landmarks(let landmarks, let observable):
      return landmarks.map { landmark in
        guard let place = found.landmarks[landmark] else { return nil }
        guard let observable else { return place.value }
        return found.value(observable, at: FigureSweep.Sample(point: landmark.point(at: place.position)))
      }
    case .derived(_, _, let sources, let formula):
      let columns = sources.map { $0.values(found) }
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
