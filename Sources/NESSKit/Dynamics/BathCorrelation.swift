public import Numerics

/// Correlation function of a bath,
///
///     C(t) = 1/(2 pi) int d omega exp(-i omega t) gamma(omega),
///
/// with gamma(omega) = J(omega) (n(omega) + 1) at positive and J(|omega|) n(|omega|) at negative frequencies, the rates of
/// ``SpectralDensity``: how the position of the modes that the system couples to is correlated with itself. The part of positive
/// frequencies is the correlation function of emission, that of negative ones the conjugate of that of absorption.
///
/// gamma is sampled at `count` frequencies k domega, |k| <= count/2, with domega = 2 pi / (count dt), and summed by a fast Fourier
/// transform at the times j dt, |j| <= count/2. The sum repeats with the period 2 pi / domega in time and leaves out
/// frequencies beyond pi / dt; both must lie far outside of where C and gamma live. A kink of gamma, as at frequency zero at low
/// temperature, costs an error of domega^2/(24 pi) times the jump of the derivative.
public struct BathCorrelation: Sendable, Equatable {
  /// The times j dt, ascending.
  public let times: [Double]
  /// C at the times.
  public let values: [Complex<Double>]
  /// The frequencies k domega, ascending.
  public let frequencies: [Double]
  /// gamma at the frequencies.
  public let rates: [Double]

  /// Samples a spectral density.
  ///
  /// - Parameters:
  ///   - density: J; finite rates at every frequency.
  ///   - inverseTemperature: beta > 0; infinite at zero temperature.
  ///   - count: Number of times and of frequencies, >= 2; fastest where its prime factors are small.
  ///   - timeStep: dt > 0.
  /// - Throws: ``SolverError``: `unavailable` for bad input or a density whose rates are infinite at zero frequency; `kernel`.
  /// - Complexity: O(count log count)
  public init(
    of density: SpectralDensity, inverseTemperature: Double, count: Int, timeStep: Double
  ) throws(SolverError) {
    guard inverseTemperature > 0 else {
      throw .unavailable(reason: "the inverse temperature must be > 0, but is \(inverseTemperature)")
    }
    try self.init(count: count, timeStep: timeStep) { frequency in
      density.rates(at: frequency, inverseTemperature: inverseTemperature, rule: .odd).emission
    }
  }

  /// Samples a function gamma(omega); arguments and errors as for a spectral density.
  public init(
    count: Int, timeStep: Double, rate: (_ frequency: Double) -> Double
  ) throws(SolverError) {
    guard count >= 2, timeStep > 0, timeStep.isFinite else {
      throw .unavailable(
        reason:
          "a time grid must have 2 or more points a finite time > 0 apart, but has \(count) that are \(timeStep) apart"
      )
    }
    let lowest = -(count / 2)
    let spacing = 2 * Double.pi / (Double(count) * timeStep)
    times = (0..<count).map { Double($0 + lowest) * timeStep }
    frequencies = (0..<count).map { Double($0 + lowest) * spacing }
    rates = frequencies.map(rate)
    guard rates.allSatisfy(\.isFinite) else {
      throw .unavailable(reason: "a correlation function must have finite rates at every sampled frequency")
    }
    // Both grids start below zero; the transform counts from zero and is periodic.
    func place(_ index: Int) -> Int { index >= 0 ? index : index + count }
    var samples = [Complex<Double>](repeating: .zero, count: count)
    for (k, rate) in rates.enumerated() { samples[place(k + lowest)] = Complex(rate) }
    do {
      let sums = try FourierTransform(count: count, sign: .negative).transformed(samples)
      let factor = Complex(spacing / (2 * .pi))
      values = (0..<count).map { factor * sums[place($0 + lowest)] }
    } catch { throw .kernel(error) }
  }
}
