import NESSKit
import Numerics
import Testing

@Suite("Sampled residual")
struct SampledResidualTests {
  /// Pairs of different operators, a Lindblad jump and classical rates at once.
  static func terms(_ space: HilbertSpace) -> GeneratorTerms {
    var random = RandomNumbers(seed: 11)
    func sparse() -> SparseMatrix { random.operator(space).matrix }
    let left = sparse()
    let right = sparse()
    let rates = RealSparseMatrix(
      rows: space.dimension, columns: space.dimension,
      entries: (0..<space.dimension).map { ($0, ($0 * 5 + 2) % space.dimension, 0.3 + 0.1 * Double($0)) })
    return GeneratorTerms(
      dimension: space.dimension, drift: sparse(),
      jumps: [.init(left: sparse()), .init(left: left, right: right), .init(left: right, right: left)],
      rates: rates)
  }

  @Test("a sample that covers all matrix elements is the maximum of L rho")
  func coversAll() throws {
    let space = HilbertSpace([.levels(2), .levels(3)])
    let terms = Self.terms(space)
    let state = genericState(space)
    let change = try terms.applied(to: state.elements).reduce(0) { max($0, $1.length) }
    let sampled = terms.sampledChange(of: state, samples: 4000)
    // Both sum the same few dozen numbers of order one in different order.
    #expect(abs(sampled - change) < 1e-12 * change)
  }

  @Test("a state that is off by one coherence shows, a steady state does not")
  func showsDefects() throws {
    let ring = try ChiralClockRing(
      rotors: 3, positions: 3, f: 0.4, phases: [0.3, 0.5, -0.2], inverseTemperatures: [1, 0.7, 1.3],
      couplings: [0.2, 0.3, 0.1])
    let terms = try ring.generator().terms()
    let steady = try SteadyStateSolver().solve(try ring.generator()).state.density()
    #expect(terms.sampledChange(of: steady, samples: 64) < 1e-13)
    var elements = steady.elements
    for (state, other) in [(0, 1), (1, 0)] { elements[state + other * 27] *= Complex(1.01) }
    let wrong = DensityMatrix(space: ring.space, elements: elements)
    #expect(terms.sampledChange(of: wrong, samples: 256) > 1e-6)
  }
}
