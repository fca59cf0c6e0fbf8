internal import Numerics

/// Transition rates of a bosonic bath with a linear (Ohmic) spectrum that obey local detailed balance.
public enum DetailedBalance {
  /// Rate of a transition that lowers the energy of the system by `energyDrop` (raises it when negative),
  ///
  ///     gamma(w) = g w / (1 - exp(-beta w)),   gamma(0) = g / beta,
  ///
  /// which is g w (1 + n) downhill and g |w| n uphill with the Bose function n, so that
  /// gamma(w) / gamma(-w) = exp(beta w). Puebla et al., Phys. Rev. Research 4, 043066 (2022), Eqs. (5), (6).
  ///
  /// - Parameters:
  ///   - energyDrop: w = E(initial) - E(final), in units of energy, either sign.
  ///   - inverseTemperature: beta > 0.
  ///   - coupling: g >= 0, rate per energy.
  /// - Returns: Rate >= 0. Smooth through w = 0; an uphill rate underflows to 0 beyond beta |w| of about 700.
  public static func ohmicRate(energyDrop: Double, inverseTemperature: Double, coupling: Double) -> Double {
    let x = inverseTemperature * energyDrop
    // expm1 keeps full precision for tiny x, so that only x = 0 itself needs its limit.
    let occupation = x == 0 ? 1 : x / -Double.expMinusOne(-x)
    return coupling / inverseTemperature * occupation
  }
}
