internal import Numerics

extension ChiralClockRing {
  /// A symmetry of the ring of rotors: which rotor each one is taken to, and whether the clocks are reversed, j -> -j.
  struct RingMotion {
    let name: String
    let target: [Int]
    let reversed: Bool
  }

  /// Generators of the motions that the parameters allow: one translation and one reflection each, without and with reversed
  /// clocks.
  ///
  /// A translation by p takes the bond k to k + p; a reflection k -> c - k takes it to c - k - 1 and reverses it, phi -> -phi;
  /// reversing the clocks changes the sign of all phases once more.
  var motions: [RingMotion] {
    var found: [RingMotion] = []
    for reversed in [false, true] {
      let suffix = reversed ? " with reversed clocks" : ""
      if let p = (1..<rotors).first(where: { translationHolds(by: $0, reversed: reversed) }) {
        found.append(
          RingMotion(
            name: "translation by \(p)\(suffix)", target: (0..<rotors).map { ($0 + p) % rotors },
            reversed: reversed))
      }
      if let c = (0..<rotors).first(where: { reflectionHolds(about: $0, reversed: reversed) }) {
        found.append(
          RingMotion(
            name: "reflection k -> \(c)-k\(suffix)", target: (0..<rotors).map { (c + rotors - $0) % rotors },
            reversed: reversed))
      }
    }
    return found
  }

  /// The common shift of all clocks by one position; a symmetry in the clock picture.
  public func clockShift() -> PermutationSymmetry {
    PermutationSymmetry(name: "clock shift", on: space) { digits in digits.map { ($0 + 1) % positions } }
  }

  /// Permutation symmetries that the parameters promise: the common clock shift (clock picture only), and generators of the
  /// translations and reflections of the ring, without and with reversal of the clock direction. Solvers verify them.
  public func symmetries() -> [PermutationSymmetry] {
    let space = space
    let spatial = motions.map { motion in
      PermutationSymmetry(name: motion.name, on: space) { digits in
        var moved = digits
        for k in 0..<rotors {
          moved[motion.target[k]] = motion.reversed ? (positions - digits[k]) % positions : digits[k]
        }
        return moved
      }
    }
    return (picture == .clock ? [clockShift()] : []) + spatial
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

  private func translationHolds(by p: Int, reversed: Bool) -> Bool {
    (0..<rotors).allSatisfy { k in
      let image = (k + p) % rotors
      return sameRotor(k, image) && samePhase(phases[k], reversed ? -phases[image] : phases[image])
    }
  }

  private func reflectionHolds(about c: Int, reversed: Bool) -> Bool {
    (0..<rotors).allSatisfy { k in
      let rotor = (c + rotors - k) % rotors
      let bond = (c + 2 * rotors - k - 1) % rotors
      return sameRotor(k, rotor) && samePhase(phases[k], reversed ? phases[bond] : -phases[bond])
    }
  }

  private func sameRotor(_ a: Int, _ b: Int) -> Bool {
    inverseTemperatures[a] == inverseTemperatures[b] && couplings[a] == couplings[b]
  }

  private func samePhase(_ a: Double, _ b: Double) -> Bool {
    let turns = (a - b) / (2 * Double.pi)
    return abs(turns - turns.rounded()) < 1e-14
  }
}
