import NESSKit
import Numerics
import Testing

@Suite("Landmarks of curves")
struct LandmarkTests {
  static func grid(_ from: Double, _ to: Double, _ count: Int) -> [Double] {
    (0..<count).map { from + (to - from) * Double($0) / Double(count - 1) }
  }

  @Test("zeros and extrema of a sine")
  func sine() {
    let found = LandmarkFinder().landmarks(on: Self.grid(0.5, 7, 23)) { .sin($0) }
    let half = Double.pi / 2
    #expect(found.map(\.kind) == [.maximum, .zero, .minimum, .zero])
    for (landmark, k) in zip(found, 1...) {
      #expect(abs(landmark.position - Double(k) * half) <= landmark.uncertainty)
      #expect(landmark.uncertainty < (landmark.kind == .zero ? 2e-10 : 2e-7))
      #expect(abs(landmark.value - [1.0, 0, -1, 0][k - 1]) < 2e-10)
    }
    #expect(LandmarkFinder().landmarks([.zero], on: Self.grid(0.5, 7, 23)) { .sin($0) }.count == 2)
  }

  @Test("few evaluations, and none beyond the number allowed")
  func evaluations() {
    var calls = 0
    func curve(_ x: Double) -> Double? {
      calls += 1
      return .exp(x) - 2
    }
    let found = LandmarkFinder().landmarks([.zero], on: [0, 1], of: curve)
    #expect(abs(found[0].position - .log(2)) < 1e-10 && calls < 14)
    #expect(LandmarkFinder(evaluations: 2).landmarks([.zero], on: [0, 1], of: curve).isEmpty)
  }

  @Test("poles, gaps, touching points and constants are no zeros; plateaus are one extremum")
  func exceptions() {
    let finder = LandmarkFinder()
    // A pole at pi/2 beside a zero at pi.
    let tangent = finder.landmarks([.zero], on: Self.grid(1, 4, 8)) { .tan($0) }
    #expect(tangent.count == 1 && abs((tangent.first?.position ?? 0) - .pi) < 1e-10)
    #expect(finder.landmarks([.zero], on: Self.grid(-1, 1, 4)) { abs($0) < 0.5 ? nil : $0 }.isEmpty)
    #expect(finder.landmarks([.zero], on: Self.grid(-1, 1, 5)) { $0 * $0 }.isEmpty)
    #expect(finder.landmarks(on: Self.grid(-1, 1, 5)) { _ in 0 }.isEmpty)
    #expect(finder.landmarks(on: Self.grid(-1, 1, 5)) { _ in 3 }.isEmpty)
    let steps = finder.landmarks([.minimum, .maximum], on: [0, 1, 2, 3, 4]) { 3 - $0.rounded(.down) }
    #expect(steps.isEmpty)
    let flat = finder.landmarks([.minimum], on: Self.grid(-2, 2, 5)) { max(abs($0), 1.25) }
    #expect(flat.count == 1 && abs(flat[0].position) <= 1.25)
    let stair = finder.landmarks(on: [0, 1, 2, 3]) { $0 < 0.5 ? 3 : $0 < 2.5 ? 2 : 1 }
    #expect(stair.isEmpty)
  }

  @Test("a zero on the grid is found once, noise is neither zero nor extremum")
  func onGrid() {
    let found = LandmarkFinder().landmarks([.zero], on: [-1, 0, 1]) { $0 }
    #expect(found == [Landmark(kind: .zero, position: 0, value: 0, uncertainty: 0)])
    let noisy = { (x: Double) -> Double? in x * x + 1e-9 * .sin(1e4 * x) }
    let minima = LandmarkFinder(noise: 1e-8).landmarks(
      [.minimum, .maximum], on: Self.grid(-1, 1, 41), of: noisy)
    #expect(minima.map(\.kind) == [.minimum])
    #expect(abs(try! #require(minima.first).position) < 1e-3)
  }

  @Test("errors of the curve are passed on")
  func failing() {
    #expect(throws: KernelError.noConvergence) {
      try LandmarkFinder().landmarks(on: [0, 1]) { x throws(KernelError) in
        if x > 0.5 { throw .noConvergence }
        return x
      }
    }
  }

  /// Crossings of Binder cumulants, reference/rotors.md section 11, printed with four digits.
  @Test(
    "Binder cumulants of two sizes cross where the reference says",
    arguments: [
      (4, 5, "uniform", 0.4354), (4, 6, "uniform", 0.4409), (4, 6, "staggered", 0.4473),
      (4, 6, "none", 0.4723),
    ])
  func binder(first: Int, second: Int, phases: String, expected: Double) throws {
    let phase = phases == "none" ? 0 : Double.pi / 8
    let curves = [first, second].map { rotors in
      MachineCurve(
        of: "B", in: ChiralClockMachine.kind, state: "ground", varying: "f",
        fixed: ["M": .integer(rotors), phases == "uniform" ? "phi_uniform" : "phi": .real(phase)])
    }
    let found = try LandmarkFinder(tolerance: 1e-7).crossings(
      of: curves[0], with: curves[1], on: [0.4, 0.45, 0.5])
    #expect(found.count == 1)
    #expect(abs(try #require(found.first).position - expected) < 5.1e-5)
  }

  @Test("an observable with indices has no landmarks, a wrong parameter is named")
  func machineErrors() {
    func curve(_ observable: String, _ parameter: String) -> MachineCurve {
      MachineCurve(
        of: observable, in: ChiralClockMachine.kind, state: "ground", varying: parameter,
        fixed: ["M": .integer(2)])
    }
    for wrong in [curve("p_j", "f"), curve("B", "g_"), curve("B2", "f")] {
      #expect(throws: ComputationError.self) { try LandmarkFinder().landmarks(of: wrong, on: [0.4, 0.5]) }
    }
  }
}
