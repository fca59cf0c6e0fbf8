internal import Numerics

extension QubitRotorPoint {
  /// Populations, and real and imaginary parts of the coherences between |01,l> and |10,l+1>.
  private var unknowns: Int { 6 * device.levels.count - 2 }

  func plan(_ request: PointRequest) throws(ComputationError) -> PointPlan {
    if request.state == QubitRotorMachine.collision { return try planCollisions(request) }
    if request.state == "dynamics" { return planDynamics(request) }
    let count = device.levels.count
    do {
      // Half widths that the ordering of the unknowns finds for windows of any size.
      var plan = try request.plan(
        ProblemSize(
          dimension: 4 * count, unknowns: unknowns, nonzeros: 9 * unknowns, groupOrder: 1, orbits: 4 * count,
          blockOrders: Array(repeating: 1, count: 2 * count + 2) + Array(repeating: 2, count: count - 1),
          driftRow: 2, jumpsAreClassical: false, halfWidth: device.equation == .local ? 12 : 13))
      plan.observables = try planRates(request)
      return plan
    } catch { throw .solver(error) }
  }

  /// What the decay rates cost beside the state: all eigenvalues of the generator, dense.
  /// - Throws: `tooLarge` where their number is beyond what is computed, as the run does.
  private func planRates(_ request: PointRequest) throws(SolverError) -> [ObservablePlan] {
    let names = request.observables.filter(QubitRotorMachine.rates.contains)
    guard !names.isEmpty else { return [] }
    try Liouvillian.checkSpectrum(order: unknowns)
    let n = Double(unknowns)
    // Measured with windows of 91 to 681 levels.
    return [
      ObservablePlan(names: names, bytes: PointPlan.clamped(17 * n * n), seconds: 3.5e-10 * n * n * n)
    ]
  }

  /// Refuses decay rates of a window too wide for them before its state is computed.
  func checkSize(_ request: PointRequest) throws(ComputationError) {
    do { _ = try planRates(request) } catch { throw .solver(error) }
  }

  /// Plan of dynamics. Factors on a ladder of levels grow with its length, not with its square.
  private func planDynamics(_ request: PointRequest) -> PointPlan {
    let n = Double(unknowns)
    let times = Double(max(1, request.times.count))
    let steps = device.predictedSteps(to: request.times.last ?? 0)
    // Measured with windows of 41 to 30,000 levels and 1 to 9000 steps: tables, generator and the factors of two step sizes; assembly
    // and factorizations; solves of a step; and every state, twice while it is handed over.
    return PointPlan(
      unknownsFull: 16 * device.levels.count * device.levels.count, unknowns: unknowns, route: "radau-iia",
      stateBytes: PointPlan.clamped(n * (5000 + 16 * times)),
      stateSeconds: 1e-3 + n * (2e-5 + 8e-7 * steps + 8e-8 * times))
  }
}

extension QubitRotor {
  /// Rough number of steps of an evolution over this time.
  ///
  /// The exchange of quanta between the qubits oscillates fastest, at sqrt(4 (B1 - B2)^2 + 4 lambda^2) and more on a light rotor.
  /// Steps resolve it until dephasing by the baths has ended it to rounding, and grow by factors of two from then on.
  func predictedSteps(to end: Double) -> Double {
    let dephasing = [first, second].reduce(0) { sum, qubit in
      var rate = qubit.coupling * qubit.coupling * (qubit.occupation + 0.5)
      if case .global(let cutoff, _) = equation {
        let gap = 2 * qubit.field
        // Beyond the cutoff the spectral density falls; up to it, it is the frequency.
        if case .frequency(let limit) = cutoff {
          rate *= gap / (1 + (gap / limit) * (gap / limit))
        } else {
          rate *= gap
        }
      }
      return sum + rate
    }
    let detuning = 2 * (first.field - second.field)
    let frequency =
      (detuning * detuning + 4 * interaction * interaction).squareRoot() + 1 / (2 * inertia) + dephasing
    let transient = min(end, 23 / dephasing)
    let doublings = end > transient ? 1.5 * Double.log2(end / transient) : 0
    return 1 + 1.3 * frequency * transient + doublings
  }
}
