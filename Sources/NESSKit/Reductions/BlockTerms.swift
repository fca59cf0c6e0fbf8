/// A generator on block-diagonal matrices: what symmetries leave of ``GeneratorTerms`` in a basis adapted to them.
///
/// The density matrix is a direct sum of Hermitian blocks rho_b, n_b x n_b, each standing for `multiplicity` equal copies, and
///
///     (L rho)_b = K_b rho_b + rho_b K_b^+ + sum_{j: target(j) = b} w_j A_j rho_{source(j)} B_j^+ + diag(S_b W p),
///     p = sum_c P_c diag(rho_c),     tr rho = sum_b multiplicity_b tr rho_b.
///
/// p holds the population of one basis state per orbit of basis states. A generator without symmetries is one block with multiplicity 1,
/// every state its own orbit, and P and S identities.
package struct BlockTerms: Sendable, Equatable {
  /// One irreducible block.
  package struct Block: Sendable, Equatable {
    /// Equal copies of this block in the full matrix.
    package var multiplicity: Int
    /// K_b, n_b x n_b.
    package var drift: SparseMatrix
    /// n_b.
    package var order: Int { drift.rows }

    package init(multiplicity: Int, drift: SparseMatrix) {
      self.multiplicity = multiplicity
      self.drift = drift
    }
  }

  /// One term w A rho_source B^+ of block `target`.
  package struct Jump: Sendable, Equatable {
    package var target: Int
    package var source: Int
    /// w > 0: how many equal terms this one stands for.
    package var weight: Double
    /// A, n_target x n_source.
    package var left: SparseMatrix
    /// B, of the same shape; nil when it equals A.
    package var right: SparseMatrix?

    package init(target: Int, source: Int, weight: Double, left: SparseMatrix, right: SparseMatrix? = nil) {
      self.target = target
      self.source = source
      self.weight = weight
      self.left = left
      self.right = right
    }
  }

  /// Classical jumps between populations.
  package struct Rates: Sendable, Equatable {
    /// W on orbits: r[o] = sum W[o, o'] p[o'] is what flows into one state of orbit o, W[o, o'] the sum over the states of o'.
    package var matrix: RealSparseMatrix
    /// P_b, orbits x n_b, one per block.
    package var populations: [RealSparseMatrix]
    /// S_b, n_b x orbits, one per block.
    package var sources: [RealSparseMatrix]

    package init(matrix: RealSparseMatrix, populations: [RealSparseMatrix], sources: [RealSparseMatrix]) {
      self.matrix = matrix
      self.populations = populations
      self.sources = sources
    }
  }

  package var blocks: [Block]
  package var jumps: [Jump]
  package var rates: Rates?

  package init(blocks: [Block], jumps: [Jump] = [], rates: Rates? = nil) {
    self.blocks = blocks
    self.jumps = jumps
    self.rates = rates
  }

  /// The generator itself as one block, without any reduction.
  package init(_ terms: GeneratorTerms) {
    blocks = [Block(multiplicity: 1, drift: terms.drift)]
    jumps = terms.jumps.map { Jump(target: 0, source: 0, weight: 1, left: $0.left, right: $0.right) }
    rates = terms.rates.map {
      let identity = RealSparseMatrix(
        rows: terms.dimension, columns: terms.dimension,
        entries: (0..<terms.dimension).map { (row: $0, column: $0, value: 1.0) })
      return Rates(matrix: $0, populations: [identity], sources: [identity])
    }
  }
}
