import NESSKit

/// Factors of one system by one route, as the solver makes them.
enum Factors {
  case dense(RealDenseLU)
  case sparse(RealSparseLU)

  init(_ system: RealSparseMatrix, route: SteadyStateSolver.Method, options: SparseLUOptions = .init()) throws
  {
    self =
      route == .dense
      ? .dense(try RealDenseLU(matrix: system)) : .sparse(try RealSparseLU(system, options: options))
  }

  func solve(_ rightHandSide: [Double]) throws -> [Double] {
    switch self {
    case .dense(let factors): try factors.solve(rightHandSide)
    case .sparse(let factors): try factors.solve(rightHandSide)
    }
  }

  /// Entries of both factors.
  var nonzeros: Int {
    switch self {
    case .dense(let factors): factors.order * factors.order
    case .sparse(let factors): factors.info.factorNonzeros
    }
  }

  /// Operations of the numeric phase; for LAPACK the textbook count 2/3 n^3 - n^2/2 - n/6, as no library reports it.
  var flops: Double {
    switch self {
    case .dense(let factors):
      let n = Double(factors.order)
      return n * (2 * n * n / 3 - n / 2 - 1 / 6)
    case .sparse(let factors): return factors.info.flops
    }
  }

  /// Bytes held.
  var bytes: Int {
    switch self {
    case .dense(let factors): factors.bytes
    case .sparse(let factors): factors.info.factorBytes
    }
  }

  /// Peak bytes while they were made.
  var peakBytes: Int {
    switch self {
    case .dense(let factors): factors.bytes
    case .sparse(let factors): factors.info.peakBytes
    }
  }
}
