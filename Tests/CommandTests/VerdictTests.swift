import Foundation
import Testing

import ness

/// Verdicts on curves that are made up: each rule in both directions.
@Suite("Verdicts on statements")
struct VerdictTests {
  /// 51 places from 0 to 1.
  private static let grid = (0...50).map { Double($0) / 50 }

  private static func curve(_ value: (Double) -> Double?) -> SampledCurve {
    SampledCurve(x: grid, y: grid.map(value))
  }

  private static func bell(_ centre: Double, height: Double = 1, width: Double = 0.15) -> SampledCurve {
    curve { height * exp(-($0 - centre) * ($0 - centre) / (2 * width * width)) }
  }

  private static func statement(_ figure: String, _ fragment: String) throws -> Statement {
    let found = FigureCatalog.standard.figures.filter { $0.id == figure }
    let statements = found.flatMap { $0.content(FigureScale()).statements }.filter {
      $0.text.contains(fragment)
    }
    #expect(statements.count == 1, "\(statements.map(\.text))")
    return try #require(statements.first)
  }

  @Test("peaks and inflections are found between the points")
  func landmarks() throws {
    // The parabola through three points of a bell of width w is off by at most h^2 |x - x0|/w^2 / 6 < 1e-3 h.
    let peak = try #require(Self.bell(0.453).maximum)
    #expect(abs(peak.x - 0.453) < 2e-4)
    #expect(abs(peak.y - 1) < 1e-3)
    let step = Self.curve { 1 / (1 + exp(($0 - 0.463) / 0.05)) }
    let steepest = try #require(step.steepest)
    #expect(abs(steepest.x - 0.463) < 2e-3)
    #expect(abs(steepest.y + 5) < 0.1)
    #expect(Self.curve { $0 }.maximum?.x == 1)
  }

  @Test("crossings are found between the points, and only in the range")
  func crossing() throws {
    let line = Self.curve { $0 * $0 }
    let other = Self.curve { 0.46267 * 0.46267 + 0.5 * ($0 - 0.46267) }
    let found = line.crossings(with: other, in: 0.4...0.5)
    #expect(found.count == 1)
    #expect(abs((found.first ?? 0) - 0.46267) < 1e-12)
    #expect(line.crossings(with: other, in: 0.5...0.9).isEmpty)
  }

  @Test("an identity holds up to the accuracy of the solver, and a visible violation is seen")
  func identity() throws {
    let statement = try Self.statement("rotors-4", "Note that Σ_k")
    let zero = Self.curve { _ in 1e-14 }
    #expect(statement.evaluate([zero, zero]).verdict == .reproduced)
    let spoilt = Self.curve { $0 == 0.5 ? 1e-6 : 0 }
    #expect(statement.evaluate([zero, spoilt]).verdict == .notReproduced)
  }

  @Test("a period is seen, a wrong one is refused, and zeros decide nothing")
  func period() throws {
    let statement = try Self.statement("rotors-2", "2π/Ns periodicity")
    let x = (0...50).map { Double($0) * 4 * .pi / 150 }
    func verdict(_ current: (Double) -> Double) -> Verdict {
      statement.evaluate(Array(repeating: SampledCurve(x: x, y: x.map(current)), count: 4)).verdict
    }
    #expect(verdict { sin(3 * $0) } == .reproduced)
    #expect(verdict { sin(1.5 * $0) } == .notReproduced)
    #expect(verdict { _ in 0 } == .notChecked)
  }

  @Test("a position is compared with the printed one")
  func position() throws {
    let statement = try Self.statement("rotors-2", "is reached at f ≈ 0.45")
    let negative = Self.bell(0.45, height: -2)
    #expect(statement.evaluate([Self.bell(0.46), negative]).verdict == .reproduced)
    #expect(statement.evaluate([Self.bell(0.52), negative]).verdict == .withExceptions)
    let finding = statement.evaluate([Self.bell(0.52), Self.bell(0.53)])
    #expect(finding.verdict == .notReproduced)
    #expect(finding.measured.map { ($0.value * 100).rounded() } == [52, 53])
  }

  @Test("a tendency may have exceptions, which are named, but not most of the range")
  func tendency() throws {
    let statement = try Self.statement("rotors-2", "opposite sign")
    let (up, down) = (Self.bell(0.5), Self.bell(0.5, height: -1))
    #expect(statement.evaluate([up, down, down, up]).verdict == .reproduced)
    let spoilt = Self.curve { $0 < 0.13 && $0 > 0.05 ? 1 : -1 }
    let finding = statement.evaluate([up, down, spoilt, up])
    #expect(finding.verdict == .withExceptions)
    #expect(finding.remark == "even rotors: not for f in 0.06…0.12")
    #expect(statement.evaluate([up, down, up, up]).verdict == .notReproduced)
  }

  @Test("the classical limit tells equality from equality in first order and from inequality")
  func classicalLimit() throws {
    let statement = try Self.statement("rotors-2", "in the classical limit f = 0")
    let differences = [0.001, 0.01, 0.1]
    func against(_ relative: (Double) -> Double) -> [SampledCurve] {
      [1, -1].map { sign in
        SampledCurve(x: differences, y: differences.map { 1e-3 * $0 * (1 + sign * relative($0) / 2) })
      }
    }
    func verdict(_ odd: Double, tunnelling: Double = 0, _ relative: (Double) -> Double) -> Verdict {
      let zero = Self.curve { $0 == 0 ? tunnelling : $0 }
      let thermal = [9e-5, odd].map { value in Self.curve { $0 == 0 ? value : 1e-3 } }
      return statement.evaluate([zero, zero] + thermal + against(relative)).verdict
    }
    #expect(verdict(9e-5) { $0 } == .reproduced)
    #expect(verdict(8.5e-5) { 0.5 * $0 } == .withExceptions)
    #expect(verdict(8.5e-5) { _ in 0.05 } == .notReproduced)
    #expect(verdict(-9e-5) { $0 } == .notReproduced)
    #expect(verdict(9e-5, tunnelling: 1e-4) { $0 } == .notReproduced)
  }

  @Test("total currents are compared between sizes")
  func sizes() throws {
    let constant = try Self.statement("rotors-3", "almost constant")
    #expect(constant.evaluate([Self.bell(0.4), Self.bell(0.4, height: 0.95)]).verdict == .reproduced)
    #expect(constant.evaluate([Self.bell(0.4), Self.bell(0.4, height: 0.5)]).verdict == .notReproduced)
    let decreases = try Self.statement("rotors-3", "decreases its value")
    #expect(decreases.evaluate([Self.bell(0.4), Self.bell(0.4, height: 0.9)]).verdict == .reproduced)
    // A wider, lower bell is higher above f = 0.8, at a fifth of the places.
    let lower = Self.bell(0.4, height: 0.8, width: 0.155)
    #expect(decreases.evaluate([Self.bell(0.4), lower]).verdict == .withExceptions)
    #expect(decreases.evaluate([Self.bell(0.4), Self.bell(0.4, height: 1.1)]).verdict == .notReproduced)
  }

  @Test("susceptibilities are similar when signs and shapes agree")
  func similarity() throws {
    let statement = try Self.statement("rotors-6", "qualitatively similar")
    let (a, b) = (Self.bell(0.25, height: -0.3), Self.bell(0.3, height: -0.01))
    #expect(statement.evaluate([a, b, a, b]).verdict == .reproduced)
    #expect(statement.evaluate([a, b, a, Self.bell(0.3)]).verdict == .withExceptions)
    #expect(statement.evaluate([a, Self.bell(0.8, height: -1), a, Self.bell(0.3)]).verdict == .notReproduced)
  }

  @Test("crossings must approach the field, and the extrapolations enclose it")
  func binder() throws {
    let statement = try Self.statement("rotors-7", "approaches the reported value")
    let x = (0...24).map { 0.4 + 0.005 * Double($0) }
    /// Four curves whose neighbours cross at f(size).
    func curves(_ f: (Double) -> Double) -> [SampledCurve] {
      var y = x.map { _ in 0.0 }
      var all = [SampledCurve(x: x, y: y)]
      for size in [5.0, 7, 9] {
        y = zip(x, y).map { x, y in y - (x - f(size)) }
        all.append(SampledCurve(x: x, y: y))
      }
      return all
    }
    // Corrections between 1/M^2 and a geometric series, as in the model.
    #expect(statement.evaluate(curves { 0.46267 - 2.2 / ($0 * $0 * $0) }).verdict == .reproduced)
    #expect(statement.evaluate(curves { 0.475 - 2.2 / ($0 * $0 * $0) }).verdict == .notReproduced)
    #expect(statement.evaluate(curves { 0.46267 - 0.0005 * $0 }).verdict == .notReproduced)
    #expect(statement.evaluate(curves { _ in 0.9 }).verdict == .notChecked)
  }

  @Test("a sharper transition has a steeper slope")
  func slopes() throws {
    let statement = try Self.statement("rotors-9", "sharper behavior")
    let curves = [0.1, 0.08, 0.06, 0.05, 0.04].map { width in
      Self.curve { 0.7 / (1 + exp(($0 - 0.45) / width)) }
    }
    #expect(statement.evaluate(curves).verdict == .reproduced)
    #expect(statement.evaluate(curves.reversed()).verdict == .notReproduced)
  }

  @Test("failed points are reported, and many of them leave the verdict open")
  func missing() throws {
    let statement = try Self.statement("rotors-2", "is reached at f ≈ 0.45")
    func holed(_ spacing: Int) -> SampledCurve {
      let whole = Self.bell(0.45)
      return SampledCurve(x: whole.x, y: whole.y.enumerated().map { $0 % spacing == 0 ? nil : $1 })
    }
    let few = statement.evaluate([Self.bell(0.45), holed(20)])
    #expect(few.verdict == .reproduced)
    #expect(few.remark.contains("3 of 102 values are missing"))
    #expect(statement.evaluate([Self.bell(0.45), holed(3)]).verdict == .notChecked)
    #expect(statement.evaluate([Self.curve { _ in nil }, Self.curve { _ in nil }]).verdict == .notChecked)
  }
}
