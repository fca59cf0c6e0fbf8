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
    let images = symmetry.images
    guard images.count == dimension, Set(images) == Set(0..<dimension) else { throw .kernel(.notPermutation) }
    let phases = symmetry.phases
    if let phases {
      guard phases.count == dimension, phases.allSatisfy({ abs($0.length - 1) < 1e-8 }) else {
        throw .kernel(.notPermutation)
      }
    }
    /// Element of P M P^+ at the images of row and column.
    func moved(_ value: Complex<Double>, _ row: Int, _ column: Int) -> Complex<Double> {
      guard let phases else { return value }
      return phases[row] * value * phases[column].conjugate
    }
    var worst = 0.0
    var isViolation = false
    func note(_ change: Double, allowed: Double) {
      worst = max(worst, change)
      if change > allowed { isViolation = true }
    }
    // K = -i H - G/2: a common shift of all energies is no scale.
    let (hamiltonian, decay) = driftParts
    let energyScale = hamiltonian.energyScale
    hamiltonian.forEachEntry { row, column, value in
      note(
        (moved(value, row, column) - hamiltonian[images[row], images[column]]).length,
        allowed: 1e-12 * energyScale)
    }
    let escape = decay.diagonal.map(\.real)
    decay.forEachEntry { row, column, value in
      // G is positive: |G_ab|^2 <= G_aa G_bb bounds what was summed, also where terms cancel.
      let scale = (abs(escape[row]) * abs(escape[column])).squareRoot()
      note(
        (moved(value, row, column) - decay[images[row], images[column]]).length,
        allowed: 1e-10 * max(scale, value.length))
    }
    if let rates {
      rates.forEachEntry { row, column, value in
        note(abs(value - rates[images[row], images[column]]), allowed: 1e-10 * value)
      }
    }
    if !jumps.isEmpty {
      let scale = jumps.reduce(0.0) { scale, pair in
        let left = pair.left.values.reduce(0) { max($0, $1.length) }
        return max(scale, left * (pair.right?.values.reduce(0) { max($0, $1.length) } ?? left))
      }
      do { note(try jumpViolation(symmetry), allowed: 1e-12 * scale) } catch { throw .kernel(error) }
    }
    return SymmetryDefect(size: worst, isViolation: isViolation)
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
