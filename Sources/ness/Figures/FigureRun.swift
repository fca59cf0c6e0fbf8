import NESSKit

/// What became of a point.
struct ComputedPoint: Sendable {
  /// Values of the observables; nil inside is undefined.
  var values: [String: Double?]
  var certificate: Certificate
}

/// Computes figures; what several of them need is computed once.
struct FigureRun: Sendable {
  /// A quantity of a panel that no machine offers.
  struct Problem: Sendable {
    let place: String
    let reason: String
  }

  private let catalog: MachineCatalog
  /// Observables that all figures of the run need, by point.
  private let demand: [FigurePoint: [String]]
  /// All points in the order in which the figures name them.
  private let points: [FigurePoint]
  private(set) var computed: [FigurePoint: ComputedPoint] = [:]

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
  }

  /// Number of different points.
  var count: Int { points.count }

  /// Points of a figure with the observables it needs there, in the order in which it names them. What no machine offers
  /// is left out.
  private static func demand(_ content: FigureContent, _ catalog: MachineCatalog) -> [(FigurePoint, [String])]
  {
    let quantities =
      content.panels.flatMap(\.curves).map(\.quantity) + content.statements.flatMap(\.quantities)
    var order: [FigurePoint] = []
    var observables: [FigurePoint: [String]] = [:]
    for (sweep, observable) in quantities.flatMap(\.needs) {
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
    let description: MachineDescription
    do throws(InputError) {
      description = try catalog.kind(named: sweep.model).description
    } catch {
      return error.description
    }
    let offered = description.observables.filter { $0.states.contains(sweep.state) && $0.indices.isEmpty }
    guard !offered.contains(where: { $0.name == observable }) else { return nil }
    return "\(sweep.model) offers no observable \(observable) in state \"\(sweep.state)\""
  }

  /// Quantities of the panels that cannot be computed by this version.
  func problems(_ content: FigureContent) -> [Problem] {
    var problems: [Problem] = []
    for panel in content.panels {
      for (sweep, observable) in panel.curves.flatMap(\.quantity.needs) {
        guard let observable, let reason = FigureRun.reasonAgainst(observable, sweep, catalog) else {
          continue
        }
        if !problems.contains(where: { $0.place == panel.name && $0.reason == reason }) {
          problems.append(Problem(place: panel.name, reason: reason))
        }
      }
    }
    return problems
  }

  /// Why the quantities of a statement cannot be computed by this version; nil when they can.
  func reasonAgainst(_ statement: Statement) -> String? {
    for (sweep, observable) in statement.quantities.flatMap(\.needs) {
      if let observable, let reason = FigureRun.reasonAgainst(observable, sweep, catalog) { return reason }
    }
    return nil
  }

  /// The points of a figure in its order, each once.
  func points(of content: FigureContent) -> [FigurePoint] { FigureRun.demand(content, catalog).map(\.0) }

  /// Computes the points of a figure that are not there yet, with everything that later figures need at them.
  mutating func compute(
    _ content: FigureContent, width: Int, didFinish: @escaping @Sendable () -> Void
  ) async {
    let own = FigureRun.demand(content, catalog)
    let missing = own.filter { point, observables in
      guard let found = computed[point] else { return true }
      // A point that failed for the needs of another figure may succeed for those of this one.
      return found.certificate.failure != nil || observables.contains { found.values[$0] == nil }
    }
    let fresh = missing.filter { computed[$0.0] == nil }.map(\.0)
    await compute(fresh.map { ($0, demand[$0] ?? []) }, width: width, didFinish: didFinish)
    let again = missing.filter { point, observables in
      computed[point]?.certificate.failure != nil && observables.count < (demand[point] ?? []).count
    }
    await compute(again, width: width) {}
  }

  /// Groups points that differ in the values of their parameters only: each group is one sweep.
  private struct Group: Hashable {
    let model: String
    let state: String
    let parameters: [String]
    let observables: [String]
  }

  private mutating func compute(
    _ requests: [(FigurePoint, [String])], width: Int, didFinish: @escaping @Sendable () -> Void
  ) async {
    var groups: [Group: [FigurePoint]] = [:]
    var order: [Group] = []
    for (point, observables) in requests {
      let group = Group(
        model: point.model, state: point.state, parameters: point.parameters.keys.sorted(),
        observables: observables)
      if groups[group] == nil { order.append(group) }
      groups[group, default: []].append(point)
    }
    for group in order {
      let points = groups[group] ?? []
      let outcomes = await FigureRun.outcomes(group, points, catalog, width, didFinish)
      for (point, outcome) in zip(points, outcomes) {
        computed[point] = FigureRun.record(group.observables, outcome)
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
        $0.states.contains(group.state) && $0.indices.isEmpty
      }
      // A request names at least one observable, also where the certificate alone is wanted.
      let observables = group.observables.isEmpty ? standard.map { [$0.name] } ?? [] : group.observables
      let request = PointRequest(state: group.state, observables: observables)
      return try await Sweep(axes: axes).run(kind, fixed: [:], request: request, width: width) { _, _ in
        didFinish()
      }
    } catch {
      return points.map { _ in .failure(.input(error)) }
    }
  }

  private static func record(_ observables: [String], _ outcome: Sweep.Outcome?) -> ComputedPoint {
    switch outcome {
    case .success(let result):
      guard let row = result.rows.first, row.count >= observables.count else {
        return ComputedPoint(values: [:], certificate: Certificate(method: "none", failure: "no values"))
      }
      let values = result.certificate.failure == nil ? Array(row) : row.map { _ in nil }
      return ComputedPoint(
        values: Dictionary(zip(observables, values)) { first, _ in first }, certificate: result.certificate)
    case .failure(let error):
      return ComputedPoint(
        values: [:], certificate: Certificate(method: "none", residual: .nan, failure: error.description))
    case nil:
      return ComputedPoint(values: [:], certificate: Certificate(method: "none", failure: "not computed"))
    }
  }
}
