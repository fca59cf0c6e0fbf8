internal import Numerics

/// Energies and eigenvectors of a Hamiltonian, block by block.
///
/// Basis states that no power of H connects belong to different blocks, so that eigenvectors keep every charge that is diagonal in the basis:
/// degenerate states of different charge are never mixed. Memory and time are linear in the number of blocks.
public struct Eigenbasis: Sendable, Equatable {
  /// Space of the Hamiltonian.
  public let space: HilbertSpace
  /// Energies E_j.
  public let energies: [Double]
  /// V, D x D: column j is the eigenvector of energy E_j in the basis of the space. Within a block energies ascend along its basis states.
  public let vectors: SparseMatrix
  /// Differences of energies up to this are rounding: eigensolvers err by some tens of units in the last place of the largest one.
  let resolution: Double

  /// Diagonalizes a Hermitian operator.
  /// - Throws: `unavailable` for an operator that is not finite, or not Hermitian to 1e-12 of its largest element; `tooLarge` for a block beyond
  ///   ``largestBlock`` states; `kernel`.
  /// - Complexity: O(sum of the cubes of the orders of the blocks)
  public init(of hamiltonian: Operator) throws(SolverError) {
    guard hamiltonian.matrix.values.allSatisfy({ $0.isFinite }), hamiltonian.isHermitian() else {
      // Only one triangle would be read.
      throw .unavailable(reason: "an operator must be finite and Hermitian to have energies and eigenvectors")
    }
    space = hamiltonian.space
    let dimension = hamiltonian.matrix.rows
    var sets = DisjointSets(count: dimension)
    hamiltonian.matrix.forEachEntry { row, column, value in
      if value != .zero { sets.unite(row, column) }
    }
    var energies = [Double](repeating: 0, count: dimension)
    var columns = [[(row: Int, value: Complex<Double>)]](repeating: [], count: dimension)
    var place = [Int](repeating: 0, count: dimension)
    for block in sets.classes {
      let order = block.count
      guard order <= Self.largestBlock else {
        throw .tooLarge(
          bytes: 64 * order * order, limit: 64 * Self.largestBlock * Self.largestBlock,
          advice: "the Hamiltonian connects \(order) basis states, more than are diagonalized in one piece")
      }
      for (position, state) in block.enumerated() { place[state] = position }
      var dense = [Complex<Double>](repeating: .zero, count: order * order)
      for (column, state) in block.enumerated() {
        for entry in hamiltonian.matrix.starts[state]..<hamiltonian.matrix.starts[state + 1] {
          dense[place[hamiltonian.matrix.indices[entry]] + column * order] += hamiltonian.matrix.values[entry]
        }
      }
      if order == 1 {
        energies[block[0]] = dense[0].real
        columns[block[0]] = [(block[0], .one)]
        continue
      }
      do {
        let (values, vectors) = try DenseEigen.hermitian(dense, order: order)
        for (column, state) in block.enumerated() {
          energies[state] = values[column]
          columns[state] = block.indices.map { (block[$0], vectors[$0 + column * order]) }
        }
      } catch { throw .kernel(error) }
    }
    self.energies = energies
    resolution = 1e-13 * energies.reduce(0) { max($0, abs($1)) }
    vectors = SparseMatrix(columns: columns, rows: dimension)
  }

  /// Largest block that is diagonalized.
  public static let largestBlock = 8192

  /// V^+ O V.
  public func rotated(_ matrix: SparseMatrix) -> SparseMatrix {
    vectors.adjoint.multiplied(by: matrix.multiplied(by: vectors))
  }

  /// Largest |E_j - E_i| over the elements of an operator between eigenvectors that are not rounding.
  public func largestFrequency(of operator: Operator) -> Double {
    let rotated = rotated(`operator`.matrix)
    let level = Self.rounding * rotated.values.reduce(0) { max($0, $1.length) }
    var largest = 0.0
    rotated.forEachEntry { row, column, value in
      if value.length > level { largest = max(largest, abs(energies[column] - energies[row])) }
    }
    return largest
  }

  /// Elements of a rotated operator up to this multiple of its largest are rounding.
  static let rounding = 1e-14
}

extension SparseMatrix {
  /// A matrix from its columns, each with ascending rows.
  fileprivate init(columns: [[(row: Int, value: Complex<Double>)]], rows: Int) {
    var starts = [0]
    starts.reserveCapacity(columns.count + 1)
    for column in columns { starts.append(starts[starts.count - 1] + column.count) }
    self.init(
      rows: rows, columns: columns.count, starts: starts, indices: columns.flatMap { $0.map(\.row) },
      values: columns.flatMap { $0.map(\.value) })
  }
}
