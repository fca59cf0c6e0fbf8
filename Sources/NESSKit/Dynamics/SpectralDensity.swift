internal import Numerics

/// Spectral density J(omega) of a bosonic bath, and the rates with which the bath drives transitions.
///
/// A transition that gives the energy omega to the bath happens at the rate J(omega) (n(omega) + 1) times the squared matrix element of the
/// coupling operator, its reverse at J(omega) n(omega), n(omega) = 1/(exp(beta omega) - 1). There is no factor of pi or 2 in these rates
/// (Leitch, Hammam & De Chiara, "Thermodynamics of hybrid quantum rotor devices", Eq. (A15)).
public struct SpectralDensity: Sendable, Hashable {
  /// Dependence on the frequency, in units of the coupling.
  public enum Shape: Sendable, Hashable {
    /// omega times a cutoff function.
    case ohmic(Cutoff)
    /// Rates that do not depend on the size of the frequency: the occupation is that at `reference` for every transition, as in collision
    /// models.
    case white(reference: Double)
    /// Straight lines between points of ascending frequencies >= 0, zero outside of them.
    case table(frequencies: [Double], values: [Double])
  }

  /// How an Ohmic density ends at high frequencies.
  public enum Cutoff: Sendable, Hashable {
    /// Not at all.
    case none
    /// Omega^2 / (omega^2 + Omega^2), Drude and Lorentz.
    case algebraic(Double)
    /// exp(-omega / Omega).
    case exponential(Double)
    /// 1 up to Omega, 0 beyond.
    case hard(Double)

    /// The cutoff function.
    public func factor(at frequency: Double) -> Double {
      let magnitude = abs(frequency)
      switch self {
      case .none: return 1
      case .algebraic(let cutoff): return 1 / (1 + (magnitude / cutoff) * (magnitude / cutoff))
      case .exponential(let cutoff): return Double.exp(-magnitude / cutoff)
      case .hard(let cutoff): return magnitude <= cutoff ? 1 : 0
      }
    }
  }

  /// What happens to transitions of zero or negative frequency.
  public enum NegativeFrequencies: String, Sendable, Hashable, CaseIterable {
    /// A coupling of rotating-wave type exchanges whole quanta with modes of positive frequency: nothing happens.
    case rwa
    /// J continues as an odd function, as for a coupling to the position of the modes: both rates are positive and in detailed balance.
    case odd
  }

  /// Dependence on the frequency.
  public let shape: Shape
  /// Factor of the whole, >= 0; rate per energy for Ohmic shapes, rate otherwise.
  public let coupling: Double

  /// Creates a spectral density.
  ///
  /// - Throws: ``InputError`` for a coupling that is negative or not finite, a cutoff or reference frequency that is not positive, or a table
  ///   whose frequencies do not ascend from 0 or later or whose values are negative.
  public init(_ shape: Shape, coupling: Double) throws(InputError) {
    try InputError.check(
      coupling.isFinite && coupling >= 0, "coupling", "\(coupling)", "a finite number >= 0")
    switch shape {
    case .ohmic(.none): break
    case .ohmic(.algebraic(let cutoff)), .ohmic(.exponential(let cutoff)), .ohmic(.hard(let cutoff)):
      try InputError.check(
        cutoff.isFinite && cutoff > 0, "cutoff", "\(cutoff)", "a finite frequency > 0")
    case .white(let reference):
      try InputError.check(
        reference.isFinite && reference > 0, "reference", "\(reference)", "a finite frequency > 0")
    case .table(let frequencies, let values):
      let ascend = zip(frequencies, frequencies.dropFirst()).allSatisfy { $0 < $1 }
      try InputError.check(
        frequencies.count >= 2 && ascend && frequencies.allSatisfy { $0.isFinite && $0 >= 0 }, "frequencies",
        "\(frequencies)", "two or more ascending finite numbers >= 0")
      try InputError.check(
        values.count == frequencies.count && values.allSatisfy { $0.isFinite && $0 >= 0 }, "values",
        "\(values)", "a finite number >= 0 for each of the \(frequencies.count) frequencies")
    }
    self.shape = shape
    self.coupling = coupling
  }

  /// J(omega) for omega >= 0; its odd continuation for omega < 0. A ``Shape/white(reference:)`` one is the coupling everywhere above zero.
  public func value(at frequency: Double) -> Double {
    let magnitude = abs(frequency)
    let positive: Double
    switch shape {
    case .ohmic(let cutoff): positive = magnitude * cutoff.factor(at: magnitude)
    case .white: positive = 1
    case .table(let frequencies, let values): positive = Self.interpolate(frequencies, values, at: magnitude)
    }
    return coupling * (frequency < 0 ? -positive : positive)
  }

  /// Rates of emission into and absorption from a bath, per squared matrix element.
  ///
  /// - Parameters:
  ///   - frequency: Energy that emission takes from the system; any sign.
  ///   - inverseTemperature: beta > 0 of the bath; infinite at zero temperature.
  ///   - rule: What transitions of frequency <= 0 do.
  /// - Returns: J (n + 1) and J n, both >= 0; (0, 0) for frequencies <= 0 under ``NegativeFrequencies/rwa``. At zero frequency under
  ///   ``NegativeFrequencies/odd`` both are the limit J'(0) / beta, infinite where J(0) is positive. Rates of a ``Shape/white(reference:)`` density are the
  ///   same at every frequency under ``NegativeFrequencies/rwa``, as ancillas of the reference frequency make no difference; under
  ///   ``NegativeFrequencies/odd`` the two change places below zero, and at zero both are their mean.
  public func rates(
    at frequency: Double, inverseTemperature: Double, rule: NegativeFrequencies
  ) -> (emission: Double, absorption: Double) {
    if coupling == 0 { return (0, 0) }
    if case .white(let reference) = shape {
      let occupation = Self.occupation(reference * inverseTemperature)
      let (strong, weak) = (coupling * (occupation + 1), coupling * occupation)
      guard rule == .odd, !(frequency > 0) else { return (strong, weak) }
      return frequency < 0 ? (weak, strong) : ((strong + weak) / 2, (strong + weak) / 2)
    }
    guard frequency > 0 || rule == .odd else { return (0, 0) }
    let x = inverseTemperature * frequency
    // Also where the product underflows.
    guard frequency != 0, x != 0 else {
      // Infinite over infinite is infinite here: J jumps at zero.
      let limit = slopeAtZero.isFinite ? slopeAtZero / inverseTemperature : .infinity
      return (limit, limit)
    }
    // J n and J (n + 1) stay positive when J and the frequency change sign together.
    let density = value(at: frequency)
    return (density / -Double.expMinusOne(-x), density / Double.expMinusOne(x))
  }

  /// n = 1/(exp(x) - 1); 0 where that underflows.
  public static func occupation(_ x: Double) -> Double { 1 / Double.expMinusOne(x) }

  /// Derivative of J at zero frequency, for a positive coupling.
  var slopeAtZero: Double {
    switch shape {
    case .ohmic: return coupling
    case .white: return .infinity
    case .table(let frequencies, let values):
      guard frequencies[0] == 0 else { return 0 }
      return values[0] > 0 ? .infinity : coupling * values[1] / frequencies[1]
    }
  }

  private static func interpolate(_ x: [Double], _ y: [Double], at point: Double) -> Double {
    guard let first = x.first, let last = x.last, point >= first, point <= last else { return 0 }
    var (low, high) = (0, x.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if x[middle] <= point { low = middle } else { high = middle }
    }
    let weight = (point - x[low]) / (x[high] - x[low])
    return y[low] + weight * (y[high] - y[low])
  }
}
