internal import Numerics

/// Ground state of a Hamiltonian within a symmetry sector.
public struct GroundState: Sendable {
  /// The state, normalized, on the full space; its amplitude of largest modulus is positive.
  public let state: StateVector
  /// Ground-state energy.
  public let energy: Double
  /// Distance to the next level of the same sector; nil when the sector has one state.
  public let gap: Double?
  /// max |H psi - E psi| on the full space.
  public let residual: Double
  /// Number of states of the sector.
  public let sectorDimension: Int
  /// Method, iterations (matrix-vector products), ``residual`` and how uniqueness within the sector was decided.
  public let certificate: Certificate

  /// Finds the ground state in a sector: the chosen basis states, in the symmetric combination of every orbit of `symmetries`.
  ///
  /// Whether that sector holds the global ground state is a property of the model (for the clock ring with 0 < f it does, by
  /// Perron and Frobenius).
  ///
  /// - Parameters:
  ///   - hamiltonian: Hermitian Hamiltonian.
  ///   - symmetries: Permutations that commute with it; verified.
  ///   - states: Basis states of the sector, a set that neither the Hamiltonian nor the symmetries lead out of; nil means all.
  ///   - memoryLimit: Largest accepted memory in bytes; nil means what the machine has.
  /// - Throws: `symmetryViolated` (also when the Hamiltonian leads out of the sector), and as for a given sector.
  /// - Complexity: O(nonzeros) per iteration
  public init(
    of hamiltonian: Operator, symmetries: [PermutationSymmetry] = [], within states: [Int]? = nil,
    memoryLimit: Int? = nil
  ) throws(SolverError) {
    try self.init(
      in: SectorOperator(of: hamiltonian, symmetries: symmetries, within: states), memoryLimit: memoryLimit)
  }

  /// Finds the ground state of a Hamiltonian that is given within a sector.
  ///
  /// Small sectors are diagonalized. In larger ones the two lowest levels are found by Lanczos iterations, which cannot count
  /// how often a level occurs: unless Perron and Frobenius exclude a second ground state, the first one is therefore raised above
  /// all others and the iteration run once more.
  ///
  /// - Throws: `tooLarge`; `notUnique` when the lowest level is degenerate to 1e-12 of the spectrum's width; `unavailable` when
  ///   the residual exceeds 1e-10 of that width; `kernel(.noConvergence)`.
  /// - Complexity: O(n^3) in the sector's dimension n up to ``largestDiagonalized``, O(nonzeros + 24 n) per iteration beyond
  public init(in sector: SectorOperator, memoryLimit: Int? = nil) throws(SolverError) {
    try self.init(in: sector, memoryLimit: memoryLimit, diagonalizingUpTo: Self.largestDiagonalized)
  }

  /// The same with another limit between the two routes.
  package init(
    in sector: SectorOperator, memoryLimit: Int? = nil, diagonalizingUpTo largestDiagonalized: Int
  ) throws(SolverError) {
    let clock = ContinuousClock()
    let start = clock.now
    let count = sector.dimension
    let limit = memoryLimit ?? SystemMemory.physical
    let bytes = Self.predictedBytes(sector: count, nonzeros: sector.nonzeros, dimension: sector.rows.count)
    guard bytes <= limit else {
      throw .tooLarge(
        bytes: bytes, limit: limit, advice: "a sector of fewer states than \(count) would be needed")
    }
    let bounds = sector.spectralBounds
    let width = bounds.upperBound - bounds.lowerBound
    // A multiple of the identity, where an iteration has nowhere to go.
    if width == 0, count > 1 {
      throw .notUnique(count: count, exact: true, reason: "all states of the sector have the same energy")
    }
    let levels: Levels
    do {
      levels =
        count <= max(largestDiagonalized, Self.smallestIterated - 1)
        ? try Levels(diagonalizing: sector) : try Levels(iteratingIn: sector, width: width)
    } catch { throw .kernel(error) }
    if levels.degeneracy(within: 1e-12 * width) > 1 {
      throw .notUnique(
        count: levels.degeneracy(within: 1e-12 * width), exact: levels.areAll,
        reason: "the ground level of the sector is degenerate")
    }
    let energy = levels.energies[0]
    // H commutes with the symmetries, so that on the full space every member of an orbit has the same defect.
    let image = sector.applied(to: levels.vector)
    var worst = 0.0
    for row in 0..<count {
      worst = max(
        worst, (image[row] - levels.vector[row].multiplied(by: energy)).length * sector.weights[row])
    }
    guard worst <= 1e-10 * width || count == 1 else {
      throw .unavailable(
        reason: "max |H psi - E psi| must be at most \(1e-10 * width), but is \(worst)")
    }
    state = sector.expanded(levels.vector)
    self.energy = energy
    gap = levels.energies.count > 1 ? levels.energies[1] - energy : nil
    residual = worst
    sectorDimension = count
    certificate = Certificate(
      method: levels.method, unknownsFull: sector.rows.count, unknowns: count, nonzeros: sector.nonzeros,
      iterations: levels.products, residual: worst, rateScale: width,
      traceDefect: abs(state.norm - 1), unique: true, uniquenessMethod: levels.uniqueness,
      seconds: (clock.now - start).inSeconds, peakBytes: bytes)
  }

  /// Sectors up to this size are diagonalized in full.
  public static let largestDiagonalized = 128

  /// Two levels and two more vectors are the smallest basis of an iteration.
  private static let smallestIterated = 8

  /// Peak bytes of a ground state: the sector with its matrix, the basis of the iteration (or the dense matrices of a small
  /// sector), and the state. Complex numbers are assumed throughout.
  package static func predictedBytes(sector count: Int, nonzeros: Int, dimension: Int) -> Int {
    let (n, full) = (Double(count), Double(dimension))
    let solve = count <= largestDiagonalized ? 80 * n * n : 16 * n * Double(Lanczos(wanted: 2).subspace + 8)
    let bytes = solve + 24 * Double(nonzeros) + 32 * n + 40 * full
    return bytes < 9e18 ? Int(bytes) : Int.max
  }
}

extension SectorOperator {
  /// Product of the matrix with a vector of one component per row.
  func applied(to vector: [Complex<Double>]) -> [Complex<Double>] {
    switch matrix {
    case .complex(let matrix): return matrix.applied(to: vector)
    case .real(let matrix):
      let real = matrix.applied(to: vector.map(\.real))
      if vector.allSatisfy({ $0.imaginary == 0 }) { return real.map { Complex($0) } }
      return zip(real, matrix.applied(to: vector.map(\.imaginary))).map { Complex($0, $1) }
    }
  }
}
