internal import Numerics

/// Operators of the probability current between two orthogonal projectors P -> Q, positive from P to Q.
///
/// For a complete set of projectors x_j that commute with what the baths measure, every state obeys the continuity equation
/// d<x_j>/dt = sum_j' <J_{j'->j}>, where J is the sum of the coherent and the dissipative current.
public enum Currents {
  /// Coherent (tunnelling) current i (P H Q - Q H P).
  ///
  /// Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eq. (10).
  public static func coherent(from p: Operator, to q: Operator, hamiltonian: Operator) -> Operator {
    let forward = p.matrix.multiplied(by: hamiltonian.matrix).multiplied(by: q.matrix)
    let backward = q.matrix.multiplied(by: hamiltonian.matrix).multiplied(by: p.matrix)
    return Operator(space: p.space, matrix: Complex(0, 1) * (forward - backward))
  }

  /// Dissipative (thermal) current 1/2 sum_L ({P, L^+ Q L} - {Q, L^+ P L}), L over the jump operators of the generator.
  ///
  /// Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eq. (11). The continuity equation holds when P and Q commute
  /// with all L^+ L.
  public static func dissipative(from p: Operator, to q: Operator, jumps terms: GeneratorTerms) -> Operator {
    func gain(_ x: Operator) -> SparseMatrix {
      var sum = terms.jumpAdjoint(onDiagonalOf: x.matrix)
      for pair in terms.jumps {
        let right = (pair.right ?? pair.left).adjoint
        sum = sum + right.multiplied(by: x.matrix.multiplied(by: pair.left))
      }
      return sum
    }
    func anticommutator(_ a: SparseMatrix, _ b: SparseMatrix) -> SparseMatrix {
      a.multiplied(by: b) + b.multiplied(by: a)
    }
    let into = anticommutator(p.matrix, gain(q))
    let out = anticommutator(q.matrix, gain(p))
    return Operator(space: p.space, matrix: Complex(0.5) * (into - out))
  }
}
