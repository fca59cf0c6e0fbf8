internal import Numerics

extension PointPlan {
  /// Plan of a full Hermitian diagonalization of `order` states.
  static func denseEigen(unknownsFull: Int, order: Int) -> PointPlan {
    let n = Double(order)
    return PointPlan(
      unknownsFull: unknownsFull, unknowns: order, route: "hermitian-eigen", bytes: clamped(48 * n * n),
      seconds: 1e-4 + 20 * n * n * n / Self.flopsPerSecond)
  }

  /// Sustained rate of a factorization on one core, deliberately modest.
  static let flopsPerSecond = 1e10

  static func clamped(_ bytes: Double) -> Int { bytes < 9e18 ? Int(bytes) : Int.max }
}

extension SteadyStateSolver {
  /// Plan of a steady state with a reduced problem of this size.
  func plan(unknownsFull: Int, unknowns: Int, nonzeros: Int) -> PointPlan {
    let route = route(order: unknowns, nonzeros: nonzeros)
    let n = Double(unknowns)
    // 0.06 to 0.075 n^3 on clock rings, whose long-range jumps fill the factors to a quarter of the dense matrix: pessimistic for
    // most other problems.
    let flops = route == .dense ? 2.0 / 3 * n * n * n : 0.08 * n * n * n
    return PointPlan(
      unknownsFull: unknownsFull, unknowns: unknowns, route: route == .dense ? "dense-lu" : "sparse-lu",
      bytes: Self.predictedBytes(order: unknowns, nonzeros: nonzeros),
      seconds: 1e-3 + Double(nonzeros) * 2e-7 + flops / PointPlan.flopsPerSecond)
  }
}

extension PointRequest {
  /// Plan of a steady state or of dynamics with a reduced problem of this size.
  func plan(dimension: Int, unknowns: Int, nonzerosPerUnknown: Int) -> PointPlan {
    let (full, overflow) = dimension.multipliedReportingOverflow(by: dimension)
    let nonzeros = unknowns.multipliedReportingOverflow(by: nonzerosPerUnknown)
    let plan = solver.plan(
      unknownsFull: overflow ? Int.max : full, unknowns: unknowns,
      nonzeros: nonzeros.overflow ? Int.max / 64 : nonzeros.partialValue)
    guard state == "dynamics" else { return plan }
    // One real and two complex factorizations for a step size, and two step sizes at a time.
    return PointPlan(
      unknownsFull: plan.unknownsFull, unknowns: unknowns, route: "radau-iia",
      bytes: PointPlan.clamped(10 * Double(plan.bytes)), seconds: 10 * plan.seconds)
  }
}
