import NESSKit
import NESSTestSupport
import Numerics
import Testing

/// The iteration on ket orbits against the assembled generator, which shares nothing with it but the lowered form.
@Suite("Orbit solver")
struct OrbitSolverTests {
  static let rings: [(rotors: Int, positions: Int)] = [(2, 3), (3, 3), (2, 4), (4, 2), (4, 3)]

  static func ring(_ rotors: Int, _ positions: Int, beta: Double = 1, f: Double = 0.45) throws
    -> ChiralClockRing
  {
    try ChiralClockRing(
      rotors: rotors, positions: positions, f: f, staggeredPhase: 0.7, oddInverseTemperature: 1.1 * beta,
      evenInverseTemperature: beta, coupling: 0.2)
  }

  func largestDifference(_ a: some QuantumState, _ b: some QuantumState) -> Double {
    let order = a.space.dimension
    var worst = 0.0
    for ket in 0..<order {
      for bra in 0..<order { worst = max(worst, (a.element(ket, bra) - b.element(ket, bra)).length) }
    }
    return worst
  }

  @Test(
    "element by element the state of the dense route, in both precisions, with and without symmetries",
    arguments: rings)
  func dense(rotors: Int, positions: Int) throws {
    let ring = try Self.ring(rotors, positions)
    let generator = try ring.generator()
    let exact = try SteadyStateSolver(method: .dense).solve(generator, symmetries: ring.symmetries()).state
    for precision in [OrbitSolver.Precision.double, .mixed] {
      for symmetries in rotors < 4 ? [ring.symmetries(), []] : [ring.symmetries()] {
        let (state, info) = try OrbitSolver(tolerance: 1e-12, precision: precision).solve(
          generator.terms(), space: ring.space, symmetries: symmetries)
        #expect(info.isMixed == (precision == .mixed))
        // Relative residual 1e-12 against a smallest relaxation rate of some 1e-2 of the mean.
        #expect(largestDifference(state, exact) < 1e-10)
        #expect(info.residual < 1e-12)
      }
    }
  }

  @Test("six rotors: golden tunneling currents")
  func golden() throws {
    let golden = try #require(try GoldenFile("rotors").cases.first { $0.id == "fig2-3-f-M6" })
    let row = try #require(golden.rows.first { $0.first == 0.45 })
    let ring = try ChiralClockRing(
      rotors: 6, f: 0.45, staggeredPhase: .pi / 2, oddInverseTemperature: 1.1, evenInverseTemperature: 1,
      coupling: 0.2)
    let (state, _) = try OrbitSolver(tolerance: 1e-9).solve(
      ring.generator().terms(), space: ring.space, symmetries: ring.symmetries())
    for (rotor, column) in [(0, "J_tun_odd"), (1, "J_tun_even")] {
      let position = try #require(golden.position(of: column))
      let current = -2 * 0.45 * state.reduced(to: [rotor]).element(0, 1).imaginary
      #expect(golden.deviation(current, from: row[position]) <= 1)
    }
  }

  @Test("an iteration that arrives at once: the maximally mixed state", arguments: [3, 4])
  func mixedState(rotors: Int) throws {
    let ring = try Self.ring(rotors, 3, f: 1)
    let (state, info) = try OrbitSolver(precision: .double).solve(
      ring.generator().terms(), space: ring.space, symmetries: ring.symmetries())
    let dimension = Double(ring.space.dimension)
    #expect(state.populations.allSatisfy { abs($0 * dimension - 1) < 1e-12 })
    #expect(info.residual < 1e-14)
  }

  @Test("arbitrary parameters for every rotor: no symmetry but the clock shift")
  func irregular() throws {
    let ring = try ChiralClockRing(
      rotors: 3, f: 0.3, phases: [0.3, -1.1, 2.0], inverseTemperatures: [0.8, 1.3, 0.5],
      couplings: [0.2, 0.3, 0.1])
    let generator = try ring.generator()
    let exact = try SteadyStateSolver(method: .dense).solve(generator, symmetries: ring.symmetries()).state
    let (state, _) = try OrbitSolver(tolerance: 1e-12).solve(
      generator.terms(), space: ring.space, symmetries: ring.symmetries())
    #expect(largestDifference(state, exact) < 1e-10)
  }

  @Test("observables agree with those of the full matrix")
  func observables() throws {
    let ring = try Self.ring(3, 3)
    let (state, _) = try OrbitSolver().solve(
      ring.generator().terms(), space: ring.space, symmetries: ring.symmetries())
    let density = state.density()
    #expect(abs(density.populations.reduce(-1, +)) < 1e-14)
    for (a, b) in zip(state.populations, density.populations) { #expect(abs(a - b) < 1e-16) }
    let hamiltonian = ring.hamiltonian()
    // Sums of 27 x 7 products of size one.
    #expect((state.expectation(of: hamiltonian) - density.expectation(of: hamiltonian)).length < 1e-13)
    for sites in [[0], [2, 0], [1, 2]] {
      let difference = zip(state.reduced(to: sites).elements, density.reduced(to: sites).elements).map {
        ($0 - $1).length
      }
      #expect((difference.max() ?? 1) < 1e-14)
    }
  }

  @Test(
    "the result does not depend on the number of threads", arguments: [OrbitSolver.Precision.double, .mixed])
  func threads(precision: OrbitSolver.Precision) throws {
    let ring = try Self.ring(4, 3)
    let terms = try ring.generator().terms()
    let states = try [1, 2, 3].map { threads in
      try OrbitSolver(threads: threads, precision: precision).solve(
        terms, space: ring.space, symmetries: ring.symmetries()
      ).state.density()
    }
    #expect(states[0] == states[1] && states[0] == states[2])
  }

  @Test("a start at the solution ends at once; a start elsewhere ends at the same state")
  func initial() throws {
    let ring = try Self.ring(3, 3)
    let orbits = try OrbitSpace(
      terms: ring.generator().terms(), space: ring.space, symmetries: ring.symmetries())
    let (state, info) = try OrbitSolver(tolerance: 1e-12).solve(on: orbits)
    #expect(info.applications > 20)
    let again = try OrbitSolver(tolerance: 1e-11).solve(on: orbits, initial: state)
    #expect(again.info.iterations == 0 && largestDifference(again.state, state) < 1e-13)
    let other = try Self.ring(3, 3, beta: 1.05)
    let moved = try OrbitSolver(tolerance: 1e-12).solve(
      other.generator().terms(), space: ring.space, symmetries: ring.symmetries(), initial: state)
    let fresh = try OrbitSolver(tolerance: 1e-12).solve(
      other.generator().terms(), space: ring.space, symmetries: ring.symmetries())
    #expect(largestDifference(moved.state, fresh.state) < 1e-10)
    #expect(largestDifference(moved.state, state) > 1e-5)
  }

  @Test("cold baths: a typed error or the right state", arguments: [5.0, 20])
  func cold(beta: Double) throws {
    let ring = try Self.ring(3, 3, beta: beta)
    let generator = try ring.generator()
    do {
      let (state, _) = try OrbitSolver(applicationLimit: 400).solve(
        generator.terms(), space: ring.space, symmetries: ring.symmetries())
      let exact = try SteadyStateSolver(method: .dense).solve(generator, symmetries: ring.symmetries()).state
      #expect(largestDifference(state, exact) < 1e-6)
    } catch {
      guard case .notConverged(let residual, _) = error else {
        Issue.record("unexpected \(error)")
        return
      }
      #expect(residual > 1e-13)
    }
  }

  @Test("what does not hold or does not fit is refused")
  func refusals() throws {
    let ring = try Self.ring(4, 3)
    let terms = try ring.generator().terms()
    let wrong = PermutationSymmetry(name: "swap", on: ring.space) { [$0[1], $0[0], $0[2], $0[3]] }
    #expect(throws: SolverError.self) { try OrbitSpace(terms: terms, space: ring.space, symmetries: [wrong]) }
    do {
      _ = try OrbitSolver(memoryLimit: 1000).solve(terms, space: ring.space, symmetries: ring.symmetries())
      Issue.record("must not fit")
    } catch SolverError.tooLarge(let bytes, let limit, _) { #expect(bytes > limit && limit == 1000) }
    do {
      _ = try OrbitSolver(applicationLimit: 8).solve(terms, space: ring.space, symmetries: ring.symmetries())
      Issue.record("must not converge")
    } catch SolverError.notConverged(let residual, _) { #expect(residual > 1e-8) }
    let jump = GeneratorTerms(
      dimension: terms.dimension, drift: terms.drift, jumps: [.init(left: .identity(terms.dimension))])
    #expect(throws: SolverError.self) { try OrbitSpace(terms: jump, space: ring.space, symmetries: []) }
  }

  @Test("a cancelled task stops the iteration; checkpoints are iterates one can go on from")
  func hooks() async throws {
    let ring = try Self.ring(3, 3)
    let terms = try ring.generator().terms()
    let (space, symmetries) = (ring.space, ring.symmetries())
    let task = Task {
      var hooks = OrbitSolver.Hooks()
      hooks.progress = { _ in withUnsafeCurrentTask { $0?.cancel() } }
      return try OrbitSolver().solve(terms, space: space, symmetries: symmetries, hooks: hooks).info
    }
    await #expect(throws: SolverError.cancelled) { try await task.value }
    let orbits = try OrbitSpace(terms: terms, space: space, symmetries: symmetries)
    let saved = Saved()
    let hooks = OrbitSolver.Hooks(checkpoint: { saved.state = $0 }, checkpointInterval: .zero)
    let (state, info) = try OrbitSolver(tolerance: 1e-12).solve(on: orbits, hooks: hooks)
    let checkpoint: OrbitState = try #require(saved.state)
    let resumed = try OrbitSolver(tolerance: 1e-12).solve(on: orbits, initial: checkpoint)
    #expect(resumed.info.iterations < info.iterations)
    #expect(largestDifference(resumed.state, state) < 1e-10)
  }

  /// Written by one thread only.
  private final class Saved: @unchecked Sendable { var state: OrbitState? }
}
