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
    let rho = invariantMatrix(
      example, classes: { classes.element($0, $1) != .zero || $0 == $1 }, &random)
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
}
