internal import Numerics

/// Two qubits between two baths that drive a quantum rotor under load.
///
///     H = B1 sz_1 + B2 sz_2 + L_z^2 / (2I) + lambda (s+_1 s-_2 e^{i phi} + h.c.)
///
/// One quantum that passes from qubit 2 to qubit 1 raises the angular momentum l by one. Qubit i has the gap 2 B_i; the rotor has the
/// levels lmin...lmax with hard walls. Bath i acts on qubit i, the load on the rotor: D[e^{i phi} (1 - kappa L_z)] and
/// D[e^{-i phi} (1 + kappa L_z)] at the rate G0 = I gamma/beta_r with kappa = beta_r/(4I), which means friction d<L_z>/dt = -gamma <L_z>
/// and equipartition of the free rotor up to terms of order kappa. Jumps out of the window are left out, gain and loss alike.
///
/// Leitch, Hammam & De Chiara, "Thermodynamics of hybrid quantum rotor devices", Eqs. (1) to (17), (27). hbar = k_B = 1; heat and work
/// are positive into the system.
public struct QubitRotor: Sendable, Hashable {
  /// A qubit with its bath.
  public struct Qubit: Sendable, Hashable {
    /// B, half the gap, energy, > 0.
    public let field: Double
    /// Coupling g >= 0 to the bath; rates are proportional to g^2.
    public let coupling: Double
    /// Inverse temperature beta > 0 of the bath, 1/energy.
    public let inverseTemperature: Double

    /// Creates a qubit.
    public init(field: Double, coupling: Double, inverseTemperature: Double) {
      self.field = field
      self.coupling = coupling
      self.inverseTemperature = inverseTemperature
    }

    /// Occupation 1/(exp(2 beta B) - 1) of the bath modes in resonance with the bare gap.
    public var occupation: Double { SpectralDensity.occupation(2 * inverseTemperature * field) }
    /// Rate g^2 n of s+ in the local equation.
    public var raisingRate: Double { coupling * coupling * occupation }
    /// Rate g^2 (n + 1) of s- in the local equation.
    public var loweringRate: Double { coupling * coupling * (occupation + 1) }
  }

  /// How the baths of the qubits act.
  public enum Equation: Sendable, Hashable {
    /// Jumps s+ and s- of each qubit, Eqs. (13) to (16): the limit of short collisions. Changing the interaction energy costs work.
    case local
    /// Secular jumps between dressed states, Eq. (27), with J_i = g_i^2 omega Omega^2/(omega^2 + Omega^2).
    case global(cutoff: Cutoff, rule: SpectralDensity.NegativeFrequencies)
  }

  /// Cutoff frequency Omega of the spectral densities.
  public enum Cutoff: Sendable, Hashable {
    /// This frequency, > 0.
    case frequency(Double)
    /// The largest transition frequency of the truncated space, as in the paper. It grows with the window, so that results do not converge
    /// in the window.
    case largestTransition
  }

  /// Qubit 1.
  public let first: Qubit
  /// Qubit 2.
  public let second: Qubit
  /// Moment of inertia I > 0 of the rotor, 1/energy.
  public let inertia: Double
  /// Interaction lambda, energy.
  public let interaction: Double
  /// Inverse temperature beta_r > 0 of the load, 1/energy.
  public let loadInverseTemperature: Double
  /// Friction gamma >= 0 of the load, 1/time.
  public let friction: Double
  /// Angular momenta lmin...lmax.
  public let levels: ClosedRange<Int>
  /// How the baths of the qubits act.
  public let equation: Equation

  /// Creates a device.
  /// - Throws: ``InputError`` that names the first parameter out of range, by its name in input files.
  public init(
    first: Qubit, second: Qubit, inertia: Double = 1, interaction: Double, loadInverseTemperature: Double,
    friction: Double, levels: ClosedRange<Int>, equation: Equation = .local
  ) throws(InputError) {
    for (qubit, number) in [(first, 1), (second, 2)] {
      try InputError.check(positive: qubit.field, "B\(number)")
      try InputError.check(
        qubit.coupling.isFinite && qubit.coupling >= 0, "g", "\(qubit.coupling)", "a finite number >= 0")
      try InputError.check(positive: qubit.inverseTemperature, "beta\(number)")
      try InputError.check(
        qubit.coupling * qubit.coupling <= Self.largestRate, "g",
        "one that makes the coupling of qubit \(number) \(qubit.coupling)",
        "a number whose square is at most \(Self.largestRate)")
      try InputError.check(
        qubit.loweringRate <= Self.largestRate, "beta\(number)", "\(qubit.inverseTemperature)",
        "large enough for rates g^2 (n + 1) up to \(Self.largestRate)")
    }
    try InputError.check(positive: inertia, "I")
    try InputError.check(interaction.isFinite, "lambda", "\(interaction)", "a finite number")
    try InputError.check(positive: loadInverseTemperature, "beta_r")
    try InputError.check(friction.isFinite && friction >= 0, "gamma", "\(friction)", "a finite number >= 0")
    try InputError.check(
      interaction != 0 || friction != 0, "gamma", "0 together with lambda = 0",
      "a number > 0 when lambda = 0: nothing moves the rotor, every distribution of its levels is stationary")
    let reach = -Self.largestLevel...Self.largestLevel
    for (level, field) in [(levels.lowerBound, "lmin"), (levels.upperBound, "lmax")] {
      try InputError.check(
        reach.contains(level), field, "\(level)",
        "a whole number from \(reach.lowerBound) to \(reach.upperBound)")
    }
    try InputError.check(
      levels.count >= 2 && levels.count <= Self.largestWindow, "lmax", "\(levels.upperBound)",
      "a whole number from \(levels.lowerBound + 1), lmin + 1, to \(levels.lowerBound + Self.largestWindow - 1), for a window of at most \(Self.largestWindow) levels"
    )
    if case .global(.frequency(let cutoff), _) = equation { try InputError.check(positive: cutoff, "Omega") }
    let most = "\(Self.largestRate)"
    for (qubit, number) in [(first, 1), (second, 2)] {
      try InputError.check(
        qubit.field <= Self.largestRate, "B\(number)", "\(qubit.field)", "a number up to \(most)")
    }
    try InputError.check(
      abs(interaction) <= Self.largestRate, "lambda", "\(interaction)", "a number of size \(most) at most")
    let highest = Double(max(abs(levels.lowerBound), abs(levels.upperBound)))
    try InputError.check(
      highest * highest / (2 * inertia) <= Self.largestRate, "I", "\(inertia)",
      "large enough for energies l^2/(2I) up to \(most)")
    let factor = 1 + loadInverseTemperature / (4 * inertia) * highest
    try InputError.check(
      friction == 0 || inertia * friction / loadInverseTemperature * factor * factor <= Self.largestRate,
      "gamma", "\(friction) with I = \(inertia) and beta_r = \(loadInverseTemperature)",
      "a number for which rates (I gamma/beta_r) (1 + beta_r l/(4I))^2 of the load are at most \(most)")
    self.first = first
    self.second = second
    self.inertia = inertia
    self.interaction = interaction
    self.loadInverseTemperature = loadInverseTemperature
    self.friction = friction
    self.levels = levels
    self.equation = equation
  }

  /// More rotor levels than any window needs.
  static let largestWindow = 10_000_000
  /// Rates up to this leave room for their sums and products.
  static let largestRate = 1e150
  /// Largest angular momentum, whose square a double holds exactly.
  static let largestLevel = 1 << 26

  /// The same device with another window.
  public func with(levels: ClosedRange<Int>) throws(InputError) -> QubitRotor {
    try QubitRotor(
      first: first, second: second, inertia: inertia, interaction: interaction,
      loadInverseTemperature: loadInverseTemperature, friction: friction, levels: levels, equation: equation)
  }

  /// The same device with the temperatures of the two qubits' baths exchanged and their couplings kept, for rectification.
  public func swapped() throws(InputError) -> QubitRotor {
    func qubit(_ own: Qubit, _ other: Qubit) -> Qubit {
      Qubit(field: own.field, coupling: own.coupling, inverseTemperature: other.inverseTemperature)
    }
    return try QubitRotor(
      first: qubit(first, second), second: qubit(second, first), inertia: inertia, interaction: interaction,
      loadInverseTemperature: loadInverseTemperature, friction: friction, levels: levels, equation: equation)
  }

  /// Qubit 1, qubit 2, rotor; level 0 of a qubit is its ground state, and the last site is the fastest digit.
  public var space: HilbertSpace { HilbertSpace([.qubit, .qubit, .rotor(levels: levels)]) }

  /// Bath of qubit 1.
  public var firstBath: Bath { Bath(name: "1", inverseTemperature: first.inverseTemperature) }
  /// Bath of qubit 2.
  public var secondBath: Bath { Bath(name: "2", inverseTemperature: second.inverseTemperature) }
  /// Load of the rotor.
  public var load: Bath { Bath(name: "r", inverseTemperature: loadInverseTemperature) }
  /// kappa = beta_r/(4I).
  public var kappa: Double { loadInverseTemperature / (4 * inertia) }
  /// G0 = I gamma/beta_r.
  public var loadRate: Double { inertia * friction / loadInverseTemperature }

  /// Rate of the load's jump from `level` to the next higher one, 0 at the wall.
  public func raisingRate(of level: Int) -> Double {
    let factor = 1 - kappa * Double(level)
    return level < levels.upperBound ? loadRate * factor * factor : 0
  }

  /// Rate of the load's jump from `level` to the next lower one, 0 at the wall.
  public func loweringRate(of level: Int) -> Double {
    let factor = 1 + kappa * Double(level)
    return level > levels.lowerBound ? loadRate * factor * factor : 0
  }

  /// Stationary distribution of the rotor under the load alone, p(l + 1)/p(l) = (1 - kappa l)^2/(1 + kappa (l + 1))^2; Gibbs' up to terms
  /// of order kappa. Where the load never moves the rotor up from some level, levels beyond it are empty.
  public func loadDistribution() -> [Double] {
    // From the level of least energy outwards, in logarithms: the ends of wide windows underflow.
    let top = min(max(0, levels.lowerBound), levels.upperBound)
    var logarithms = [Double](repeating: 0, count: levels.count)
    func ratio(_ level: Int) -> Double {
      let (up, down) = (1 - kappa * Double(level), 1 + kappa * Double(level + 1))
      return 2 * (Double.log(abs(up)) - Double.log(abs(down)))
    }
    for level in stride(from: top, to: levels.upperBound, by: 1) {
      let place = level - levels.lowerBound
      logarithms[place + 1] = logarithms[place] + ratio(level)
    }
    for level in stride(from: top - 1, through: levels.lowerBound, by: -1) {
      let place = level - levels.lowerBound
      logarithms[place] = logarithms[place + 1] - ratio(level)
    }
    let largest = logarithms.reduce(-Double.infinity, max)
    let weights = logarithms.map { Double.exp($0 - largest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }

  /// ln of the distribution that the load leads to, up to a constant, with no step where a rate vanishes: nothing flows there.
  func loadLogarithms() -> [Double] {
    var logarithms = [0.0]
    for level in levels.dropLast() {
      let up = abs(1 - kappa * Double(level))
      let down = abs(1 + kappa * Double(level + 1))
      // A level that the load never leaves upwards adds no flow either.
      let step = up > 0 && down > 0 ? 2 * (Double.log(up) - Double.log(down)) : 0
      logarithms.append(logarithms[logarithms.count - 1] + step)
    }
    return logarithms
  }
}

extension InputError {
  /// Checks that a parameter is finite and > 0.
  static func check(positive value: Double, _ field: String) throws(InputError) {
    try check(value.isFinite && value > 0, field, "\(value)", "a finite number > 0")
  }
}
