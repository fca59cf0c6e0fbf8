extension QubitRotor {
  /// Steady state in a window that grows, wall by wall, until both walls are empty and the load exerts the friction -gamma <L_z>, as it does in
  /// a window without end. The levels of this device are of no importance.
  ///
  /// - Parameters:
  ///   - solver: How each window is solved.
  ///   - wall: Largest accepted population at a wall.
  /// - Throws: `unavailable` where no window up to the largest one does: the tail of the load's distribution falls as a power of l, which
  ///   for cold rotors of small inertia is too slow, and without friction there is no steady state.
  public func steadyStateInGrowingWindow(
    _ solver: SteadyStateSolver = SteadyStateSolver(), wall: Double = 1e-12
  ) throws(SolverError) -> (device: QubitRotor, steady: SteadyState, equation: QubitRotorEquation) {
    guard friction > 0 else {
      throw .unavailable(reason: "without friction the rotor has no steady state in a window without end")
    }
    var search = QubitRotorWindowSearch(of: self, wall: wall)
    while true {
      let (device, equation) = try inWindow(search.levels)
      let steady: SteadyState
      do { steady = try search.solver(solver).solve(equation) } catch { throw search.explained(error) }
      let flows = QubitRotorFlows(of: device, in: steady.state, secular: equation.secular)
      if try search.accepts([flows]) { return (device, steady, equation) }
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
}
