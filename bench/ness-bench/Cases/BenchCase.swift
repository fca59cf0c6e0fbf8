import NESSKit

/// One problem of one size, cut into the phases that are timed.
///
/// A model joins the benchmarks with one such type and one entry in ``BenchModel/all``; nothing else knows models.
protocol BenchCase: Sendable {
  /// Kind of equation of motion.
  associatedtype Equation: MasterEquation
  /// What the command drives.
  associatedtype Device: Machine

  /// The same problem as the command sees it.
  var machine: Device { get }
  /// Names of the observables that both interfaces are asked for; without indices.
  static var observables: [String] { get }
  /// Phase `generator`: parameters to Hamiltonian and dissipators.
  func equation() throws -> Equation
  /// Symmetries that the model declares; verifying them belongs to phase `symmetries` or `blocks`.
  func symmetries() -> [PermutationSymmetry]
  /// Phase `observe`: the values of ``observables``, by name.
  func observe(_ state: any QuantumState, _ equation: Equation) throws -> [String: Double]
}

extension BenchCase {
  /// Phase `point`: the same question asked through the interface that the command uses; includes everything. With the cache of another
  /// point, phase `next`.
  func point(
    _ solver: SteadyStateSolver, reusing cache: SymbolicCache? = nil
  ) throws -> (observables: [String: Double], certificate: Certificate) {
    var request = request(solver)
    request.cache = cache
    let result = try machine.compute(request)
    var values: [String: Double] = [:]
    for (name, value) in zip(Self.observables, result.rows.first ?? []) { values[name] = value }
    return (values, result.certificate)
  }

  /// What the planner expects of ``point(_:)``.
  func plan(_ solver: SteadyStateSolver) throws -> PointPlan { try machine.plan(request(solver)) }

  private func request(_ solver: SteadyStateSolver) -> PointRequest {
    PointRequest(state: "steady", observables: Self.observables, solver: solver)
  }
}

/// A model that can be benchmarked, and its axes.
struct BenchModel: Sendable {
  /// A number that a sweep can vary.
  struct Axis: Sendable {
    let name: String
    let standard: Double
    let meaning: String
  }

  let name: String
  let axes: [Axis]
  /// Builds the case at a point; the dictionary has a value for every axis.
  let make: @Sendable ([String: Double]) throws -> any BenchCase

  /// All models.
  static let all = [chiralClock, spinChain, qubitRotor]

  /// Values of all axes, the standard ones where `given` is silent.
  func complete(_ given: [String: Double]) throws(BenchFailure) -> [String: Double] {
    for name in given.keys.sorted() where !axes.contains(where: { $0.name == name }) {
      throw BenchFailure("axis must be one of \(axes.map(\.name).joined(separator: ", ")), but is \(name)")
    }
    return Dictionary(uniqueKeysWithValues: axes.map { ($0.name, given[$0.name] ?? $0.standard) })
  }

  /// The model of that name.
  static func named(_ name: String) throws(BenchFailure) -> BenchModel {
    guard let model = all.first(where: { $0.name == name }) else {
      throw BenchFailure("model must be one of \(all.map(\.name).joined(separator: ", ")), but is \(name)")
    }
    return model
  }
}

/// Values of the axes of one point.
struct AxisValues {
  private let values: [String: Double]

  init(_ values: [String: Double]) { self.values = values }

  subscript(_ name: String) -> Double { values[name] ?? .nan }

  /// A whole number.
  func count(_ name: String) throws(BenchFailure) -> Int {
    guard let count = Int(exactly: self[name]) else {
      throw BenchFailure("axis \(name) must be a whole number, but is \(self[name])")
    }
    return count
  }
}

/// Why a benchmark cannot be run; one sentence.
struct BenchFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
