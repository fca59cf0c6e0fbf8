internal import Numerics

extension SteadyStateSolver {
  /// Steady state of a master equation.
  ///
  /// - Parameters:
  ///   - equation: The master equation.
  ///   - symmetries: Declared permutation symmetries; verified, then used to shrink the problem.
  ///   - cache: What was found out about the pattern of an earlier generator; replaced by that of this one.
  /// - Returns: The state with its certificate.
  /// - Throws: ``SolverError``; in particular `notUnique` when there is more than one steady state, `residual` and
  ///   `notAState` when the result misses its certificate.
  public func solve(
    _ equation: some MasterEquation, symmetries: [PermutationSymmetry] = [],
    reusing cache: SymbolicCache? = nil
  ) throws(SolverError) -> SteadyState {
    let clock = ContinuousClock()
    let start = clock.now
    try checkBasis(of: equation, symmetries)
    let terms = equation.terms().withoutCommonEnergy()
    let known = cache?.proof(for: terms) ?? Uniqueness.fromGraphs(terms)
    if case .several(let count, let exact, let reason) = known {
      throw .notUnique(count: count, exact: exact, reason: reason)
    }
    let problem = Problem(
      terms: terms, space: equation.space, symmetries: symmetries,
      preservesPositivity: equation.preservesPositivity, known: known, cache: cache)
    let steady = try solve(problem)
    var certificate = steady.certificate
    certificate.seconds = (clock.now - start).inSeconds
    return SteadyState(state: steady.state.inSpaceBasis(of: equation), certificate: certificate)
  }

  /// Permutation symmetries are those of the basis of the space.
  func checkBasis(
    of equation: some MasterEquation, _ symmetries: [PermutationSymmetry]
  ) throws(SolverError) {
    guard equation.basis == nil || symmetries.isEmpty else {
      throw .unavailable(
        reason:
          "permutation symmetries cannot be declared for an equation in another basis than that of the space")
    }
  }

  /// What every route is given.
  struct Problem {
    let terms: GeneratorTerms
    let space: HilbertSpace
    let symmetries: [PermutationSymmetry]
    let preservesPositivity: Bool
    /// Whether the steady state is known to be the only one.
    let known: Uniqueness
    let cache: SymbolicCache?
  }

  private func solve(_ problem: Problem) throws(SolverError) -> SteadyState {
    // Blocks are not worth finding for what a dense factorization solves at once.
    let isSmall = problem.terms.dimension <= Self.smallDimension
    if method == .automatic, !isSmall, let steady = try solveLadder(problem) { return steady }
    guard method == .sylvester || method == .krylov || (method == .automatic && !isSmall) else {
      return try solveByFactorization(problem)
    }
    let blocks = try SymmetryBlocks(
      terms: problem.terms, space: problem.space, symmetries: problem.symmetries)
    var routes = try candidates(for: ProblemSize(of: problem.terms, on: blocks))
    // Where some states hardly decay the diagonal preconditions badly: cold rings would cost many applications in vain.
    if problem.terms.hasRareDecays {
      routes = routes.filter { $0.method != .krylov } + routes.filter { $0.method == .krylov }
    }
    return try solve(problem, on: blocks, by: routes)
  }

  /// Tries routes in turn.
  private func solve(
    _ problem: Problem, on blocks: SymmetryBlocks, by routes: [RoutePlan]
  ) throws(SolverError) -> SteadyState {
    var failures: [SolverError] = []
    var attempts = routes.indices.map {
      (route: routes[$0], limit: patience(with: routes[$0], before: routes[($0 + 1)...]))
    }
    while !attempts.isEmpty {
      let (route, limit) = attempts.removeFirst()
      do throws(SolverError) {
        switch route.method {
        case .sylvester: return try solveByBlocks(problem, on: blocks, stepLimit: limit)
        case .krylov: return try solveByOrbits(problem, on: blocks, applicationLimit: limit)
        default: return try solveByFactorization(problem)
        }
      } catch {
        // Another route may manage where an iteration stalls, leaves too large an error or lacks memory; what else goes wrong is the
        // problem's own.
        switch error {
        case .cancelled, .symmetryViolated, .unavailable, .notUnique(_, exact: true, _): throw error
        case .notUnique where problem.known.isUnique:
          // A theorem says otherwise: rates too far apart for the route.
          failures.append(.singular(errorBound: .infinity))
        case .notUnique:
          failures.append(error)
          // A factorization tells rates that are small from rates that vanish, where it costs little.
          attempts.removeAll { $0.route.steps != nil || $0.route.seconds > Self.cheap }
        case .notConverged(_, let steps):
          failures.append(error)
          // What had to give way comes again when nothing else has helped.
          if let limit, steps >= limit { attempts.append((route, nil)) }
        default: failures.append(error)
        }
      }
    }
    let several = failures.first { if case .notUnique = $0 { true } else { false } }
    throw several ?? failures.last ?? .unavailable(reason: "no route applies")
  }

  /// Seconds that a second opinion may take.
  static let cheap = 1.0
  /// Largest Hilbert space that is factorized without looking for a better route.
  static let smallDimension = 12

  /// Writes down what is known about the number of steady states.
  /// - Throws: `notUnique` when there are several.
  func settle(
    _ uniqueness: Uniqueness, in certificate: inout Certificate, otherwise: String
  ) throws(SolverError) {
    switch uniqueness {
    case .unique(let method):
      certificate.unique = true
      certificate.uniquenessMethod = method
    case .several(let count, let exact, let reason):
      throw .notUnique(count: count, exact: exact, reason: reason)
    case .unknown:
      certificate.uniquenessMethod = otherwise
    }
  }

  /// Decides uniqueness in the whole problem once a steady state is known to be the only one among the unknowns solved for.
  func examine(
    _ terms: GeneratorTerms, on space: HilbertSpace, smallestEigenvalue: Double?
  ) throws(SolverError) -> Uniqueness {
    var decided = Uniqueness.unknown
    do throws(KernelError) {
      // Eigenvalues below this could be rounding, and a state that is not faithful says nothing about the commutant.
      if terms.dimension <= Self.largestCommutant, let smallestEigenvalue, smallestEigenvalue > 1e-13 {
        decided = try Uniqueness.fromCommutant(terms)
        if case .unique = decided { return decided }
      }
    } catch { throw .kernel(error) }
    // A coupling too weak to tie two parts of the commutant may still show in the generator itself.
    let counted = try Uniqueness.fromWholeGenerator(terms, on: space)
    return counted == .unknown ? decided : counted
  }

  /// The reduced space, unless not even its index tables fit.
  func reducedSpace(
    _ terms: GeneratorTerms, _ space: HilbertSpace, _ symmetries: [PermutationSymmetry],
    seeds: [(ket: Int, bra: Int)]? = nil
  ) throws(SolverError) -> ReducedSpace {
    do {
      return try ReducedSpace(
        terms: terms, space: space, symmetries: symmetries, seeds: seeds, limit: largestSlotCount)
    } catch .kernel(.limitExceeded) {
      throw .tooLarge(
        bytes: (largestSlotCount + 1) * Self.bytesPerSlot, limit: availableMemory,
        advice: "the reduced problem has more than \(largestSlotCount) unknowns")
    }
  }

  /// Fills in what can be checked on the full problem, and throws when the state misses its certificate.
  func verify(
    _ state: ReducedState, terms: GeneratorTerms, preservesPositivity: Bool, certificate: inout Certificate
  ) throws(SolverError) {
    let dimension = terms.dimension
    if dimension > Self.smallDimension, state.isSparse {
      // The residual of all unknowns is known; this is the check that they are all there are.
      certificate.residual = max(
        certificate.residual, terms.sampledChange(of: state, samples: Self.residualSamples))
      do { certificate.minEigenvalue = try state.spectrum().map(\.eigenvalue).min() } catch {
        throw .kernel(error)
      }
    } else if dimension <= Self.largestDense {
      let density = state.density()
      do {
        // Independent of the assembled matrix: the generator is applied to the full density matrix.
        let change = try terms.applied(to: density.elements)
        certificate.residual = change.reduce(0) { max($0, $1.length) }
        certificate.hermiticityDefect = max(certificate.hermiticityDefect, density.hermiticityDefect)
        certificate.traceDefect = abs(density.populations.reduce(-1, +))
        certificate.minEigenvalue =
          try DenseEigen.hermitian(density.elements, order: dimension, vectors: false).values.first
      } catch { throw .kernel(error) }
    } else {
      certificate.minEigenvalue = nil
    }
    try check(certificate, preservesPositivity: preservesPositivity)
  }

  /// Refuses a state that misses its certificate.
  func check(_ certificate: Certificate, preservesPositivity: Bool) throws(SolverError) {
    let allowed = tolerance * max(certificate.rateScale, .leastNormalMagnitude)
    guard certificate.residual <= allowed, certificate.rateScale.isFinite else {
      throw .residual(found: certificate.residual, allowed: allowed, scale: certificate.rateScale)
    }
    guard certificate.traceDefect <= 1e-12 else {
      throw .notAState(defect: "trace", found: certificate.traceDefect, allowed: 1e-12)
    }
    guard certificate.hermiticityDefect <= 1e-12 else {
      throw .notAState(defect: "Hermiticity", found: certificate.hermiticityDefect, allowed: 1e-12)
    }
    if preservesPositivity, let smallest = certificate.minEigenvalue, smallest < -max(1e-12, tolerance) {
      throw .notAState(defect: "positivity", found: -smallest, allowed: max(1e-12, tolerance))
    }
  }
}

extension SteadyStateSolver {
  /// Largest bound on the relative error of the unknowns that a certificate allows.
  static let largestError = 1e-4
  /// Largest system whose singular values are counted.
  static let largestNullity = 1500
  /// Singular values up to this multiple of the largest are rounding.
  static func zeroLevel(order: Int) -> Double { 4 * Double.ulpOfOne * Double(order).squareRoot() }
  /// Largest Hilbert space whose density matrix is checked in full.
  static let largestDense = 1024
  /// Largest Hilbert space whose commutant is computed.
  static let largestCommutant = 4096

  /// Bytes that a matrix element costs before any factorization: index tables, assembly and a copy.
  static let bytesPerSlot = 512
  /// Memory that a computation may use, in bytes.
  var availableMemory: Int { memoryLimit ?? SystemMemory.physical }
  /// Slots beyond which not even the assembled generator fits.
  var largestSlotCount: Int { max(1, availableMemory / Self.bytesPerSlot) }

  /// Route for a system of this size.
  ///
  /// Measured with `ness-bench routes` on clock rings (10 to 16 entries a row, one thread), processor milliseconds of LAPACK against
  /// UMFPACK: 0.48 : 1.5 at 243 unknowns, 6.4 : 8.2 at 675, 8.0 : 9.0 at 729, 19 : 13 at 1024, 183 : 75 at 2187. Sparser
  /// systems fill less, so their crossover comes earlier.
  package func route(order: Int, nonzeros: Int) -> Method {
    method == .automatic ? crossover(order: order, nonzeros: nonzeros) : method
  }

  /// The quicker factorization.
  func crossover(order: Int, nonzeros: Int) -> Method {
    order <= 300 || (order <= 900 && nonzeros > 10 * order) ? .dense : .direct
  }

  /// Memory of a solve without looking at the pattern: a dense matrix, or what the long-range jumps of clock rings need, whose
  /// factors fill to a quarter of it and whose workspace grows to as much again. Most other problems need less.
  package static func predictedBytes(order: Int, nonzeros: Int) -> Int {
    let n = Double(order)
    let factors = 8 * n * n
    return Int(min(factors + 48 * Double(nonzeros), 9e18))
  }

  /// Refuses a system whose factorization does not fit; the pattern is analyzed only where the general bound would refuse it.
  func checkMemory(
    of system: RealSparseMatrix, isDense: Bool = false, factorizations: Int = 1
  ) throws(SolverError) {
    var bytes = Self.predictedBytes(order: system.columns, nonzeros: system.nonzeros)
    if bytes <= availableMemory / factorizations { return }
    if !isDense {
      do { bytes = try SparseLUInfo.estimate(for: system).peakBytes + 3 * system.bytes } catch {
        throw .kernel(error)
      }
    }
    let (total, overflow) = bytes.multipliedReportingOverflow(by: factorizations)
    guard overflow || total > availableMemory else { return }
    throw .tooLarge(
      bytes: overflow ? .max : total, limit: availableMemory,
      advice:
        "the reduced problem has \(system.columns) unknowns; fewer sites or levels, or symmetries, would fit")
  }
}

extension RealSparseMatrix {
  var bytes: Int { (starts.count + indices.count + values.count) * 8 }
}

extension Duration {
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension GeneratorTerms {
  /// Whether some states decay so rarely, beside the mean, that a diagonal preconditioner misjudges them.
  var hasRareDecays: Bool {
    let decays = drift.diagonal.map { -$0.real }
    let mean = decays.reduce(0, +) / Double(dimension)
    return (decays.min() ?? 0) < OrbitSpace.smallestDecay * mean
  }
}
