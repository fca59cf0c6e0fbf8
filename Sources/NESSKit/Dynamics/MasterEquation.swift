/// An equation of motion rho' = L rho that can be lowered to ``GeneratorTerms``.
///
/// Conforming types keep what is physical (baths, Hamiltonian) and lower it for the solvers. A discrete map Phi
/// enters as the generator Phi - 1, which has the same steady states.
public protocol MasterEquation: Sendable {
  /// Space of the states.
  var space: HilbertSpace { get }
  /// The whole generator.
  func terms() -> GeneratorTerms
  /// Whether the generator keeps states positive. A Redfield equation does not promise it, and a small negative
  /// eigenvalue of its steady state is then no defect.
  var preservesPositivity: Bool { get }
  /// Basis that ``terms()`` are stated in: a unitary matrix whose columns are its vectors in the basis of the space. Nil, the default,
  /// for the basis of the space itself. States that solvers take and return are in the basis of the space.
  var basis: SparseMatrix? { get }
  /// Class of every vector of the basis, where ``terms()`` are exact only for states without coherence between classes; nil, the default,
  /// where they are exact for all states.
  var coherenceClasses: [Int]? { get }
  /// The same equation with terms that are exact for a state and for all that it evolves to; the default is the equation itself.
  func describing(_ state: any QuantumState) throws(SolverError) -> Self
}

extension MasterEquation {
  /// The basis of the space.
  public var basis: SparseMatrix? { nil }
  /// No classes.
  public var coherenceClasses: [Int]? { nil }
  /// The equation itself.
  public func describing(_ state: any QuantumState) throws(SolverError) -> Self { self }
}
