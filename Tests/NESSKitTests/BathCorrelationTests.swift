import NESSKit
import Numerics
import Testing

@Suite("Bath correlation functions")
struct BathCorrelationTests {
  @Test("zero temperature, exponential cutoff: C(t) = g Omega^2 / (2 pi (1 + i Omega t)^2)")
  func zeroTemperature() throws {
    let (g, cutoff) = (0.3, 1.7)
    let density = try SpectralDensity(.ohmic(.exponential(cutoff)), coupling: g)
    for count in [1 << 14, 3 << 14] {
      let correlation = try BathCorrelation(
        of: density, inverseTemperature: .infinity, count: count, timeStep: 0.02)
      let spacing = 2 * Double.pi / (Double(count) * 0.02)
      #expect(
        abs(correlation.frequencies[count / 2 + 1] - spacing) < 1e-15 && correlation.times[count / 2] == 0)
      #expect(correlation.frequencies[count / 2] == 0 && correlation.rates[count / 2 - 1] == 0)
      var largest = 0.0
      for (time, value) in zip(correlation.times, correlation.values) where abs(time) < 10 {
        let root = Complex(1, cutoff * time)
        largest = max(largest, (value - Complex(g * cutoff * cutoff / (2 * .pi)) / (root * root)).length)
      }
      // The kink of gamma at zero frequency: domega^2 g/(24 pi), and higher orders. The wrong sign of i t would be off by 0.1.
      let kink = spacing * spacing * g / (24 * .pi)
      #expect(largest < 1.01 * kink && largest > 0.9 * kink, "\(largest) \(kink)")
    }
  }

  @Test("C(-t) is the conjugate of C(t); C(t - i beta) = C(-t) as n/(n + 1) = exp(-beta omega)")
  func kuboMartinSchwinger() throws {
    let beta = 0.8
    let density = try SpectralDensity(.ohmic(.exponential(1.1)), coupling: 0.3)
    for count in [4096, 3125] {
      let correlation = try BathCorrelation(
        of: density, inverseTemperature: beta, count: count, timeStep: 0.05)
      let middle = count / 2
      let scale = correlation.values[middle].length
      for j in 1..<(count - middle) {
        let (after, before) = (correlation.values[middle + j], correlation.values[middle - j])
        #expect((after - before.conjugate).length < 1e-14 * scale)
      }
      // C(t - i beta) is the transform of gamma(omega) exp(-beta omega), which is gamma(-omega).
      let shifted = try BathCorrelation(count: count, timeStep: 0.05) { frequency in
        .exp(-beta * frequency) * density.rates(at: frequency, inverseTemperature: beta, rule: .odd).emission
      }
      for j in 1..<(count - middle) {
        #expect((shifted.values[middle + j] - correlation.values[middle - j]).length < 1e-12 * scale)
      }
      // gamma is recovered at the sampled frequencies.
      let sum = zip(correlation.times, correlation.values).reduce(Complex<Double>.zero) {
        $0 + Complex(0.05) * Complex(length: 1, phase: $1.0 * correlation.frequencies[middle + 7]) * $1.1
      }
      #expect((sum - Complex(correlation.rates[middle + 7])).length < 1e-12)
    }
  }

  @Test("bad grids and infinite rates are refused")
  func refused() throws {
    let density = try SpectralDensity(.table(frequencies: [0, 1], values: [1, 1]), coupling: 1)
    let fine = try SpectralDensity(.ohmic(.hard(1)), coupling: 1)
    for (bath, beta, count, step) in [
      (density, 1.0, 16, 0.1), (fine, 0, 16, 0.1), (fine, 1, 1, 0.1), (fine, 1, 16, 0),
      (fine, 1, 16, .infinity),
    ] {
      #expect(throws: SolverError.self) {
        try BathCorrelation(of: bath, inverseTemperature: beta, count: count, timeStep: step)
      }
    }
  }
}
