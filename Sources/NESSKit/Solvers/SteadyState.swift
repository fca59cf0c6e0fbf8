/// A steady state and how good it is.
public struct SteadyState: Sendable {
  /// The state, in the representation it was solved in; `density()` is the full matrix.
  public let state: any QuantumState
  /// Method, sizes, residual and defects.
  public let certificate: Certificate
}
