extension QubitRotorPoint {
  /// The fixed point of collisions; it needs no master equation.
  func computeWithoutBaths(
    _ request: PointRequest
  ) throws(ComputationError) -> (context: QubitRotorContext, certificate: Certificate)? {
    guard request.state == QubitRotorMachine.collision else { return nil }
    try checkEquation()
    let equation: QubitRotorEquation
    do { equation = try device.masterEquation() } catch { throw .input(error) }
    do {
      let clock = ContinuousClock()
      let start = clock.now
      let map = try CollisionMap(
        of: device, by: collisions, threads: solver.threads, memoryLimit: solver.memoryLimit)
      let steady = try solver.solve(map)
      var certificate = steady.certificate
      certificate.seconds = (clock.now - start).inSeconds
      let context = QubitRotorContext(
        device: device, state: steady.state, equation: equation, alpha: alpha, solver: solver, cache: cache,
        isStationary: true, isAutomatic: isAutomatic, collision: CollisionFlows(of: map, from: steady.state))
      return (context, certificate)
    } catch { throw .solver(error) }
  }

  /// Collisions are what the local master equation is the limit of.
  private func checkEquation() throws(ComputationError) {
    guard device.equation == .local else {
      throw .input(
        InputError(
          field: "parameters.master_equation",
          value: "\"global\" with state \"\(QubitRotorMachine.collision)\"",
          allowed: "\"local\": collisions act on single qubits"))
    }
  }

  func planCollisions(_ request: PointRequest) throws(ComputationError) -> PointPlan {
    try checkEquation()
    let levels = device.levels.count
    do {
      let cost = try CollisionMap.predictedCost(
        of: device, by: collisions, memoryLimit: request.solver.memoryLimit)
      let unknowns = 6 * levels - 2
      // Collision and load widen the band that one of them has by as much again.
      let band = min(unknowns - 1, 12 * (cost.radius + 1))
      let factors = min(
        RealBandLU.bytes(order: unknowns, halfWidth: band),
        SteadyStateSolver.predictedBytes(order: unknowns, nonzeros: unknowns * band))
      return PointPlan(
        unknownsFull: 16 * levels * levels, unknowns: unknowns, route: "collisions",
        stateBytes: max(cost.bytes, factors), stateSeconds: cost.seconds)
    } catch { throw .solver(error) }
  }
}
