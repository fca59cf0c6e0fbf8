internal import Numerics

/// Ring of M clock rotors with Ns positions each, every rotor with a bath of its own.
///
///     H  = -f sum_k (sigma_k + sigma_k^+) - (1-f) sum_k (mu_k mu_{k+1}^+ e^{i phi_k} + h.c.)        (clock picture)
///     H~ = -f sum_k (mu_k + mu_k^+) - (1-f) sum_k (sigma_k sigma_{k+1}^+ e^{i phi_k} + h.c.)        (rotated picture)
///
/// with mu = diag(1, nu, …), nu = exp(2 pi i/Ns), sigma|j> = |j-1>. Jump operators are |a><b| between full basis states
/// that differ by one step of one rotor, with Ohmic rates from the diagonal energies E_j of the Hamiltonian in use.
///
/// R. Puebla, A. Imparato, A. Belenchia, M. Paternostro, Phys. Rev. Research 4, 043066 (2022), Eqs. (1)-(7), (B1). hbar = k_B = 1.
/// Rotors are numbered from 0 here; "odd" rotors of the paper are 0, 2, … here. phi_k belongs to the bond (k, k+1), the last
/// one closes the ring. M = 2 has two bonds between the same rotors.
public struct ChiralClockRing: Sendable, Hashable {
  /// Which of the two isospectral Hamiltonians is meant.
  public enum Picture: String, Sendable, Hashable, CaseIterable {
    /// Eq. (1): interaction diagonal in the clock basis.
    case clock = "ccm"
    /// Eq. (B1): sigma and mu exchanged.
    case rotated
  }

  /// Number of rotors M >= 2.
  public let rotors: Int
  /// Positions per rotor Ns >= 2.
  public let positions: Int
  /// Weight f of the single-rotor term against 1 - f of the interaction; any real number.
  public let f: Double
  /// Phase phi_k of every bond, M numbers.
  public let phases: [Double]
  /// Inverse temperature beta_k > 0 of every rotor's bath.
  public let inverseTemperatures: [Double]
  /// Coupling g_k >= 0 of every rotor to its bath.
  public let couplings: [Double]
  /// Which Hamiltonian is meant.
  public let picture: Picture

  /// Creates a ring with parameters of its own for every rotor.
  /// - Throws: ``InputError`` that names the first parameter out of range, by its name in input files.
  public init(
    rotors: Int, positions: Int = 3, f: Double, phases: [Double], inverseTemperatures: [Double],
    couplings: [Double], picture: Picture = .clock
  ) throws(InputError) {
    try InputError.check(rotors >= 2, "M", "\(rotors)", "a whole number >= 2")
    try InputError.check(positions >= 2, "Ns", "\(positions)", "a whole number >= 2")
    try InputError.check(f.isFinite, "f", "\(f)", "a finite number")
    try InputError.check(dimensionOf: rotors, levels: positions, "M", power: "Ns^M")
    try InputError.check(list: phases, "phis", count: rotors, named: "M")
    try InputError.check(
      list: inverseTemperatures, "betas", count: rotors, named: "M", each: "a finite number > 0"
    ) { $0 > 0 }
    try InputError.check(list: couplings, "g", count: rotors, named: "M", each: "a finite number >= 0") {
      $0 >= 0
    }
    self.rotors = rotors
    self.positions = positions
    self.f = f
    self.phases = phases
    self.inverseTemperatures = inverseTemperatures
    self.couplings = couplings
    self.picture = picture
  }

  /// Creates a ring with the staggered phases and temperatures of the paper: phi_k = (-1)^k phi for k = 1…M, and one inverse
  /// temperature for the odd rotors 1, 3, … and one for the even rotors 2, 4, ….
  public init(
    rotors: Int, positions: Int = 3, f: Double, staggeredPhase phi: Double, oddInverseTemperature: Double,
    evenInverseTemperature: Double, coupling: Double, picture: Picture = .clock
  ) throws(InputError) {
    let sites = 0..<max(rotors, 0)
    try self.init(
      rotors: rotors, positions: positions, f: f, phases: sites.map { $0 % 2 == 0 ? -phi : phi },
      inverseTemperatures: sites.map { $0 % 2 == 0 ? oddInverseTemperature : evenInverseTemperature },
      couplings: sites.map { _ in coupling }, picture: picture)
  }

  /// Space of the ring; rotor 0 is the slowest digit.
  public var space: HilbertSpace {
    HilbertSpace(Array(repeating: .clock(positions: positions), count: rotors))
  }

  /// Diagonal E_j of the Hamiltonian in use, one energy per basis state.
  public func diagonalEnergies() -> [Double] {
    let space = space
    let unit = 2 * Double.pi / Double(positions)
    return (0..<space.dimension).map { state in
      let digits = space.digits(of: state)
      switch picture {
      case .clock:
        return -2 * (1 - f)
          * (0..<rotors).reduce(0) { sum, k in
            sum + Double.cos(unit * Double(digits[k] - digits[(k + 1) % rotors]) + phases[k])
          }
      case .rotated:
        return -2 * f * digits.reduce(0) { $0 + Double.cos(unit * Double($1)) }
      }
    }
  }

  /// Diagonal part H_D of the Hamiltonian; the baths see its energy differences.
  public func diagonalHamiltonian() -> Operator {
    Operator(space: space, matrix: .diagonal(diagonalEnergies().map { Complex($0) }))
  }

  /// Hamiltonian in use.
  public func hamiltonian() -> Operator {
    let space = space
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    for state in 0..<space.dimension {
      let digits = space.digits(of: state)
      func moved(_ steps: [(rotor: Int, by: Int)]) -> Int {
        var digits = digits
        for step in steps { digits[step.rotor] = (digits[step.rotor] + step.by + positions) % positions }
        return zip(digits, space.strides).reduce(0) { $0 + $1.0 * $1.1 }
      }
      for k in 0..<rotors {
        switch picture {
        case .clock:
          for step in [-1, 1] { entries.append((moved([(k, step)]), state, Complex(-f))) }
        case .rotated:
          let next = (k + 1) % rotors
          let amplitude = Complex(length: 1, phase: phases[k]) * Complex(f - 1)
          entries.append((moved([(k, -1), (next, 1)]), state, amplitude))
          entries.append((moved([(k, 1), (next, -1)]), state, amplitude.conjugate))
        }
      }
    }
    let hopping = SparseMatrix(rows: space.dimension, columns: space.dimension, entries: entries)
    return Operator(space: space, matrix: hopping + diagonalHamiltonian().matrix)
  }

  /// Jump rates W[a, b] from b to a driven by the bath of one rotor: that rotor moves by one step.
  /// For Ns = 2 both steps lead to the same state and count once.
  public func rates(ofRotor rotor: Int, energies: [Double]) -> RealSparseMatrix {
    let space = space
    let stride = space.strides[rotor]
    var entries: [(row: Int, column: Int, value: Double)] = []
    for state in 0..<space.dimension {
      let position = state / stride % positions
      for step in positions == 2 ? [1] : [1, positions - 1] {
        let target = state + ((position + step) % positions - position) * stride
        let rate = DetailedBalance.ohmicRate(
          energyDrop: energies[state] - energies[target], inverseTemperature: inverseTemperatures[rotor],
          coupling: couplings[rotor])
        entries.append((target, state, rate))
      }
    }
    return RealSparseMatrix(rows: space.dimension, columns: space.dimension, entries: entries)
  }

  /// Bath of one rotor.
  public func bath(ofRotor rotor: Int) -> Bath {
    Bath(name: "rotor \(rotor + 1)", inverseTemperature: inverseTemperatures[rotor])
  }

  /// The master equation; heat is counted with the diagonal part of the Hamiltonian.
  /// - Complexity: O(D M log(D M))
  public func generator() throws(InputError) -> LindbladGenerator {
    let energies = diagonalEnergies()
    return try LindbladGenerator(
      hamiltonian: hamiltonian(),
      dissipators: (0..<rotors).map {
        .transitions(rates(ofRotor: $0, energies: energies), bath: bath(ofRotor: $0))
      },
      bareHamiltonian: Operator(space: space, matrix: .diagonal(energies.map { Complex($0) })))
  }
}
