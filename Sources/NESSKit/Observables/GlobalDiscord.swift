public import Numerics

/// Global quantum discord of all sites of a state, and how well it is known.
///
/// G = T(rho) - max_R T(p), with T(rho) = sum_k S(rho_k) - S(rho) the total correlation, p the outcome probabilities of a
/// measurement of every site in the basis R_k, and T(p) = sum_k H(p_k) - H(p) (Rulli & Sarandy, Phys. Rev. A 84, 042109 (2011);
/// Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eq. (16)). Entropies are in nats. The maximum is
/// searched from many starts: a better one that all of them miss would lower G.
public struct GlobalDiscord: Sendable, Equatable {
  /// How the best measurement is looked for.
  public struct Search: Sendable, Equatable {
    /// Groups of sites with the same number of levels that share their basis in one half of the starts; sites in no group
    /// have their own. Empty: all starts have independent bases.
    public var equalSites: [[Int]]
    /// Starts with independent bases, and as many with those of `equalSites`; at least 20 are sound.
    public var starts: Int
    /// Rounds of as many starts again, while a single start has reached the best value.
    public var extensions: Int
    /// Seed of the random starts; the same seed gives the same result.
    public var seed: UInt64

    /// Creates options.
    public init(equalSites: [[Int]] = [], starts: Int = 20, extensions: Int = 4, seed: UInt64 = 1) {
      precondition(starts >= 1, "the number of starts must be at least 1, but is \(starts)")
      precondition(extensions >= 0, "the number of extensions must be at least 0, but is \(extensions)")
      self.equalSites = equalSites
      self.starts = starts
      self.extensions = extensions
      self.seed = seed
    }
  }

  /// G in nats, at least 0.
  public let value: Double
  /// T(rho), in nats.
  public let totalCorrelations: Double
  /// Largest T(p) that was found, in nats.
  public let classicalCorrelations: Double
  /// Starts of the optimizer.
  public let starts: Int
  /// Starts that reached the value to `hitTolerance`; a single one after all extensions calls for doubt.
  public let hits: Int
  /// Norm of the gradient of T(p) with respect to the angles of the bases at the optimum; at most `largestGradient`.
  public let gradientNorm: Double
  /// Evaluations of T(p) and its gradient.
  public let evaluations: Int
  /// Best basis of every site, the measured vectors as columns.
  public let bases: [[Complex<Double>]]

  /// Values of T(p) that differ by less count as the same optimum: hundred times what a gradient at its limit leaves open.
  public static let hitTolerance = 1e-8
  /// Gradients above are no optimum. The value errs by their square over the curvature, unless measured probabilities vanish: there
  /// T(p) is x^2 ln x, and the ascent ends at x of about 1e-7 with an error of 1e-12.
  public static let largestGradient = 1e-5
}

extension GlobalDiscord {
  /// Computes the discord of a state on two or more sites.
  ///
  /// - Throws: ``ObservableError`` when an eigenvalue of the state is negative beyond rounding, or no start converges.
  /// - Complexity: one evaluation takes O(D × levels × sites) operations for a pure state, O(D^2 × levels) for others; several hundred to
  ///   thousands are needed.
  public init(of state: some QuantumState, search: Search = Search()) throws(ObservableError) {
    let space = state.space
    let levels = space.sites.map(\.dimension)
    var total = 0.0
    var localBases: [Complex<Double>] = []
    for site in levels.indices {
      let local = state.reduced(to: [site])
      let system = try withObservableErrors { () throws(KernelError) in try local.eigensystem() }
      total += shannonEntropy(of: try clipped(system.values))
      localBases += system.vectors
    }
    let (problem, entropy) = try Self.problem(of: state)
    total -= entropy
    let found = try withObservableErrors { () throws(KernelError) in
      try DiscordSearch(problem: problem, options: search, localBases: localBases).run()
    }
    guard found.best.gradientNorm <= Self.largestGradient else {
      throw .noOptimum(gradientNorm: found.best.gradientNorm, allowed: Self.largestGradient)
    }
    totalCorrelations = total
    classicalCorrelations = found.best.value
    // Measurements never add correlations; below zero is rounding.
    value = max(0, total - found.best.value)
    starts = found.starts
    hits = found.hits
    gradientNorm = found.best.gradientNorm
    evaluations = found.evaluations
    var first = 0
    bases = levels.map { n in
      defer { first += n * n }
      return Array(found.best.bases[first..<(first + n * n)])
    }
  }

  /// T(rho) - T(p) for measurements in the given bases, and its gradient with respect to angles that move them, R_k exp(i theta.Lambda).
  ///
  /// `angles` holds levels^2 - 1 numbers for each site, in the order of the generalized Gell-Mann matrices (lambda_1 to
  /// lambda_8 for three levels); nil bases are those of the space.
  package static func objective(
    of state: some QuantumState, angles: [[Double]], from bases: [[Complex<Double>]]? = nil
  ) throws(ObservableError) -> (value: Double, gradient: [Double]) {
    let sites = state.space.sites.indices
    var total = 0.0
    for site in sites { total += try state.reduced(to: [site]).vonNeumannEntropy() }
    let (problem, entropy) = try problem(of: state)
    let start =
      bases.map { $0.flatMap { $0 } }
      ?? state.space.sites.flatMap { SparseMatrix.identity($0.dimension).dense }
    let (value, gradient) = try withObservableErrors { () throws(KernelError) in
      try problem.correlation(
        bases: start, groups: Array(sites), angles: angles.flatMap { $0 }, diagonal: true)
    }
    return (total - entropy - value, gradient.map { -$0 })
  }

  /// The optimization problem on the full product space, and the entropy of the state.
  private static func problem(
    of state: some QuantumState
  ) throws(ObservableError) -> (LocalBasisProblem, entropy: Double) {
    let space = state.space
    let levels = space.sites.map(\.dimension)
    let dimension = space.productDimension
    if let pure = state as? StateVector {
      let problem = try withObservableErrors { () throws(KernelError) in
        try LocalBasisProblem(levels: levels, columns: embedded(pure.amplitudes, of: space))
      }
      return (problem, 0)
    }
    let density = state.density()
    let order = space.dimension
    let values = try withObservableErrors { () throws(KernelError) in try density.eigenvalues() }
    let entropy = shannonEntropy(of: try clipped(values))
    // Weights below change T(p) by less than 1e-12.
    let kept = values.indices.filter { values[$0] > 1e-14 }
    // Operations of one evaluation: 16 for each column, level and state, or 9 for each level and pair of states.
    let widest = levels.max() ?? 1
    let problem = try withObservableErrors { () throws(KernelError) in
      guard 16 * kept.count * levels.reduce(0, +) < 9 * widest * dimension else {
        return try LocalBasisProblem(levels: levels, matrix: embedded(density))
      }
      let system = try density.eigensystem()
      let columns = kept.flatMap { k in
        let weight = system.values[k].squareRoot()
        let column = system.vectors[(k * order)..<((k + 1) * order)].map { $0.multiplied(by: weight) }
        return embedded(column, of: space)
      }
      return try LocalBasisProblem(levels: levels, columns: columns)
    }
    return (problem, entropy)
  }

  private static func embedded(_ vector: [Complex<Double>], of space: HilbertSpace) -> [Complex<Double>] {
    guard space.selection != nil else { return vector }
    var full = [Complex<Double>](repeating: .zero, count: space.productDimension)
    for (index, element) in vector.enumerated() { full[space.productIndex(of: index)] = element }
    return full
  }

  private static func embedded(_ state: DensityMatrix) -> [Complex<Double>] {
    let space = state.space
    guard space.selection != nil else { return state.elements }
    let (order, full) = (space.dimension, space.productDimension)
    var elements = [Complex<Double>](repeating: .zero, count: full * full)
    for column in 0..<order {
      for row in 0..<order {
        elements[space.productIndex(of: row) + space.productIndex(of: column) * full] =
          state.elements[row + column * order]
      }
    }
    return elements
  }
}
