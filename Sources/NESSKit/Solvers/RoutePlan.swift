/// What one route would cost for one problem; see `ness plan`.
public struct RoutePlan: Sendable, Equatable {
  /// The route.
  public let method: SteadyStateSolver.Method
  /// Real unknowns that the route iterates on or factorizes.
  public let unknowns: Int
  /// Predicted peak memory in bytes.
  public let bytes: Int
  /// Rough seconds on one thread.
  public let seconds: Double
  /// Expected steps of an iterative route; nil for others.
  public let steps: Int?

  /// Creates a plan.
  public init(
    method: SteadyStateSolver.Method, unknowns: Int, bytes: Int, seconds: Double, steps: Int? = nil
  ) {
    self.method = method
    self.unknowns = unknowns
    self.bytes = bytes
    self.seconds = seconds
    self.steps = steps
  }
}
