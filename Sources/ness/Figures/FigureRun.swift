import NESSKit

/// What became of a point.
struct ComputedPoint: Sendable {
  /// Values of the observables, one per row; nil inside is undefined.
  var values: [String: [Double?]]
  var certificate: Certificate
  /// Names of the index columns of each row, times first.
  var indexNames: [String] = []
  /// Values of the indices, one list per row.
  var indexRows: [[Double]] = [[]]
}

/// Computes figures; what several of them need is computed once.
struct FigureRun: Sendable {
  /// A quantity of a panel that no machine offers.
  struct Problem: Sendable {
    let place: String
    let reason: String
  }

  let catalog: MachineCatalog
  /// Observables that all figures of the run need, by point.
  let demand: [FigurePoint: [String]]
  /// All points in the order in which the figures name them.
  private let points: [FigurePoint]
  /// Landmarks of all figures, each once.
  let landmarks: [FigureLandmark]
  /// Observables that the landmarks of one family need, which share their points.
  let landmarkDemand: [FigureLandmark.Family: [String]]
  var values = FigureValues()
  /// Points at which the finder asked for the curve of a landmark.
  var evaluated: [FigureLandmark: [FigurePoint]] = [:]

  init(_ contents: [FigureContent], catalog: MachineCatalog) {
    self.catalog = catalog
    var demand: [FigurePoint: [String]] = [:]
    var points: [FigurePoint] = []
    for content in contents {
      for (point, observables) in FigureRun.demand(content, catalog) {
        if demand[point] == nil { points.append(point) }
        let known = demand[point] ?? []
        demand[point] = known + observables.filter { !known.contains($0) }
      }
    }
    self.demand = demand
    self.points = points
    (landmarks, landmarkDemand) = FigureRun.landmarkDemand(contents, catalog)
  }

  /// Number of different points, those of the sweeps, and of landmarks.
  var count: Int { points.count + landmarks.count }

  /// Points of a figure with the observables it needs there, in the order in which it names them. What no machine offers
  /// is left out.
  private static func demand(_ content: FigureContent, _ catalog: MachineCatalog) -> [(FigurePoint, [String])]
  {
    var order: [FigurePoint] = []
    var observables: [FigurePoint: [String]] = [:]
    for (sweep, observable) in content.quantities.flatMap(\.needs) {
      if let observable, reasonAgainst(observable, sweep, catalog) != nil { continue }
      for point in sweep.points {
        if observables[point] == nil {
          order.append(point)
          observables[point] = []
        }
        if let observable, observables[point]?.contains(observable) == false {
          observables[point]?.append(observable)
        }
      }
    }
    return order.map { ($0, observables[$0] ?? []) }
  }

  /// Why an observable cannot be asked for; nil when it can.
  private static func reasonAgainst(
    _ observable: String, _ sweep: FigureSweep, _ catalog: MachineCatalog
  ) -> String? {
    sweep.points.first.flatMap {
      reasonAgainst(observable, model: $0.model, state: $0.state, indices: $0.indices, catalog)
    }
  }

  /// Why an observable cannot be asked for; nil when it can.
  static func reasonAgainst(
    _ observable: String, model: String, state: String, indices: [String] = [], _ catalog: MachineCatalog
  ) -> String? {
    let description: MachineDescription
    do throws(InputError) {
      description = try catalog.kind(named: model).description
    } catch {
      return error.description
    }
    let offered = description.observables.filter { $0.states.contains(state) && $0.indices == indices }
    guard !offered.contains(where: { $0.name == observable }) else { return nil }
    return
      "\(model) offers no observable \(observable)\(indices.isEmpty ? "" : " per \(indices.joined(separator: ", "))") in state \"\(state)\""
  }

  /// Why what a quantity needs cannot be computed by this version.
  private func reasons(against quantity: Quantity) -> [String] {
    quantity.needs.compactMap { sweep, observable in
      observable.flatMap { FigureRun.reasonAgainst($0, sweep, catalog) }
    }
      + quantity.landmarks.flatMap { landmark, observable in
        landmark.observables(reading: observable).compactMap {
          FigureRun.reasonAgainst($0, model: landmark.model, state: landmark.state, catalog)
        }
      }
  }

  /// Quantities of the panels that cannot be computed by this version.
  func problems(_ content: FigureContent) -> [Problem] {
    var problems: [Problem] = []
    for panel in content.panels {
      for reason in panel.curves.flatMap(\.quantities).flatMap({ reasons(against: $0) })
      where !problems.contains(where: { $0.place == panel.name && $0.reason == reason }) {
        problems.append(Problem(place: panel.name, reason: reason))
      }
    }
    return problems
  }

  /// Why the quantities of a statement cannot be computed by this version; nil when they can.
  func reasonAgainst(_ statement: Statement) -> String? {
    statement.quantities.lazy.flatMap { reasons(against: $0) }.first
  }

  /// The points of a figure in its order, each once: first those of its sweeps, then those that its landmarks were found with.
  func points(of content: FigureContent) -> [FigurePoint] {
    var seen: Set<FigurePoint> = []
    let refinements = content.quantities.flatMap(\.landmarks).flatMap { evaluated[$0.landmark] ?? [] }
    return (FigureRun.demand(content, catalog).map(\.0) + refinements).filter { seen.insert($0).inserted }
  }

  /// Computes the points of a figure that are not there yet, with everything that later figures need at them.
  mutating func compute(
    _ content: FigureContent, width: Int, didFinish: @escaping @Sendable () -> Void
  ) async {
    let own = FigureRun.demand(content, catalog)
    let missing = own.filter { point, observables in
      guard let found = values.points[point] else { return true }
      // A point that failed for the needs of another figure may succeed for those of this one.
      return found.certificate.failure != nil || observables.contains { found.values[$0] == nil }
    }
    let fresh = missing.filter { values.points[$0.0] == nil }.map(\.0)
    await compute(fresh.map { ($0, demand[$0] ?? []) }, width: width, didFinish: didFinish)
    let again = missing.filter { point, observables in
      values.points[point]?.certificate.failure != nil && observables.count < (demand[point] ?? []).count
    }
    await compute(again, width: width) {}
    findLandmarks(of: content, didFinish: didFinish)
  }

  /// Groups points that differ in the values of their parameters only: each group is one sweep.
  private struct Group: Hashable {
    let model: String
    let state: String
    let parameters: [String]
    let observables: [String]
    let times: [Double]
    let indices: [String]
  }

  private mutating func compute(
    _ requests: [(FigurePoint, [String])], width: Int, didFinish: @escaping @Sendable () -> Void
  ) async {
    var groups: [Group: [FigurePoint]] = [:]
    var order: [Group] = []
    for (point, observables) in requests {
      let group = Group(
        model: point.model, state: point.state, parameters: point.parameters.keys.sorted(),
        observables: observables, times: point.times, indices: point.indices)
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(point)
    }
    for group in order {
      let points = groups[group] ?? []
      let outcomes = await FigureRun.outcomes(group, points, catalog, width, didFinish)
      for (point, outcome) in zip(points, outcomes) {
        values.points[point] = FigureRun.record(group.observables, outcome)
      }
    }
  }

  private static func outcomes(
    _ group: Group, _ points: [FigurePoint], _ catalog: MachineCatalog, _ width: Int,
    _ didFinish: @escaping @Sendable () -> Void
  ) async -> [Sweep.Outcome?] {
    do throws(InputError) {
      let kind = try catalog.kind(named: group.model)
      let values = points.map { point in group.parameters.compactMap { point.parameters[$0] } }
      let axes = group.parameters.isEmpty ? [] : [SweepAxis(parameters: group.parameters, values: values)]
      let standard = kind.description.observables.first {
        $0.states.contains(group.state) && $0.indices == group.indices
      }
      // A request names at least one observable, also where the certificate alone is wanted.
      let observables = group.observables.isEmpty ? standard.map { [$0.name] } ?? [] : group.observables
      let request = PointRequest(state: group.state, observables: observables, times: group.times)
      return try await Sweep(axes: axes).run(kind, fixed: [:], request: request, width: width) { _, _ in
        didFinish()
      }
    } catch {
      return points.map { _ in .failure(.input(error)) }
    }
  }

  static func record(_ observables: [String], _ outcome: Sweep.Outcome?) -> ComputedPoint {
    switch outcome {
    case .success(let result):
      let indices = result.indexNames.count
      guard !result.rows.isEmpty, result.rows.allSatisfy({ $0.count >= indices + observables.count }) else {
        return ComputedPoint(values: [:], certificate: Certificate(method: "none", failure: "no values"))
      }
      let hasFailed = result.certificate.failure != nil
      let columns = observables.indices.map { column in
        result.rows.map { hasFailed ? nil : $0[indices + column] }
      }
      return ComputedPoint(
        values: Dictionary(zip(observables, columns)) { first, _ in first }, certificate: result.certificate,
        indexNames: result.indexNames, indexRows: result.rows.map { $0.prefix(indices).map { $0 ?? .nan } })
    case .failure(let error):
      return ComputedPoint(
        values: [:], certificate: Certificate(method: "none", residual: .nan, failure: error.description))
    case nil:
      return ComputedPoint(values: [:], certificate: Certificate(method: "none", failure: "not computed"))
    }
  }
}
