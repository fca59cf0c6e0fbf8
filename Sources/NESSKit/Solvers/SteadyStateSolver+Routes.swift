internal import Numerics

extension SteadyStateSolver {
  /// What the routes that apply to a problem would cost, in the order in which they would be tried.
  package func routes(for size: ProblemSize) -> [RoutePlan] {
    if let banded = banded(size) {
      // Tried before anything is known about blocks.
      var others = self
      others.method = .automatic
      var rest = size
      rest.halfWidth = nil
      return [banded] + others.routes(for: rest)
    }
    let factorization = factorization(size)
    let others = [sylvester(size)] + (size.jumpsAreClassical ? [krylov(size)] : [])
    // Small problems are factorized before anything is known about their blocks.
    if method == .automatic, size.dimension <= Self.smallDimension {
      return [factorization] + others.sorted { $0.seconds < $1.seconds }
    }
    return ([factorization] + others).sorted { $0.seconds < $1.seconds }
  }

  /// Of the routes, those that may be taken: the one asked for, or all.
  package func allowed(_ routes: [RoutePlan]) throws(SolverError) -> [RoutePlan] {
    let allowed = routes.filter { $0.method == method || method == .automatic }
    guard !allowed.isEmpty else {
      throw .unavailable(
        reason:
          "method \"\(method.rawValue)\" needs jumps between populations only, but there are jump operators")
    }
    return allowed
  }

  /// Routes to try in this order, as far as they fit.
  /// - Throws: `tooLarge` when none does.
  func candidates(for size: ProblemSize) throws(SolverError) -> [RoutePlan] {
    let allowed = try allowed(routes(for: size))
    let limit = availableMemory
    let fitting = allowed.filter { $0.bytes <= limit }
    guard fitting.isEmpty else { return fitting }
    throw .tooLarge(
      bytes: allowed.map(\.bytes).min() ?? .max, limit: limit,
      advice:
        "the reduced problem has \(size.unknowns) unknowns; fewer sites or levels, or symmetries, would fit")
  }

  /// Steps after which an iterative route gives way, when a later one would have finished: three times what it was expected
  /// to need, or more where the others take longer. Counted, not timed, so that the same route is taken on every run.
  package func patience(with plan: RoutePlan, before others: some Sequence<RoutePlan>) -> Int? {
    guard let steps = plan.steps, let rival = others.map(\.seconds).min() else { return nil }
    return Int(min(Double(steps) * max(3, rival / plan.seconds), 1e9))
  }

  private func factorization(_ size: ProblemSize) -> RoutePlan {
    let n = Double(size.unknowns)
    let route: Method =
      method == .dense || method == .direct || method == .complex
      ? method : crossover(order: size.unknowns, nonzeros: size.nonzeros)
    // Sparse: 0.06 to 0.075 n^3 on clock rings, whose long-range jumps fill the factors to a quarter of the dense matrix: pessimistic
    // for most other problems.
    let flops = (route == .dense ? 2.0 / 3 : 0.08) * n * n * n
    // The whole state is checked, and diagonalized, in full.
    let dimension = Double(min(size.dimension, Self.largestDense))
    let check = 10 * dimension * dimension * dimension / RouteCosts.denseFlops
    return RoutePlan(
      method: route, unknowns: size.unknowns,
      bytes: Self.predictedBytes(order: size.unknowns, nonzeros: size.nonzeros),
      seconds: 3e-4 + Double(size.nonzeros) * RouteCosts.assembly + flops / RouteCosts.factorizationFlops
        + check)
  }

  /// Elimination within the band; nil where it would not be tried.
  private func banded(_ size: ProblemSize) -> RoutePlan? {
    let isAsked = method == .banded
    guard let width = size.halfWidth ?? (isAsked ? max(0, size.unknowns - 1) : nil),
      isAsked
        || method == .automatic && size.dimension > Self.smallDimension
          && isWorthwhile(halfWidth: width, order: size.unknowns)
    else { return nil }
    let factors = RealBandLU.bytes(order: size.unknowns, halfWidth: width)
    // Index tables, the generator and its copies: measured with two qubits and a rotor of 1,000 to 100,000 levels.
    let (others, overflow) = size.unknowns.multipliedReportingOverflow(by: 1000)
    let (bytes, tooMany) = factors.addingReportingOverflow(overflow ? .max : others)
    return RoutePlan(
      method: .banded, unknowns: size.unknowns, bytes: tooMany ? .max : bytes,
      seconds: 1e-3 + Double(size.unknowns) * (3e-6 + 4e-9 * Double(width) * Double(width)))
  }

  private func sylvester(_ size: ProblemSize) -> RoutePlan {
    let cubes = size.blockOrders.reduce(0.0) { $0 + Double($1) * Double($1) * Double($1) }
    let squares = size.blockOrders.reduce(0.0) { $0 + Double($1) * Double($1) }
    // In double precision driven chains of 4 to 12 spins take 19 to 105 steps, growing with the logarithm of the dimension; rings 10 to 25.
    // Decay beside the hopping slows them down, until there are as many steps as slow populations.
    let steps =
      size.jumpsAreClassical
      ? 25.0
      : min(
        max(20, 8 * Double.log2(Double(size.dimension)) - 10) * (1 + 0.12 * size.damping),
        max(60, 1.4 * Double(size.dimension)))
    let product = size.jumpsAreClassical ? 8.0 : 24
    let unknowns = size.jumpsAreClassical ? Double(size.orbits) : squares
    let solver = JumpChainSolver(threads: threads, memoryLimit: memoryLimit)
    var bytes = Int.max
    // Squares of larger orders need not fit into an integer.
    if size.blockOrders.allSatisfy({ $0 < 1 << 24 }) {
      do {
        bytes = try solver.fittingRestart(
          orders: size.blockOrders, orbits: size.jumpsAreClassical ? size.orbits : nil
        ).bytes
      } catch {
        if case .tooLarge(let needed, _, _) = error { bytes = needed }
      }
    }
    return RoutePlan(
      method: .sylvester, unknowns: size.unknowns,
      bytes: bytes,
      seconds: 3e-4 + 4e-6 * Double(size.dimension) + cubes * RouteCosts.eigenvectorsCubed
        + squares * RouteCosts.eigenvectorsSquared
        + steps
        * (product * cubes / RouteCosts.denseFlops + squares * 2e-8
          + RouteCosts.orthogonalization(steps * unknowns)),
      steps: Int(steps))
  }

  private func krylov(_ size: ProblemSize) -> RoutePlan {
    let elements = Double(size.orbits) * Double(size.orbits) * Double(size.groupOrder)
    return RoutePlan(
      method: .krylov, unknowns: size.unknowns,
      bytes: OrbitSolver.predictedBytes(
        orbits: size.orbits, groupOrder: size.groupOrder, precision: .automatic, threads: threads),
      seconds: 1e-3 + 5e-6 * Double(size.dimension)
        + RouteCosts.krylovApplications * elements * Double(size.driftRow) * RouteCosts.hop,
      steps: Int(RouteCosts.krylovApplications))
  }
}

/// Rates measured on one core of the machine this was written on; only their ratios matter for the choice.
enum RouteCosts {
  /// Floating-point operations per second of LU factorizations.
  static let factorizationFlops = 1.5e10
  /// The same of products of dense complex matrices.
  static let denseFlops = 4e10
  /// Seconds per nonzero of an assembled generator.
  static let assembly = 2e-7
  /// Seconds of eigenvectors of a general complex matrix of order n: a n^3 + b n^2.
  static let eigenvectorsCubed = 2.5e-9
  static let eigenvectorsSquared = 5e-7
  /// Seconds of a step that makes a new vector orthogonal to a basis of so many numbers, which may fit into the caches.
  static func orthogonalization(_ numbers: Double) -> Double {
    numbers * (numbers > 131_072 ? 8e-10 : 1.5e-10)
  }
  /// Applications of the generator until convergence.
  static let krylovApplications = 300.0
  /// Seconds per stored real number and nonzero of a row of the drift.
  static let hop = 5e-10
}
