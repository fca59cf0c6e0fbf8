/// How the iterations look for modes too slow for their residuals to tell: a random source, answered by the inverse of every rate.
enum SlowModeProbe {
  /// Seed of the sources; further draws follow it.
  static let seed: UInt64 = 0x4E4F_4953
  /// Unknowns up to which several sources are tried: their probes take no time.
  static let fewUnknowns = 1 << 11
  /// Sources for few unknowns.
  static let drawsOfFew = 2

  /// Residual of a probe relative to its source.
  ///
  /// A mode may be one among `states` in the source, and have less than its share there. It is seen once the residual is below that part:
  /// this level misses a thousandth of all modes.
  static func accuracy(states: Int) -> Double { min(3e-3, 7e-4 / Double(max(1, states)).squareRoot()) }
}
