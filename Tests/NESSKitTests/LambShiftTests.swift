import NESSKit
import Numerics
import Testing

@Suite("Lamb shifts")
struct LambShiftTests {
  static let g = 0.3

  static func shifts(
    _ shape: SpectralDensity.Shape, _ frequency: Double, beta: Double,
    _ rule: SpectralDensity.NegativeFrequencies
  ) throws -> (emission: Double, absorption: Double) {
    try SpectralDensity(shape, coupling: g).shifts(at: frequency, inverseTemperature: beta, rule: rule)
  }

  /// Exponential integral Ei(x) by its power series.
  static func exponentialIntegral(_ x: Double) -> Double {
    var (sum, term) = (0.57721566490153286061 + .log(abs(x)), 1.0)
    for k in 1..<80 {
      term *= x / Double(k)
      sum += term / Double(k)
    }
    return sum
  }

  @Test(
    "zero temperature: closed forms for both cutoffs",
    arguments: [-3.0, -0.4, -1e-3, 1e-3, 0.2, 0.7, 1.9, 6.5])
  func zeroTemperature(x: Double) throws {
    let cutoff = 1.9
    // P int dv v Omega^2 / ((v^2 + Omega^2)(x - v)), by partial fractions.
    func algebraic(_ x: Double) -> Double {
      cutoff * cutoff * (x * .log(abs(x) / cutoff) - .pi * cutoff / 2) / (x * x + cutoff * cutoff)
    }
    func exponential(_ x: Double) -> Double {
      -cutoff + x * .exp(-x / cutoff) * Self.exponentialIntegral(x / cutoff)
    }
    func hard(_ x: Double) -> Double { -cutoff - x * .log(abs((cutoff - x) / x)) }
    for (shape, integral) in [
      (SpectralDensity.Cutoff.algebraic(cutoff), algebraic), (.exponential(cutoff), exponential),
      (.hard(cutoff), hard),
    ] {
      if shape == .hard(cutoff), x == cutoff { continue }
      let expected = Self.g * integral(x) / (2 * .pi)
      for rule in SpectralDensity.NegativeFrequencies.allCases {
        let found = try Self.shifts(.ohmic(shape), x, beta: .infinity, rule)
        #expect(abs(found.emission - expected) < 1e-12, "\(shape) \(rule)")
        // Nothing to absorb; a coupling to positions can still emit when the system goes up.
        let other = rule == .rwa ? 0 : Self.g * integral(-x) / (2 * .pi)
        #expect(abs(found.absorption - other) < 1e-12, "\(shape) \(rule)")
      }
    }
  }

  /// P int_0^inf dv f(v)/(x - v) by the midpoint rule: points on both sides of the pole cancel in pairs.
  static func midpoints(_ x: Double, _ f: (Double) -> Double) -> Double {
    let count = 100_000
    guard x > 0 else {
      // v = t^2/(1 - t)^2 from 0 to infinity.
      return (0..<count).reduce(0) { sum, k in
        let t = (Double(k) + 0.5) / Double(count)
        let (v, slope) = (t * t / ((1 - t) * (1 - t)), 2 * t / ((1 - t) * (1 - t) * (1 - t)))
        return sum + f(v) / (x - v) * slope / Double(count)
      }
    }
    let near = (0..<count).reduce(0) { sum, k in
      let t = (Double(k) + 0.5) / Double(count) * x
      return sum + (f(x - t) - f(x + t)) / t * x / Double(count)
    }
    return (0..<count).reduce(near) { sum, k in
      let s = (Double(k) + 0.5) / Double(count)
      let v = 2 * x / s
      return sum + f(v) / (x - v) * 2 * x / (s * s) / Double(count)
    }
  }

  @Test(
    "positive temperature: an independent rule, for emission and absorption", arguments: [0.3, 1.7, -0.6])
  func positiveTemperature(x: Double) throws {
    let (beta, cutoff) = (0.9, 1.3)
    for shape in [SpectralDensity.Shape.ohmic(.algebraic(cutoff)), .ohmic(.exponential(cutoff))] {
      func density(_ v: Double) -> Double {
        Self.g * v
          * (shape == .ohmic(.algebraic(cutoff)) ? 1 / (1 + v * v / (cutoff * cutoff)) : .exp(-v / cutoff))
      }
      func occupied(_ v: Double) -> Double { density(v) / (Double.exp(beta * v) - 1) }
      let emission = Self.midpoints(x) { density($0) + occupied($0) } / (2 * .pi)
      let absorption = -Self.midpoints(x, occupied) / (2 * .pi)
      let found = try Self.shifts(shape, x, beta: beta, .rwa)
      // The midpoint rule errs by the squared step, 1e-10, times derivatives of order one to ten.
      #expect(abs(found.emission - emission) < 1e-8, "\(shape)")
      #expect(abs(found.absorption - absorption) < 1e-8, "\(shape)")
      let both = try Self.shifts(shape, x, beta: beta, .odd)
      let reverse = -Self.midpoints(-x, occupied) / (2 * .pi)
      #expect(abs(both.emission - (emission + reverse)) < 1e-8, "\(shape)")
      let opposite = try Self.shifts(shape, -x, beta: beta, .odd)
      #expect(abs(opposite.emission - both.absorption) < 1e-12)
    }
  }

  @Test("low temperature: the few thermal quanta far below the cutoff are found")
  func lowTemperature() throws {
    let (beta, x) = (1e6, 0.8)
    let found = try Self.shifts(.ohmic(.algebraic(1.3)), x, beta: beta, .rwa).absorption
    // 1/(v - x) = -(1 + v/x + …)/x with <v> and <v^2> over thermal quanta: Gamma(2) zeta(2)/beta^2, Gamma(3) zeta(3)/beta^3.
    let quanta = .pi * .pi / 6 / (beta * beta) + 2 * 1.2020569031595943 / (beta * beta * beta * x)
    #expect(abs(found / (-Self.g * quanta / (2 * .pi * x)) - 1) < 1e-6)
  }

  @Test("tables, and frequencies on their points; frequency zero is the limit of small ones")
  func special() throws {
    let table = SpectralDensity.Shape.table(frequencies: [0, 1, 2, 3], values: [0, 1, 0.5, 0])
    // Piecewise linear: P int of (a + b v)/(x - v) is -b (v2 - v1) - (a + b x) ln|(x - v2)/(x - v1)|.
    func exact(_ x: Double) -> Double {
      [(0.0, 1.0, 0.0, 1.0), (1, 2, 1, 0.5), (2, 3, 0.5, 0)].reduce(0) { sum, line in
        let (low, high, from, to) = line
        let slope = (to - from) / (high - low)
        return sum - slope * (high - low) - (from + slope * (x - low)) * .log(abs((x - high) / (x - low)))
      }
    }
    for x in [0.3, 1.5, 2.9, 5, -1] {
      let found = try Self.shifts(table, x, beta: .infinity, .rwa).emission
      #expect(abs(found - Self.g * exact(x) / (2 * .pi)) < 1e-12)
    }
    // On a point the two logarithms cancel.
    let on = try Self.shifts(table, 1, beta: .infinity, .rwa).emission
    #expect(abs(on - Self.g * (exact(1 + 1e-9) + exact(1 - 1e-9)) / (4 * .pi)) < 1e-7)
    for beta in [0.7, 1e4] {
      let shape = SpectralDensity.Shape.ohmic(.exponential(1.3))
      let (zero, near) = (
        try Self.shifts(shape, 0, beta: beta, .odd), try Self.shifts(shape, 1e-9, beta: beta, .odd)
      )
      #expect(abs(zero.emission + Self.g * 1.3 / (2 * .pi)) < 1e-13 && zero.absorption == zero.emission)
      #expect(abs(near.emission - zero.emission) < 1e-8)
    }
  }

  @Test("integrals that do not exist are refused")
  func refused() throws {
    for (shape, frequency, rule) in [
      (SpectralDensity.Shape.ohmic(.none), 1.0, SpectralDensity.NegativeFrequencies.rwa),
      (.white(reference: 1), 1, .odd),
      (.ohmic(.hard(2)), 2, .rwa), (.ohmic(.hard(2)), -2, .odd), (.ohmic(.algebraic(2)), 0, .rwa),
      (.table(frequencies: [0, 1], values: [1, 0]), 0.5, .odd),
      (.table(frequencies: [0, 1], values: [0, 1]), 1, .odd),
    ] {
      #expect(throws: SolverError.self, "\(shape)") { try Self.shifts(shape, frequency, beta: 1, rule) }
    }
    #expect(
      try SpectralDensity(.ohmic(.none), coupling: 0).shifts(at: 1, inverseTemperature: 1, rule: .rwa) == (
        0, 0
      ))
  }
}
