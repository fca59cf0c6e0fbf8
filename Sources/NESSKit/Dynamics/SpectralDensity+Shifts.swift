internal import Numerics

extension SpectralDensity {
  /// Coefficients of the Lamb shift S(omega) A^+(omega) A(omega) that a transition contributes, and of A(omega) A^+(omega).
  ///
  /// With J/(2 pi) the density of the squared couplings, second-order perturbation theory gives the principal values
  ///
  ///     emission    S(omega) = 1/(2 pi) int_0^inf dv J(v) (n(v) + 1)/(omega - v),
  ///     absorption  S'(omega) = 1/(2 pi) int_0^inf dv J(v) n(v)/(v - omega)
  ///
  /// for a coupling of rotating-wave type. A coupling to the position of the modes adds what the other kind of quantum does:
  /// S(omega) = 1/(2 pi) int_0^inf dv J(v) ((n(v) + 1)/(omega - v) + n(v)/(omega + v)) and S'(omega) = S(-omega).
  ///
  /// H.-P. Breuer and F. Petruccione, "The Theory of Open Quantum Systems" (Oxford 2002), section 3.3.
  ///
  /// - Parameters:
  ///   - frequency: omega, any sign.
  ///   - inverseTemperature: beta > 0; infinite at zero temperature.
  ///   - rule: ``NegativeFrequencies/rwa`` for a coupling of rotating-wave type, ``NegativeFrequencies/odd`` for one to positions.
  /// - Throws: `unavailable` where an integral does not exist: without a cutoff, with J(0) > 0, at a frequency where J jumps, and at
  ///   frequency zero under ``NegativeFrequencies/rwa`` for a positive temperature; or is only known to 1e-8 of the
  ///   integral of the absolute value.
  public func shifts(
    at frequency: Double, inverseTemperature: Double, rule: NegativeFrequencies
  ) throws(SolverError) -> (emission: Double, absorption: Double) {
    if coupling == 0 { return (0, 0) }
    let support = try supportOfShifts(inverseTemperature)
    func principalValue(pole: Double, _ f: (Double) -> Double) throws(SolverError) -> Double {
      let integral = Quadrature(
        of: f, pole: pole, breaks: support.breaks, isUnbounded: support.isUnbounded)
      guard integral.value.isFinite, integral.error <= 1e-8 * integral.magnitude else {
        throw .unavailable(
          reason:
            "the Lamb shift at frequency \(frequency) must be known to 1e-8, but its integral is \(integral.value) with an error of \(integral.error)"
        )
      }
      return integral.value / (2 * .pi)
    }
    let emitted = { (v: Double) in
      self.rates(at: v, inverseTemperature: inverseTemperature, rule: .odd).emission
    }
    let absorbed = { (v: Double) in
      self.rates(at: v, inverseTemperature: inverseTemperature, rule: .odd).absorption
    }
    if support.jumps.contains(where: { abs($0 - abs(frequency)) <= 1e-14 * $0 }) {
      throw .unavailable(
        reason: "the Lamb shift is infinite at \(frequency), where the spectral density jumps")
    }
    if frequency == 0 {
      switch rule {
      case .odd:
        // The infinite parts of emission and absorption cancel: what is left is that of zero temperature.
        let both = try principalValue(pole: 0) { self.value(at: $0) }
        return (both, both)
      case .rwa:
        guard absorbed(0) == 0 else {
          throw .unavailable(
            reason:
              "the Lamb shift of a coupling of rotating-wave type is infinite for transitions of frequency 0 at a positive temperature"
          )
        }
      }
    }
    let emission = try principalValue(pole: frequency, emitted)
    let absorption = -(try principalValue(pole: frequency, absorbed))
    guard rule == .odd else { return (emission, absorption) }
    return (
      emission - (try principalValue(pole: -frequency, absorbed)),
      absorption + (try principalValue(pole: -frequency, emitted))
    )
  }

  /// Where J changes its shape, jumps, and ends.
  private func supportOfShifts(
    _ inverseTemperature: Double
  ) throws(SolverError) -> (breaks: [Double], jumps: [Double], isUnbounded: Bool) {
    guard slopeAtZero.isFinite || inverseTemperature == .infinity else {
      throw .unavailable(
        reason: "the Lamb shift is infinite for a spectral density that does not vanish at zero frequency")
    }
    var breaks: [Double]
    var jumps: [Double] = []
    var end: Double?
    switch shape {
    case .white, .ohmic(.none):
      throw .unavailable(reason: "the Lamb shift is infinite for a spectral density without a cutoff")
    case .ohmic(.algebraic(let cutoff)), .ohmic(.exponential(let cutoff)):
      breaks = [cutoff]
    case .ohmic(.hard(let cutoff)):
      breaks = [cutoff]
      jumps = [cutoff]
      end = cutoff
    case .table(let frequencies, let values):
      breaks = frequencies.filter { $0 > 0 }
      for (frequency, value) in [
        (frequencies[0], values[0]), (frequencies[frequencies.count - 1], values[values.count - 1]),
      ] where value > 0 { jumps.append(frequency) }
      end = frequencies[frequencies.count - 1]
    }
    // Thermal quanta live below forty temperatures, beyond which exp(-40) of them are left; that may be far below the cutoff.
    let thermal = [0.1, 1, 10, 40].map { $0 / inverseTemperature }.filter { $0 > 0 && $0 < end ?? .infinity }
    return (Set(breaks + thermal).sorted(), jumps, end == nil)
  }
}
