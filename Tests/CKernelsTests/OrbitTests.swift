import CNESSKernels
import Testing

/// Kernels on ket orbits against the definition with four nested sums, on matrices written out in full.
@Suite("Ket orbits")
struct OrbitTests {
  /// Groups with orbits of different sizes, that is, with states that some elements fix.
  static let examples: [(order: Int, generators: [[Int]])] = [
    (5, []), (6, [[1, 2, 3, 4, 5, 0]]), (6, [[1, 2, 3, 4, 5, 0], [0, 5, 4, 3, 2, 1]]),
    (7, [[1, 0, 2, 4, 5, 3, 6]]), (20, [Array(1..<10) + [0] + Array(10..<20)]),
    (19, [[1, 0] + Array(2..<19)]), (6, [[1, 0, 2, 3, 4, 5], [1, 2, 0, 3, 4, 5]]),
  ]

  /// A generator with the symmetries, a Hermitian matrix with them, and the kernel's tables.
  final class Case {
    let order: Int
    let elements: [[Int]]
    let terms: Terms
    let rho: Matrix
    let handle: OpaquePointer
    let orbits: Int
    let representatives: [Int]

    init?(_ example: (order: Int, generators: [[Int]])) {
      var random = Random(seed: 21)
      order = example.order
      let closed = closure(example.generators, order: order)
      var plain = Terms(drift: Matrix(rows: order, columns: order, density: 0.6, &random))
      plain.rates = Dense(rows: order, columns: order, density: 0.5, &random)
      plain = plain.averaged(over: closed)
      // States that decay, at rates and energies of their orbits.
      for a in 0..<order { plain.drift[a, a] = plain.drift[a, a] + ness_complex(re: -7, im: 0) }
      terms = plain
      let hermitian = Matrix(rows: order, columns: order, density: 1, &random)
      var sum = Matrix(rows: order, columns: order)
      for images in closed {
        for a in 0..<order {
          for b in 0..<order {
            sum[images[a], images[b]] =
              sum[images[a], images[b]] + hermitian[a, b] + hermitian[b, a].conjugate
          }
        }
      }
      rho = sum
      guard let group = Group(example.generators, order: order) else { return nil }
      var created: OpaquePointer?
      guard terms.withTerms({ ness_orbit_create(group.handle, $0, 0.1, &created) }) == .ok, let created else {
        return nil
      }
      handle = created
      orbits = Int(ness_orbit_count(created))
      var states = [Int32](repeating: -1, count: orbits)
      ness_orbit_tables(created, nil, nil, &states, nil, nil, nil)
      representatives = states.map { Int($0) }
      // The kernel's numbering of the elements, found from where they take the representatives and from products.
      var numbered = [[Int]](repeating: [], count: closed.count)
      var orbitOf = [Int32](repeating: 0, count: order)
      var elementOf = [Int32](repeating: 0, count: order)
      ness_orbit_tables(created, &orbitOf, &elementOf, nil, nil, nil, nil)
      numbered = Case.enumerated(example.generators, order: order)
      elements = numbered
      for a in 0..<order where numbered[Int(elementOf[a])][states.map { Int($0) }[Int(orbitOf[a])]] != a {
        return nil
      }
    }

    deinit { ness_orbit_destroy(handle) }

    /// Breadth first from the identity, as the kernel enumerates.
    static func enumerated(_ generators: [[Int]], order: Int) -> [[Int]] {
      var list = [Array(0..<order)]
      var next = 0
      while next < list.count {
        for generator in generators {
          let product = list[next].map { generator[$0] }
          if !list.contains(product) { list.append(product) }
        }
        next += 1
      }
      return list
    }

    /// Packed layout of a matrix with the symmetries.
    func packed<T: BinaryFloatingPoint>(_ matrix: Matrix, lanes: Int, as: T.Type) -> [T] {
      let panels = (orbits + lanes - 1) / lanes
      var x = [T](repeating: 0, count: panels * orbits * elements.count * lanes)
      for r in 0..<orbits {
        for o in 0..<orbits {
          for (g, images) in elements.enumerated() {
            let value = matrix[representatives[r], images[representatives[o]]]
            x[((o / lanes * orbits + r) * elements.count + g) * lanes + o % lanes] = T(value.re + value.im)
          }
        }
      }
      return x
    }

    /// x divided by the diagonal of L, decay floored at 0.1.
    func divided(_ matrix: Matrix) -> Matrix {
      var result = matrix
      for a in 0..<order {
        for b in 0..<order {
          let (x, y) = (terms.drift[a, a], terms.drift[b, b])
          let pole = ness_complex(re: min(x.re + y.re, -0.1), im: x.im - y.im)
          let square = pole.re * pole.re + pole.im * pole.im
          let value = matrix[a, b] * pole.conjugate
          result[a, b] = ness_complex(re: value.re / square, im: value.im / square)
        }
      }
      return result
    }

    func applied(to matrix: Matrix, shift: Double) -> Matrix {
      var result = terms.applied(to: matrix)
      let trace = (0..<order).reduce(0) { $0 + matrix[$1, $1].re }
      for a in 0..<order {
        result[a, a] = result[a, a] + ness_complex(re: shift / Double(order) * trace, im: 0)
      }
      return result
    }
  }

  @Test("application, with and without preconditioner, panel by panel", arguments: 0..<examples.count)
  func application(example: Int) throws {
    let c = try #require(Case(Self.examples[example]))
    for divided in [false, true] {
      let expected = c.packed(
        c.applied(to: divided ? c.divided(c.rho) : c.rho, shift: -3), lanes: 8, as: Double.self)
      let x = c.packed(c.rho, lanes: 8, as: Double.self)
      #expect(Int(ness_dorbit_count(c.handle)) == x.count)
      var populations = [Double](repeating: 0, count: c.orbits)
      ness_dorbit_populations(c.handle, x, divided, &populations)
      var sources = populations
      ness_orbit_sources(c.handle, populations, -3, &sources)
      var out = [Double](repeating: .nan, count: x.count)
      var aside = out
      var work = [Double](repeating: .nan, count: Int(ness_dorbit_work_count(c.handle)))
      let panels = ness_dorbit_panels(c.handle)
      for panel in (0..<panels).reversed() {
        ness_dorbit_apply(c.handle, x, divided, &out, &aside, &work, panel, panel + 1)
      }
      var sums = [Double](repeating: .nan, count: 3 * Int(panels))
      ness_dorbit_combine(c.handle, &out, aside, sources, &sums, 0, panels)
      let scale = expected.map { abs($0) }.max() ?? 0
      #expect(zip(out, expected).allSatisfy { abs($0 - $1) <= 1e-13 * scale })
      let square = out.reduce(0) { $0 + $1 * $1 }
      let found = (0..<Int(panels)).reduce(0) { $0 + sums[3 * $1 + 1] }
      #expect(abs(found - square) <= 1e-13 * square)
      #expect((0..<Int(panels)).map { sums[3 * $0 + 2] }.max() == out.map { abs($0) }.max())
      try single(c, divided: divided, expected: c.applied(to: divided ? c.divided(c.rho) : c.rho, shift: -3))
    }
  }

  func single(_ c: Case, divided: Bool, expected: Matrix) throws {
    let x = c.packed(c.rho, lanes: 16, as: Float.self)
    let wanted = c.packed(expected, lanes: 16, as: Double.self)
    var populations = [Double](repeating: 0, count: c.orbits)
    ness_sorbit_populations(c.handle, x, divided, &populations)
    var sources = populations
    ness_orbit_sources(c.handle, populations, -3, &sources)
    var out = [Float](repeating: .nan, count: x.count)
    var aside = out
    var work = [Float](repeating: .nan, count: Int(ness_sorbit_work_count(c.handle)))
    let panels = ness_sorbit_panels(c.handle)
    ness_sorbit_apply(c.handle, x, divided, &out, &aside, &work, 0, panels)
    var sums = [Double](repeating: .nan, count: 3 * Int(panels))
    ness_sorbit_combine(c.handle, &out, aside, sources, &sums, 0, panels)
    let scale = wanted.map { abs($0) }.max() ?? 0
    #expect(zip(out, wanted).allSatisfy { abs(Double($0) - $1) <= 1e-5 * scale })
  }

  @Test("an element that is not finite shows in the largest of its panel", arguments: [false, true])
  func notFinite(aside: Bool) throws {
    let c = try #require(Case(Self.examples[4]))
    let ones = Matrix(
      rows: c.order, columns: c.order, elements: Array(repeating: .one, count: c.order * c.order))
    let sources = [Double](repeating: 0, count: c.orbits)
    // Lanes beyond the last orbit hold zeros and are passed over. A step prime to the lanes visits all of them.
    let double = c.packed(ones, lanes: 8, as: Double.self)
    for index in stride(from: 0, to: double.count, by: 7) where double[index] != 0 {
      func largest(with value: Double) -> [Double] {
        var parts = [double, double]
        parts[aside ? 1 : 0][index] = value
        var sums = [Double](repeating: 0, count: 3 * Int(ness_dorbit_panels(c.handle)))
        ness_dorbit_combine(c.handle, &parts[0], parts[1], sources, &sums, 0, ness_dorbit_panels(c.handle))
        return stride(from: 2, to: sums.count, by: 3).map { sums[$0] }
      }
      #expect(largest(with: .nan).map { $0.isNaN ? -1 : $0 }.sorted() == [-1, 2])
      #expect(largest(with: -.infinity).sorted() == [2, .infinity])
    }
    let single = c.packed(ones, lanes: 16, as: Float.self)
    for index in stride(from: 0, to: single.count, by: 7) where single[index] != 0 {
      func largest(with value: Float) -> Double {
        var parts = [single, single]
        parts[aside ? 1 : 0][index] = value
        var sums = [0.0, 0, 0]
        ness_sorbit_combine(c.handle, &parts[0], parts[1], sources, &sums, 0, 1)
        return sums[2]
      }
      #expect(largest(with: .nan).isNaN && largest(with: -.infinity) == .infinity)
      // The square overflows, the element does not.
      #expect(largest(with: -1e30) == Double(Float(1e30)))
    }
  }

  @Test("elements, partial trace, alignment, conversion between layouts", arguments: 0..<examples.count)
  func state(example: Int) throws {
    let c = try #require(Case(Self.examples[example]))
    var x = c.packed(c.rho, lanes: 8, as: Double.self)
    let pairs = allPairs(c.order)
    var found = [ness_complex](repeating: .zero, count: pairs.count)
    #expect(
      ness_orbit_elements(
        c.handle, x, Int64(pairs.count), pairs.map { Int64($0.ket) }, pairs.map { Int64($0.bra) }, &found)
        == .ok)
    #expect(distance(found, c.rho.elements) < 1e-13)
    #expect(ness_orbit_elements(c.handle, x, 1, [Int64(c.order)], [0], &found) == .invalidArgument)
    // Everything in one group, kept whole: the matrix itself.
    let states = (0..<c.order).map { Int64($0) }
    #expect(
      ness_orbit_partial_trace(
        c.handle, x, 1, [0, Int64(c.order)], states, states, Int64(c.order), &found) == .ok)
    #expect(distance(found, c.rho.elements) < 1e-13)
    let before = x
    #expect(ness_orbit_align(c.handle, &x, 0, ness_dorbit_panels(c.handle)) == .ok)
    #expect(zip(x, before).allSatisfy { abs($0 - $1) < 1e-13 })
    // Copies that drifted apart become those of one matrix.
    var random = Random(seed: 31)
    for k in x.indices { x[k] *= 1 + 0.1 * random.real() }
    #expect(ness_orbit_align(c.handle, &x, 0, ness_dorbit_panels(c.handle)) == .ok)
    #expect(
      ness_orbit_elements(
        c.handle, x, Int64(pairs.count), pairs.map { Int64($0.ket) }, pairs.map { Int64($0.bra) }, &found)
        == .ok)
    var read = Matrix(rows: c.order, columns: c.order)
    for (pair, value) in zip(pairs, found) { read[pair.ket, pair.bra] = value }
    #expect(zip(x, c.packed(read, lanes: 8, as: Double.self)).allSatisfy { abs($0 - $1) < 1e-12 })
    for images in c.elements {
      #expect(
        pairs.allSatisfy {
          distance([read[images[$0.ket], images[$0.bra]]], [read[$0.ket, $0.bra]]) < 1e-12
        })
    }
    // y += 2 M^-1 s with s single, and r = -(x) back in the other layout.
    let s = c.packed(c.rho, lanes: 16, as: Float.self)
    var y = before
    var work = [Float](repeating: 0, count: Int(ness_sorbit_work_count(c.handle)))
    let panels = ness_sorbit_panels(c.handle)
    ness_sorbit_update(c.handle, 2, s, &y, &work, 0, panels)
    let quotient = c.packed(c.divided(c.rho), lanes: 8, as: Double.self)
    let scale = before.map { abs($0) }.max() ?? 0
    #expect((0..<y.count).allSatisfy { abs(y[$0] - before[$0] - 2 * quotient[$0]) <= 1e-6 * scale })
    var r = [Float](repeating: .nan, count: s.count)
    ness_sorbit_start(c.handle, -1, [Double](repeating: 0, count: c.orbits), before, &r, 0, panels)
    #expect(r == s)
  }

  @Test("combinations and inner products; the shadow vector is no multiple of the identity")
  func vectors() throws {
    let c = try #require(Case(Self.examples[2]))
    let (a, b) = (
      c.packed(c.rho, lanes: 8, as: Double.self), c.packed(c.divided(c.rho), lanes: 8, as: Double.self)
    )
    let panels = ness_dorbit_panels(c.handle)
    var identity = Matrix(rows: c.order, columns: c.order)
    for k in 0..<c.order { identity[k, k] = .one }
    var (x, y, z) = (a, b, c.packed(identity, lanes: 8, as: Double.self))
    x.withUnsafeMutableBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        let pointers = [x.baseAddress!, y.baseAddress!]
        ness_dorbit_mix(c.handle, 2, pointers, 2, [2, -1, 0, 3], 0, panels)
      }
    }
    #expect(zip(x, zip(a, b)).allSatisfy { $0 == 2 * $1.0 - $1.1 } && zip(y, b).allSatisfy { $0 == 3 * $1 })
    var sums = [Double](repeating: .nan, count: 9 * Int(panels))
    x.withUnsafeMutableBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        z.withUnsafeMutableBufferPointer { z in
          let pointers = [x.baseAddress!, y.baseAddress!, z.baseAddress!]
          ness_dorbit_gram(c.handle, 3, pointers, &sums, 0, panels)
        }
      }
    }
    func total(_ k: Int) -> Double { (0..<Int(panels)).reduce(0) { $0 + sums[9 * $1 + k] } }
    func dot(_ u: [Double], _ v: [Double]) -> Double { zip(u, v).reduce(0) { $0 + $1.0 * $1.1 } }
    for (place, wanted) in [(0, dot(x, x)), (2, dot(y, x)), (3, dot(y, y)), (5, dot(z, x)), (7, dot(z, z))] {
      #expect(abs(total(place) - wanted) <= 1e-12 * (1 + abs(wanted)))
    }
    // Equal inner products with a matrix and with its diagonal part would mean a diagonal shadow.
    #expect(abs(total(1)) > 1e-3 && abs(total(8)) > 1e-6)
  }

  @Test("arguments are checked; allocations that fail are reported and leave nothing behind")
  func failures() throws {
    let example = Self.examples[3]
    let c = try #require(Case(example))
    let group = try #require(Group(example.generators, order: example.order))
    var handle: OpaquePointer?
    #expect(c.terms.withTerms { ness_orbit_create(group.handle, $0, 0, &handle) } == .invalidArgument)
    let other = try #require(Group([], order: 3))
    #expect(c.terms.withTerms { ness_orbit_create(other.handle, $0, 1, &handle) } == .invalidArgument)
    #expect(handle == nil)
    guard faultInjection else { return }
    let count = allocationsThatFailCleanly {
      var handle: OpaquePointer?
      let status = c.terms.withTerms { ness_orbit_create(group.handle, $0, 1, &handle) }
      defer { ness_orbit_destroy(handle) }
      return (handle == nil) == (status != .ok) ? status : .libraryFailure
    }
    #expect(try #require(count) >= 20)
    let buffers = allocationsThatFailCleanly {
      var buffer: UnsafeMutableRawPointer?
      let status = ness_buffer_create(100, &buffer)
      ness_buffer_destroy(buffer)
      return status
    }
    #expect(buffers == 1)
  }
}
