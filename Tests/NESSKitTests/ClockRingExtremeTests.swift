import NESSKit
import Numerics
import Testing

@Suite("Clock ring at extreme parameters")
struct ClockRingExtremeTests {
  /// Stationary law of a Markov chain by the algorithm of Grassmann, Taksar and Heyman (Oper. Res. 33, 1107 (1985)): no
  /// subtractions, so that every probability is accurate to rounding however rare the jumps. Rates from column to row.
  static func markov(_ rates: RealSparseMatrix) -> [Double] {
    let n = rates.rows
    var a = rates.dense
    for k in (1..<n).reversed() {
      let out = (0..<k).reduce(0.0) { $0 + a[$1 + k * n] }
      for j in 0..<k {
        let factor = a[k + j * n] / out
        a[k + j * n] = factor
        for i in 0..<k where i != j { a[i + j * n] += factor * a[i + k * n] }
      }
    }
    var p = [1.0]
    for k in 1..<n { p.append((0..<k).reduce(0) { $0 + p[$1] * a[k + $1 * n] }) }
    let sum = p.reduce(0, +)
    return p.map { $0 / sum }
  }

  static func ring(
    _ rotors: Int = 3, positions: Int = 3, f: Double, beta: Double = 1, g: Double = 0.2
  ) throws -> ChiralClockRing {
    let sites = 0..<rotors
    return try ChiralClockRing(
      rotors: rotors, positions: positions, f: f, phases: sites.map { 0.4 + 0.7 * Double($0) },
      inverseTemperatures: sites.map { beta * (1 + 0.2 * Double($0)) },
      couplings: sites.map { g * (1 + 0.1 * Double($0)) })
  }

  @Test(
    "classical rings between wells of different depth are accurate",
    arguments: [1e-3, 0.3, 1, 2, 5, 10, 14, 20, 40], [SteadyStateSolver.Method.dense, .direct])
  func classical(beta: Double, method: SteadyStateSolver.Method) throws {
    let ring = try Self.ring(3, f: 0, beta: beta)
    let rates = (0..<3).map { ring.rates(ofRotor: $0) }.reduce(
      .zero(rows: 27, columns: 27), +)
    let reference = Self.markov(rates)
    let steady = try SteadyStateSolver(method: method).solve(ring.generator())
    let error = zip(steady.state.populations, reference).reduce(0) { max($0, abs($1.0 - $1.1)) }
    // At beta = 20 the slowest rates are 1e-13 of the fastest; beyond, the bound says what is known.
    #expect(error < (beta < 20 ? 1e-14 : beta == 20 ? 1e-11 : 1e-6))
    #expect(error <= max(1e-14, try #require(steady.certificate.errorBound)))
    #expect(steady.certificate.unique == true)
  }

  @Test("six rotors whose iterations cannot resolve the wells: the automatic route finds their energy")
  func wells() throws {
    // Populations of the 729 configurations by elimination without subtractions (as in `markov`, in Python).
    let ring = try ChiralClockRing(
      rotors: 6, f: 0, staggeredPhase: 1, oddInverseTemperature: 12, evenInverseTemperature: 10, coupling: 0.2
    )
    let generator = try ring.generator()
    let steady = try SteadyStateSolver().solve(generator, symmetries: ring.symmetries())
    #expect(abs(steady.state.expectation(of: generator.hamiltonian).real + 6.407214616888943) < 1e-9)
  }

  @Test(
    "wells that double precision cannot connect are refused, as singular where uniqueness is known",
    arguments: [200, 1000])
  func frozen(beta: Double) throws {
    for method in [SteadyStateSolver.Method.dense, .direct] {
      let ring = try Self.ring(3, f: 0, beta: beta)
      let error = #expect(throws: SolverError.self) {
        try SteadyStateSolver(method: method).solve(ring.generator())
      }
      switch error {
      case .singular?: break
      // Rates underflow there: what is left has several steady states.
      case .notUnique?: break
      default: Issue.record("\(String(describing: error))")
      }
    }
  }

  @Test(
    "weak baths: the state is that of 40-digit arithmetic, or refused",
    arguments: [1e-8, 1e-9, 1e-11, 1e-12, 1e-13, 1e-14])
  func weak(g: Double) throws {
    // Populations of the limit g -> 0, by elimination with 40 digits (mpmath) at g = 1e-9 and 1e-14, equal to 1e-17.
    let exact = [0.26428252932142676, 0.023566192718019273, 0.0454846112938873]
    for method in [SteadyStateSolver.Method.dense, .direct] {
      let ring = try Self.ring(2, f: 0.4, g: g)
      do {
        let steady = try SteadyStateSolver(method: method).solve(ring.generator())
        let error = zip(steady.state.populations, exact).reduce(0) { max($0, abs($1.0 - $1.1)) }
        // Measured: 1e-15 at 1e-9, 1e-11 at 1e-11, 3e-7 at 1e-13.
        #expect(error < 1e-14 + 1e-19 / g)
      } catch let error as SolverError {
        guard case .singular = error, g < 1e-10 else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  struct Extreme: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let make: @Sendable () throws -> ChiralClockRing
    init(_ name: String, _ make: @escaping @Sendable () throws -> ChiralClockRing) {
      (testDescription, self.make) = (name, make)
    }
  }

  static let extremes: [Extreme] = {
    var list: [Extreme] = []
    for beta in [1e-3, 20, 100, 1000] {
      list.append(Extreme("beta \(beta)") { try ring(2, f: 0.4, beta: beta) })
    }
    for g in [1e-6, 1e3, 1e6] { list.append(Extreme("g \(g)") { try ring(2, f: 0.4, g: g) }) }
    for f in [1e-8, 1e-4, 1, -0.5, 2] { list.append(Extreme("f \(f)") { try ring(2, f: f) }) }
    for f in [1e-8, 1e-4] { list.append(Extreme("f \(f), beta 20") { try ring(2, f: f, beta: 20) }) }
    for n in [2, 5] { list.append(Extreme("Ns \(n)") { try ring(2, positions: n, f: 0.4) }) }
    list.append(Extreme("M 3, Ns 2") { try ring(3, positions: 2, f: 0.4) })
    list.append(
      Extreme("one coupling 1e-9") {
        try ChiralClockRing(
          rotors: 2, f: 0.4, phases: [0.3, 1], inverseTemperatures: [1, 2], couplings: [0.2, 1e-9])
      })
    return list
  }()

  @Test(
    "quantum rings agree with elimination in the whole superoperator, or are refused", arguments: extremes)
  func quantum(extreme: Extreme) throws {
    let ring = try extreme.make()
    let generator = try ring.generator()
    let reference = bruteForceSteadyState(generator)
    for method in [SteadyStateSolver.Method.dense, .direct] {
      for symmetries in [[], ring.symmetries()] {
        do {
          let steady = try SteadyStateSolver(method: method).solve(generator, symmetries: symmetries)
          let error = distance(steady.state.density(), reference)
          // The reference itself loses digits at weak coupling.
          #expect(error < (extreme.testDescription == "g 1e-06" ? 1e-9 : 1e-13))
          #expect(steady.certificate.unique == true)
        } catch {
          guard case .singular = error, method == .dense, extreme.testDescription == "f 1e-08, beta 20" else {
            Issue.record("\(error)")
            continue
          }
        }
      }
    }
  }

  @Test("asymmetric rings of three agree with elimination", arguments: 0..<3)
  func asymmetric(seed: Int) throws {
    var random = RandomNumbers(seed: UInt64(seed))
    let ring = try ChiralClockRing(
      rotors: 3, positions: 2, f: random.real(), phases: (0..<3).map { _ in 3 * random.real() },
      inverseTemperatures: (0..<3).map { _ in 0.05 + 3 * abs(random.real()) },
      couplings: (0..<3).map { _ in abs(random.real()) })
    let steady = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries())
    #expect(distance(steady.state.density(), bruteForceSteadyState(try ring.generator())) < 1e-13)
  }
}
