internal import Numerics

/// How much a permutation of basis states, with phases or without, changes a generator.
public struct SymmetryDefect: Sendable, Equatable {
  /// Largest change of a matrix element of K or W, or of the jump terms; 0 for an exact symmetry.
  public let size: Double
  /// Whether the change is more than rounding, each process judged by its own size: a steady state does not care how weak the
  /// coupling to the baths is compared with the energies.
  public let isViolation: Bool
}

extension GeneratorTerms {
  /// How much a permutation of basis states, with phases or without, changes the generator.
  ///
  /// K and W are compared entry by entry: the Hamiltonian part of K relative to its largest energy difference, decay and rates relative
  /// to themselves. The jump pairs may be exchanged among each other, so their sum is compared: the
  /// multilinear form <x| L(|u><v|) |y> takes the same value at permuted vectors for all x, u, v, y only if the permutation is
  /// a symmetry, and random vectors miss a violation with probability zero (up to rounding).
  /// - Throws: `kernel(.notPermutation)` when the images are no permutation of the basis states or the phases not one number of modulus 1 per state.
  /// - Complexity: O(nonzeros)
  public func defect(of symmetry: PermutationSymmetry) throws(SolverError) -> SymmetryDefect {
    try defects(of: [symmetry])[0]
  }

  /// Throws for the first symmetry that does not hold.
  func verify(_ symmetries: [PermutationSymmetry]) throws(SolverError) {
    for (symmetry, defect) in zip(symmetries, try defects(of: symmetries)) where defect.isViolation {
      throw .symmetryViolated(name: symmetry.name, size: defect.size)
    }
  }

  private func defects(of symmetries: [PermutationSymmetry]) throws(SolverError) -> [SymmetryDefect] {
    if symmetries.isEmpty { return [] }
    // K = -i H - G/2: a common shift of all energies is no scale.
    let (hamiltonian, decay) = driftParts
    let energyScale = hamiltonian.energyScale
    let escape = decay.diagonal.map { abs($0.real) }
    let jumpScale = jumps.reduce(0.0) { scale, pair in
      let left = pair.left.values.reduce(0) { max($0, $1.length) }
      return max(scale, left * (pair.right?.values.reduce(0) { max($0, $1.length) } ?? left))
    }
    var defects: [SymmetryDefect] = []
    for symmetry in symmetries {
      guard isMonomial(symmetry) else { throw .kernel(.notPermutation) }
      let (images, phases) = (symmetry.images, symmetry.phases)
      var changes = [
        hamiltonian.change(moving: images, phases: phases, absolute: 1e-12 * energyScale),
        // G is positive: |G_ab|^2 <= G_aa G_bb bounds what was summed, also where terms cancel.
        decay.change(moving: images, phases: phases, relative: 1e-10, scales: escape),
      ]
      if let rates { changes.append(rates.change(moving: images, relative: 1e-10)) }
      if !jumps.isEmpty {
        do {
          let change = try jumpViolation(symmetry)
          changes.append((change, change > 1e-12 * jumpScale))
        } catch { throw .kernel(error) }
      }
      defects.append(
        SymmetryDefect(
          size: changes.reduce(0) { max($0, $1.largest) }, isViolation: changes.contains { $0.exceeds }))
    }
    return defects
  }

  /// Whether a symmetry is a permutation of the basis states with one phase per state.
  private func isMonomial(_ symmetry: PermutationSymmetry) -> Bool {
    guard symmetry.images.count == dimension else { return false }
    var seen = [Bool](repeating: false, count: dimension)
    for image in symmetry.images {
      guard image >= 0, image < dimension, !seen[image] else { return false }
      seen[image] = true
    }
    guard let phases = symmetry.phases else { return true }
    return phases.count == dimension && phases.allSatisfy { abs($0.length - 1) < 1e-8 }
  }

  private func jumpViolation(_ symmetry: PermutationSymmetry) throws(KernelError) -> Double {
    let jumpsOnly = GeneratorTerms(
      dimension: dimension, drift: .zero(rows: dimension, columns: dimension), jumps: jumps)
    var random = SplitMix(seed: 0x5EED)
    var worst = 0.0
    for _ in 0..<4 {
      let vectors = (0..<4).map { _ in random.unitVector(dimension) }
      let permuted = vectors.map { vector in
        var image = vector
        for (state, target) in symmetry.images.enumerated() {
          image[target] = symmetry.phases.map { $0[state] * vector[state] } ?? vector[state]
        }
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
