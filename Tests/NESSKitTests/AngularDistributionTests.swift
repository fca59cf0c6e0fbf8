import NESSKit
import Numerics
import Testing

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
    let device = try QubitRotorReferences.device()
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
