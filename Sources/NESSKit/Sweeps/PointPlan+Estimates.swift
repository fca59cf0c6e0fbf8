internal import Numerics

extension PointPlan {
  /// Plan of a full Hermitian diagonalization of `order` states.
  static func denseEigen(unknownsFull: Int, order: Int) -> PointPlan {
    let n = Double(order)
    return PointPlan(
      unknownsFull: unknownsFull, unknowns: order, route: "hermitian-eigen", stateBytes: clamped(48 * n * n),
      stateSeconds: 1e-4 + eigenvectorSeconds(order: order))
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
      stateBytes: GroundState.predictedBytes(
        sector: sector, nonzeros: overflow ? Int.max / 64 : nonzeros, dimension: dimension),
      stateSeconds: 1e-4 + (diagonalized ? eigenvectorSeconds(order: sector) : iteration))
  }

  /// Rough time of all eigenvectors of a Hermitian matrix.
  static func eigenvectorSeconds(order: Int) -> Double {
    let n = Double(order)
    return 20 * n * n * n / flopsPerSecond
  }

  /// Sustained rate of a factorization on one core, deliberately modest.
  static let flopsPerSecond = 1e10

  static func clamped(_ bytes: Double) -> Int { bytes < 9e18 ? Int(bytes) : Int.max }
}

extension PointRequest {
  /// Plan of a steady state: the route that would be taken, or the smallest one when none fits, and the others.
  func plan(_ size: ProblemSize) throws(SolverError) -> PointPlan {
    let routes = solver.routes(for: size)
    let allowed = try solver.allowed(routes)
    let smallest = allowed.min { $0.bytes < $1.bytes }
    guard let chosen = allowed.first(where: { $0.bytes <= solver.availableMemory }) ?? smallest else {
      throw .unavailable(reason: "no route applies")
    }
    let (full, overflow) = size.dimension.multipliedReportingOverflow(by: size.dimension)
    return PointPlan(
      unknownsFull: overflow ? Int.max : full, unknowns: chosen.unknowns, route: chosen.method.rawValue,
      stateBytes: chosen.bytes, stateSeconds: chosen.seconds, alternatives: routes.filter { $0 != chosen })
  }

  /// Plan of dynamics with a reduced problem of this size.
  func planDynamics(dimension: Int, unknowns: Int, nonzerosPerUnknown: Int) -> PointPlan {
    let (full, overflow) = dimension.multipliedReportingOverflow(by: dimension)
    let (product, tooMany) = unknowns.multipliedReportingOverflow(by: nonzerosPerUnknown)
    let nonzeros = tooMany ? Int.max / 64 : product
    let bytes = SteadyStateSolver.predictedBytes(order: unknowns, nonzeros: nonzeros)
    let n = Double(unknowns)
    // One real and two complex factorizations for a step size, and two step sizes at a time.
    return PointPlan(
      unknownsFull: overflow ? Int.max : full, unknowns: unknowns, route: "radau-iia",
      stateBytes: PointPlan.clamped(10 * Double(bytes)),
      stateSeconds: 10 * (1e-3 + Double(nonzeros) * 2e-7 + 0.08 * n * n * n / PointPlan.flopsPerSecond))
  }
}
