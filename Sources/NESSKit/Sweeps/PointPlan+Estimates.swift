internal import Numerics

extension PointPlan {
  /// Plan of a full Hermitian diagonalization of `order` states.
  static func denseEigen(unknownsFull: Int, order: Int) -> PointPlan {
    let n = Double(order)
    return PointPlan(
      unknownsFull: unknownsFull, unknowns: order, route: "hermitian-eigen", bytes: clamped(48 * n * n),
      seconds: 1e-4 + 20 * n * n * n / Self.flopsPerSecond)
  }

  /// Plan of a ground state in a sector with `perState` matrix elements per state.
  static func groundState(dimension: Int, sector: Int, perState: Int, isReal: Bool) -> PointPlan {
    let (nonzeros, overflow) = sector.multipliedReportingOverflow(by: perState)
    let n = Double(sector)
    let diagonalized = sector <= GroundState.largestDiagonalized
    // Some 150 products, each with the orthogonalization against 24 vectors; complex ones take three times as long.
    let iteration = 150 * n * (2e-8 + 2e-9 * Double(perState)) * (isReal ? 1 : 3)
    return PointPlan(
      unknownsFull: dimension, unknowns: sector,
      route: diagonalized ? "hermitian-eigen" : isReal ? "lanczos(arpack)" : "arnoldi(arpack)",
      bytes: GroundState.predictedBytes(
        sector: sector, nonzeros: overflow ? Int.max / 64 : nonzeros, dimension: dimension),
      seconds: 1e-4 + (diagonalized ? 20 * n * n * n / flopsPerSecond : iteration))
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
