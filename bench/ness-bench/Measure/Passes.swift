import NESSKit

/// One walk through the phases of a factorization that follow the generator.
struct FactorizationPass {
  let work: FactorizationWork
  let observables: [String: Double]
  // Kept so that no phase can be optimized away, nor released inside the time of another.
  private let factors: Factors

  init<Case: BenchCase>(
    _ benchCase: Case, _ equation: Case.Equation, route: SteadyStateSolver.Method, declared: Bool,
    watch: inout Stopwatch
  ) throws {
    let terms = watch.time("terms") { equation.terms() }
    let reduced = try watch.time("symmetries") {
      try ReducedSpace(
        terms: terms, space: equation.space, symmetries: declared ? benchCase.symmetries() : [])
    }
    let liouvillian = try watch.time("assemble") { try Liouvillian(terms: terms, on: reduced) }
    guard let (system, rightHandSide) = watch.time("normalize", { liouvillian.normalizedSystem() }) else {
      throw BenchFailure("the generator must not vanish")
    }
    let factors = try watch.time("factorize") { try Factors(system, route: route) }
    if case .sparse(let lu) = factors {
      // The same numeric work on the ordering found before: the rest of `factorize` is analysis.
      _ = try watch.time("refactorize") { try RealSparseLU(pattern: lu, matrix: system) }
    }
    let solution = try watch.time("solve") { try factors.solve(rightHandSide) }
    let found = ReducedState(in: reduced, unknowns: liouvillian.expanded(solution))
    let state: any QuantumState = equation.basis.map { RotatedState(found, basis: $0) } ?? found
    observables = try watch.time("observe") { try benchCase.observe(state, equation) }
    self.factors = factors
    work = FactorizationWork(
      nonzeros: liouvillian.matrix.nonzeros, factorNonzeros: factors.nonzeros, flops: factors.flops,
      factorBytes: factors.bytes, factorPeakBytes: factors.peakBytes)
  }
}

/// The phases of an iterative route that follow the generator and precede the iteration.
struct BlockPass {
  let work: IterationWork
  // Kept for the same reason.
  private let terms: BlockTerms?

  init<Case: BenchCase>(
    _ benchCase: Case, _ equation: Case.Equation, certificate: Certificate, isProjected: Bool, declared: Bool,
    watch: inout Stopwatch
  ) throws {
    let terms = watch.time("terms") { equation.terms() }
    let blocks = try watch.time("blocks") {
      try SymmetryBlocks(
        terms: terms, space: equation.space, symmetries: declared ? benchCase.symmetries() : [])
    }
    self.terms = isProjected ? try watch.time("project") { try blocks.terms() } : nil
    work = IterationWork(
      groupOrder: blocks.groupOrder, orbits: blocks.orbitCount, blocks: blocks.plan.count,
      largestBlock: blocks.plan.map(\.order).max() ?? 0, iterations: certificate.iterations,
      applications: certificate.applications, bytesPerApplication: certificate.bytesPerApplication)
  }
}
