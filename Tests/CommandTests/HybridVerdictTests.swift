import Foundation
import Testing

import ness

/// Verdicts on the hybrid rotor devices with curves that are made up: each rule in both directions.
@Suite("Verdicts on statements about hybrid rotor devices")
struct HybridVerdictTests {
  private static let ratios = (1...90).map { Double($0) / 100 }

  private static func curve(_ value: (Double) -> Double?) -> SampledCurve { curve(ratios, value) }

  private static func curve(_ x: [Double], _ value: (Double) -> Double?) -> SampledCurve {
    SampledCurve(x: x, y: x.map(value))
  }

  /// A curve that holds one place.
  private static func place(_ x: Double, _ y: Double = 0) -> SampledCurve { SampledCurve(x: [x], y: [y]) }

  private static func verdict(_ figure: String, _ fragment: String, _ curves: [SampledCurve]) throws
    -> Finding
  {
    let found = FigureCatalog.standard.figures.filter { $0.id == "hybrid-\(figure)" }
    let statements = found.flatMap { $0.content(FigureScale()).statements }.filter {
      $0.text.contains(fragment)
    }
    let statement = try #require(statements.first)
    #expect(statements.count == 1, "\(statements.map(\.text))")
    #expect(statement.quantities.count == curves.count, "\(fragment)")
    return statement.evaluate(curves)
  }

  @Test("regimes begin where flows change sign, to the printed digits")
  func regimes() throws {
    func regime(_ ends: Double...) -> SampledCurve { Self.curve { $0 < ends[0] ? 1 : $0 < ends[1] ? 3 : 2 } }
    func engine(_ end: Double, _ regime: SampledCurve) throws -> Verdict {
      try Self.verdict("2", "gives rise to an engine", [Self.place(end), regime]).verdict
    }
    #expect(try engine(0.434, regime(0.434, 0.504)) == .reproduced)
    #expect(try engine(0.44, regime(0.44, 0.504)) == .notReproduced)
    #expect(try engine(0.434, regime(0.35, 0.504)) == .withExceptions)
    func accelerator(_ end: Double) throws -> Finding {
      try Self.verdict("2", "acts as an accelerator", [0.434, end, end].map { Self.place($0) })
    }
    #expect(try accelerator(0.538).verdict == .reproduced)
    #expect(try accelerator(0.504).verdict == .notReproduced)
    #expect(try accelerator(0.504).remark.contains("0.434 < β_2/β_1 < 0.504"))
    func refrigerator(_ end: Double) throws -> Verdict {
      try Self.verdict("2", "functions as a refrigerator", [regime(0.43, end), Self.place(end)]).verdict
    }
    #expect(try refrigerator(0.504) == .reproduced)
    #expect(try refrigerator(0.6) == .withExceptions)
    #expect(try refrigerator(0.8) == .notReproduced)
  }

  @Test("a maximum of the efficiency is near 0.31, and the highest or only a local one")
  func efficiency() throws {
    func finding(_ x: Double, _ start: Double) throws -> Finding {
      let eta = Self.curve { $0 < 0.1 ? start : 0.18 - abs($0 - x) }
      return try Self.verdict(
        "2", "reaches a maximum around", [Self.place(x, 0.18), Self.place(0.14, 0.1), eta])
    }
    #expect(try finding(0.31, 0.1).verdict == .reproduced)
    #expect(try finding(0.31, 0.5).verdict == .withExceptions)
    #expect(try finding(0.31, 0.5).remark.contains("larger for β_2/β_1 up to 0.09"))
    #expect(try finding(0.35, 0.1).verdict == .notReproduced)
    func carnot(_ x: Double, _ gap: Double) throws -> Verdict {
      try Self.verdict("2", "gets close to η_C", [Self.place(x, gap), Self.place(x, 0.63)]).verdict
    }
    #expect(try carnot(0.371, 0.05) == .reproduced)
    #expect(try carnot(0.371, 0.47) == .withExceptions)
    #expect(try carnot(0.25, 0.05) == .notReproduced)
    func much(_ share: @escaping (Double) -> Double) throws -> Verdict {
      try Self.verdict("2", "much lower", [Self.curve { share($0) * (1 - $0) }, Self.curve { 1 - $0 }])
        .verdict
    }
    #expect(try much { _ in 0.3 } == .reproduced)
    #expect(try much { $0 < 0.05 ? 0.6 : 0.3 } == .withExceptions)
    #expect(try much { _ in 0.6 } == .notReproduced)
  }

  @Test("a coefficient of performance that grows to the end has no maximum near 0.54")
  func performance() throws {
    func maximum(_ value: (Double) -> Double?) throws -> Finding {
      try Self.verdict(
        "2", "reaches its maximum at β_2/β_1 ≃ 0.54", [Self.curve(value), Self.place(0.545, 1.9)])
    }
    #expect(try maximum { 1 - abs($0 - 0.54) }.verdict == .reproduced)
    #expect(try maximum { $0 }.verdict == .notReproduced)
    #expect(try maximum { $0 }.remark.contains("comes closest"))
    func grows(_ value: (Double) -> Double?) throws -> Verdict {
      try Self.verdict("2", "COP increases slowly", [Self.curve(value)]).verdict
    }
    #expect(try grows { $0 } == .reproduced)
    #expect(try grows { -$0 } == .notReproduced)
    func bounded(_ factor: Double) throws -> Verdict {
      let (eta, carnot) = (Self.curve { factor * (1 - $0) }, Self.curve { 1 - $0 })
      return try Self.verdict("2", "upper-bounded by the Carnot COP", [eta, carnot, eta, carnot]).verdict
    }
    #expect(try bounded(0.9) == .reproduced)
    #expect(try bounded(1.1) == .notReproduced)
  }

  @Test("flows that add up to nothing, and work that is negligible")
  func laws() throws {
    func first(_ sum: Double) throws -> Verdict {
      try Self.verdict("2", "first law of thermodynamics holds", [Self.curve { _ in sum }]).verdict
    }
    #expect(try first(1e-13) == .reproduced)
    #expect(try first(1e-5) == .notReproduced)
    func negligible(_ work: Double) throws -> Verdict {
      let flow = Self.curve { _ in 1e-3 }
      return try Self.verdict(
        "2", "is negligible compared", [flow, flow, flow, flow, Self.curve { _ in work }]
      ).verdict
    }
    #expect(try negligible(1e-8) == .reproduced)
    #expect(try negligible(1e-5) == .notReproduced)
  }

  @Test("effects of the walls are seen window by window")
  func windows() throws {
    func verdict(_ errors: [Double]) throws -> Verdict {
      let curves = ([0] + errors).flatMap { error in
        [1.0, 3].map { value in Self.curve([0.2, 0.4, 0.6, 0.8]) { _ in value * (1 + error) } }
      }
      return try Self.verdict("2", "finiteness of the Hilbert space", curves).verdict
    }
    #expect(try verdict([0, 1e-12, 1e-4, 1e-3]) == .reproduced)
    #expect(try verdict([0, 1e-12, 0.1, 0.3]) == .withExceptions)
    #expect(try verdict([0.1, 0.2, 0.1, 0.3]) == .notReproduced)
    func narrow(_ momentum: Double) throws -> Verdict {
      try Self.verdict(
        "7", "finiteness of the Hilbert space",
        [
          Self.place(5e-4, 1.913), Self.place(5e-4, momentum),
          Self.curve((-5...10).map(Double.init)) { _ in 0.01 },
        ]
      ).verdict
    }
    #expect(try narrow(1.914) == .reproduced)
    #expect(try narrow(2.043) == .notReproduced)
  }

  @Test("ergotropies: passive qubits, and maxima at small ratios")
  func ergotropies() throws {
    func equilibrium(_ error: Double) throws -> Verdict {
      try Self.verdict(
        "3", "locally in thermal equilibrium",
        [
          Self.curve { _ in (1 + error) / (exp(0.8) + 1) }, Self.curve { 1 / (exp(2 * $0) + 1) },
        ]
      ).verdict
    }
    #expect(try equilibrium(3e-4) == .reproduced)
    #expect(try equilibrium(-0.05) == .notReproduced)
    func maxima(_ x: Double) throws -> Verdict {
      let bell = Self.curve { exp(-($0 - x) * ($0 - x) / 0.01) }
      return try Self.verdict(
        "3", "the maximum ergotropy occurs",
        [Self.place(x, 1), Self.place(x, 1), Self.place(0.64), bell, bell, bell]
      ).verdict
    }
    #expect(try maxima(0.1) == .reproduced)
    #expect(try maxima(0.4) == .notReproduced)
    #expect(try Self.verdict("3", "populations of the second", [Self.place(0.39995)]).verdict == .reproduced)
    #expect(try Self.verdict("3", "populations of the second", [Self.place(0.41)]).verdict == .notReproduced)
    func passive(_ value: (Double) -> Double?) throws -> Verdict {
      try Self.verdict("3", "almost passive state", [Self.curve(value)]).verdict
    }
    #expect(try passive { max(0, 0.4 - $0) } == .reproduced)
    #expect(try passive { max(0, 0.5 - $0) } == .notReproduced)
  }

  @Test("rectification: rise, order of the maxima, much and slightly larger")
  func rectification() throws {
    func rise(_ value: @escaping (Double) -> Double) throws -> Verdict {
      let curve = Self.curve(value)
      return try Self.verdict(
        "4", "initially so do R and J",
        Array(repeating: curve, count: 6) + (0..<3).map { _ in Self.place(0.8) }
      ).verdict
    }
    #expect(try rise { $0 } == .reproduced)
    #expect(try rise { $0 < 0.1 ? -$0 : $0 } == .withExceptions)
    #expect(try rise { -$0 } == .notReproduced)
    func followed(_ places: [Double]) throws -> Verdict {
      try Self.verdict(
        "4", "followed by R", ([0.8, 0.8, 0.8] + places).map { Self.place($0, 1) }
      ).verdict
    }
    #expect(try followed([0.9, 0.85, 0.81]) == .reproduced)
    #expect(try followed([0.9, 0.85, 0.79]) == .withExceptions)
    #expect(try followed([0.7, 0.7, 0.7]) == .notReproduced)
    func larger(_ fragment: String, _ values: [Double], _ figure: String = "4") throws -> Verdict {
      try Self.verdict(figure, fragment, values.map { Self.place(0.8, $0) }).verdict
    }
    #expect(try larger("much larger maximum", [1.07, 0.77, 0.14]) == .reproduced)
    #expect(try larger("much larger maximum", [1.07, 1.05, 0.14]) == .withExceptions)
    #expect(try larger("much larger maximum", [0.14, 0.77, 1.07]) == .notReproduced)
    #expect(try larger("slightly larger", [0.93, 0.92, 0.9]) == .reproduced)
    #expect(try larger("slightly larger", [0.93, 0.92, 0.7]) == .withExceptions)
    #expect(try larger("slightly larger", [0.9, 0.92, 0.7]) == .notReproduced)
    #expect(try larger("large angular momentum", [19, 16, 4.6], "5") == .reproduced)
    #expect(try larger("large angular momentum", [4, 16, 19], "5") == .notReproduced)
    #expect(try larger("can be achieved even", [0.93, 0.92, 0.74, 1, 0.8, 0.1]) == .reproduced)
    #expect(try larger("can be achieved even", [0.93, 0.92, 0.3, 1, 0.8, 0.1]) == .notReproduced)
    #expect(try larger("can be achieved even", [0.93, 0.92, 0.74, 0.1, 0.8, 1]) == .notReproduced)
  }

  @Test("whether a colder bath rectifies the momentum better depends on the definition")
  func colderBath() throws {
    func verdict(_ magnitudes: [Double], _ printed: [Double]) throws -> Verdict {
      let chi = (0...50).map { Double($0) / 50 }
      return try Self.verdict(
        "5", "decreasing the temperature",
        magnitudes.map { Self.place(0.8, $0) }
          + printed.map { plateau in Self.curve(chi) { plateau + ($0 - 0.8) * ($0 - 0.8) } }
          + magnitudes.map { top in Self.curve(chi) { top - ($0 - 0.8) * ($0 - 0.8) } }
      ).verdict
    }
    #expect(try verdict([0.78, 0.79, 0.6], [1.25, 1.27, 1.7]) == .reproduced)
    #expect(try verdict([0.79, 0.78, 0.6], [1.25, 1.27, 1.7]) == .withExceptions)
    #expect(try verdict([0.79, 0.78, 0.6], [1.3, 1.27, 1.2]) == .notReproduced)
  }

  @Test("weak coupling compares states and flows of the two equations")
  func weakCoupling() throws {
    func verdict(order: Double, ratio: Double) throws -> Verdict {
      let lambda = [0.001, 0.01, 0.1]
      func states(_ shift: Double) -> [SampledCurve] {
        (0..<4).map { _ in Self.curve(lambda) { 0.5 + shift * pow($0, order) } }
      }
      let heat = Self.curve(lambda) { $0 * $0 }
      return try Self.verdict(
        "4", "in the limit λ → 0", states(0) + [heat] + states(1) + [heat.scaled(ratio)]
      ).verdict
    }
    #expect(try verdict(order: 2, ratio: 1) == .reproduced)
    #expect(try verdict(order: 2, ratio: 4) == .withExceptions)
    #expect(try verdict(order: 1, ratio: 1) == .notReproduced)
  }

  @Test("the most likely level leaves the window, or stays in it")
  func populations() throws {
    func peak(_ levels: ClosedRange<Int>, at place: Double) -> SampledCurve {
      Self.curve(levels.map(Double.init)) { exp(-($0 - place) * ($0 - place) / 8) }
    }
    func leaves(_ places: [Double]) throws -> Verdict {
      try Self.verdict(
        "6", "increase beyond", places.map { peak(-40...60, at: $0) } + [peak(-5...10, at: 10)]
      ).verdict
    }
    #expect(try leaves([0, 1, 3, 5, 9, 17]) == .reproduced)
    #expect(try leaves([0, 1, 2, 2, 2, 2]) == .notReproduced)
    #expect(try leaves([0, 1, 3, 5, 9, 58]) == .notChecked)
    func problems(_ end: Double) throws -> Verdict {
      let (cut, free) = (peak(-5...10, at: 2), peak(-40...60, at: 2))
      return try Self.verdict(
        "6", "can cause problems",
        Array(repeating: cut, count: 6) + Array(repeating: free, count: 5) + [peak(-40...60, at: end)]
      ).verdict
    }
    #expect(try problems(9) == .reproduced)
    #expect(try problems(2) == .notReproduced)
    func stays(_ last: Double) throws -> Verdict {
      let wide = [0, 1, 1, 2, 2, 2, 2].map { peak(-40...60, at: $0) }
      let cut = [0, 1, 1, 2, 2, 2, last].map { peak(-5...10, at: $0) }
      return try Self.verdict("7", "does not go beyond", wide + cut).verdict
    }
    #expect(try stays(2) == .reproduced)
    #expect(try stays(10) == .notReproduced)
  }

  @Test("powers: a maximum, a decrease with a small or a large return, and limits")
  func powers() throws {
    let times = (0...120).map { 1000 * Double($0) }
    let start = Self.curve((0...40).map { Double($0) / 2 }) { 1 - exp(-$0) }
    func falls(_ value: @escaping (Double) -> Double) throws -> Verdict {
      try Self.verdict(
        "8", "steadily decrease",
        [Self.curve(times) { exp(-$0 / 2e4) }, Self.curve(times, value), start]
      ).verdict
    }
    #expect(try falls { exp(-$0 / 2e4) } == .reproduced)
    #expect(try falls { (1 - $0 / 3e4) * exp(-$0 / 2e4) } == .withExceptions)
    #expect(try falls { cos($0 / 2e4) } == .notReproduced)
    func net(_ value: @escaping (Double) -> Double) throws -> Verdict {
      try Self.verdict("8", "quickly reaches a maximum", [Self.curve(times, value)]).verdict
    }
    #expect(try net { $0 * exp(-$0 / 1.5e4) } == .reproduced)
    #expect(try net { exp(-$0 / 1.5e4) } == .notReproduced)
    #expect(try net { $0 } == .notReproduced)
    func limit(_ power: Double) throws -> Verdict {
      try Self.verdict("8", "will tend to -Q_r", [Self.place(0.8, power), Self.place(0.8, -1.8e-5)]).verdict
    }
    #expect(try limit(1.8e-5) == .reproduced)
    #expect(try limit(1.7e-5) == .notReproduced)
    func longTime(_ error: Double) throws -> Verdict {
      try Self.verdict(
        "8", "long-time limit", (0..<16).map { Self.place(0.8, $0 == 4 ? 0.5 + error : 0.5) }
      ).verdict
    }
    #expect(try longTime(1e-11) == .reproduced)
    #expect(try longTime(1e-4) == .notReproduced)
  }
}

extension SampledCurve {
  /// The same curve times a number.
  fileprivate func scaled(_ factor: Double) -> SampledCurve {
    SampledCurve(x: x, y: y.map { $0.map { factor * $0 } })
  }
}
