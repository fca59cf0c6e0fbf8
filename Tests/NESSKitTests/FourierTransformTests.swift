import NESSKit
import Numerics
import Testing

@Suite("Fourier transforms")
struct FourierTransformTests {
  // Lengths that are a power of two, composite, prime, and one.
  @Test("transforms agree with the sum, in both directions", arguments: [1, 2, 8, 60, 97, 257])
  func sum(count: Int) throws {
    var random = RandomNumbers(seed: 3)
    let x = (0..<count).map { _ in random.complex() }
    for (sign, factor) in [(FourierTransform.Sign.negative, -1.0), (.positive, 1)] {
      let found = try FourierTransform(count: count, sign: sign).transformed(x)
      let expected = (0..<count).map { k in
        (0..<count).reduce(Complex<Double>.zero) { sum, j in
          let phase = factor * 2 * .pi * Double(j * k % count) / Double(count)
          return sum + x[j] * Complex(length: 1, phase: phase)
        }
      }
      // Numbers below sqrt 2, `count` of them, some units in the last place each.
      #expect(distance(found, expected) < Double(count) * 1e-15)
    }
  }

  @Test("many tasks plan and transform at once")
  func concurrent() async throws {
    var random = RandomNumbers(seed: 4)
    let x = (0..<120).map { _ in random.complex() }
    let reference = try FourierTransform(count: 120, sign: .positive).transformed(x)
    let shared = try FourierTransform(count: 120, sign: .positive)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for k in 0..<32 {
        group.addTask {
          _ = try FourierTransform(count: 100 + k, sign: .negative)
          return try shared.transformed(x) == reference
        }
      }
      for try await same in group { #expect(same) }
    }
  }
}
