internal import Numerics

/// Ring of M clock rotors with Ns positions each, every rotor with a bath of its own.
///
///     H  = -f sum_k (sigma_k + sigma_k^+) - (1-f) sum_k (mu_k mu_{k+1}^+ e^{i phi_k} + h.c.)        (clock picture)
///     H~ = -f sum_k (mu_k + mu_k^+) - (1-f) sum_k (sigma_k sigma_{k+1}^+ e^{i phi_k} + h.c.)        (rotated picture)
///
/// with mu = diag(1, nu, …), nu = exp(2 pi i/Ns), sigma|j> = |j-1>. Baths move one rotor by one step, with Ohmic rates from the
/// diagonal energies E_j of the Hamiltonian in use; ``Jumps`` says which steps share a jump operator.
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

  /// Which steps of a rotor share a jump operator. Populations obey the same rates in all readings, coherences do not.
  ///
  /// The more steps one operator stands for, the more coherence survives a jump. With phi = pi/2 staggered, beta_e = 1, beta_o = 1.1,
  /// g = 0.2 and M = 4, |J_tun| is largest at f = 0.544, 0.580 and 0.646 and the coherence at f = 0.472, 0.476 and 0.484 for
  /// `configuration`, `neighbours` and `frequencyPosition`. Only the first, which is the literal text of the paper, has
  /// the total tunnelling current decrease with M.
  public enum Jumps: String, Sendable, Hashable, CaseIterable {
    /// |a><b| between full basis states: one operator for every pair. The paper's.
    case configuration
    /// One operator for every position of the rotor and of its two neighbours. The same as `configuration` for M = 2 and 3.
    case neighbours
    /// One operator for every direction and Bohr frequency. The common clock shift then commutes with all of them, and there are
    /// Ns steady states in the clock picture, one for each of its eigenvalues.
    case frequency
    /// One operator for every direction, Bohr frequency and position of the rotor.
    case frequencyPosition = "frequency-position"
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
  /// Which steps of a rotor share a jump operator.
  public let jumps: Jumps

  /// Creates a ring with parameters of its own for every rotor.
  /// - Throws: ``InputError`` that names the first parameter out of range, by its name in input files.
  public init(
    rotors: Int, positions: Int = 3, f: Double, phases: [Double], inverseTemperatures: [Double],
    couplings: [Double], picture: Picture = .clock, jumps: Jumps = .configuration
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
    self.jumps = jumps
  }

  /// Creates a ring with the staggered phases and temperatures of the paper: phi_k = (-1)^k phi for k = 1…M, and one inverse
  /// temperature for the odd rotors 1, 3, … and one for the even rotors 2, 4, ….
  public init(
    rotors: Int, positions: Int = 3, f: Double, staggeredPhase phi: Double, oddInverseTemperature: Double,
    evenInverseTemperature: Double, coupling: Double, picture: Picture = .clock, jumps: Jumps = .configuration
  ) throws(InputError) {
    let sites = 0..<max(rotors, 0)
    try self.init(
      rotors: rotors, positions: positions, f: f, phases: sites.map { $0 % 2 == 0 ? -phi : phi },
      inverseTemperatures: sites.map { $0 % 2 == 0 ? oddInverseTemperature : evenInverseTemperature },
      couplings: sites.map { _ in coupling }, picture: picture, jumps: jumps)
  }

  /// Space of the ring; rotor 0 is the slowest digit.
  public var space: HilbertSpace {
    HilbertSpace(Array(repeating: .clock(positions: positions), count: rotors))
  }
}
