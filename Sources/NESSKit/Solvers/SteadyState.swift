/// A steady state and how good it is.
public struct SteadyState: Sendable {
  /// The state, in the reduced representation it was solved in.
  public let state: ReducedState
  /// Method, sizes, residual and defects.
  public let certificate: Certificate
}
