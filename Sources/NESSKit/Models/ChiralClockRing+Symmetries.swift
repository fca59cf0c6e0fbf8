internal import Numerics

extension ChiralClockRing {
  /// A symmetry of the ring of rotors: j'_target[k] = ±j_k + shift[target[k]] mod Ns.
  struct RingMotion {
    let name: String
    /// Which rotor each one is taken to.
    let target: [Int]
    /// Whether the clocks are reversed, j -> -j.
    let reversed: Bool
    /// By how much each rotor is shifted afterwards.
    let shifts: [Int]
  }

  /// Generators of all motions that the parameters allow, bond by bond: one translation and one reflection, and one motion with
  /// reversed clocks.
  ///
  /// A translation by p takes the bond k to k + p; a reflection k -> c - k takes it to c - k - 1 and reverses it, phi -> -phi;
  /// reversing the clocks changes the sign of all phases once more. Phases need to agree up to multiples of 2 pi/Ns only,
  /// which shifts of single rotors make up for, in the clock picture. Any two motions of a kind differ by others of the group, so one of
  /// each kind generates all.
  var motions: [RingMotion] {
    func first(reversed: Bool) -> (translation: RingMotion?, reflection: RingMotion?) {
      let translations = (reversed ? 0 : 1)..<rotors
      return (
        translations.lazy.compactMap { motion(isReflection: false, by: $0, reversed: reversed) }.first,
        (0..<rotors).lazy.compactMap { motion(isReflection: true, by: $0, reversed: reversed) }.first
      )
    }
    let forward = first(reversed: false)
    let backward = first(reversed: true)
    return [forward.translation, forward.reflection, backward.translation ?? backward.reflection]
      .compactMap { $0 }
  }

  /// The common shift of all clocks by one position; a symmetry in the clock picture.
  public func clockShift() -> PermutationSymmetry {
    symmetry(
      RingMotion(
        name: "clock shift", target: Array(0..<rotors), reversed: false,
        shifts: Array(repeating: 1, count: rotors)))
  }

  /// Permutation symmetries that the parameters promise: the common clock shift (clock picture only), and generators of the
  /// translations and reflections of the ring, without and with reversal of the clock direction. Solvers verify them.
  /// - Complexity: O(D)
  public func symmetries() -> [PermutationSymmetry] {
    (picture == .clock ? [clockShift()] : []) + motions.map { symmetry($0) }
  }

  /// Factor by which symmetries shrink the problem: the order of the permutation group, times Ns for the conserved sum of
  /// positions in the rotated picture.
  func symmetryFactor() throws(KernelError) -> Int {
    // The motions act faithfully on M rotors with two clock directions each, far fewer points than basis states.
    let actions = motions.map { motion in
      PermutationSymmetry(
        name: motion.name,
        images: (0..<(2 * rotors)).map {
          2 * motion.target[$0 / 2] + ($0 % 2 + (motion.reversed ? 1 : 0)) % 2
        })
    }
    return positions * (actions.isEmpty ? 1 : try PermutationGroup(actions).count)
  }

  private func symmetry(_ motion: RingMotion) -> PermutationSymmetry {
    let strides = space.strides
    // The image is a sum over rotors; the last rotor is the fastest digit.
    var images = [0]
    for k in 0..<rotors {
      let target = motion.target[k]
      let part = (0..<positions).map { position in
        ((motion.reversed ? positions - position : position) + motion.shifts[target]) % positions
          * strides[target]
      }
      images = images.flatMap { image in part.map { image + $0 } }
    }
    return PermutationSymmetry(name: motion.name, images: images)
  }

  /// The translation k -> k + c or the reflection k -> c - k with the shifts it needs; nil when there are none.
  private func motion(isReflection: Bool, by c: Int, reversed: Bool) -> RingMotion? {
    let target = (0..<rotors).map { (isReflection ? c + rotors - $0 : $0 + c) % rotors }
    guard
      (0..<rotors).allSatisfy({
        inverseTemperatures[$0] == inverseTemperatures[target[$0]] && couplings[$0] == couplings[target[$0]]
      })
    else { return nil }
    // Bond q needs its ends shifted against each other by steps[q].
    var steps = [Int](repeating: 0, count: rotors)
    for k in 0..<rotors {
      let image = isReflection ? (c + 2 * rotors - k - 1) % rotors : target[k]
      guard let step = relativeShift(from: k, to: image, changesSign: reversed != isReflection) else {
        return nil
      }
      steps[image] = step
    }
    // Shifts add up to nothing around the ring.
    guard steps.reduce(0, +) % positions == 0 else { return nil }
    var shifts = [0]
    for step in steps.dropLast() { shifts.append((shifts[shifts.count - 1] + positions - step) % positions) }
    let name = isReflection ? "reflection k -> \(c)-k" : "translation by \(c)"
    return RingMotion(
      name: name + (reversed ? " with reversed clocks" : "")
        + (steps.contains { $0 != 0 } ? " with clock shifts \(shifts)" : ""),
      target: target, reversed: reversed, shifts: shifts)
  }

  /// Steps n from 0 to Ns - 1 with cos(x ± phi_k) = cos(x + phi_image + 2 pi n/Ns) for all differences x of positions.
  private func relativeShift(from bond: Int, to image: Int, changesSign: Bool) -> Int? {
    let precision = 1e-14
    let steps: Int
    if positions == 2 {
      // x is 0 or pi, and only the cosine of the phase enters.
      let (from, to) = (Double.cos(phases[bond]), Double.cos(phases[image]))
      guard abs(abs(from) - abs(to)) < 2 * Double.pi * precision else { return nil }
      steps = abs(from - to) < 2 * Double.pi * precision ? 0 : 1
    } else {
      let turns = ((changesSign ? -phases[bond] : phases[bond]) - phases[image]) / (2 * Double.pi)
      let exact = turns * Double(positions)
      guard abs(exact - exact.rounded()) < precision * Double(positions) else { return nil }
      steps = Int(exact.rounded().remainder(dividingBy: Double(positions)))
    }
    // The field of the rotated picture distinguishes the positions of single rotors.
    guard picture == .clock || steps == 0 else { return nil }
    return (steps + positions) % positions
  }
}
