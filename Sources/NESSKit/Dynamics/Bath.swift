/// A reservoir that dissipators belong to.
public struct Bath: Sendable, Hashable {
  /// Name, unique within a generator.
  public let name: String
  /// Inverse temperature beta = 1/T (k_B = 1) in units of inverse energy; nil for a bath without a temperature, such
  /// as pure dephasing, which takes part in the first law but not in the Clausius form of the second.
  public let inverseTemperature: Double?

  /// Creates a bath.
  public init(name: String, inverseTemperature: Double? = nil) {
    self.name = name
    self.inverseTemperature = inverseTemperature
  }
}
