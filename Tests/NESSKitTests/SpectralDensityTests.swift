import NESSKit
import Numerics
import Testing

@Suite("Spectral densities")
struct SpectralDensityTests {
  typealias Shape = SpectralDensity.Shape

  /// Computed: the pointers of a stored one carry the case in spare bits, and LeakSanitizer takes what they point to for lost.
  static var shapes: [Shape] {
    [
      .ohmic(.none), .ohmic(.algebraic(2)), .ohmic(.exponential(0.7)), .ohmic(.hard(3)),
      .table(frequencies: [0, 0.5, 2, 4], values: [0, 1, 0.3, 0.6]),
    ]
  }

  @Test("J(n + 1)/(J n) = exp(beta omega) at any sign under `odd`", arguments: shapes)
  func detailedBalance(shape: Shape) throws {
    let density = try SpectralDensity(shape, coupling: 0.3)
    for frequency in [1e-9, 0.02, 0.4, 1, 2.9, -1e-9, -0.3, -2.5] {
      for beta in [1e-3, 0.8, 20] {
        let rates = density.rates(at: frequency, inverseTemperature: beta, rule: .odd)
        #expect(rates.emission > 0 && rates.absorption > 0)
        // Exponentials of up to 60 carry that many roundings of their argument.
        #expect(abs(rates.emission / rates.absorption / .exp(beta * frequency) - 1) < 1e-13)
        #expect(
          abs(rates.emission - rates.absorption - density.value(at: frequency)) < 1e-15 * rates.emission * 4)
        let mirrored = density.rates(at: -frequency, inverseTemperature: beta, rule: .odd)
        #expect(mirrored.emission == rates.absorption && mirrored.absorption == rates.emission)
        let quanta = density.rates(at: frequency, inverseTemperature: beta, rule: .rwa)
        #expect(frequency > 0 ? quanta == rates : quanta == (0, 0))
      }
    }
  }

  @Test("at frequency zero both rates are J'(0)/beta under `odd`, and zero under `rwa`", arguments: shapes)
  func zeroFrequency(shape: Shape) throws {
    let density = try SpectralDensity(shape, coupling: 0.3)
    let limit = density.rates(at: 0, inverseTemperature: 0.8, rule: .odd)
    let near = density.rates(at: 1e-8, inverseTemperature: 0.8, rule: .odd)
    #expect(abs(limit.emission / near.emission - 1) < 1e-7 && limit.emission == limit.absorption)
    #expect(density.rates(at: 0, inverseTemperature: 0.8, rule: .rwa) == (0, 0))
    #expect(density.rates(at: 0, inverseTemperature: .infinity, rule: .odd) == (0, 0))
    #expect(density.rates(at: 1, inverseTemperature: .infinity, rule: .odd).emission == density.value(at: 1))
    #expect(density.rates(at: -1, inverseTemperature: .infinity, rule: .odd).emission == 0)
  }

  @Test("a table that does not start at zero frequency, or at J = 0")
  func tablesAtZero() throws {
    let late = try SpectralDensity(.table(frequencies: [0.5, 1], values: [2, 1]), coupling: 1)
    #expect(late.rates(at: 0, inverseTemperature: 1, rule: .odd) == (0, 0))
    let jump = try SpectralDensity(.table(frequencies: [0, 1], values: [2, 1]), coupling: 1)
    #expect(jump.rates(at: 0, inverseTemperature: 1, rule: .odd).emission == .infinity)
    let none = try SpectralDensity(.table(frequencies: [0, 1], values: [2, 1]), coupling: 0)
    #expect(none.rates(at: 0, inverseTemperature: 1, rule: .odd) == (0, 0))
  }

  @Test("white rates are those at the reference; only a coupling to positions minds the sign")
  func white() throws {
    let density = try SpectralDensity(.white(reference: 1.5), coupling: 0.3)
    let n = 1 / (Double.exp(1.2) - 1)
    for frequency in [-3, -0.1, 0, 0.2, 7] {
      let rates = density.rates(at: frequency, inverseTemperature: 0.8, rule: .rwa)
      #expect(abs(rates.emission - 0.3 * (n + 1)) < 1e-15 && abs(rates.absorption - 0.3 * n) < 1e-15)
      let odd = density.rates(at: frequency, inverseTemperature: 0.8, rule: .odd)
      if frequency > 0 { #expect(odd == rates) }
      if frequency < 0 { #expect(odd == (rates.absorption, rates.emission)) }
      if frequency == 0 {
        #expect(odd.emission == odd.absorption && abs(odd.emission - 0.3 * (n + 0.5)) < 1e-15)
      }
    }
  }

  @Test("values: cutoffs, and straight lines between the points of a table")
  func values() throws {
    func value(_ shape: Shape, _ frequency: Double) throws -> Double {
      try SpectralDensity(shape, coupling: 2).value(at: frequency)
    }
    #expect(try value(.ohmic(.none), 3) == 6)
    #expect(try abs(value(.ohmic(.algebraic(2)), 3) - 6 * 4 / 13) < 1e-15)
    #expect(try abs(value(.ohmic(.exponential(2)), 3) - 6 * .exp(-1.5)) < 1e-15)
    #expect(try value(.ohmic(.hard(3)), 3) == 6 && value(.ohmic(.hard(3)), 3.001) == 0)
    #expect(try value(.ohmic(.algebraic(2)), -3) == -value(.ohmic(.algebraic(2)), 3))
    let table = Shape.table(frequencies: [1, 2, 4, 5], values: [0, 1, 3, 2])
    for (frequency, expected) in [
      (0.9, 0.0), (1, 0), (1.25, 0.25), (2, 1), (3.5, 2.5), (4, 3), (4.5, 2.5), (5, 2), (5.1, 0),
    ] {
      #expect(try abs(value(table, frequency) - 2 * expected) < 1e-15, "\(frequency)")
    }
  }

  @Test("bad input names the field")
  func badInput() {
    func field(_ shape: Shape, _ coupling: Double = 1) -> String? {
      do {
        _ = try SpectralDensity(shape, coupling: coupling)
        return nil
      } catch { return error.field }
    }
    #expect(field(.ohmic(.none), -1) == "coupling" && field(.ohmic(.none), .nan) == "coupling")
    for bad in [0, -1, Double.infinity, .nan] {
      #expect(field(.ohmic(.algebraic(bad))) == "cutoff" && field(.ohmic(.hard(bad))) == "cutoff")
      #expect(field(.ohmic(.exponential(bad))) == "cutoff" && field(.white(reference: bad)) == "reference")
    }
    #expect(field(.table(frequencies: [1], values: [1])) == "frequencies")
    #expect(field(.table(frequencies: [1, 1], values: [1, 1])) == "frequencies")
    #expect(field(.table(frequencies: [-1, 1], values: [1, 1])) == "frequencies")
    #expect(field(.table(frequencies: [0, 1], values: [1])) == "values")
    #expect(field(.table(frequencies: [0, 1], values: [1, -1])) == "values")
    #expect(field(.table(frequencies: [0, 1], values: [0, 1]), 0) == nil)
  }

  @Test("a coupling needs a bath with a finite, positive inverse temperature")
  func couplings() throws {
    let space = HilbertSpace([.qubit])
    let density = try SpectralDensity(.ohmic(.none), coupling: 1)
    for beta in [nil, 0, -1, Double.infinity] {
      #expect(throws: InputError.self) {
        try BathCoupling(
          operator: .local(.pauliX, at: 0, in: space), bath: Bath(name: "b", inverseTemperature: beta),
          density: density)
      }
    }
  }
}
