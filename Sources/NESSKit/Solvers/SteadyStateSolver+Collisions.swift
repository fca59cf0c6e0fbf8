extension SteadyStateSolver {
  /// Fixed point of a collision followed by the load, in the state before the collision.
  ///
  /// The fixed point is the only one when it is the only one in the sector of zero charge. Averaging another one over the phases of both
  /// charges gives a fixed point of the sector, so its support lies in that of the one found, on which that one is faithful. There the
  /// fixed points of the adjoint map form an algebra graded by charge, whose elements of no charge are multiples of one. An element of
  /// nonzero charge would be a multiple of a unitary one, and also nilpotent, because charges are bounded.
  ///
  /// - Throws: ``SolverError``
  public func solve(_ map: CollisionMap) throws(SolverError) -> (
    state: QubitRotorState, certificate: Certificate
  ) {
    let allowed: [Method] = [.automatic, .dense, .direct, .banded]
    guard allowed.contains(method) else {
      throw .unavailable(
        reason:
          "collisions are solved by \(allowed.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")), not by \"\(method.rawValue)\""
      )
    }
    let (first, second) = (map.device.first.coupling != 0, map.device.second.coupling != 0)
    // Structure, not numbers: what no bath reaches is conserved up to rounding, which a factorization may take for a rate.
    guard map.device.interaction != 0 ? first || second : first && second else {
      throw .notUnique(
        count: 2, exact: false,
        reason:
          "excitations of a qubit that no bath reaches, itself or through the other qubit, are conserved")
    }
    let clock = ContinuousClock()
    let start = clock.now
    let levels = map.device.levels.count
    var (values, certificate) = try solve(
      Liouvillian(
        matrix: map.generator(), traceWeights: CollisionMap.traceWeights(levels: levels),
        entryError: map.generatorError))
    let state = QubitRotorState(of: map.device, unknowns: values)
    // Independent of the generator, in which both maps are multiplied: one after the other.
    let change = zip(map.loaded(map.collided(state)).unknowns, values).reduce(0) { max($0, abs($1.0 - $1.1)) }
    certificate.residual = max(certificate.residual, change / map.collisions.duration)
    let full = (4 * levels).multipliedReportingOverflow(by: 4 * levels)
    certificate.unknownsFull = full.overflow ? .max : full.partialValue
    certificate.method = "collisions+\(certificate.method)"
    certificate.minEigenvalue = state.spectrum().map(\.eigenvalue).min()
    try check(certificate, preservesPositivity: true)
    certificate.unique = true
    certificate.uniquenessMethod = "simple null space of the sector without charge, and charges are bounded"
    certificate.seconds = (clock.now - start).inSeconds
    return (state, certificate)
  }
}
