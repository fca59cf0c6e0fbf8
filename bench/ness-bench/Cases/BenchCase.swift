import NESSKit

/// One problem of one size, cut into the phases that are timed.
///
/// A model joins the benchmarks with one such type and one entry in ``BenchModel/all``; nothing else knows models.
protocol BenchCase: Sendable {
  /// Kind of equation of motion.
  associatedtype Equation: MasterEquation

  /// Phase `generator`: parameters to Hamiltonian and dissipators.
  func equation() throws -> Equation
  /// Symmetries that the model declares; verifying them belongs to phase `symmetries`.
  func symmetries() -> [PermutationSymmetry]
  /// Phase `observe`: what a user asks of the state, by name.
  func observe(_ state: any QuantumState, _ equation: Equation) throws -> [String: Double]
  /// Phase `point`: the same question asked through the interface that the command uses; includes everything.
  func point(_ solver: SteadyStateSolver) throws -> [String: Double]
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
  static let all = [chiralClock]

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

/// Why a benchmark cannot be run; one sentence.
struct BenchFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
