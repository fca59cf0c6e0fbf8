internal import Numerics

// Elementary matrices of one site, for `Operator.local(_:at:in:)`. Rows and columns are levels in the order of `Site`.

extension SparseMatrix {
  // MARK: Any site

  /// |final><initial| between levels of a site with `count` levels: row `final`, column `initial`.
  public static func transition(from initial: Int, to final: Int, levels count: Int) -> SparseMatrix {
    SparseMatrix(rows: count, columns: count, entries: [(final, initial, .one)])
  }

  /// |level><level| on a site with `count` levels.
  public static func projector(on level: Int, levels count: Int) -> SparseMatrix {
    transition(from: level, to: level, levels: count)
  }

  // MARK: Clock

  /// mu = diag(1, nu, nu^2, …), nu = exp(2 pi i / positions).
  public static func clockPhase(positions: Int) -> SparseMatrix {
    .diagonal((0..<positions).map { rootOfUnity($0, order: positions) })
  }

  /// sigma: |j> becomes |j - 1>, |0> becomes |positions - 1>. mu sigma = nu^-1 sigma mu; the adjoint moves forward.
  public static func clockShift(positions: Int) -> SparseMatrix {
    SparseMatrix(
      rows: positions, columns: positions,
      entries: (0..<positions).map { (($0 + positions - 1) % positions, $0, .one) })
  }

  /// exp(2 pi i power / order). Reduced to the first octant by integer arithmetic, so that roots on the axes are
  /// exact, nu^-j is exactly the conjugate of nu^j, and no rounding dust breaks a symmetry.
  private static func rootOfUnity(_ power: Int, order: Int) -> Complex<Double> {
    let quadrant = 4 * power / order
    let rest = 4 * power % order
    let angle = Double.pi / 2 * Double(min(rest, order - rest)) / Double(order)
    let (near, far) = 2 * rest == order ? (0.5.squareRoot(), 0.5.squareRoot()) : (.cos(angle), .sin(angle))
    let (cosine, sine) = 2 * rest > order ? (far, near) : (near, far)
    switch quadrant {
    case 0: return Complex(cosine, sine)
    case 1: return Complex(-sine, cosine)
    case 2: return Complex(-cosine, -sine)
    default: return Complex(sine, -cosine)
    }
  }

  // MARK: Spin S = doubled / 2, level a has m = a - S

  /// S_z = diag(-S, …, S).
  public static func spinZ(doubled: Int) -> SparseMatrix {
    .diagonal((0...doubled).map { Complex(Double(2 * $0 - doubled) / 2) })
  }

  /// S_+: m becomes m + 1 with amplitude sqrt(S(S + 1) - m(m + 1)) = sqrt((a + 1)(2S - a)) for level a.
  public static func spinRaising(doubled: Int) -> SparseMatrix {
    SparseMatrix(
      rows: doubled + 1, columns: doubled + 1,
      entries: (0..<max(doubled, 0)).map {
        ($0 + 1, $0, Complex(Double(($0 + 1) * (doubled - $0)).squareRoot()))
      })
  }

  /// S_-, the adjoint of S_+.
  public static func spinLowering(doubled: Int) -> SparseMatrix {
    SparseMatrix(
      rows: doubled + 1, columns: doubled + 1,
      entries: (0..<max(doubled, 0)).map {
        ($0, $0 + 1, Complex(Double(($0 + 1) * (doubled - $0)).squareRoot()))
      })
  }

  /// S_x = (S_+ + S_-) / 2.
  public static func spinX(doubled: Int) -> SparseMatrix {
    (spinRaising(doubled: doubled) + spinLowering(doubled: doubled)) / 2
  }

  /// S_y = (S_+ - S_-) / 2i.
  public static func spinY(doubled: Int) -> SparseMatrix {
    Complex(0, -0.5) * (spinRaising(doubled: doubled) - spinLowering(doubled: doubled))
  }

  // MARK: Qubit, level 0 is down (ground), level 1 is up (excited)

  /// sigma^x = 2 S_x.
  public static let pauliX = 2 * spinX(doubled: 1)
  /// sigma^y = 2 S_y, with i in row 0, column 1 because level 0 is down.
  public static let pauliY = 2 * spinY(doubled: 1)
  /// sigma^z = diag(-1, 1).
  public static let pauliZ = 2 * spinZ(doubled: 1)
  /// sigma^+ = |1><0|.
  public static let pauliRaising = spinRaising(doubled: 1)
  /// sigma^- = |0><1|.
  public static let pauliLowering = spinLowering(doubled: 1)

  // MARK: Boson with occupation 0...cutoff

  /// a: |n> becomes sqrt(n) |n - 1>.
  public static func bosonAnnihilation(cutoff: Int) -> SparseMatrix {
    SparseMatrix(
      rows: cutoff + 1, columns: cutoff + 1,
      entries: (0..<max(cutoff, 0)).map { ($0, $0 + 1, Complex(Double($0 + 1).squareRoot())) })
  }

  /// a^+: |n> becomes sqrt(n + 1) |n + 1>, and |cutoff> becomes 0. Hence [a, a^+] = 1 except for -cutoff in the last place.
  public static func bosonCreation(cutoff: Int) -> SparseMatrix {
    SparseMatrix(
      rows: cutoff + 1, columns: cutoff + 1,
      entries: (0..<max(cutoff, 0)).map { ($0 + 1, $0, Complex(Double($0 + 1).squareRoot())) })
  }

  /// n = diag(0, 1, …, cutoff).
  public static func bosonNumber(cutoff: Int) -> SparseMatrix {
    .diagonal((0...cutoff).map { Complex(Double($0)) })
  }

  // MARK: Planar rotor with angular momenta in `levels` and hard walls

  /// L_z = diag(lowest, …, highest).
  public static func rotorMomentum(levels: ClosedRange<Int>) -> SparseMatrix {
    .diagonal(levels.map { Complex(Double($0)) })
  }

  /// exp(i phi): |l> becomes |l + 1>, and the highest level becomes 0.
  public static func rotorRaising(levels: ClosedRange<Int>) -> SparseMatrix {
    SparseMatrix(
      rows: levels.count, columns: levels.count,
      entries: (1..<max(levels.count, 1)).map { ($0, $0 - 1, .one) })
  }

  /// exp(-i phi): |l> becomes |l - 1>, and the lowest level becomes 0.
  public static func rotorLowering(levels: ClosedRange<Int>) -> SparseMatrix {
    SparseMatrix(
      rows: levels.count, columns: levels.count,
      entries: (1..<max(levels.count, 1)).map { ($0 - 1, $0, .one) })
  }

  /// cos phi = (exp(i phi) + exp(-i phi)) / 2 of the truncated matrices; cos^2 + sin^2 is not 1 at the walls.
  public static func rotorCosine(levels: ClosedRange<Int>) -> SparseMatrix {
    (rotorRaising(levels: levels) + rotorLowering(levels: levels)) / 2
  }

  /// sin phi = (exp(i phi) - exp(-i phi)) / 2i of the truncated matrices.
  public static func rotorSine(levels: ClosedRange<Int>) -> SparseMatrix {
    Complex(0, -0.5) * (rotorRaising(levels: levels) - rotorLowering(levels: levels))
  }
}
