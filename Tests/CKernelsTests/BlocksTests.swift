import CNESSKernels
import Testing

/// Handle of blocks, released at the end of the scope, with naive counterparts of what is done with it.
private final class Blocks {
  let handle: OpaquePointer
  let order: Int
  let orders: [Int]
  let multiplicities: [Int]

  static func create(
    _ terms: Terms, _ generators: [[Int]], phases: [ness_complex]? = nil, limit: Int64 = 1000
  ) -> (status: ness_status, blocks: Blocks?) {
    var created: OpaquePointer?
    let images = generators.flatMap { $0.map { Int64($0) } }
    let status = terms.withTerms {
      ness_blocks_create($0, Int64(generators.count), images, phases, limit, &created)
    }
    return (status, created.map { Blocks($0, order: terms.order) })
  }

  private init(_ handle: OpaquePointer, order: Int) {
    self.handle = handle
    self.order = order
    var orders = [Int64](repeating: -1, count: Int(ness_blocks_count(handle)))
    var multiplicities = orders
    ness_blocks_shapes(handle, &orders, &multiplicities)
    self.orders = orders.map { Int($0) }
    self.multiplicities = multiplicities.map { Int($0) }
  }

  deinit { ness_blocks_destroy(handle) }

  func split(_ flat: [ness_complex]) -> [Matrix] {
    var first = 0
    return orders.map { n in
      defer { first += n * n }
      return Matrix(rows: n, columns: n, elements: Array(flat[first..<(first + n * n)]))
    }
  }

  /// rho from its blocks, by a partial trace that traces nothing out.
  func full(_ matrices: [ness_complex]) -> (status: ness_status, rho: Matrix) {
    var out = [ness_complex](repeating: .zero, count: order * order)
    let states = (0..<order).map { Int64($0) }
    let status = ness_blocks_partial_trace(
      handle, matrices, 1, [0, Int64(order)], states, Int64(order), states, &out)
    return (status, Matrix(rows: order, columns: order, elements: out))
  }

  func projected(_ rho: Matrix) -> [ness_complex] {
    var out = [ness_complex](repeating: .zero, count: orders.reduce(0) { $0 + $1 * $1 })
    var sources = [Int64](repeating: -1, count: Int(ness_blocks_orbit_count(handle)))
    ness_blocks_sources(handle, &sources)
    for source in sources {
      let column = (0..<order).map { rho[$0, Int(source)] }
      #expect(ness_blocks_project_column(handle, source, column, &out) == .ok)
    }
    return out
  }

  func withMatrices<R>(_ terms: Terms, _ body: (OpaquePointer) -> R) -> (status: ness_status, result: R?) {
    var created: OpaquePointer?
    let status = terms.withTerms { ness_block_terms_create(handle, $0, &created) }
    defer { ness_block_terms_destroy(created) }
    return (status, created.map(body))
  }

  /// The generator on blocks by its definition.
  func applied(_ terms: Terms, to blocks: [Matrix]) -> [Matrix]? {
    withMatrices(terms) { list in
      func matrix(_ number: Int64) -> Matrix {
        var (rows, columns, nonzeros): (Int64, Int64, Int64) = (0, 0, 0)
        ness_block_terms_sizes(list, number, &rows, &columns, &nonzeros)
        var starts = [Int64](repeating: 0, count: Int(columns) + 1)
        var indices = [Int64](repeating: 0, count: Int(nonzeros))
        var values = [ness_complex](repeating: .zero, count: Int(nonzeros))
        ness_block_terms_copy(list, number, &starts, &indices, &values)
        var dense = Matrix(rows: Int(rows), columns: Int(columns))
        for c in 0..<Int(columns) {
          for p in Int(starts[c])..<Int(starts[c + 1]) { dense[Int(indices[p]), c] = values[p] }
        }
        return dense
      }
      var result = blocks.indices.map { b in
        let product = matrix(Int64(b)).times(blocks[b])
        return product.plus(product.adjoint)
      }
      var jumps = [ness_block_jump](
        repeating: .init(), count: Int(ness_block_terms_jump_count(list)))
      ness_block_terms_jumps(list, &jumps)
      for jump in jumps {
        let term = matrix(jump.left).times(blocks[Int(jump.source)]).times(matrix(jump.right).adjoint)
        result[Int(jump.target)] = result[Int(jump.target)].plus(term, times: jump.weight)
      }
      return result
    }.result
  }
}

extension Dense where T == ness_complex {
  fileprivate func times(_ other: Self) -> Self {
    var result = Self(rows: rows, columns: other.columns)
    for i in 0..<rows {
      for j in 0..<other.columns {
        for k in 0..<columns { result[i, j] = result[i, j] + self[i, k] * other[k, j] }
      }
    }
    return result
  }
  fileprivate var adjoint: Self {
    var result = Self(rows: columns, columns: rows)
    for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j].conjugate } }
    return result
  }
  fileprivate func plus(_ other: Self, times factor: Double = 1) -> Self {
    var result = self
    result.elements = zip(elements, other.elements).map { $0 + ness_complex(re: factor, im: 0) * $1 }
    return result
  }
  fileprivate func distance(to other: Self) -> Double {
    zip(elements, other.elements).reduce(0) { max($0, ($1.0 - $1.1).length) }
  }
}

@Suite("Symmetry-adapted blocks")
struct BlocksTests {
  /// Groups that move five to eight points: cyclic, dihedral, quaternion, symmetric on four letters (the faces of a cube) and the
  /// alternating group on five, which is simple: nothing but the classes and the identity can be split off.
  static let examples: [(name: String, order: Int, generators: [[Int]], charges: [Int])] = [
    ("trivial", 5, [], [0, 1, 0, 2, 1]),
    ("cyclic", 6, [[1, 2, 3, 4, 5, 0]], [0, 0, 0, 0, 0, 0]),
    ("classes exchanged", 6, [[1, 0, 3, 2, 5, 4]], [0, 1, 0, 1, 0, 1]),
    ("dihedral", 6, [[1, 2, 3, 4, 5, 0], [0, 5, 4, 3, 2, 1]], [0, 0, 0, 0, 0, 0]),
    ("quaternion", 8, [[1, 2, 3, 0, 5, 6, 7, 4], [4, 7, 6, 5, 2, 1, 0, 3]], .init(repeating: 0, count: 8)),
    ("cube", 6, [[1, 2, 3, 0, 4, 5], [4, 1, 5, 3, 2, 0]], .init(repeating: 0, count: 6)),
    ("alternating", 5, [[1, 2, 3, 4, 0], [1, 2, 0, 3, 4]], .init(repeating: 0, count: 5)),
  ]

  @Test("the generator acts on blocks as on the full matrix", arguments: 0..<examples.count)
  func action(example: Int) throws {
    let (_, order, generators, charges) = Self.examples[example]
    var random = Random(seed: 21 + UInt64(example))
    let elements = closure(generators, order: order)
    let terms = Terms(charges: charges, jumps: 1, rates: false, hermitian: true, &random)
      .averaged(over: elements)
    let blocks = try #require(Blocks.create(terms, generators).blocks)
    #expect(ness_blocks_group_size(blocks.handle) == Int64(elements.count))
    #expect(zip(blocks.orders, blocks.multiplicities).reduce(0) { $0 + $1.0 * $1.1 } == order)
    let random1 = random.complexes(blocks.orders.reduce(0) { $0 + $1 * $1 })
    var matrices = blocks.split(random1).map { $0.plus($0.adjoint) }
    let full = blocks.full(matrices.flatMap(\.elements))
    #expect(full.status == .ok)
    // What a rest of the group mixes inside a block is averaged by the way to the full matrix and back.
    matrices = blocks.split(blocks.projected(full.rho))
    #expect(blocks.full(matrices.flatMap(\.elements)).rho.distance(to: full.rho) < 1e-13)
    for images in elements {
      for pair in allPairs(order) {
        let moved = full.rho[images[pair.ket], images[pair.bra]]
        #expect((moved - full.rho[pair.ket, pair.bra]).length < 1e-13)
      }
    }
    let expected = blocks.split(blocks.projected(terms.applied(to: full.rho)))
    let found = try #require(blocks.applied(terms, to: matrices))
    // At most 120 terms with elements of order ten each.
    for (a, b) in zip(found, expected) { #expect(a.distance(to: b) < 1e-10) }
    // A generator whose first jump is scaled acts differently: the comparison has power.
    let broken = Terms(drift: terms.drift)
    broken.left = terms.left
    broken.right = terms.right
    broken.left[0].elements = broken.left[0].elements.map { $0 * ness_complex(re: 1.001, im: 0) }
    let other = try #require(blocks.applied(broken, to: matrices))
    #expect(zip(other, expected).contains { $0.distance(to: $1) > 1e-6 })
  }

  @Test("arguments are checked, limits are errors")
  func failures() throws {
    var random = Random(seed: 3)
    let terms = Terms(charges: [0, 0, 0], jumps: 1, rates: false, hermitian: true, &random)
    let cycle = [[1, 2, 0]]
    #expect(Blocks.create(terms, cycle, limit: 2).status == .limitExceeded)
    #expect(Blocks.create(terms, [[0, 0, 1]]).status == .notPermutation)
    #expect(Blocks.create(terms, cycle, limit: 0).status == .invalidArgument)
    let one = ness_complex.one
    #expect(
      Blocks.create(terms, cycle, phases: [one, one, .init(re: 0.5, im: 0)]).status == .invalidArgument)
    // An angle that is no fraction of a turn generates no finite group.
    let odd = ness_complex(re: 0.6, im: 0.8)
    #expect(Blocks.create(terms, [[0, 1, 2]], phases: [one, odd, one]).status == .limitExceeded)
    // The same angle everywhere is the identity.
    let same = try #require(Blocks.create(terms, [[0, 1, 2]], phases: [odd, odd, odd]).blocks)
    #expect(ness_blocks_group_size(same.handle) == 1)
    let blocks = try #require(Blocks.create(terms, [[1, 0, 2]]).blocks)
    var out = [ness_complex](repeating: .zero, count: 9)
    #expect(ness_blocks_column(blocks.handle, 0, Int64(blocks.orders[0]), &out) == .invalidArgument)
    #expect(ness_blocks_column(blocks.handle, 7, 0, &out) == .invalidArgument)
    #expect(ness_blocks_elements(blocks.handle, out, 1, [3], [0], &out) == .invalidArgument)
    #expect(ness_blocks_project_column(blocks.handle, 1, out, &out) == .invalidArgument)
    #expect(
      ness_blocks_partial_trace(blocks.handle, out, 1, [0, 1], [0], 1, [0, 0, 1], &out) == .invalidArgument)
    let larger = Terms(charges: [0, 0, 0, 0], jumps: 0, rates: false, hermitian: true, &random)
    #expect(blocks.withMatrices(larger) { _ in 0 }.status == .invalidArgument)
  }

  @Test("every allocation that fails is reported and leaves nothing behind", .enabled(if: faultInjection))
  func faults() throws {
    var random = Random(seed: 4)
    let (_, order, generators, charges) = Self.examples[3]
    let terms = Terms(charges: charges, jumps: 1, rates: false, hermitian: true, &random)
      .averaged(over: closure(generators, order: order))
    let phases = [ness_complex](repeating: .one, count: 2 * order)
    let creation = allocationsThatFailCleanly {
      let (status, blocks) = Blocks.create(terms, generators, phases: phases)
      return (blocks == nil) == (status != .ok) ? status : .libraryFailure
    }
    #expect(try #require(creation) > 60)
    let blocks = try #require(Blocks.create(terms, generators).blocks)
    let matrices = allocationsThatFailCleanly {
      let (status, matrices) = blocks.withMatrices(terms) { _ in 0 }
      return (matrices == nil) == (status != .ok) ? status : .libraryFailure
    }
    #expect(try #require(matrices) > 10)
    let flat = [ness_complex](repeating: .one, count: blocks.orders.reduce(0) { $0 + $1 * $1 })
    #expect(try #require(allocationsThatFailCleanly { blocks.full(flat).status }) == 3)
  }
}
