extension SpinChain {
  /// What a symmetry of the chain does.
  private struct Motion {
    let reflected: Bool
    let flipped: Bool
    var name: String { reflected ? (flipped ? "reflection with spin flip" : "reflection") : "spin flip" }
  }

  private var motions: [Motion] {
    [(true, true), (true, false), (false, true)].map { Motion(reflected: $0.0, flipped: $0.1) }.filter(holds)
  }

  /// Permutation symmetries that the parameters promise: reflection, spin flip, and both together. Solvers verify them.
  ///
  /// Reflection needs equal couplings, fields, dephasing and baths on both sides; the spin flip needs mu = 0 and no fields; both together
  /// need mu_R = -mu_L, gamma_R = gamma_L and fields that change sign under reflection. The conserved magnetization is diagonal in
  /// the basis and found without being declared.
  public func symmetries() -> [PermutationSymmetry] {
    motions.map { motion in
      PermutationSymmetry(name: motion.name, on: space) { levels in
        let moved = motion.reflected ? levels.reversed() : levels
        return motion.flipped ? moved.map { 1 - $0 } : moved
      }
    }
  }

  /// Order of the group that ``symmetries()`` generate; two of the three elements other than 1 imply the third.
  var symmetryFactor: Int { 1 + motions.count }

  private func holds(_ motion: Motion) -> Bool {
    func image<T: Equatable>(_ list: [T]) -> [T] { motion.reflected ? list.reversed() : list }
    func rates(_ end: End) -> [Double] { [end.raisingRate, end.loweringRate] }
    let imageOfLeft = rates(motion.reflected ? right : left)
    let imageOfRight = rates(motion.reflected ? left : right)
    return image(couplings) == couplings && image(anisotropies) == anisotropies
      && image(dephasing) == dephasing
      && image(fields) == (motion.flipped ? fields.map { -$0 } : fields)
      && (motion.flipped ? imageOfLeft.reversed() : imageOfLeft) == rates(left)
      && (motion.flipped ? imageOfRight.reversed() : imageOfRight) == rates(right)
  }
}
