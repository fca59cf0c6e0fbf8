internal import Numerics

/// Any finite open system, given by its matrices.
public struct CustomSystem: Sendable {
  /// A jump operator with its rate and the name of its bath.
  public typealias Jump = (operator: SparseMatrix, rate: Double, bath: String?)

  /// Space with one site per entry of `dimensions`.
  public let space: HilbertSpace
  /// Lindblad generator; heat is counted with the whole Hamiltonian.
  public let generator: LindbladGenerator
  /// Named Hermitian or other operators whose expectation values are reported.
  public let observables: [(name: String, operator: Operator)]

  /// Name of the bath of jumps that name none; it has no temperature.
  public static let anonymousBath = "environment"

  /// Creates a system.
  ///
  /// - Parameters:
  ///   - dimensions: Levels of every site, slowest digit first; their product is the order of all matrices.
  ///   - hamiltonian: Hermitian matrix.
  ///   - jumps: Jump operators with rates >= 0; `bath` names one of `baths`.
  ///   - baths: Names and inverse temperatures.
  ///   - observables: Names and Hermitian matrices of further observables.
  /// - Throws: ``InputError`` that names the field of the input file.
  public init(
    dimensions: [Int], hamiltonian: SparseMatrix, jumps: [Jump], baths: [(name: String, beta: Double)],
    observables: [(name: String, operator: SparseMatrix)] = []
  ) throws(InputError) {
    var order = 1
    for dimension in dimensions {
      let (product, overflow) = order.multipliedReportingOverflow(by: dimension)
      guard dimension >= 1, !overflow, product <= Self.largestOrder else {
        throw InputError(
          field: "custom.dimensions", value: "\(dimensions)",
          allowed: "a list of whole numbers >= 1 with a product of at most \(Self.largestOrder)")
      }
      order = product
    }
    guard !dimensions.isEmpty else {
      throw InputError(
        field: "custom.dimensions", value: "[]", allowed: "a list of at least one whole number >= 1")
    }
    let space = HilbertSpace(dimensions.map { Site.levels($0) })
    var known: [String: Bath] = [:]
    for bath in baths {
      guard known[bath.name] == nil else {
        throw InputError(
          field: "custom.bath", value: "\"\(bath.name)\" twice", allowed: "a list of different names")
      }
      guard bath.beta.isFinite, bath.beta >= 0 else {
        throw InputError(
          field: "custom.bath \"\(bath.name)\".beta", value: "\(bath.beta)", allowed: "a finite number >= 0")
      }
      known[bath.name] = Bath(name: bath.name, inverseTemperature: bath.beta)
    }
    let energy = try Self.operator(hamiltonian, on: space, field: "custom.hamiltonian", hermitian: true)
    var dissipators: [Dissipator] = []
    for (k, jump) in jumps.enumerated() {
      let field = "custom.jump[\(k)]"
      guard jump.rate.isFinite, jump.rate >= 0 else {
        throw InputError(field: "\(field).rate", value: "\(jump.rate)", allowed: "a finite rate >= 0")
      }
      let bath: Bath
      if let name = jump.bath {
        guard let found = known[name] else {
          throw InputError(
            field: "\(field).bath", value: "\"\(name)\"",
            allowed: "the name of a [[custom.bath]]: \(Suggestion.allowed(baths.map(\.name), near: name))")
        }
        bath = found
      } else {
        bath = Bath(name: Self.anonymousBath)
      }
      let matrix = try Self.operator(jump.operator, on: space, field: "\(field).operator", hermitian: false)
      dissipators.append(.jump(matrix, rate: jump.rate, bath: bath))
    }
    var named: [(name: String, operator: Operator)] = []
    for (k, observable) in observables.enumerated() {
      guard !named.contains(where: { $0.name == observable.name }) else {
        throw InputError(
          field: "custom.observable[\(k)].name", value: "\"\(observable.name)\"",
          allowed: "a name not used before")
      }
      let matrix = try Self.operator(
        observable.operator, on: space, field: "custom.observable \"\(observable.name)\".operator",
        hermitian: true)
      named.append((observable.name, matrix))
    }
    self.space = space
    self.generator = try LindbladGenerator(hamiltonian: energy, dissipators: dissipators)
    self.observables = named
  }

  /// Order beyond which the density matrix has more elements than any machine this is meant for can hold.
  static let largestOrder = 1 << 24

  private static func `operator`(
    _ matrix: SparseMatrix, on space: HilbertSpace, field: String, hermitian: Bool
  ) throws(InputError) -> Operator {
    guard matrix.rows == space.dimension, matrix.columns == space.dimension else {
      throw InputError(
        field: field, value: "\(matrix.rows) x \(matrix.columns)",
        allowed: "\(space.dimension) x \(space.dimension), the product of custom.dimensions")
    }
    guard matrix.values.allSatisfy(\.isFinite) else {
      throw InputError(
        field: field, value: "a matrix with NaN or infinite elements", allowed: "a matrix of finite numbers")
    }
    let result = Operator(space: space, matrix: matrix)
    guard !hermitian || result.isHermitian() else {
      throw InputError(
        field: field, value: "a matrix with max |A - A^+| = \(result.hermiticityDefect)", allowed: "Hermitian"
      )
    }
    return result
  }
}
