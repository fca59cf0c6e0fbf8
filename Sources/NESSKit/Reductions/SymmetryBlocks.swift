internal import Numerics

/// The irreducible blocks of the density matrices that a generator and its symmetries leave invariant.
///
/// Two reductions at once, both exact. *Classes*: the finest sets of basis states between which no coherence arises from populations;
/// every charge that the jumps change by definite amounts is found this way. *Group*: permutations of basis states, with phases or
/// without, split a class into spaces on which an abelian subgroup H acts by a character, found by extending H from the
/// identity; what the rest of the group takes to each other are equal copies. One block rho_b stands for all copies,
///
///     rho = sum_b s_b sum_{g in G/H_b} g U_b rho_b U_b^+ g^+,
///
/// with U_b sparse: every basis state belongs to at most one column. s_b is 1 unless the group has a part that is not solvable.
public struct SymmetryBlocks: Sendable {
  /// Order of a block and number of equal copies that it stands for; the copies of all blocks fill the full space.
  public struct Shape: Sendable, Hashable {
    /// n_b.
    public let order: Int
    /// Equal copies in the full matrix.
    public let multiplicity: Int
  }

  /// Hilbert space of the full problem.
  public let space: HilbertSpace
  /// Symmetries that were verified and used.
  public let symmetries: [PermutationSymmetry]
  let generator: GeneratorTerms
  let handle: BlocksHandle
  /// Where every block starts in a list of all their elements, and the end.
  let offsets: [Int]

  /// Finds the blocks of a generator, without their matrices.
  ///
  /// - Parameters:
  ///   - terms: The generator.
  ///   - space: Its Hilbert space.
  ///   - symmetries: Declared symmetries; each is verified first.
  ///   - limit: Largest order of the group they generate.
  /// - Throws: `symmetryViolated` with the size of the violation; `kernel(.limitExceeded)`.
  /// - Complexity: O(nonzeros + |G| (D + |G|))
  public init(
    terms: GeneratorTerms, space: HilbertSpace, symmetries: [PermutationSymmetry] = [], limit: Int = 1024
  ) throws(SolverError) {
    try terms.verify(symmetries)
    self.space = space
    self.symmetries = symmetries
    generator = terms
    do {
      handle = try BlocksHandle(terms: terms, symmetries: symmetries, limit: limit)
    } catch { throw .kernel(error) }
    var offsets = [0]
    for order in handle.orders { offsets.append(offsets[offsets.count - 1] + order * order) }
    self.offsets = offsets
  }

  /// Shapes of all blocks.
  public var plan: [Shape] {
    zip(handle.orders, handle.multiplicities).map { Shape(order: $0, multiplicity: $1) }
  }

  /// Order of the group, not counting classes.
  public var groupOrder: Int { handle.groupOrder }
  /// Number of classes of basis states.
  public var classCount: Int { handle.classCount }
  /// Orbits of basis states under the group.
  public var orbitCount: Int { handle.orbitCount }
  /// Complex matrix elements of all blocks.
  public var elementCount: Int { offsets[offsets.count - 1] }

  /// The isometry U_b, D x n_b.
  package func isometry(ofBlock block: Int) throws(SolverError) -> SparseMatrix {
    do {
      var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
      for column in 0..<handle.orders[block] {
        let values = try handle.column(column, ofBlock: block)
        for (row, value) in values.enumerated() where value != .zero { entries.append((row, column, value)) }
      }
      return SparseMatrix(rows: space.dimension, columns: handle.orders[block], entries: entries)
    } catch { throw .kernel(error) }
  }
}
