internal import Numerics

extension SpinChain {
  /// H, the sum of the energies of all bonds.
  public func hamiltonian() -> Operator {
    let space = space
    return (1..<(sites - 1)).reduce(bondEnergy(ofBond: 0)) {
      $0 + .local(bondMatrix($1), at: [$1, $1 + 1], in: space)
    }
  }

  /// sum_l h_l sz_l, the part of H whose energy the baths at the ends exchange as heat.
  public func fieldHamiltonian() -> Operator {
    Operator(diagonalIn: space) { levels in
      zip(fields, levels).reduce(0) { $0 + $1.0 * Double(2 * $1.1 - 1) }
    }
  }

  /// sz of one site.
  public func magnetization(ofSite site: Int) -> Operator { .local(.pauliZ, at: site, in: space) }

  /// sz_a sz_b of two different sites.
  public func alignment(ofSites a: Int, _ b: Int) -> Operator {
    .local(SparseMatrix.pauliZ.kroneckerProduct(with: .pauliZ), at: [a, b], in: space)
  }

  /// Energy of a bond: J_l (sx sx + sy sy + Delta_l sz sz) and half the field of each of its sites, all of it where the chain ends.
  /// The energies of all bonds add up to H.
  public func bondEnergy(ofBond bond: Int) -> Operator {
    .local(bondMatrix(bond), at: [bond, bond + 1], in: space)
  }

  /// Current of up spins J_l (sx_l sy_{l+1} - sy_l sx_{l+1}) through a bond, positive from site l to l + 1.
  ///
  /// With n = (1 + sz)/2: dn_l/dt = j_{l-1} - j_l for 0 < l < N - 1, and the baths' flows (``End/spinFlow(magnetization:)``)
  /// take the place of the missing currents at the ends. Dephasing does not move spins. The current of sz is twice this.
  public func spinCurrent(ofBond bond: Int) -> Operator {
    let xy = SparseMatrix.pauliX.kroneckerProduct(with: .pauliY)
    let yx = SparseMatrix.pauliY.kroneckerProduct(with: .pauliX)
    return .local(couplings[bond] * (xy - yx), at: [bond, bond + 1], in: space)
  }

  /// Energy current i [e_{l-1}, e_l] through an inner site, e_l the energy of bond l, positive from bond l - 1 to bond l.
  ///
  /// Without baths and dephasing de_l/dt is the current through site l minus that through l + 1. In a steady state without
  /// dephasing it is the same for all inner sites, and what the left bath gives.
  public func energyCurrent(ofSite site: Int) -> Operator {
    precondition(
      site > 0 && site < sites - 1, "an inner site must be in 1..<\(sites - 1), but is \(site)")
    let before = bondMatrix(site - 1).kroneckerProduct(with: .identity(2))
    let after = SparseMatrix.identity(2).kroneckerProduct(with: bondMatrix(site))
    let commutator = before.multiplied(by: after) - after.multiplied(by: before)
    return .local(Complex(0, 1) * commutator, at: [site - 1, site, site + 1], in: space)
  }

  private func bondMatrix(_ bond: Int) -> SparseMatrix {
    func pair(_ first: SparseMatrix, _ second: SparseMatrix) -> SparseMatrix {
      first.kroneckerProduct(with: second)
    }
    let hop = pair(.pauliX, .pauliX) + pair(.pauliY, .pauliY)
    let interaction = hop + anisotropies[bond] * pair(.pauliZ, .pauliZ)
    let first = (bond == 0 ? 1 : 0.5) * fields[bond]
    let second = (bond == sites - 2 ? 1 : 0.5) * fields[bond + 1]
    let field = first * pair(.pauliZ, .identity(2)) + second * pair(.identity(2), .pauliZ)
    return (couplings[bond] * interaction + field).dropping(below: 0)
  }
}
