import NESSKit
import Numerics
import Testing

@Suite("Fourier transforms of baths and rotors")
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

@Suite("Angles of a rotor")
struct AngularDistributionTests {
  static func space(_ levels: ClosedRange<Int>) -> HilbertSpace { HilbertSpace([.rotor(levels: levels)]) }

  @Test(
    "superpositions and mixtures: the direct sum, normalized and nowhere negative", arguments: [7, 8, 13, 64])
  func directSum(count: Int) throws {
    var random = RandomNumbers(seed: 5)
    let space = Self.space(-2...4)
    let parts = (0..<3).map { _ in (0..<7).map { _ in random.complex() } }
    var elements = [Complex<Double>](repeating: .zero, count: 49)
    for amplitudes in parts {
      for bra in 0..<7 {
        for ket in 0..<7 { elements[ket + 7 * bra] += amplitudes[ket] * amplitudes[bra].conjugate }
      }
    }
    let trace = (0..<7).reduce(0) { $0 + elements[8 * $1].real }
    let state = DensityMatrix(space: space, elements: elements.map { $0 / Complex(trace) })
    let distribution = try AngularDistribution(of: state, count: count)
    #expect(distribution.values.count == count && distribution.angles[0] == 0)
    for (angle, value) in zip(distribution.angles, distribution.values) {
      // The wave function of each part, momentum by momentum.
      let sum = parts.reduce(0) { sum, amplitudes in
        sum
          + zip(-2...4, amplitudes).reduce(Complex<Double>.zero) {
            $0 + Complex(length: 1, phase: Double($1.0) * angle) * $1.1
          }.lengthSquared
      }
      #expect(abs(value - sum / (2 * .pi * trace)) < 1e-14 && value >= 0)
    }
    let mean = distribution.values.reduce(0, +) / Double(count)
    #expect(abs(2 * .pi * mean - 1) < 1e-14)
  }

  @Test("diagonal states are uniform, and a rotor pushed forward turns by the phase")
  func uniformAndTurned() throws {
    let uniform = try AngularDistribution(
      of: .diagonal([0.1, 0.2, 0.4, 0.3], in: Self.space(3...6)), count: 10)
    for value in uniform.values { #expect(abs(value - 1 / (2 * .pi)) < 1e-16) }
    // (|0> + exp(-i a)|1>)/sqrt 2 is largest at phi = a.
    let a = 2 * Double.pi * 3 / 12
    let state = DensityMatrix(
      pure: StateVector(
        space: Self.space(0...1),
        amplitudes: [Complex(0.5.squareRoot()), Complex(length: 0.5.squareRoot(), phase: -a)]))
    let turned = try AngularDistribution(of: state, count: 12)
    #expect(turned.values.indices.max { turned.values[$0] < turned.values[$1] } == 3)
    #expect(abs(turned.values[3] - 1 / .pi) < 1e-15 && abs(turned.values[9]) < 1e-16)
  }

  @Test("the rotor of a device, and what is no rotor")
  func device() throws {
    let device = try QubitRotorIdentityTests.device()
    let state = try SteadyStateSolver().solve(device.masterEquation()).state
    let distribution = try AngularDistribution(of: state.reduced(to: [2]), count: 32)
    for value in distribution.values { #expect(abs(value - 1 / (2 * .pi)) < 1e-14) }
    #expect(throws: ObservableError.self) { try AngularDistribution(of: state.reduced(to: [0]), count: 32) }
    #expect(throws: ObservableError.self) {
      try AngularDistribution(of: state.reduced(to: [1, 2]), count: 99)
    }
    #expect(throws: ObservableError.self) { try AngularDistribution(of: state.reduced(to: [2]), count: 9) }
  }
}
