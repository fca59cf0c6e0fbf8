internal import Numerics

extension GeneratorTerms {
  /// How much a permutation changes the generator: 0 for an exact symmetry.
  ///
  /// K and W are compared entry by entry. The jump pairs may be exchanged among each other, so their sum is compared: the
  /// multilinear form <x| L(|u><v|) |y> takes the same value at permuted vectors for all x, u, v, y only if the permutation is
  /// a symmetry, and random vectors miss a violation with probability zero (up to rounding).
  /// - Complexity: O(nonzeros)
  public func violation(of symmetry: PermutationSymmetry) throws(SolverError) -> Double {
    let images = symmetry.images
    guard images.count == dimension, Set(images) == Set(0..<dimension) else { throw .kernel(.notPermutation) }
    let (drift, map) = (self.drift, images)
    var worst = 0.0
    for column in 0..<dimension {
      for entry in drift.starts[column]..<drift.starts[column + 1] {
        let image = drift[map[drift.indices[entry]], map[column]]
        worst = max(worst, (drift.values[entry] - image).length)
      }
    }
    if let rates {
      for column in 0..<dimension {
        for entry in rates.starts[column]..<rates.starts[column + 1] {
          let image = rates[map[rates.indices[entry]], map[column]]
          worst = max(worst, abs(rates.values[entry] - image))
        }
      }
    }
    if !jumps.isEmpty {
      do { worst = max(worst, try jumpViolation(images)) } catch { throw .kernel(error) }
    }
    return worst
  }

  private func jumpViolation(_ images: [Int]) throws(KernelError) -> Double {
    let jumpsOnly = GeneratorTerms(
      dimension: dimension, drift: .zero(rows: dimension, columns: dimension), jumps: jumps)
    var random = SplitMix(seed: 0x5EED)
    var worst = 0.0
    for _ in 0..<4 {
      let vectors = (0..<4).map { _ in random.unitVector(dimension) }
      let permuted = vectors.map { vector in
        var image = vector
        for (state, target) in images.enumerated() { image[target] = vector[state] }
        return image
      }
      let before = try jumpsOnly.form(vectors[0], vectors[1], vectors[2], vectors[3])
      let after = try jumpsOnly.form(permuted[0], permuted[1], permuted[2], permuted[3])
      // Four unit vectors of D random components: the form averages D^2 matrix elements of L.
      worst = max(worst, (before - after).length * Double(dimension))
    }
    return worst
  }
}

/// Deterministic random numbers for probabilistic checks (Steele, Lea & Flood, OOPSLA 2014).
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in (-1, 1).
  mutating func symmetric() -> Double { Double(Int64(bitPattern: next()) >> 11) * 0x1p-52 }

  /// Complex vector of Euclidean norm 1.
  mutating func unitVector(_ count: Int) -> [Complex<Double>] {
    let vector = (0..<count).map { _ in Complex(symmetric(), symmetric()) }
    let norm = vector.reduce(0) { $0 + $1.lengthSquared }.squareRoot()
    return vector.map { $0 / Complex(norm) }
  }
}
