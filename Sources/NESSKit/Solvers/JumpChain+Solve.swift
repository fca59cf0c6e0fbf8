package import Numerics

extension JumpChainSolver {
  /// Steady state of a generator on blocks.
  ///
  /// - Parameters:
  ///   - terms: The generator; it must preserve Hermiticity and the trace.
  ///   - initial: Hermitian blocks to start from, as of a neighbouring point of a sweep; nil starts from the identity.
  ///   - progress: Told after every step how many there were and what is left of the residual, relative to the rate scale.
  /// - Throws: `notConverged` with the residual reached, `notUnique` when nothing decays or a second solution differs, `tooLarge`,
  ///   `cancelled`, `kernel`.
  package func solve(
    _ terms: BlockTerms, initial: [[Complex<Double>]]? = nil,
    progress: ((_ iterations: Int, _ residual: Double) -> Void)? = nil
  ) throws(SolverError) -> JumpChainSolution {
    let states = terms.blocks.reduce(0) { $0 + $1.multiplicity * $1.order }
    guard states > 0, terms.blocks.allSatisfy({ $0.order > 0 }) else {
      throw .unavailable(reason: "every block of a generator must have at least one row")
    }
    guard states > 1 else { return .trivial }
    guard terms.meanDecay > 0 else { throw .notUnique(count: 2, exact: false, reason: "nothing decays") }
    let orders = terms.blocks.map(\.order)
    let start = initial.map { JumpChainPacking.packed($0, orders: orders) }
    // Before anything is allocated.
    _ = try fittingRestart(
      orders: orders, orbits: terms.jumps.isEmpty ? terms.rates?.matrix.rows : nil)
    let kernel = try wrapping { () throws(KernelError) in try JumpChainKernel(terms, threads: threads) }
    var solution = try solve(
      terms, kernel, form == .schur ? .schur : .eigenvectors, from: start, progress: progress)
    // Eigenvectors may be worse than their condition number says.
    if form == .automatic, solution.residual > tolerance * solution.rateScale,
      solution.forms.contains(.eigenvectors), solution.iterations < maxIterations
    {
      let second = try solve(terms, kernel, .schur, from: start, progress: progress)
      if second.residual < solution.residual { solution = second }
    }
    guard solution.residual <= tolerance * solution.rateScale else {
      throw .notConverged(residual: solution.residual, iterations: solution.iterations)
    }
    return solution
  }

  /// One attempt with one form; the result may miss the tolerance.
  private func solve(
    _ terms: BlockTerms, _ kernel: JumpChainKernel, _ form: JumpChainForm, from start: [Double]?,
    progress: ((_ iterations: Int, _ residual: Double) -> Void)?
  ) throws(SolverError) -> JumpChainSolution {
    let factors = try wrapping { () throws(KernelError) in
      try kernel.decompose(
        form, conditionLimit: self.form == .automatic ? Self.conditionLimit : .infinity)
    }
    let gap = factors.map(\.gap).min() ?? 0
    let isSingular = gap <= Self.singularLevel * (factors.map(\.scale).max() ?? 0)
    let shift = isSingular ? Self.relativeShift * terms.meanDecay : 0
    kernel.shift(shift)
    // What stays in a state is a source in every element of it.
    let byOrbits = terms.jumps.isEmpty && terms.rates != nil && !isSingular
    let (steps, bytes) = try fittingRestart(orders: kernel.orders, orbits: byOrbits ? kernel.orbits : nil)
    let scale = terms.rateScale
    func run(from start: [Double]) throws(SolverError) -> JumpChainRun {
      var run = JumpChainRun(
        kernel: kernel, byOrbits: byOrbits,
        beginsSingle: !byOrbits && !isSingular && allowsSingle(factors, kernel.orders), steps: steps,
        maxIterations: maxIterations, stepLimit: stepLimit,
        goal: (goal ?? (byOrbits ? 2e-16 : 1e-14)) * scale,
        scale: scale, progress: progress)
      try wrapping { () throws(KernelError) in try run.solve(from: start) }
      if run.isCancelled { throw .cancelled }
      if run.gaveWay { throw .notConverged(residual: run.residual, iterations: run.iterations) }
      return run
    }
    var first = try run(from: start ?? JumpChainPacking.identity(orders: kernel.orders))
    let amplification = try first.residual <= tolerance * scale ? judge(&first) : nil
    var iterations = first.iterations
    var applications = first.applications
    var agrees: Bool?
    if checkUniqueness, first.residual <= tolerance * scale {
      let second = try run(from: JumpChainPacking.random(orders: kernel.orders))
      iterations += second.iterations
      applications += second.applications
      agrees = try compare(first, second, amplification: amplification)
    }
    return JumpChainSolution(
      matrices: JumpChainPacking.unpacked(first.state, orders: kernel.orders), iterations: iterations,
      applications: applications, residual: first.residual,
      errorBound: amplification.map { first.errorBound($0) }, rateScale: scale,
      condition: factors.map(\.condition).max() ?? 1, forms: factors.map(\.form),
      usesSingle: first.usedSingle, shift: shift, bytes: bytes,
      flops: flops(kernel.orders, factors, applications: applications, byOrbits: byOrbits),
      unknowns: byOrbits ? kernel.orbits : kernel.order, secondAgrees: agrees)
  }

  /// Whether blocks are worth single precision and their eigenvectors good enough for it: the error of an application is the square of their
  /// condition number times rounding, which the Frobenius norm overestimates by up to the order.
  private func allowsSingle(_ factors: [JumpChainFactor], _ orders: [Int]) -> Bool {
    guard let singleFrom, orders.reduce(0, { max($0, $1) }) >= singleFrom else { return false }
    return zip(factors, orders).allSatisfy { factor, order in
      factor.form == .eigenvectors && factor.condition <= Self.singleCondition * Double(order)
        && factor.gap >= Self.singleGap * factor.scale
    }
  }

  /// True when two runs reached the same state; nil when the second did not converge, or modes too slow for their residuals explain
  /// the difference.
  /// - Throws: `notUnique` when nothing does.
  private func compare(
    _ first: JumpChainRun, _ second: JumpChainRun, amplification: Double?
  ) throws(SolverError) -> Bool? {
    guard second.residual <= tolerance * second.scale else { return nil }
    let largest = first.state.reduce(0) { max($0, abs($1)) }
    let distance = zip(first.state, second.state).reduce(0) { max($0, abs($1.0 - $1.1)) }
    if distance <= Self.samenessLevel * largest { return true }
    if let amplification {
      let bounds = (first.errorBound(amplification), second.errorBound(amplification))
      // A mode slower than rounding resolves is none that decays.
      if bounds.0 < 1, distance <= 10 * largest * (bounds.0 + bounds.1) { return nil }
    }
    throw .notUnique(
      count: 2, exact: false, reason: "two starting points lead to states \(distance) apart")
  }

  /// Norm of L^-1 for the error bound of a run, after further rounds where that is not small.
  private func judge(_ run: inout JumpChainRun) throws(SolverError) -> Double? {
    let amplification = try wrapping { () throws(KernelError) in try run.amplification() }
    if run.isCancelled { throw .cancelled }
    guard let amplification else { return nil }
    if amplification.isFinite, run.errorBound(amplification) > Self.carefulBound {
      run.goal = 0
      let state = run.state
      try wrapping { () throws(KernelError) in try run.solve(from: state) }
      if run.isCancelled { throw .cancelled }
      if run.gaveWay { throw .notConverged(residual: run.residual, iterations: run.iterations) }
    }
    return amplification
  }

  /// Operations of decompositions (about 100 n^3) and of products with half of the second factor saved.
  private func flops(
    _ orders: [Int], _ factors: [JumpChainFactor], applications: Int, byOrbits: Bool
  ) -> Double {
    zip(orders, factors).reduce(0) { sum, block in
      let cube = Double(block.0) * Double(block.0) * Double(block.0)
      let product = byOrbits && block.1.form == .eigenvectors ? 8.0 : block.1.form == .schur ? 32 : 24
      return sum + cube * (100 + product * Double(applications))
    }
  }

  private func wrapping<T>(_ body: () throws(KernelError) -> T) throws(SolverError) -> T {
    do { return try body() } catch { throw .kernel(error) }
  }
}

extension JumpChainSolution {
  /// The only state there is.
  static var trivial: JumpChainSolution {
    JumpChainSolution(
      matrices: [[.one]], iterations: 0, applications: 0, residual: 0, errorBound: 0, rateScale: 0,
      condition: 1, forms: [], usesSingle: false,
      shift: 0, bytes: 0, flops: 0, unknowns: 0, secondAgrees: nil)
  }
}
