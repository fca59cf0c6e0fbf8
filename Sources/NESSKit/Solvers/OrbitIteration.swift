/// One run of ``OrbitSolver``: iterative refinement in double precision around BiCGStab(2) in `Scalar`.
struct OrbitIteration<Scalar: OrbitScalar> {
  private var solver: OrbitSolver
  private let orbits: OrbitSpace
  private let engine: OrbitEngine<Scalar>
  private let outer: OrbitEngine<Double>
  private let state: OrbitVector<Double>
  /// Correction of the state, still multiplied by the diagonal of L.
  private let correction: OrbitVector<Scalar>
  private let aside: OrbitVector<Scalar>
  private let residuals: [OrbitVector<Scalar>]
  private let directions: [OrbitVector<Scalar>]
  /// Double vectors in the memory of residuals and directions: they are not needed at the same time.
  private let image: OrbitVector<Double>
  private let outerAside: OrbitVector<Double>
  /// The rank-one term; negative like the real parts of all eigenvalues but zero.
  private let shift: Double
  private var rightHandSide: [Double]
  private var rightNorm: Double
  private let initial: OrbitState?
  /// Copies in which the diagonal elements of an orbit are stored.
  private let copies: [Double]

  private static var degree: Int { 2 }

  init(_ solver: OrbitSolver, _ orbits: OrbitSpace, _ initial: OrbitState?) throws(SolverError) {
    self.solver = solver
    self.orbits = orbits
    do {
      engine = try OrbitEngine<Scalar>(orbits.plan, threads: solver.threads)
      outer = try OrbitEngine<Double>(orbits.plan, threads: solver.threads)
      state = try OrbitVector(count: outer.count)
      self.initial = initial
      let (count, width) = (engine.count, MemoryLayout<Scalar>.stride)
      let arena = try OrbitBuffer(bytes: OrbitSolver.vectorCount * count * width)
      func vector(_ k: Int) -> OrbitVector<Scalar> {
        OrbitVector(arena, byteOffset: k * count * width, count: count)
      }
      correction = vector(0)
      aside = vector(1)
      residuals = [vector(2), vector(3), vector(4)]
      directions = [vector(5), vector(6), vector(7)]
      // Behind the first residual; a vector of doubles is at most as long as two of floats.
      let begin = 3 * count * width
      image = OrbitVector(arena, byteOffset: begin, count: outer.count)
      outerAside = OrbitVector(
        arena, byteOffset: begin + 8 * count, count: outer.count)
    } catch { throw .kernel(error) }
    shift = -orbits.meanDecay
    let dimension = Double(orbits.space.dimension)
    rightHandSide = Array(repeating: shift / dimension, count: orbits.orbitCount)
    // Diagonal elements are stored once for every element that fixes their state.
    copies = orbits.plan.sizes.map { Double(orbits.groupOrder) / Double($0) }
    rightNorm = abs(shift) / dimension * copies.reduce(0, +).squareRoot()
  }

  /// How a cycle of BiCGStab(2) begins.
  private struct Recurrence {
    var rho0 = 1.0
    var rho1: Double
    var alpha = 0.0
    var omega = 1.0
  }

  func run(
    _ hooks: OrbitSolver.Hooks, bytes: Int
  ) throws(SolverError) -> (state: OrbitState, info: OrbitSolver.Info) {
    let amplification = try amplification()
    if let initial { state.copy(from: initial.vector) } else { state.clear() }
    // No population of the most occupied state is less than 1/D.
    let careful =
      OrbitSolver.carefulBound / (amplification * rightNorm * Double(orbits.space.dimension))
    let outcome = try iterate(
      hooks, until: min(solver.tolerance, max(OrbitSolver.finestTolerance, careful)))
    return try finished(outcome, amplification: amplification, bytes: bytes)
  }

  /// Norm of L^-1 as a source without any structure shows it, multiplied by the square root of the number of orbits, since a slow mode
  /// may be one among so many in the source.
  ///
  /// A small residual says nothing about a mode whose rate is smaller still. Its part of a random source is answered by the inverse of that
  /// rate; see ``SlowModeProbe`` for what may escape. `state` is left overwritten.
  private func amplification() throws(SolverError) -> Double {
    var probe = self
    var random = SplitMix(seed: SlowModeProbe.seed)
    let accuracy = SlowModeProbe.accuracy(states: orbits.orbitCount)
    probe.rightHandSide = rightHandSide.map { _ in shift * random.symmetric() }
    probe.rightNorm = zip(probe.rightHandSide, copies).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }.squareRoot()
    probe.solver.tolerance = accuracy
    state.clear()
    _ = try probe.iterate(OrbitSolver.Hooks(), until: accuracy)
    let norm = outer.gram([state]).products[0][0].squareRoot()
    return norm / probe.rightNorm * Double(orbits.orbitCount).squareRoot()
  }

  /// What an iteration took.
  private struct Outcome {
    var iterations = 0
    var refinements = 0
    /// Norm of the residual relative to that of the right-hand side.
    var relative: Double
  }

  /// Solves for the right-hand side from the present state, to `aim` if rounding allows it and to the tolerance of the solver at least.
  private func iterate(_ hooks: OrbitSolver.Hooks, until aim: Double) throws(SolverError) -> Outcome {
    let clock = ContinuousClock()
    var lastCheckpoint = clock.now
    let begin = engine.applications
    var iterations = 0
    var refinements = 0
    var relative = trueResidual()
    var best = relative
    var fruitless = 0
    // Not a number is no success.
    while !(relative <= aim) {
      guard relative.isFinite, fruitless < 2, engine.applications - begin < solver.applicationLimit else {
        if relative <= solver.tolerance { break }
        throw stalled(at: best)
      }
      let scale = relative * rightNorm
      engine.start(residuals[0], from: image, sources: rightHandSide, scale: 1 / scale)
      for vector in directions { vector.clear() }
      correction.clear()
      var recurrence = Recurrence(rho1: engine.gram([residuals[0]]).shadows[0])
      // The residual of the recurrence and the true one part by what single precision loses.
      let goal = max(
        MemoryLayout<Scalar>.stride == 4 ? 1e-4 : 1e-11, aim / relative * 0.5)
      var norm = 1.0
      var lowest = 1.0
      var sinceLowest = 0
      while norm > goal, sinceLowest < 100, engine.applications - begin < solver.applicationLimit {
        norm = cycle(&recurrence)
        iterations += 1
        guard norm.isFinite, norm < 1e8 else { break }
        sinceLowest = norm < lowest ? 0 : sinceLowest + 1
        lowest = min(lowest, norm)
        hooks.progress?(
          .init(applications: engine.applications + outer.applications, residual: norm * relative))
        if Task.isCancelled { throw .cancelled }
        if let checkpoint = hooks.checkpoint, clock.now - lastCheckpoint >= hooks.checkpointInterval {
          try absorb(scale: scale)
          correction.clear()
          checkpoint(try snapshot())
          lastCheckpoint = clock.now
        }
      }
      guard norm.isFinite else {
        if relative <= solver.tolerance { break }
        throw stalled(at: best)
      }
      try absorb(scale: scale)
      refinements += 1
      let next = trueResidual()
      fruitless = next > 0.5 * relative ? fruitless + 1 : 0
      relative = next
      if relative < best { best = relative }
    }
    return Outcome(iterations: iterations, refinements: refinements, relative: relative)
  }

  /// The norm of all elements bounds the largest one.
  private func stalled(at relative: Double) -> SolverError {
    .notConverged(residual: relative * rightNorm, iterations: engine.applications + outer.applications)
  }

  /// Leaves (L + shift |1/D><tr|) rho in `image`; norm of the residual relative to the right-hand side. The first residual is
  /// overwritten, which costs no more memory.
  private func trueResidual() -> Double {
    _ = outer.apply(state, divided: false, shift: shift, to: image, aside: outerAside)
    engine.start(residuals[0], from: image, sources: rightHandSide, scale: 1 / rightNorm)
    return engine.gram([residuals[0]]).products[0][0].squareRoot()
  }

  private func absorb(scale: Double) throws(SolverError) {
    do { try engine.update(state, with: correction, scale: scale) } catch { throw .kernel(error) }
  }

  private func snapshot() throws(SolverError) -> OrbitState {
    do {
      let copy = try OrbitVector<Double>(count: state.count)
      copy.copy(from: state)
      return OrbitState(orbits: orbits, vector: copy)
    } catch { throw .kernel(error) }
  }

  /// Two steps of BiCG and a minimization over two residuals; the norm of the new residual.
  private func cycle(_ recurrence: inout Recurrence) -> Double {
    let (r, u, x) = (residuals, directions, correction)
    recurrence.rho0 *= -recurrence.omega
    for j in 0..<Self.degree {
      let beta = recurrence.alpha * recurrence.rho1 / recurrence.rho0
      recurrence.rho0 = recurrence.rho1
      // u_i = r_i - beta u_i, and the correction along the old direction.
      if j == 0 {
        engine.mix([u[0], r[0]], rows: [[-beta, 1]])
      } else {
        engine.mix(
          [u[0], u[1], x, r[0], r[1]],
          rows: [[-beta, 0, 0, 1, 0], [0, -beta, 0, 0, 1], [recurrence.alpha, 0, 1, 0, 0]])
      }
      let direction = engine.apply(u[j], divided: true, shift: shift, to: u[j + 1], aside: aside)
      // Nothing is left of the residual when the first direction leads to the solution, as for the maximally mixed state.
      recurrence.alpha = direction.shadow == 0 ? 0 : recurrence.rho0 / direction.shadow
      let alpha = recurrence.alpha
      if j == 0 {
        engine.mix([r[0], u[1]], rows: [[1, -alpha]])
      } else {
        engine.mix([r[0], r[1], u[1], u[2]], rows: [[1, 0, -alpha, 0], [0, 1, 0, -alpha]])
      }
      recurrence.rho1 = engine.apply(r[j], divided: true, shift: shift, to: r[j + 1], aside: aside).shadow
    }
    let (products, shadows) = engine.gram(r)
    let (g1, g2) = Self.minimizer(products)
    recurrence.omega = g2
    engine.mix(
      [x, r[0], u[0], r[1], r[2], u[1], u[2]],
      rows: [
        [1, g1, recurrence.alpha, g2, 0, 0, 0], [0, 1, 0, -g1, -g2, 0, 0], [0, 0, 1, 0, 0, -g1, -g2],
      ])
    recurrence.rho1 = shadows[0] - g1 * shadows[1] - g2 * shadows[2]
    return engine.gram([r[0]]).products[0][0].squareRoot()
  }

  /// Coefficients of the residual polynomial 1 - g1 z - g2 z^2: minimal residual and orthogonal residual combined, so that g2 does
  /// not become small and spoil the recurrence (Sleijpen & van der Vorst, Numer. Algorithms 10 (1995) 203).
  private static func minimizer(_ z: [[Double]]) -> (Double, Double) {
    // Nothing left; then, below, residuals along one line, which one step brings to zero.
    guard z[1][1] > 0 else { return (0, 0) }
    let low = [-1, z[1][0] / z[1][1], 0]
    let high = [0, z[1][2] / z[1][1], -1]
    func form(_ a: [Double], _ b: [Double]) -> Double {
      (0..<3).reduce(0) { sum, i in (0..<3).reduce(sum) { $0 + a[i] * z[i][$1] * b[$1] } }
    }
    let (lowSquare, highSquare) = (form(low, low), form(high, high))
    guard lowSquare > 0, highSquare > 0 else { return (z[1][0] / z[1][1], 0) }
    let (lowNorm, highNorm) = (lowSquare.squareRoot(), highSquare.squareRoot())
    let cosine = form(low, high) / (lowNorm * highNorm)
    let factor = (cosine < 0 ? -1 : 1) * max(abs(cosine), 0.7) * lowNorm / highNorm
    return (low[1] - factor * high[1], factor)
  }

  /// The normalized state, judged by an application of L alone.
  private func finished(
    _ outcome: Outcome, amplification: Double, bytes: Int
  ) throws(SolverError) -> (state: OrbitState, info: OrbitSolver.Info) {
    let populations = outer.populations(state)
    let trace = zip(populations, orbits.plan.sizes).reduce(0) { $0 + $1.0 * Double($1.1) }
    guard trace.isFinite, abs(trace - 1) < 1e-4 else {
      throw .notAState(defect: "trace", found: abs(trace - 1), allowed: 1e-4)
    }
    outer.mix([state], rows: [[1 / trace]])
    let largest = outer.apply(state, divided: false, shift: 0, to: image, aside: outerAside).largest
    let info = OrbitSolver.Info(
      isMixed: MemoryLayout<Scalar>.stride == 4, iterations: outcome.iterations,
      applications: engine.applications + outer.applications, refinements: outcome.refinements,
      relativeResidual: outcome.relative, residual: largest, traceDefect: trace - 1,
      errorBound: amplification
        * (outcome.relative * rightNorm / (populations.max() ?? 0) + 8 * Double.ulpOfOne * abs(shift)),
      unknowns: orbits.orbitCount * orbits.orbitCount * orbits.groupOrder,
      // First pass: x twice, both results; second: both results, and one written again.
      bytesPerApplication: 7 * engine.count * MemoryLayout<Scalar>.stride, peakBytes: bytes)
    return (OrbitState(orbits: orbits, vector: state), info)
  }
}
