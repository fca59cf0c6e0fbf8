import CNESSKernels
import Testing

@Suite("Exponentials of dense matrices")
struct DenseExponentialTests {
  private static func expm1(_ a: Dense<Double>) -> Dense<Double>? {
    var out = [Double](repeating: 0, count: a.elements.count)
    guard ness_dexpm1(Int64(a.rows), a.elements, &out) == .ok else { return nil }
    return Dense(rows: a.rows, columns: a.columns, elements: out)
  }

  @Test("closed forms: numbers, a nilpotent matrix, a rotation")
  func closedForms() throws {
    for x in [1e-300, -1e-12, 0.3, 0.5, -1, 7, -40, 600] {
      let value = try #require(Self.expm1(Dense(rows: 1, columns: 1, elements: [x]))).elements[0]
      let exact = x < 1e-3 && x > -1e-3 ? x + x * x / 2 : exponential(x) - 1
      // Squaring s times costs s bits less than a digit.
      #expect(abs(value / exact - 1) < 1e-13, "\(x): \(value)")
    }
    let nilpotent = Dense(rows: 3, columns: 3, elements: [0, 5, 7, 0, 0, 3, 0, 0, 0.0])
    let found = try #require(Self.expm1(nilpotent))
    #expect(distance(found.elements, [0, 5, 7 + 7.5, 0, 0, 3, 0, 0, 0]) < 1e-13)
    let pi = Double.pi
    let half = try #require(Self.expm1(Dense(rows: 2, columns: 2, elements: [0, pi, -pi, 0])))
    #expect(distance(half.elements, [-2, 0, 0, -2]) < 1e-14)
  }

  @Test("exp(A) exp(-A) = 1, and small matrices keep their digits", arguments: [1, 2, 9])
  func inverses(order: Int) throws {
    var random = Random(seed: 31)
    let a = Dense(rows: order, columns: order, elements: random.reals(order * order))
    let forward = try #require(Self.expm1(a))
    let backward = try #require(
      Self.expm1(Dense(rows: order, columns: order, elements: a.elements.map { -$0 })))
    // (1 + F)(1 + G) - 1 = F + G + F G
    let product = forward.times(backward).elements
    for k in product.indices { #expect(abs(product[k] + forward.elements[k] + backward.elements[k]) < 1e-11) }
    let small = Dense(rows: order, columns: order, elements: a.elements.map { $0 * 1e-10 })
    let tiny = try #require(Self.expm1(small))
    let square = small.times(small).elements
    for k in square.indices {
      #expect(abs(tiny.elements[k] - small.elements[k] - square[k] / 2) < 1e-25)
    }
  }

  @Test("rates of many orders of magnitude: columns lose nothing, and end in the stationary distribution")
  func rates() throws {
    // Two states with rates a and b relax to (b, a)/(a + b) at the rate a + b.
    let (a, b) = (3e4, 1e4)
    let found = try #require(Self.expm1(Dense(rows: 2, columns: 2, elements: [-a, a, b, -b])))
    #expect(distance(found.elements, [0.25 - 1, 0.75, 0.25, 0.75 - 1]) < 1e-10)
  }

  @Test("what is no number, too large or has no exponential is refused")
  func refusals() {
    var out = [7.0, 7, 7, 7]
    #expect(ness_dexpm1(2, [1, 2, .nan, 0], &out) == .invalidArgument)
    #expect(ness_dexpm1(2, [1e30, 0, 0, 0], &out) == .sizeOverflow)
    #expect(ness_dexpm1(2, [800, 0, 0, 0], &out) == .notFinite)
    #expect(ness_dexpm1(-1, [0], &out) == .invalidArgument)
    #expect(out == [7, 7, 7, 7])
  }

  @Test("a failing allocation is reported and leaves nothing behind", .enabled(if: faultInjection))
  func faults() {
    var out = [0.0, 0, 0, 0]
    #expect(allocationsThatFailCleanly { ness_dexpm1(2, [1, 2, 3, 4], &out) } == 3)
  }

  /// exp by its series in extended range.
  private func exponential(_ x: Double) -> Double {
    let pieces = 1024.0
    var term = 1.0
    var sum = 0.0
    for n in 1...20 {
      term *= x / pieces / Double(n)
      sum += term
    }
    // 1 + sum to the power 1024, by ten squarings of the difference from one.
    for _ in 0..<10 { sum = 2 * sum + sum * sum }
    return 1 + sum
  }
}
