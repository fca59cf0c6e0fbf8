internal import Numerics

/// Search for the product basis with the largest total correlation, from many starts.
///
/// Starts with shared bases have few angles and find symmetric optima more often; starts with independent
/// ones find what those cannot describe, and one of them continues from the best shared optimum.
struct DiscordSearch {
  let problem: LocalBasisProblem
  let options: GlobalDiscord.Search
  /// Eigenvectors of the reduced state of every site.
  let localBases: [Complex<Double>]

  struct Outcome {
    let best: LocalBasisProblem.Maximum
    let starts: Int
    let hits: Int
    let evaluations: Int
  }

  func run() throws(KernelError) -> Outcome {
    let independent = Array(problem.levels.indices)
    let shared = sharedGroups()
    var random = RandomBases(seed: options.seed)
    var found: [LocalBasisProblem.Maximum] = []
    var best = 0
    func climb(from bases: [Complex<Double>], _ groups: [Int]) throws(KernelError) {
      let maximum = try problem.maximum(from: bases, groups: groups, tolerance: Self.gradientTolerance)
      found.append(maximum)
      if maximum.value > found[best].value { best = found.count - 1 }
    }
    func hits() -> Int {
      found.count { found[best].value - $0.value <= GlobalDiscord.hitTolerance }
    }
    for round in 0...options.extensions {
      for groups in shared == independent ? [independent] : [shared, independent] {
        var starts = round > 0 ? [] : structuredStarts(groups, &random)
        if !found.isEmpty, groups == independent {
          starts.append(random.near(found[best].bases, problem.levels))
        }
        while starts.count < options.starts { starts.append(random.bases(problem.levels, groups)) }
        for start in starts.prefix(options.starts) { try climb(from: start, groups) }
      }
      if hits() > 1 { break }
    }
    return Outcome(
      best: found[best], starts: found.count, hits: hits(),
      evaluations: found.reduce(0) { $0 + $1.evaluations })
  }

  /// Where the ascents aim: two digits below what is accepted.
  private static let gradientTolerance = 1e-7

  /// Group of every site, numbered in the order of appearance.
  private func sharedGroups() -> [Int] {
    var groups = [Int?](repeating: nil, count: problem.levels.count)
    for (number, sites) in options.equalSites.enumerated() {
      for site in sites {
        precondition(
          groups.indices.contains(site) && groups[site] == nil,
          "each site must be in at most one group and in 0..<\(groups.count), but \(site) is not")
        precondition(
          problem.levels[site] == problem.levels[sites[0]],
          "sites \(sites[0]) and \(site) share a basis, but have \(problem.levels[sites[0]]) and \(problem.levels[site]) levels"
        )
        groups[site] = number
      }
    }
    var numbers: [Int: Int] = [:]
    return groups.enumerated().map { site, group in
      let key = group ?? -1 - site
      let number = numbers[key] ?? numbers.count
      numbers[key] = number
      return number
    }
  }

  /// The basis of the space, its Fourier transform and the local eigenbases, each moved a little: symmetric points are stationary.
  private func structuredStarts(_ groups: [Int], _ random: inout RandomBases) -> [[Complex<Double>]] {
    let unit = problem.levels.flatMap { SparseMatrix.identity($0).dense }
    let fourier = problem.levels.flatMap { n in
      (0..<(n * n)).map { index -> Complex<Double> in
        let turns = Double(index % n * (index / n) % n) / Double(n)
        return Complex(length: 1 / Double(n).squareRoot(), phase: 2 * .pi * turns)
      }
    }
    return [unit, fourier, localBases].map { bases in
      var firsts: [Int: [Complex<Double>]] = [:]
      var result: [Complex<Double>] = []
      var offset = 0
      for (site, n) in problem.levels.enumerated() {
        let own = firsts[groups[site]] ?? random.near(Array(bases[offset..<(offset + n * n)]), [n])
        firsts[groups[site]] = own
        result += own
        offset += n * n
      }
      return result
    }
  }
}

/// Reproducible random unitary matrices.
struct RandomBases {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// Uniformly distributed (Haar) bases, the same for all sites of a group.
  mutating func bases(_ levels: [Int], _ groups: [Int]) -> [Complex<Double>] {
    var firsts: [Int: [Complex<Double>]] = [:]
    var result: [Complex<Double>] = []
    for (n, group) in zip(levels, groups) {
      let own = firsts[group] ?? orthonormal((0..<(n * n)).map { _ in normal() }, n)
      firsts[group] = own
      result += own
    }
    return result
  }

  /// Bases a few hundredths away from the given ones.
  mutating func near(_ bases: [Complex<Double>], _ levels: [Int]) -> [Complex<Double>] {
    var result: [Complex<Double>] = []
    var offset = 0
    for n in levels {
      let moved = bases[offset..<(offset + n * n)].map { $0 + normal().multiplied(by: 0.03) }
      result += orthonormal(moved, n)
      offset += n * n
    }
    return result
  }

  /// Normally distributed complex number (Box and Muller).
  private mutating func normal() -> Complex<Double> {
    Complex(length: (-2 * Double.log(1 - uniform())).squareRoot(), phase: 2 * .pi * uniform())
  }

  /// Uniform in [0, 1), from SplitMix64 (Steele, Lea & Flood 2014).
  private mutating func uniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }

  /// Gram and Schmidt on the columns, twice for full accuracy.
  private func orthonormal(_ matrix: [Complex<Double>], _ n: Int) -> [Complex<Double>] {
    var q = matrix
    for column in 0..<n {
      for _ in 0..<2 {
        for earlier in 0..<column {
          let overlap = (0..<n).reduce(Complex<Double>.zero) {
            $0 + q[$1 + n * earlier].conjugate * q[$1 + n * column]
          }
          for row in 0..<n { q[row + n * column] -= overlap * q[row + n * earlier] }
        }
        let norm = (0..<n).reduce(0.0) { $0 + q[$1 + n * column].lengthSquared }.squareRoot()
        for row in 0..<n { q[row + n * column] = q[row + n * column].divided(by: norm) }
      }
    }
    return q
  }
}
