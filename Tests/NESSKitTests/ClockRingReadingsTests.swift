import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// The four readings of the jump operators of the clock ring.
@Suite("Readings of the clock ring's jump operators")
struct ClockRingReadingsTests {
  typealias Jumps = ChiralClockRing.Jumps

  /// Ring of the paper's Fig. 2 in one reading.
  static func paper(_ jumps: Jumps, rotors: Int = 4, f: Double = 0.45) throws -> ChiralClockRing {
    try ChiralClockRing(
      rotors: rotors, f: f, staggeredPhase: Double.pi / 2, oddInverseTemperature: 1.1,
      evenInverseTemperature: 1, coupling: 0.2, jumps: jumps)
  }

  /// Ring without symmetries, of four rotors unless said otherwise.
  static func generic(
    _ jumps: Jumps, rotors: Int = 4, positions: Int = 3, picture: ChiralClockRing.Picture = .clock
  ) throws -> ChiralClockRing {
    let sites = 0..<rotors
    return try ChiralClockRing(
      rotors: rotors, positions: positions, f: 0.4, phases: sites.map { 0.5 - 0.9 * Double($0) },
      inverseTemperatures: sites.map { 0.6 + 0.3 * Double($0) },
      couplings: sites.map { 0.2 + 0.05 * Double($0) }, picture: picture, jumps: jumps)
  }

  /// Dissipative part of L(rho), element by element: a step of a rotor takes |a><b| along when its operator acts on both.
  static func dissipation(of ring: ChiralClockRing, _ state: DensityMatrix, as jumps: Jumps) -> [Complex<
    Double
  >] {
    let space = ring.space
    let energies = ring.diagonalEnergies()
    let dimension = space.dimension
    var result = [Complex<Double>](repeating: .zero, count: dimension * dimension)
    for rotor in 0..<ring.rotors {
      for step in ring.positions == 2 ? [1] : [1, ring.positions - 1] {
        // What has the same label is moved by the same operator.
        let moves = (0..<dimension).map { state in
          var digits = space.digits(of: state)
          let n = ring.rotors
          let around = [digits[(rotor + n - 1) % n], digits[rotor], digits[(rotor + 1) % n]]
          digits[rotor] = (digits[rotor] + step) % ring.positions
          let target = space.index(of: digits) ?? -1
          let drop = energies[state] - energies[target]
          let frequency = Int((drop * 1e9).rounded())
          let label =
            switch jumps {
            case .configuration: state
            case .neighbours: around.reduce(0) { $0 * ring.positions + $1 }
            case .frequency: frequency
            case .frequencyPosition: frequency * ring.positions + around[1]
            }
          let rate = DetailedBalance.ohmicRate(
            energyDrop: drop, inverseTemperature: ring.inverseTemperatures[rotor],
            coupling: ring.couplings[rotor])
          return (target: target, rate: rate, label: label)
        }
        for (b, right) in moves.enumerated() {
          for (a, left) in moves.enumerated() {
            let element = state.elements[a + b * dimension]
            result[a + b * dimension] -= element.multiplied(by: (left.rate + right.rate) / 2)
            if left.label == right.label {
              result[left.target + right.target * dimension] += element.multiplied(by: left.rate)
            }
          }
        }
      }
    }
    return result
  }

  @Test(
    "the dissipator is the one defined, and no other",
    arguments: Jumps.allCases, [ChiralClockRing.Picture.clock, .rotated])
  func definition(jumps: Jumps, picture: ChiralClockRing.Picture) throws {
    // Staggered phases of pi/2 make many frequencies equal up to rounding, and all readings different.
    let ring = picture == .clock ? try Self.paper(jumps) : try Self.generic(jumps, picture: picture)
    let generator = try ring.generator()
    let state = goldenTestMatrix(on: ring.space)
    let change = try generator.dissipation().applied(to: state.elements)
    for other in Jumps.allCases {
      let expected = Self.dissipation(of: ring, state, as: other)
      let distance = zip(change, expected).reduce(0) { max($0, ($1.0 - $1.1).length) }
      // Elements are below 1; the readings differ in gains of the order of the coupling times an element.
      if other == jumps {
        #expect(distance < 1e-13)
      } else if picture == .clock {
        #expect(distance > 1e-5)
      }
    }
  }

  @Test("conditioning on the neighbours is everything for two and three rotors", arguments: [2, 3])
  func fewRotors(rotors: Int) throws {
    for positions in [2, 3] {
      let full = try Self.generic(.configuration, rotors: rotors, positions: positions)
      let local = try Self.generic(.neighbours, rotors: rotors, positions: positions)
      let state = goldenTestMatrix(on: full.space)
      let images = try [full, local].map { try $0.generator().terms().applied(to: state.elements) }
      #expect(zip(images[0], images[1]).allSatisfy { ($0 - $1).length < 1e-14 })
    }
  }

  @Test("populations obey the same rates in all readings; at f = 0 the steady states are the same")
  func populations() throws {
    let reference = try Self.generic(.configuration)
    var random = RandomNumbers(seed: 4)
    let weights = (0..<81).map { _ in 1 + random.real() }
    let diagonal = DensityMatrix(
      space: reference.space,
      elements: SparseMatrix.diagonal(weights.map { Complex($0) }).dense)
    let expected = try reference.generator().terms().applied(to: diagonal.elements)
    for jumps in Jumps.allCases {
      let image = try Self.generic(jumps).generator().terms().applied(to: diagonal.elements)
      for a in 0..<81 { #expect((image[a * 82] - expected[a * 82]).length < 1e-13) }
    }
    let classical = try Self.paper(.configuration, f: 0)
    let steady = try SteadyStateSolver().solve(classical.generator(), symmetries: classical.symmetries())
    for jumps in [Jumps.neighbours, .frequencyPosition] {
      let ring = try Self.paper(jumps, f: 0)
      let other = try SteadyStateSolver().solve(ring.generator(), symmetries: ring.symmetries())
      let distance = zip(steady.state.populations, other.state.populations).reduce(0) {
        max($0, abs($1.0 - $1.1))
      }
      #expect(distance < 1e-14)
    }
  }

  /// Vertex of the parabola through three equidistant points.
  static func vertex(_ x: [Double], _ y: [Double]) -> Double {
    x[1] - (x[2] - x[1]) / 2 * (y[2] - y[0]) / (y[2] - 2 * y[1] + y[0])
  }

  /// Columns of the specification's comparison: f of the largest coherence and of the largest |J_tun| of the odd rotors,
  /// and the largest total tunnelling current with its f on a grid.
  @Test(
    "maxima of coherence and tunnelling current, M = 4",
    arguments: [
      (Jumps.configuration, 0.472, 0.544, 0.32, 4.3e-4), (.neighbours, 0.476, 0.580, 0.32, 3.6e-4),
      (.frequencyPosition, 0.484, 0.646, 0.36, 8.0e-4),
    ])
  func maxima(jumps: Jumps, coherence: Double, tunnelling: Double, at: Double, total: Double) throws {
    func values(_ f: Double) throws -> [Double] {
      let machine = try ChiralClockMachine([
        "f": .real(f), "jumps": .text(jumps.rawValue),
      ])
      let result = try machine.compute(
        PointRequest(
          state: "steady",
          observables: ["C", "J_tun_odd", "J_tun_even", "J_tun_T", "QD_odd", "QD_even", "QND", "Sigma"]))
      let row = result.rows[0].compactMap { $0 }
      // First law with the reading's own nondiagonal part, and the second.
      #expect(abs(row[4] + row[5] + row[6]) < 1e-13)
      #expect(row[7] > 0.1)
      return row
    }
    let h = 0.01
    let c = [coherence - h, coherence, coherence + h]
    // The table has three digits; cubic terms move the vertex by less than the last of them.
    #expect(abs(Self.vertex(c, try c.map { try values($0)[0] }) - coherence) < 1.5e-3)
    let j = [tunnelling - h, tunnelling, tunnelling + h]
    let rows = try j.map { try values($0) }
    let peaks = [1, 2].map { column in Self.vertex(j, rows.map { abs($0[column]) }) }
    #expect(peaks.contains { abs($0 - tunnelling) < 1.5e-3 }, "\(peaks)")
    #expect(abs(try values(at)[3] - total) < 0.06e-4)
  }

  @Test(
    "one operator per frequency commutes with the clock shift: a steady state for each of its eigenvalues")
  func strongSymmetry() throws {
    let ring = try Self.paper(.frequency, rotors: 2)
    let shift = ring.clockShift()
    for dissipator in try ring.generator().dissipators {
      guard case .jump(let jump, _) = dissipator.process else { continue }
      jump.matrix.forEachEntry { row, column, value in
        #expect(jump.matrix[shift.images[row], shift.images[column]] == value)
      }
    }
    let error = #expect(throws: SolverError.self) { try SteadyStateSolver().solve(ring.generator()) }
    guard case .notUnique(let count, _, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(count >= 3)
    // Of these, the one reached from a given configuration.
    let machine = try ChiralClockMachine([
      "M": .integer(2), "jumps": .text("frequency"), "initial": .list([.integer(0), .integer(1)]),
    ])
    let result = try machine.compute(PointRequest(state: "steady", observables: ["first_law", "QND"]))
    #expect(abs(try #require(result.rows[0][0])) < 1e-12)
    #expect(abs(try #require(result.rows[0][1])) > 1e-3)
  }

  @Test(
    "frequencies that differ by rounding are one, whatever the unit of energy", arguments: [1e-9, 1, 1e9])
  func frequencies(unit: Double) {
    let values = [0.3, -0.1, 0.1 + 0.2, 0, 1e-16, -0.1 + 3e-13, 0.3 + 1e-11].map { unit * $0 }
    let grouped = BohrFrequencies(values, scale: unit)
    #expect(grouped.group == [2, 0, 2, 1, 1, 0, 3])
    #expect(grouped.values.count == 4)
    #expect(BohrFrequencies(values, scale: 100 * unit).values.count == 3)
  }
}
