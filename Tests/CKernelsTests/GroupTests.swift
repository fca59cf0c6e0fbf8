import CNESSKernels
import Testing

@Suite("Permutation groups")
struct GroupTests {
  /// Generators: cyclic shifts, reflections and random permutations of few points, which make groups up to S_5.
  static let examples: [(order: Int, generators: [[Int]])] = {
    var random = Random(seed: 11)
    func shuffled(_ n: Int) -> [Int] {
      var list = Array(0..<n)
      for k in (1..<n).reversed() { list.swapAt(k, Int(random.bits() % UInt64(k + 1))) }
      return list
    }
    return [
      (1, []), (5, []), (6, [[1, 2, 3, 4, 5, 0]]), (6, [[1, 2, 3, 4, 5, 0], [0, 5, 4, 3, 2, 1]]),
      (7, [[1, 0, 2, 4, 5, 3, 6]]), (8, [[1, 0, 2, 3, 4, 5, 6, 7], [0, 1, 3, 2, 5, 4, 7, 6]]),
      (5, [shuffled(5), shuffled(5)]), (9, [shuffled(9)]), (6, [shuffled(6), shuffled(6)]),
    ]
  }()

  @Test(
    "size, orbits, canonical pairs and weights agree with the enumerated group", arguments: 0..<examples.count
  )
  func enumeration(example: Int) throws {
    let (order, generators) = Self.examples[example]
    let elements = closure(generators, order: order)
    let group = try #require(Group(generators, order: order))
    #expect(ness_group_size(group.handle) == Int64(elements.count))
    let smallest = (0..<order).map { state in elements.map { $0[state] }.min()! }
    #expect(ness_group_orbit_count(group.handle) == Int64(Set(smallest).count))
    var representatives = [Int64](repeating: -1, count: order)
    #expect(ness_group_representatives(group.handle, &representatives) == .ok)
    #expect(representatives.map { Int($0) } == smallest)
    let pairs = allPairs(order)
    var kets = pairs.map { Int64($0.ket) }
    var bras = pairs.map { Int64($0.bra) }
    var weights = [Int64](repeating: -1, count: pairs.count)
    #expect(ness_group_canonicalize(group.handle, Int64(pairs.count), &kets, &bras, &weights) == .ok)
    for (k, pair) in pairs.enumerated() {
      let orbit = pair.orbit(elements)
      #expect(Pair(ket: Int(kets[k]), bra: Int(bras[k])) == orbit.min()!)
      #expect(weights[k] == Int64(orbit.count))
    }
  }

  @Test("images that are no permutation are refused", arguments: [[0, 0, 1], [0, 1, 3], [-1, 1, 2]])
  func notPermutation(images: [Int64]) {
    var handle: OpaquePointer?
    #expect(ness_group_create(3, 1, images, 10, &handle) == .notPermutation)
    #expect(handle == nil)
  }

  @Test("the limit counts elements; arguments are checked")
  func limits() throws {
    let cycle = [[1, 2, 3, 4, 0]]
    #expect(Group(cycle, order: 5, limit: 5) != nil)
    var handle: OpaquePointer?
    #expect(ness_group_create(5, 1, cycle[0].map { Int64($0) }, 4, &handle) == .limitExceeded)
    #expect(ness_group_create(0, 0, [0], 4, &handle) == .invalidArgument)
    #expect(ness_group_create(5, 1, cycle[0].map { Int64($0) }, 0, &handle) == .invalidArgument)
    #expect(ness_group_create(Int64(Int32.max) + 1, 0, [0], 4, &handle) == .sizeOverflow)
    #expect(handle == nil)
    let group = try #require(Group(cycle, order: 5))
    var (ket, bra): (Int64, Int64) = (5, 0)
    #expect(ness_group_canonicalize(group.handle, 1, &ket, &bra, nil) == .invalidArgument)
    #expect(ket == 5)
  }

  @Test("every allocation that fails is reported and leaves nothing behind", .enabled(if: faultInjection))
  func faults() throws {
    let generators = Self.examples[3].generators.flatMap { $0.map { Int64($0) } }
    let count = allocationsThatFailCleanly {
      var handle: OpaquePointer?
      let status = ness_group_create(6, 2, generators, 100, &handle)
      defer { ness_group_destroy(handle) }
      return (handle == nil) == (status != .ok) ? status : .libraryFailure
    }
    // Twelve elements: the list grows from 4 to 16, two allocations each time.
    #expect(try #require(count) >= 12)
  }
}
