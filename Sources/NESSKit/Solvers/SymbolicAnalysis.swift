internal import Numerics
internal import Synchronization

/// What follows from where the elements of a generator stand and not from how large they are: which elements of the state they connect, and
/// the order in which these form a band.
///
/// It holds for every generator with the same pattern, such as the points of a sweep. Whatever depends on sizes (conservation, uniqueness,
/// error bounds, a declared symmetry) is decided anew for each of them.
struct SymbolicAnalysis: Sendable {
  /// The generator that was analyzed.
  let terms: GeneratorTerms
  /// Whether its steady state is known to be the only one.
  let known: Uniqueness
  /// Its symmetries as declared.
  let symmetries: [PermutationSymmetry]
  /// ``GeneratorTerms/coherentElements()``
  let coherentElements: Double
  let reduced: ReducedSpace
  /// The assembled generator and the order of its unknowns.
  let liouvillian: Liouvillian
  let order: BandOrder

  /// Whether another generator has the same elements.
  func holds(for terms: GeneratorTerms, _ symmetries: [PermutationSymmetry]) -> Bool {
    self.terms.hasPattern(of: terms) && self.symmetries == symmetries
  }

  /// Bytes that it keeps.
  var bytes: Int {
    let tables = 41 * reduced.slotCount
    return reduced.sector.bytes + tables + liouvillian.matrix.bytes + 8 * order.unknowns.count
  }
}

/// The symbolic analysis of the last generator, for the next one of the same pattern: points of a sweep that share it skip a fifth of the
/// work. Results do not depend on it.
public final class SymbolicCache: Sendable {
  private let last = Mutex<SymbolicAnalysis?>(nil)
  private let reuses = Atomic(0)

  /// Creates an empty cache.
  public init() {}

  /// Generators for which the analysis of another one held.
  public var reuseCount: Int { reuses.load(ordering: .relaxed) }

  /// The analysis kept, if it holds for this generator and has no more slots than the limit.
  func analysis(
    of terms: GeneratorTerms, on space: HilbertSpace, _ symmetries: [PermutationSymmetry], limit: Int
  ) -> SymbolicAnalysis? {
    guard let kept = last.withLock({ $0 }), kept.reduced.space == space, kept.reduced.slotCount <= limit,
      kept.holds(for: terms, symmetries)
    else { return nil }
    reuses.wrappingAdd(1, ordering: .relaxed)
    return kept
  }

  /// What is known about the steady state of a generator that differs from the one kept in the rates of its jump operators only: a proof of
  /// uniqueness does not depend on them.
  func proof(for terms: GeneratorTerms) -> Uniqueness? {
    guard let kept = last.withLock({ $0 }), kept.known.isUnique, kept.terms.differsInRatesOnly(from: terms)
    else { return nil }
    return kept.known
  }

  /// Keeps an analysis in the place of the last one, unless it is so large that finding it again costs little beside the memory.
  func keep(_ analysis: SymbolicAnalysis) {
    guard analysis.bytes <= Self.largest else { return }
    last.withLock { $0 = analysis }
  }

  /// Bytes of the largest analysis kept.
  static let largest = 1 << 26
}

extension GeneratorTerms {
  /// Whether the same elements of the same matrices are nonzero.
  func hasPattern(of other: GeneratorTerms) -> Bool {
    dimension == other.dimension && jumps.count == other.jumps.count && drift.hasPattern(of: other.drift)
      && zip(jumps, other.jumps).allSatisfy {
        $0.left.hasPattern(of: $1.left) && ($0.right ?? $0.left).hasPattern(of: $1.right ?? $1.left)
      }
      && (rates ?? .empty).hasPattern(of: other.rates ?? .empty)
  }
}

extension GeneratorTerms {
  /// Whether two generators have the same Hamiltonian, and jump operators that are multiples of each other.
  fileprivate func differsInRatesOnly(from other: GeneratorTerms) -> Bool {
    guard rates == nil, other.rates == nil, jumps.count == other.jumps.count,
      zip(jumps, other.jumps).allSatisfy({
        $0.right == nil && $1.right == nil && $0.left.isMultiple(of: $1.left)
      }), drift.hasPlaces(of: other.drift)
    else { return false }
    // Decay is on the diagonal of K alone; off it a change would be one of the Hamiltonian, or of what decays.
    for column in 0..<drift.columns {
      for entry in drift.starts[column]..<drift.starts[column + 1] {
        let (mine, theirs) = (drift.values[entry], other.drift.values[entry])
        guard mine.imaginary == theirs.imaginary, drift.indices[entry] == column || mine == theirs
        else { return false }
      }
    }
    return true
  }
}

extension SparseMatrix {
  /// Whether this is another matrix times a number other than zero, within rounding.
  fileprivate func isMultiple(of other: SparseMatrix) -> Bool {
    guard hasPattern(of: other),
      let place = other.values.indices.max(by: { other.values[$0].magnitude < other.values[$1].magnitude }),
      other.values[place] != .zero
    else { return false }
    let factor = values[place] / other.values[place]
    guard factor != .zero else { return false }
    let level = 1e-12 * values[place].magnitude
    for entry in values.indices where (values[entry] - factor * other.values[entry]).magnitude > level {
      return false
    }
    return factor.isFinite
  }
}

extension RealSparseMatrix {
  fileprivate static let empty = RealSparseMatrix(rows: 0, columns: 0, starts: [0], indices: [], values: [])
}

extension KernelMatrix {
  /// Whether the same elements are stored.
  func hasPlaces(of other: Self) -> Bool {
    rows == other.rows && starts == other.starts && indices == other.indices
  }

  /// Whether the same elements are stored, and the same of them zero.
  func hasPattern(of other: Self) -> Bool {
    hasPlaces(of: other)
      && zip(values, other.values).allSatisfy { ($0 == .zero) == ($1 == .zero) }
  }
}
