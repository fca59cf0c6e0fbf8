internal import Numerics

/// Open chain of N spins 1/2 with a local bath at each end and dephasing on every site: the boundary-driven XXZ chain.
///
///     H = sum_{l=1}^{N-1} J_l (sx_l sx_{l+1} + sy_l sy_{l+1} + Delta_l sz_l sz_{l+1}) + sum_{l=1}^N h_l sz_l
///
/// with Pauli matrices; sx sx + sy sy = 2 (s+ s- + s- s+), so a hop has amplitude 2J. Jump operators with their rates, in
/// rho' = -i [H, rho] + sum_k rate_k (L_k rho L_k^+ - {L_k^+ L_k, rho}/2):
///
/// - at an end with coupling gamma and magnetization mu: s+ at gamma (1 + mu)/2 and s- at gamma (1 - mu)/2; alone, the bath takes
///   its spin to <sz> = mu at the rate gamma;
/// - on every site: sz at the rate gamma_phi, so that the coherence of one spin decays at the rate 2 gamma_phi.
///
/// T. Prosen, Phys. Rev. Lett. 106, 217206 (2011) and 107, 137201 (2011), whose coupling epsilon is gamma/2, because his
/// dissipator is 2 L rho L^+ - {L^+ L, rho}. hbar = k_B = 1. Sites are numbered from 0 here; the bond l joins l and l + 1.
///
/// Baths that act on the sites of the ends, whatever the interaction, are local master equations: their heat counts the
/// energy of the fields only (``LindbladGenerator/bareHamiltonian``), and the interaction's part is work.
public struct SpinChain: Sendable, Hashable {
  /// The bath at one end.
  public struct End: Sendable, Hashable {
    /// Coupling gamma >= 0, in units of energy.
    public let coupling: Double
    /// Magnetization -1 <= mu <= 1 that the bath alone would give its spin.
    public let magnetization: Double

    /// Creates an end.
    public init(coupling: Double, magnetization: Double) {
      self.coupling = coupling
      self.magnetization = magnetization
    }

    /// An end whose rates obey detailed balance at an inverse temperature for the energy 2h of flipping its spin up in its
    /// own field: mu = -tanh(beta h).
    public static func thermal(coupling: Double, inverseTemperature: Double, field: Double) -> End {
      End(coupling: coupling, magnetization: -Double.tanh(inverseTemperature * field))
    }

    /// Rate of s+.
    public var raisingRate: Double { coupling * (1 + magnetization) / 2 }
    /// Rate of s-.
    public var loweringRate: Double { coupling * (1 - magnetization) / 2 }

    /// Flow of up spins from the bath, coupling (mu - <sz>)/2, for the magnetization <sz> of its spin; positive into the chain.
    public func spinFlow(magnetization found: Double) -> Double { coupling * (magnetization - found) / 2 }
  }

  /// Number of spins N >= 2.
  public let sites: Int
  /// Coupling J_l of every bond, N - 1 numbers.
  public let couplings: [Double]
  /// Anisotropy Delta_l of every bond, N - 1 numbers without unit.
  public let anisotropies: [Double]
  /// Field h_l on every site, N numbers; flipping a free spin up costs 2h.
  public let fields: [Double]
  /// Bath on site 0.
  public let left: End
  /// Bath on site N - 1.
  public let right: End
  /// Dephasing rate gamma_phi >= 0 of every site, N numbers.
  public let dephasing: [Double]

  /// Creates a chain with parameters of its own for every bond and site.
  /// - Throws: ``InputError`` that names the first parameter out of range, by its name in input files.
  public init(
    sites: Int, couplings: [Double], anisotropies: [Double], fields: [Double], left: End, right: End,
    dephasing: [Double]
  ) throws(InputError) {
    try InputError.check(sites >= 2, "N", "\(sites)", "a whole number >= 2")
    try InputError.check(dimensionOf: sites, levels: 2, "N", power: "2^N")
    try InputError.check(list: couplings, "J", count: sites - 1, named: "N - 1")
    try InputError.check(list: anisotropies, "Delta", count: sites - 1, named: "N - 1")
    try InputError.check(list: fields, "h", count: sites, named: "N")
    for (end, side) in [(left, "L"), (right, "R")] {
      try InputError.check(
        end.coupling.isFinite && end.coupling >= 0, "gamma_\(side)", "\(end.coupling)", "a finite number >= 0"
      )
      try InputError.check(
        abs(end.magnetization) <= 1, "mu_\(side)", "\(end.magnetization)", "a number from -1 to 1")
    }
    try InputError.check(
      list: dephasing, "gamma_phi", count: sites, named: "N", each: "a finite number >= 0"
    ) { $0 >= 0 }
    self.sites = sites
    self.couplings = couplings
    self.anisotropies = anisotropies
    self.fields = fields
    self.left = left
    self.right = right
    self.dephasing = dephasing
  }

  /// Creates a uniform chain.
  /// - Throws: ``InputError`` that names the first parameter out of range.
  public init(
    sites: Int, coupling: Double = 1, anisotropy: Double, field: Double = 0, left: End, right: End,
    dephasing: Double = 0
  ) throws(InputError) {
    let count = max(sites, 1)
    try self.init(
      sites: sites, couplings: Array(repeating: coupling, count: count - 1),
      anisotropies: Array(repeating: anisotropy, count: count - 1),
      fields: Array(repeating: field, count: count), left: left, right: right,
      dephasing: Array(repeating: dephasing, count: count))
  }

  /// Space of the chain; site 0 is the slowest digit, level 0 is down.
  public var space: HilbertSpace { HilbertSpace(Array(repeating: .qubit, count: sites)) }

  /// Bath of the first spin; it has no temperature, since it need not obey detailed balance.
  public static let leftBath = Bath(name: "left")
  /// Bath of the last spin.
  public static let rightBath = Bath(name: "right")
  /// The environment that dephases all spins.
  public static let dephasingBath = Bath(name: "dephasing")

  /// The master equation. Baths: ``leftBath``, ``rightBath``, and ``dephasingBath`` where some rate is positive.
  /// - Complexity: O(D N^2)
  public func generator() throws(InputError) -> LindbladGenerator {
    let space = space
    func end(_ end: End, at site: Int, _ bath: Bath) -> [Dissipator] {
      [
        .jump(.local(.pauliRaising, at: site, in: space), rate: end.raisingRate, bath: bath),
        .jump(.local(.pauliLowering, at: site, in: space), rate: end.loweringRate, bath: bath),
      ]
    }
    let dephasers = (0..<sites).filter { dephasing[$0] > 0 }.map { site in
      Dissipator.jump(magnetization(ofSite: site), rate: dephasing[site], bath: Self.dephasingBath)
    }
    return try LindbladGenerator(
      hamiltonian: hamiltonian(),
      dissipators: end(left, at: 0, Self.leftBath) + end(right, at: sites - 1, Self.rightBath) + dephasers,
      bareHamiltonian: fieldHamiltonian())
  }
}
