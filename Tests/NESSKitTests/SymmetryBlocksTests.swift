import NESSKit
import Numerics
import Testing

@Suite("Symmetry-adapted blocks")
struct SymmetryBlocksTests {
  static func shapes(_ example: BlockExample) throws -> [SymmetryBlocks.Shape] {
    try SymmetryBlocks(terms: example.terms, space: example.space, symmetries: example.symmetries).plan
  }

  @Test(
    "blocks fill the space, their bases are orthonormal and K has no elements between them",
    arguments: try BlockExample.all())
  func bases(example: BlockExample) throws {
    let blocks = try SymmetryBlocks(
      terms: example.terms, space: example.space, symmetries: example.symmetries)
    #expect(blocks.plan.reduce(0) { $0 + $1.order * $1.multiplicity } == example.space.dimension)
    let isometries = try blocks.plan.indices.map { try blocks.isometry(ofBlock: $0) }
    let terms = try blocks.terms()
    for (b, u) in isometries.enumerated() {
      for (c, v) in isometries.enumerated() {
        let overlap = u.adjoint.multiplied(by: v).dense
        let identity = SparseMatrix.identity(u.columns).dense
        #expect(b == c ? distance(overlap, identity) < 1e-13 : overlap.allSatisfy { $0.length < 1e-13 })
        let drift = u.adjoint.multiplied(by: example.terms.drift.multiplied(by: v)).dense
        let expected = b == c ? terms.blocks[b].drift.dense : []
        #expect(b == c ? distance(drift, expected) < 1e-12 : drift.allSatisfy { $0.length < 1e-12 })
      }
    }
  }

  @Test(
    "an invariant matrix goes to blocks and back, and the generator acts on blocks as on it",
    arguments: try BlockExample.all())
  func action(example: BlockExample) throws {
    let blocks = try SymmetryBlocks(
      terms: example.terms, space: example.space, symmetries: example.symmetries)
    var random = RandomNumbers(seed: 5)
    let order = example.space.dimension
    // Elements between states that no block connects belong to different classes.
    let ones = BlockState(
      in: blocks, elements: (0..<blocks.elementCount).map { _ in random.complex() })
    let classes = ones.density()
    let rho = example.invariantMatrix(&random) { classes.element($0, $1) != .zero || $0 == $1 }
    let state = try blocks.project(DensityMatrix(space: example.space, elements: rho))
    let full = state.density()
    #expect(distance(full.elements, rho) < 1e-12)
    for (ket, bra) in [(0, 0), (order - 1, order - 1), (1, order - 2), (order / 2, 1)] {
      #expect((state.element(ket, bra) - rho[ket + bra * order]).length < 1e-12)
    }
    #expect((state.trace - full.trace).length < 1e-12)
    #expect(zip(state.populations, full.populations).allSatisfy { abs($0 - $1) < 1e-12 })
    let result = BlockState(in: blocks, matrices: try blocks.terms().naivelyApplied(to: state.matrices))
    let expected = try example.terms.applied(to: rho)
    #expect(distance(result.density().elements, expected) < 1e-11)
  }

  @Test(
    "observables, partial traces and spectra agree with those of the full matrix",
    arguments: try BlockExample.all())
  func observables(example: BlockExample) throws {
    let blocks = try SymmetryBlocks(
      terms: example.terms, space: example.space, symmetries: example.symmetries)
    var random = RandomNumbers(seed: 6)
    let matrices = blocks.plan.map { shape in
      random.hermitian(HilbertSpace([.clock(positions: shape.order)])).matrix.dense
    }
    let state = BlockState(in: blocks, matrices: matrices)
    let full = state.density()
    #expect(full.hermiticityDefect < 1e-13)
    let observable = random.operator(example.space)
    #expect((state.expectation(of: observable) - full.expectation(of: observable)).length < 1e-10)
    for sites in [[0], [example.space.sites.count - 1, 0]] {
      #expect(distance(state.reduced(to: sites).elements, full.reduced(to: sites).elements) < 1e-11)
    }
  }

  @Test(
    "orders and copies are those of the representation theory of the group",
    arguments: [
      // The clock shift alone: three characters of Z3, nine states that it moves freely.
      (try BlockExample.ring(2), [(3, 1), (3, 1), (3, 1)]),
      (try BlockExample.xxz(3), [(1, 2), (3, 2)]),
      // S4 on four qubits in a field: spins 2, 1 and 0 occur 1, 3 and 2 times.
      (try BlockExample.complete(4, driven: true), [(1, 2), (3, 3), (5, 1)]),
    ])
  func orders(example: BlockExample, expected: [(Int, Int)]) throws {
    let found = try Self.shapes(example).map { [$0.order, $0.multiplicity] }.sorted { $0[0] < $1[0] }
    #expect(found == expected.map { [$0.0, $0.1] })
  }

  @Test("without symmetries and charges there is one block, the generator itself")
  func trivial() throws {
    let example = try BlockExample.drivenRing(3)
    let blocks = try SymmetryBlocks(terms: example.terms, space: example.space)
    #expect(try blocks.terms() == BlockTerms(example.terms))
    #expect(blocks.groupOrder == 1 && blocks.classCount == 1)
    let ring = try BlockExample.ring(2)
    #expect(try SymmetryBlocks(terms: ring.terms, space: ring.space).terms() == BlockTerms(ring.terms))
  }

  @Test("jumps that the group permutes stand as one with their number as weight")
  func weights() throws {
    let example = try BlockExample.drivenRing(4)
    let blocks = try SymmetryBlocks(
      terms: example.terms, space: example.space, symmetries: [example.symmetries[0]])
    // One loss and one gain for every pair of the four momenta, in the place of the four of each.
    let terms = try blocks.terms()
    #expect(terms.jumps.count == 2 * 4 * 4 && terms.jumps.allSatisfy { $0.weight == 4 })
    // Pairs that are mixed, not permuted, are kept one by one.
    let (a, b) = (example.terms.jumps[0].left, example.terms.jumps[2].left)
    let half = Complex(0.5.squareRoot())
    let mixed = GeneratorTerms(
      dimension: 16, drift: example.terms.drift,
      jumps: [.init(left: half * (a + b)), .init(left: half * (a - b))]
        + example.terms.jumps.enumerated().filter { ![0, 2].contains($0.offset) }.map(\.element))
    let kept = try SymmetryBlocks(terms: mixed, space: example.space, symmetries: [example.symmetries[0]])
    #expect(try kept.terms().jumps.allSatisfy { $0.weight == 1 })
    var random = RandomNumbers(seed: 9)
    let rho = BlockState(
      in: blocks, elements: (0..<blocks.elementCount).map { _ in random.complex() })
    let same = BlockState(in: kept, elements: rho.elements)
    let difference = zip(
      terms.naivelyApplied(to: rho.matrices), try kept.terms().naivelyApplied(to: same.matrices)
    ).map { distance($0, $1) }
    #expect(difference.allSatisfy { $0 < 1e-12 })
  }

  @Test(
    "the null vector of the generator on blocks is the steady state",
    arguments: [
      try BlockExample.ring(2), try .ring(3, phi: 0), try .xxz(3), try .drivenRing(3), try .phases(3),
    ])
  func steadyState(example: BlockExample) throws {
    let blocks = try SymmetryBlocks(
      terms: example.terms, space: example.space, symmetries: example.symmetries)
    let terms = try blocks.terms()
    let steady = try BlockTermsNullVector(terms).state(in: blocks)
    let full = steady.density()
    #expect((steady.trace - .one).length < 1e-12)
    #expect(
      distance(full.elements, try SteadyStateSolver().solve(example.equation).state.density().elements)
        < 1e-10)
    #expect(
      distance(
        try example.terms.applied(to: full.elements),
        [Complex<Double>](repeating: .zero, count: full.elements.count)) < 1e-11)
    let values = try steady.spectrum()
    let expanded = values.flatMap { Array(repeating: $0.eigenvalue, count: $0.multiplicity) }.sorted()
    #expect(zip(expanded, try full.eigenvalues()).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(expanded.count == example.space.dimension)
    // Wrong variants are seen: one copy instead of several, a jump left out.
    let total = zip(steady.matrices, blocks.plan).reduce(0.0) { sum, block in
      sum + (0..<block.1.order).reduce(0) { $0 + block.0[$1 * (block.1.order + 1)].real }
    }
    #expect(blocks.plan.allSatisfy { $0.multiplicity == 1 } || abs(total - 1) > 1e-3)
  }

  @Test("a symmetry with wrong phases, or a broken one, is refused")
  func violations() throws {
    let example = try BlockExample.phases(3)
    func defect(_ scale: Double) throws -> SymmetryDefect {
      try example.terms.defect(
        of: PermutationSymmetry(
          name: "rotation", on: example.space,
          withAngle: { ($0, scale * Double.pi * Double($0.reduce(0, +))) }))
    }
    #expect(try !defect(1).isViolation && defect(0.999).isViolation && defect(0.5).isViolation)
    #expect(throws: SolverError.self) {
      try SymmetryBlocks(
        terms: example.terms, space: example.space,
        symmetries: [PermutationSymmetry(name: "flip", on: example.space) { $0.map { 1 - $0 } }])
    }
    for phases in [[Complex<Double>](repeating: 2, count: 8), [.one]] {
      #expect(throws: SolverError.kernel(.notPermutation)) {
        try example.terms.defect(of: .init(name: "none", images: Array(0..<8), phases: phases))
      }
    }
    #expect(throws: SolverError.kernel(.limitExceeded)) {
      try SymmetryBlocks(terms: example.terms, space: example.space, symmetries: example.symmetries, limit: 3)
    }
  }

  @Test("orbits of matrix elements leave symmetries with phases aside")
  func reducedSpace() throws {
    let example = try BlockExample.phases(3)
    let reduced = try ReducedSpace(terms: example.terms, space: example.space, symmetries: example.symmetries)
    #expect(reduced.symmetries == [example.symmetries[1]])
    #expect(throws: KernelError.notPermutation) { try PermutationGroup(example.symmetries) }
  }
}

/// Steady state of block terms by elimination, from the columns of their dense matrix.
private struct BlockTermsNullVector {
  let elements: [Complex<Double>]

  init(_ terms: BlockTerms) throws {
    let orders = terms.blocks.map(\.order)
    let size = orders.reduce(0) { $0 + $1 * $1 }
    func matrices(_ flat: [Complex<Double>]) -> [[Complex<Double>]] {
      var first = 0
      return orders.map { order in
        defer { first += order * order }
        return Array(flat[first..<(first + order * order)])
      }
    }
    var a = [Complex<Double>](repeating: .zero, count: size * size)
    var trace = [Complex<Double>](repeating: .zero, count: size)
    var position = 0
    for (block, order) in orders.enumerated() {
      for k in 0..<order {
        trace[position + k * (order + 1)] = Complex(Double(terms.blocks[block].multiplicity))
      }
      position += order * order
    }
    for column in 0..<size {
      var unit = [Complex<Double>](repeating: .zero, count: size)
      unit[column] = .one
      let image = terms.naivelyApplied(to: matrices(unit)).flatMap { $0 }
      for row in 0..<size { a[row + column * size] = image[row] }
    }
    // L + |v><tr| with v the identity is regular when the steady state is unique.
    for column in 0..<size { for row in 0..<size { a[row + column * size] += trace[row] * trace[column] } }
    elements = naiveSolve(a, trace)
  }

  func state(in blocks: SymmetryBlocks) -> BlockState { BlockState(in: blocks, elements: elements) }
}
