internal import Numerics

/// Ground state of a Hamiltonian within a symmetry sector.
public struct GroundState: Sendable {
  /// The state, normalized, on the full space.
  public let state: StateVector
  /// Ground-state energy.
  public let energy: Double
  /// Distance to the next level of the same sector; nil when the sector has one state.
  public let gap: Double?
  /// max |H psi - E psi| on the full space.
  public let residual: Double
  /// Number of states of the sector.
  public let sectorDimension: Int

  /// Finds the ground state in a sector: the chosen basis states, in the symmetric combination of every orbit of `symmetries`.
  ///
  /// Whether that sector holds the global ground state is a property of the model (for the clock ring with 0 < f it does, by
  /// Perron and Frobenius).
  ///
  /// - Parameters:
  ///   - hamiltonian: Hermitian Hamiltonian.
  ///   - symmetries: Permutations that commute with it; verified.
  ///   - states: Basis states of the sector, a set that neither the Hamiltonian nor the symmetries lead out of; nil means all.
  /// - Throws: `symmetryViolated` (also when the Hamiltonian leads out of the sector), `tooLarge`, and `notUnique` when the lowest level is degenerate to 1e-12 of the spectrum's width.
  /// - Complexity: O(n^3) in the sector's dimension n
  public init(
    of hamiltonian: Operator, symmetries: [PermutationSymmetry] = [], within states: [Int]? = nil
  ) throws(SolverError) {
    let dimension = hamiltonian.space.dimension
    try ThermalState.checkHermitian(hamiltonian)
    let terms = GeneratorTerms(dimension: dimension, drift: Complex(0, -1) * hamiltonian.matrix)
    for symmetry in symmetries {
      let defect = try terms.defect(of: symmetry)
      if defect.isViolation { throw .symmetryViolated(name: symmetry.name, size: defect.size) }
    }
    guard states?.isEmpty != true else {
      throw .unavailable(reason: "a sector must hold at least one basis state, but holds none")
    }
    do {
      let representatives =
        symmetries.isEmpty ? Array(0..<dimension) : try PermutationGroup(symmetries).representatives
      var orbits: [Int: [Int]] = [:]
      for state in states ?? Array(0..<dimension) {
        orbits[representatives[state], default: []].append(state)
      }
      let sector = orbits.keys.sorted()
      try ThermalState.checkSize(sector.count)
      let position = Dictionary(uniqueKeysWithValues: sector.enumerated().map { ($1, $0) })
      // <O|H|O'> = sum over columns of O' and rows of O, divided by the norms of the orbit sums.
      var projected = [Complex<Double>](repeating: .zero, count: sector.count * sector.count)
      for (column, representative) in sector.enumerated() {
        let members = orbits[representative] ?? []
        for state in members {
          let range = hamiltonian.matrix.starts[state]..<hamiltonian.matrix.starts[state + 1]
          for entry in range {
            let target = representatives[hamiltonian.matrix.indices[entry]]
            guard let row = position[target], let size = orbits[target]?.count else {
              throw SolverError.symmetryViolated(
                name: "sector", size: hamiltonian.matrix.values[entry].length)
            }
            let norm = Double(size * members.count).squareRoot()
            projected[row + column * sector.count] += hamiltonian.matrix.values[entry] / Complex(norm)
          }
        }
      }
      let (energies, vectors) = try DenseEigen.hermitian(projected, order: sector.count, vectors: true)
      let width = energies[energies.count - 1] - energies[0]
      let degenerate = energies.count { $0 - energies[0] <= 1e-12 * width }
      if degenerate > 1 {
        throw SolverError.notUnique(
          count: degenerate, exact: true, reason: "the ground level of the sector is degenerate")
      }
      var amplitudes = [Complex<Double>](repeating: .zero, count: dimension)
      for (row, representative) in sector.enumerated() {
        let members = orbits[representative] ?? []
        let amplitude = vectors[row] / Complex(Double(members.count).squareRoot())
        for state in members { amplitudes[state] = amplitude }
      }
      state = StateVector(space: hamiltonian.space, amplitudes: amplitudes)
      energy = energies[0]
      residual = zip(hamiltonian.matrix.applied(to: amplitudes), amplitudes).reduce(0.0) { worst, pair in
        max(worst, (pair.0 - Complex(energies[0]) * pair.1).length)
      }
      gap = energies.count > 1 ? energies[1] - energies[0] : nil
      sectorDimension = sector.count
    } catch let error as SolverError {
      throw error
    } catch let error as KernelError {
      throw .kernel(error)
    } catch {
      throw .unavailable(reason: "\(error)")
    }
  }
}
