public import Numerics

/// What observables need of a state, whatever its representation.
///
/// A dense ``DensityMatrix`` and a state in a reduced space both answer these questions; only
/// ``density()`` builds the full matrix. Expectation values, reduced states and the requirements after ``density()`` have defaults that
/// use the others; a representation that knows a shorter way overrides them.
public protocol QuantumState: Sendable {
  /// Space of the state.
  var space: HilbertSpace { get }
  /// Matrix element <ket| rho |bra>, zero where a reduction proves it to vanish.
  func element(_ ket: Int, _ bra: Int) -> Complex<Double>
  /// Diagonal <a| rho |a>, `space.dimension` numbers.
  var populations: [Double] { get }
  /// tr(rho O); real when `operator` is Hermitian.
  func expectation(of operator: Operator) -> Complex<Double>
  /// State of the sites `sites` (in that order), the others traced out.
  func reduced(to sites: [Int]) -> DensityMatrix
  /// The full matrix. - Complexity: O(D^2) memory
  func density() -> DensityMatrix

  /// Matrix elements <kets[n]| rho |bras[n]>, as many as there are pairs.
  func elements(kets: [Int], bras: [Int]) -> [Complex<Double>]
  /// Eigenvalues, in any order, each with the number of times it occurs; `space.dimension` in all.
  ///
  /// By default from ``density()``, and only for up to ``largestDenseSpectrum`` basis states. A state in symmetry-adapted blocks gives
  /// the eigenvalues of every block with the multiplicity of the block.
  /// - Throws: `limitExceeded` beyond that size, or what the eigensolver reports.
  func spectrum() throws(KernelError) -> [(eigenvalue: Double, multiplicity: Int)]
  /// Sum of |<a| rho |b>| over all a and b, including a = b. - Complexity: O(D^2) time, O(D) memory by default
  var elementwiseNorm: Double { get }
  /// tr rho^2, the sum of |<a| rho |b>|^2. - Complexity: O(D^2) time, O(D) memory by default
  var purity: Double { get }
}

extension QuantumState {
  /// Basis states up to which a spectrum is computed from the full density matrix.
  public static var largestDenseSpectrum: Int { 1024 }

  /// Matrix elements, one by one.
  public func elements(kets: [Int], bras: [Int]) -> [Complex<Double>] {
    precondition(
      kets.count == bras.count,
      "elements need a bra for every ket, but there are \(bras.count) and \(kets.count)")
    return zip(kets, bras).map { element($0, $1) }
  }

  /// tr(rho O) from the elements that O touches.
  /// - Complexity: O(nonzeros of O) elements
  public func expectation(of operator: Operator) -> Complex<Double> {
    precondition(`operator`.space.dimension == space.dimension, "operator and state must share a space")
    let matrix = `operator`.matrix
    var columns: [Int] = []
    columns.reserveCapacity(matrix.nonzeros)
    for column in 0..<matrix.columns {
      columns += repeatElement(column, count: matrix.starts[column + 1] - matrix.starts[column])
    }
    // tr(rho O) = sum_ab O_ab rho_ba: the row of O is the bra.
    return zip(matrix.values, elements(kets: columns, bras: matrix.indices)).reduce(.zero) {
      $0 + $1.0 * $1.1
    }
  }

  /// State of some sites, the others traced out, from the elements that contribute.
  /// - Complexity: O(D × dimension of the kept sites) elements
  public func reduced(to sites: [Int]) -> DensityMatrix {
    let partition = SitePartition(of: space, keeping: sites)
    let dimension = partition.keptSpace.dimension
    var kets: [Int] = []
    var bras: [Int] = []
    for group in partition.groups {
      for bra in group {
        kets += group
        bras += repeatElement(bra, count: group.count)
      }
    }
    var result = [Complex<Double>](repeating: .zero, count: dimension * dimension)
    for (position, element) in elements(kets: kets, bras: bras).enumerated() {
      result[partition.keptIndex[kets[position]] + partition.keptIndex[bras[position]] * dimension] += element
    }
    return DensityMatrix(space: partition.keptSpace, elements: result)
  }

  /// Eigenvalues of the full density matrix.
  public func spectrum() throws(KernelError) -> [(eigenvalue: Double, multiplicity: Int)] {
    guard space.dimension <= Self.largestDenseSpectrum else { throw .limitExceeded }
    return try density().eigenvalues().map { ($0, 1) }
  }

  /// Sum of |<a| rho |b>| over all a and b, column by column.
  public var elementwiseNorm: Double { sumOverElements(\.length) }

  /// tr rho^2, column by column.
  public var purity: Double { sumOverElements(\.lengthSquared) }

  private func sumOverElements(_ term: (Complex<Double>) -> Double) -> Double {
    let kets = Array(0..<space.dimension)
    return kets.reduce(0) { sum, bra in
      sum
        + elements(kets: kets, bras: Array(repeating: bra, count: kets.count)).reduce(0) { $0 + term($1) }
    }
  }
}
