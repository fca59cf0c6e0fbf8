internal import Numerics

/// How the baths of two qubits and a rotor collide with them: each qubit meets a fresh bosonic mode of its own bath, in resonance with its
/// bare gap, for a time tau with the coupling g_i/sqrt(tau) (s-_i a+_i + h.c.), and then the load acts alone for tau.
///
/// Leitch, Hammam & De Chiara, Eqs. (5) to (12), (22). The limit tau -> 0 is the local master equation.
public struct QubitRotorCollisions: Sendable, Hashable {
  /// Duration tau > 0 of one collision, time.
  public let duration: Double
  /// Levels of each ancilla; nil for as many as hold the whole Gibbs state to rounding.
  public let ancillaLevels: Int?

  /// Creates collisions.
  /// - Throws: ``InputError`` that names the parameter out of range, by its name in input files.
  public init(duration: Double, ancillaLevels: Int? = nil) throws(InputError) {
    try InputError.check(positive: duration, "tau")
    if let ancillaLevels {
      try InputError.check(
        Self.allowedLevels.contains(ancillaLevels), "ancilla_levels", "\(ancillaLevels)",
        "a whole number from \(Self.allowedLevels.lowerBound) to \(Self.allowedLevels.upperBound)")
    }
    self.duration = duration
    self.ancillaLevels = ancillaLevels
  }

  /// Levels that an ancilla may have.
  static let allowedLevels = 2...4096
  /// Weight (n/(n+1))^M of the levels beyond the highest one, up to which they are left out.
  static let negligibleWeight = 1e-16

  /// Levels of the ancilla of a qubit.
  /// - Throws: `unavailable` where a hot bath needs too many.
  func levels(of qubit: QubitRotor.Qubit) throws(SolverError) -> Int {
    if let ancillaLevels { return ancillaLevels }
    let exponent = 2 * qubit.inverseTemperature * qubit.field
    let needed = (-Double.log(Self.negligibleWeight) / exponent).rounded(.up)
    guard needed <= Double(Self.allowedLevels.upperBound) else {
      throw .unavailable(
        reason:
          "an ancilla of inverse temperature \(qubit.inverseTemperature) needs about \(Int(exactly: needed).map(String.init) ?? "\(needed)") levels, more than \(Self.allowedLevels.upperBound): give ancilla_levels, or use the local master equation"
      )
    }
    return max(Self.allowedLevels.lowerBound, Int(needed))
  }

  /// Gibbs weights of the ancilla of a qubit, renormalized on its levels.
  func weights(of qubit: QubitRotor.Qubit) throws(SolverError) -> [Double] {
    // Beyond this nothing is excited; an infinite exponent has no weight for the ground state either.
    let exponent = min(2 * qubit.inverseTemperature * qubit.field, 1e4)
    let count = try levels(of: qubit)
    let norm = Double.expMinusOne(-exponent) / Double.expMinusOne(-exponent * Double(count))
    return (0..<count).map { Double.exp(-exponent * Double($0)) * norm }
  }
}
