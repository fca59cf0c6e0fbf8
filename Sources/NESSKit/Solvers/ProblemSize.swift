internal import Numerics

/// Sizes of a steady-state problem by which its route is chosen; known before anything large is built.
public struct ProblemSize: Sendable, Equatable {
  /// Dimension D of the Hilbert space.
  public var dimension: Int
  /// Real unknowns of a Hermitian matrix with all symmetries, the order of the assembled generator.
  public var unknowns: Int
  /// Nonzeros of the assembled generator.
  public var nonzeros: Int
  /// Order of the group of permutation symmetries, 1 without any.
  public var groupOrder: Int
  /// Orbits of basis states under the group.
  public var orbits: Int
  /// Orders of the irreducible blocks.
  public var blockOrders: [Int]
  /// Nonzeros per row of the drift K.
  public var driftRow: Int
  /// Whether jumps act on populations only, as classical rates.
  public var jumpsAreClassical: Bool
  /// Mean decay rate in units of the largest hopping amplitude of the drift: large where dissipation holds the dynamics up.
  public var damping: Double
  /// Half width of the band of the assembled generator, where it is known to be narrow.
  public var halfWidth: Int?

  /// Creates sizes.
  public init(
    dimension: Int, unknowns: Int, nonzeros: Int, groupOrder: Int, orbits: Int, blockOrders: [Int],
    driftRow: Int, jumpsAreClassical: Bool, damping: Double = 0, halfWidth: Int? = nil
  ) {
    self.dimension = dimension
    self.unknowns = unknowns
    self.nonzeros = nonzeros
    self.groupOrder = groupOrder
    self.orbits = orbits
    self.blockOrders = blockOrders
    self.driftRow = driftRow
    self.jumpsAreClassical = jumpsAreClassical
    self.damping = damping
    self.halfWidth = halfWidth
  }

  /// Sizes of a generator on its symmetry-adapted blocks.
  /// - Complexity: O(nonzeros)
  package init(of terms: GeneratorTerms, on blocks: SymmetryBlocks) {
    let plan = blocks.plan
    let dimension = terms.dimension
    driftRow = (terms.drift.nonzeros + dimension - 1) / dimension
    // A block of order n holds n^2 real numbers.
    unknowns = plan.reduce(0) { $0 + $1.order * $1.order }
    // Per element K from both sides, and the jumps into it.
    let jumps = terms.jumps.reduce(0.0) { sum, pair in
      let left = Double(pair.left.nonzeros) / Double(dimension)
      return sum + left * Double(pair.right?.nonzeros ?? pair.left.nonzeros) / Double(dimension)
    }
    nonzeros = Int(Double(unknowns) * (Double(2 * driftRow) + jumps))
    self.dimension = dimension
    groupOrder = blocks.groupOrder
    orbits = blocks.orbitCount
    blockOrders = plan.map(\.order)
    jumpsAreClassical = terms.jumps.isEmpty
    damping = terms.damping
  }

  /// Sizes of a generator with declared symmetries, which are verified.
  package static func counted(
    _ terms: GeneratorTerms, space: HilbertSpace, symmetries: [PermutationSymmetry]
  ) throws(SolverError) -> ProblemSize {
    var size = ProblemSize(
      of: terms, on: try SymmetryBlocks(terms: terms, space: space, symmetries: symmetries))
    if terms.dimension <= largestCounted {
      // The factorization leaves out what populations cannot reach, which blocks do not tell.
      let reduced = try ReducedSpace(terms: terms, space: space, symmetries: symmetries)
      size.unknowns = try Liouvillian(terms: terms, on: reduced).active.count
    }
    return size
  }

  /// Hilbert space up to which the unknowns of the factorization are counted one by one.
  static let largestCounted = 100

  /// Sizes without building anything, for a group of this order whose irreducible blocks come in pairs.
  package static func estimated(
    dimension: Int, groupOrder: Int, driftRow: Int, jumpsAreClassical: Bool
  ) -> ProblemSize {
    let (full, overflow) = dimension.multipliedReportingOverflow(by: dimension)
    let unknowns = (overflow ? Int.max : full) / groupOrder
    let copies = min(2, groupOrder)
    let nonzeros = unknowns.multipliedReportingOverflow(by: 2 * driftRow)
    return ProblemSize(
      dimension: dimension, unknowns: unknowns,
      nonzeros: nonzeros.overflow ? Int.max / 64 : nonzeros.partialValue, groupOrder: groupOrder,
      orbits: max(1, dimension / groupOrder),
      blockOrders: Array(
        repeating: max(1, dimension / groupOrder * copies), count: max(1, groupOrder / (copies * copies))),
      driftRow: driftRow, jumpsAreClassical: jumpsAreClassical)
  }
}

extension GeneratorTerms {
  /// Mean decay rate in units of the largest off-diagonal element of the drift; 0 without any.
  fileprivate var damping: Double {
    var decay = 0.0
    var hopping = 0.0
    drift.forEachEntry { row, column, value in
      if row == column { decay -= 2 * value.real } else { hopping = max(hopping, value.length) }
    }
    let ratio = decay / Double(dimension) / hopping
    return ratio.isFinite ? max(0, ratio) : 0
  }
}
