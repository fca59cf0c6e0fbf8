import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// Where the gradient ends, and less: values err by its square.
private let converged = 1e-10

@Suite("Global discord")
struct GlobalDiscordTests {
  static let pair = HilbertSpace([.qubit, .qubit])
  static let clocks = HilbertSpace([.clock(positions: 3), .clock(positions: 3)])

  @Test("the objective at given angles, its value in the clock basis, and the minimum")
  func golden() throws {
    let golden = try ClockRingGoldenTests.golden("unit-discord")
    let state = goldenTestMatrix(on: Self.clocks)
    let angles = (0..<2).map { k in (0..<8).map { 0.1 * Double((k + 1) * ($0 + 1)) } }
    let at = try GlobalDiscord.objective(of: state, angles: angles).value
    let zero = [[Double]](repeating: Array(repeating: 0, count: 8), count: 2)
    let clock = try GlobalDiscord.objective(of: state, angles: zero)
      .value
    let minimum = try GlobalDiscord(of: state)
    #expect(golden.deviation(at, from: golden.rows[0][1]) <= 1)
    #expect(golden.deviation(clock, from: golden.rows[1][1]) <= 1)
    #expect(golden.deviation(minimum.value, from: golden.rows[2][1]) <= 1)
    #expect(minimum.hits > 1 && minimum.starts == 20)
    // The bases that are handed out belong to the value.
    let again = try GlobalDiscord.objective(
      of: state, angles: zero, from: minimum.bases)
    #expect(abs(again.value - minimum.value) < 1e-12)
    #expect(again.gradient.allSatisfy { abs($0) <= GlobalDiscord.largestGradient })
  }

  @Test(
    "GHZ states over Ns levels have ln Ns, whatever the number of sites", arguments: [(2, 3), (3, 4), (4, 2)])
  func ghz(levels: Int, sites: Int) throws {
    let space = HilbertSpace(Array(repeating: .clock(positions: levels), count: sites))
    let step = space.strides.reduce(0, +)
    var amplitudes = [Complex<Double>](repeating: .zero, count: space.dimension)
    for level in 0..<levels { amplitudes[level * step] = .one }
    let state = StateVector(space: space, amplitudes: amplitudes).normalized!
    let found = try GlobalDiscord(of: state)
    #expect(abs(found.value - Double.log(Double(levels))) < converged)
    #expect(abs(found.totalCorrelations - Double(sites) * .log(Double(levels))) < converged)
    if levels == 3 {
      let golden = try ClockRingGoldenTests.golden("unit-discord")
      #expect(golden.deviation(found.value, from: golden.rows[3][1]) <= 1)
    }
  }

  @Test("a pure pair has its entanglement entropy, as vector, as matrix, and in a restricted space")
  func purePair() throws {
    let state = genericVector(HilbertSpace([.levels(3), .levels(4)]))
    let entropy = try state.entropy(of: [0])
    #expect(entropy > 0.3)
    #expect(abs(try GlobalDiscord(of: state).value - entropy) < converged)
    #expect(abs(try GlobalDiscord(of: state.density()).value - entropy) < converged)
    let sector = Self.pair.restricted { $0.reduce(0, +) == 1 }
    let one = StateVector(space: sector, amplitudes: [Complex(0.6), Complex(0.8)])
    let expected = -2 * (0.36 * Double.log(0.6) + 0.64 * Double.log(0.8))
    #expect(abs(try GlobalDiscord(of: one).value - expected) < converged)
    #expect(abs(try GlobalDiscord(of: one.density()).value - expected) < converged)
  }

  @Test("products and classical states in any local bases have none")
  func classical() throws {
    let space = HilbertSpace([.qubit, .clock(positions: 3)])
    let product = DensityMatrix.tensor(
      genericState(HilbertSpace([.qubit])), genericState(HilbertSpace([.clock(positions: 3)])))
    #expect(try GlobalDiscord(of: product).value < converged)
    var elements = [Complex<Double>](repeating: .zero, count: 36)
    for (state, weight) in [0.3, 0.05, 0.1, 0.02, 0.33, 0.2].enumerated() {
      elements[7 * state] = Complex(weight)
    }
    let correlated = DensityMatrix(space: space, elements: elements)
    let turned = rotated(correlated, by: localUnitary(space))
    let found = try GlobalDiscord(of: turned)
    #expect(found.totalCorrelations > 0.1 && found.value < converged)
    // In the basis of the space it looks quantum.
    let zero = [[Double](repeating: 0, count: 3), Array(repeating: 0, count: 8)]
    #expect(try GlobalDiscord.objective(of: turned, angles: zero).value > 0.05)
  }

  @Test(
    "Bell-diagonal states: the largest of the three correlations can be measured",
    arguments: [[0.5, -0.3, 0.2], [-0.6, -0.6, -0.6], [0.1, 0.45, 0.35], [0.9, -0.9, 0.95]])
  func bellDiagonal(c: [Double]) throws {
    var matrix = SparseMatrix.identity(4)
    for (weight, pauli) in zip(c, [SparseMatrix.pauliX, .pauliY, .pauliZ]) {
      let term = Operator.local(pauli, at: 0, in: Self.pair) * .local(pauli, at: 1, in: Self.pair)
      matrix = matrix + weight * term.matrix
    }
    let state = DensityMatrix(space: Self.pair, elements: (0.25 * matrix).dense)
    func entropy(_ p: [Double]) -> Double { p.reduce(0) { $1 > 0 ? $0 - $1 * .log($1) : $0 } }
    let eigenvalues = [
      1 - c[0] - c[1] - c[2], 1 - c[0] + c[1] + c[2], 1 + c[0] - c[1] + c[2], 1 + c[0] + c[1] - c[2],
    ]
    let largest = c.map(abs).max()!
    let classical = Double.log(2) - entropy([(1 + largest) / 2, (1 - largest) / 2])
    let expected = 2 * Double.log(2) - entropy(eigenvalues.map { $0 / 4 }) - classical
    for example in [state, rotated(state, by: localUnitary(Self.pair))] {
      let found = try GlobalDiscord(of: example)
      #expect(abs(found.value - expected) < converged)
      #expect(abs(found.classicalCorrelations - classical) < converged)
    }
  }

  @Test("two qubits against a refined grid over all pairs of directions")
  func grid() throws {
    let state = genericState(Self.pair)
    let paulis = [SparseMatrix.pauliX, .pauliY, .pauliZ]
    func mean(_ a: SparseMatrix?, _ b: SparseMatrix?) -> Double {
      let identity = SparseMatrix.identity(2)
      let product =
        Operator.local(a ?? identity, at: 0, in: Self.pair)
        * .local(b ?? identity, at: 1, in: Self.pair)
      return state.expectation(of: product).real
    }
    let (r, s) = (paulis.map { mean($0, nil) }, paulis.map { mean(nil, $0) })
    let c = paulis.map { a in paulis.map { mean(a, $0) } }
    func direction(_ theta: Double, _ phi: Double) -> [Double] {
      [.sin(theta) * .cos(phi), .sin(theta) * .sin(phi), .cos(theta)]
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { a[0] * b[0] + a[1] * b[1] + a[2] * b[2] }
    func information(_ x: [Double]) -> Double {
      let (a, b) = (direction(x[0], x[1]), direction(x[2], x[3]))
      let (first, second) = (dot(a, r), dot(b, s))
      let both = dot(a, [dot(c[0], b), dot(c[1], b), dot(c[2], b)])
      var sum = 0.0
      for (i, j) in [(1.0, 1.0), (1, -1), (-1, 1), (-1, -1)] {
        let p = (1 + i * first + j * second + i * j * both) / 4
        sum += p * .log(4 * p / ((1 + i * first) * (1 + j * second)))
      }
      return sum
    }
    var best = [0.0, 0, 0, 0]
    var value = 0.0
    func scan(_ center: [Double], _ step: Double, _ half: [Int]) {
      for i in -half[0]...half[0] {
        for j in -half[1]...half[1] {
          for k in -half[0]...half[0] {
            for l in -half[1]...half[1] {
              let x = zip(center, [i, j, k, l]).map { $0 + step * Double($1) }
              let found = information(x)
              if found > value { (best, value) = (x, found) }
            }
          }
        }
      }
    }
    // Half a sphere is enough: opposite directions are the same measurement.
    scan([.pi / 4, .pi, .pi / 4, .pi], .pi / 8, [2, 8])
    var step = Double.pi / 16
    while step > 1e-4 {
      scan(best, step, [1, 1])
      step /= 1.5
    }
    let found = try GlobalDiscord(of: state)
    // The grid ends within 1e-4 of a maximum with curvature of order one.
    #expect(found.classicalCorrelations >= value - 1e-12)
    #expect(found.classicalCorrelations <= value + 1e-7)
  }

  @Test("gradients agree with differences, for mixed and pure states")
  func gradient() throws {
    let space = HilbertSpace([.clock(positions: 3), .qubit])
    let states: [any QuantumState] = [genericState(space), genericVector(space)]
    for state in states {
      let angles = [(0..<8).map { 0.3 - 0.1 * Double($0) }, [0.2, -0.5, 0.7]]
      func value(_ site: Int, _ angle: Int, _ step: Double) throws -> Double {
        var moved = angles
        moved[site][angle] += step
        return try GlobalDiscord.objective(of: state, angles: moved).value
      }
      let gradient = try GlobalDiscord.objective(of: state, angles: angles).gradient
      for (position, (site, angle)) in [(0, 1), (0, 2), (0, 7), (1, 0), (1, 1)].enumerated() {
        // Central differences: h^2 times a third derivative of order one.
        let slope = (try value(site, angle, 1e-5) - value(site, angle, -1e-5)) / 2e-5
        let expected = gradient[site * 8 + angle]
        #expect(abs(slope - expected) < 1e-8, "\(position)")
      }
    }
  }

  @Test("local unitaries, the seed and the representation change nothing")
  func invariance() throws {
    let state = DensityMatrix.mixture(of: [
      (0.7, genericVector(Self.clocks).density()), (0.3, genericVector(Self.clocks, shift: 1.1).density()),
    ])
    let found = try GlobalDiscord(of: state)
    #expect(found == (try GlobalDiscord(of: state)))
    let turned = try GlobalDiscord(
      of: rotated(state, by: localUnitary(Self.clocks)), search: .init(seed: 9))
    #expect(abs(found.value - turned.value) < converged)
    // A little noise has full rank and takes the route of the whole matrix.
    let noisy = DensityMatrix.mixture(of: [(1 - 1e-12, state), (1e-12, .maximallyMixed(Self.clocks))])
    #expect(abs(found.value - (try GlobalDiscord(of: noisy).value)) < 1e-9)
  }

  @Test("M = 4 steady states against golden numbers; the clock basis is not optimal")
  func steadyStates() throws {
    for (id, row) in [
      ("fig5-phi1.5708-betae1", 6), ("fig5-phi1.5708-betae0.2", 12), ("fig5-phi0.0000-betae1", 0),
    ] {
      let golden = try ClockRingGoldenTests.golden(id)
      let reference = golden.rows[row]
      var parameters = golden.parameters
      parameters["f"] = .real(try #require(reference[0]))
      for name in ["phi", "beta_e", "beta_o"] { parameters[name] = nil }
      let ring = try ChiralClockMachine(parameters).ring
      let state = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries()).state
      let search = GlobalDiscord.Search(equalSites: [[0, 2], [1, 3]], starts: 4)
      let found = try GlobalDiscord(of: state, search: search)
      #expect(golden.deviation(found.value, from: reference[4]) <= 1, "\(id)")
      #expect(found.hits > 1)
      if row == 6 {
        let zero = [Double](repeating: 0, count: 8)
        let clock = try GlobalDiscord.objective(of: state, angles: [zero, zero, zero, zero]).value
        #expect(abs(clock - 0.1065) < 5e-5)
      }
    }
  }

  @Test("M = 4 ground states through the machine, at most the golden numbers")
  func groundStates() throws {
    let golden = try ClockRingGoldenTests.golden("fig8-M4")
    // In order: one minimum, the reference too high, few starts that find the best.
    for row in golden.rows where [0.45, 0.55, 0.8].contains(row[0]) {
      let f = try #require(row[0])
      var parameters = golden.parameters
      parameters["f"] = .real(f)
      parameters["phi"] = nil
      let result = try ChiralClockMachine(parameters).compute(
        PointRequest(state: "ground", observables: ["G", "G_hits"]))
      let found = try #require(result.rows[0][0])
      #expect(try #require(result.rows[0][1]) > 1)
      if f == 0.55 {
        // The reference ended in a local minimum here, 0.7 % above.
        #expect(abs(found - 1.020374644314) < 1e-8)
      } else {
        #expect(golden.deviation(found, from: row[6]) <= 1, "f = \(f): \(found)")
      }
    }
  }
}
