internal import Numerics

extension QubitRotor {
  /// Steady state in a window that grows, wall by wall, until both walls are empty and the load exerts the friction -gamma <L_z>, as it does in
  /// a window without end.
  ///
  /// - Parameters:
  ///   - solver: How each window is solved.
  ///   - wall: Largest accepted population at a wall.
  /// - Throws: `unavailable` where no window up to the largest one does: the tail of the load's distribution falls as a power of l, which
  ///   for hot rotors of small inertia is too slow.
  public func steadyStateInGrowingWindow(
    _ solver: SteadyStateSolver = SteadyStateSolver(), wall: Double = 1e-12
  ) throws(SolverError) -> (device: QubitRotor, steady: SteadyState, equation: QubitRotorEquation) {
    var levels = firstWindow
    while true {
      let (device, equation) = try inWindow(levels)
      let steady = try solver.solve(equation)
      let flows = QubitRotorFlows(of: device, in: steady.state, secular: equation.secular)
      let rotor = flows.rotorPopulations
      let (low, high) = (abs(rotor.first ?? 1) > wall, abs(rotor.last ?? 1) > wall)
      if !low, !high, flows.frictionDefect <= Self.largestFrictionDefect { return (device, steady, equation) }
      let step = max(4, levels.count / 3)
      levels =
        (levels.lowerBound - (low || !high ? step : 0))...(levels.upperBound + (high || !low ? step : 0))
      guard levels.count <= Self.largestFoundWindow else {
        throw .unavailable(
          reason:
            "walls of the window \(levels.lowerBound)...\(levels.upperBound) still hold more than \(wall) of the rotor: the distribution falls too slowly, give lmin and lmax"
        )
      }
    }
  }

  private func inWindow(
    _ levels: ClosedRange<Int>
  ) throws(SolverError) -> (device: QubitRotor, equation: QubitRotorEquation) {
    do {
      let device = try with(levels: levels)
      return (device, try device.masterEquation())
    } catch { throw .unavailable(reason: "\(error)") }
  }

  /// Largest accepted ``QubitRotorFlows/frictionDefect``.
  static let largestFrictionDefect = 1e-9
  /// Window beyond which the search gives up.
  static let largestFoundWindow = 20_000

  /// Six widths of the free rotor beyond 0 and the resonance l = 2I (B2 - B1) - 1/2 that the drive pushes towards.
  private var firstWindow: ClosedRange<Int> {
    let width = 6 * (inertia / loadInverseTemperature).squareRoot() + 4
    let resonance = 2 * inertia * (second.field - first.field) - 0.5
    let limit = Double(Self.largestFoundWindow) / 4
    let low = max(-limit, min(0, resonance) - width)
    let high = min(limit, max(0, resonance) + width)
    return Int(low.rounded(.down))...Int(high.rounded(.up))
  }
}
