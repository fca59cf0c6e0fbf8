import CNESSKernels
import Testing

@Suite("Band LU")
struct BandTests {
  /// A matrix whose entries lie within `width` of the diagonal, some of them zero, rows and columns then shuffled alike.
  static func shuffled(_ order: Int, width: Int, _ random: inout Random) -> Dense<Double> {
    var places = Array(0..<order)
    for k in stride(from: order - 1, to: 0, by: -1) {
      places.swapAt(k, Int(random.bits() % UInt64(k + 1)))
    }
    var matrix = Dense<Double>(rows: order, columns: order)
    for j in 0..<order {
      for i in max(0, j - width)...min(order - 1, j + width) {
        // Neighbours are always tied, so that the graph is a ladder.
        if abs(i - j) <= 1 || random.real() > 0 {
          matrix.elements[places[i] + places[j] * order] = random.real()
        }
      }
    }
    return matrix
  }

  static func order(_ matrix: Dense<Double>) -> (unknowns: [Int64], width: Int64, status: ness_status) {
    var unknowns = [Int64](repeating: -1, count: matrix.columns)
    var width: Int64 = -1
    let status = Sparse(matrix).withView { ness_band_order($0, &unknowns, &width) }
    return (unknowns, width, status)
  }

  @Test(
    "the order is a permutation that brings ladders back near the diagonal",
    arguments: [(40, 1), (60, 3), (200, 5)])
  func orders(order: Int, width: Int) {
    var random = Random(seed: UInt64(order))
    let matrix = Self.shuffled(order, width: width, &random)
    let found = Self.order(matrix)
    #expect(found.status == .ok && found.unknowns.sorted() == (0..<order).map { Int64($0) })
    // Reverse Cuthill and McKee is no optimum, but it finds ladders.
    #expect(found.width <= 2 * width)
    var places = [Int](repeating: 0, count: order)
    for (place, unknown) in found.unknowns.enumerated() { places[Int(unknown)] = place }
    var largest = 0
    for j in 0..<order {
      for i in 0..<order where matrix.elements[i + j * order] != 0 {
        largest = max(largest, abs(places[i] - places[j]))
      }
    }
    #expect(largest == Int(found.width))
  }

  @Test("components are ordered one after the other, and a diagonal has no width")
  func components() {
    var random = Random(seed: 3)
    var matrix = Dense<Double>(rows: 20, columns: 20)
    for k in 0..<20 { matrix.elements[k * 21] = random.real() }
    #expect(Self.order(matrix).width == 0)
    for k in 0..<9 { matrix.elements[2 * k + (2 * k + 2) * 20] = 1 }
    let found = Self.order(matrix)
    #expect(found.width == 1 && found.unknowns.sorted() == (0..<20).map { Int64($0) })
  }

  @Test(
    "solutions of A x = b and A^T x = b, also where the diagonal is no pivot",
    arguments: [
      (1, 0, 1), (2, 1, 1), (12, 2, 1), (80, 4, 1), (150, 9, 1), (2, 1, 1e-14), (80, 4, 1e-14), (150, 9, 0),
    ], [false, true])
  func solutions(size: (order: Int, width: Int, diagonal: Double), refined: Bool) throws {
    let (order, width, diagonal) = size
    var random = Random(seed: UInt64(7 + order))
    var matrix = Self.shuffled(order, width: width, &random)
    for k in 0..<order { matrix.elements[k * (order + 1)] *= diagonal }
    let found = Self.order(matrix)
    var condition = 0.0
    var created: OpaquePointer?
    let status = Sparse(matrix).withView {
      ness_dband_create($0, found.unknowns, found.width, &condition, &created)
    }
    #expect(status == .ok && condition > 0 && condition <= 1)
    let lu = try #require(created)
    defer { ness_dband_destroy(lu) }
    let exact = random.reals(order)
    for transposed in [false, true] {
      var b = [Double](repeating: 0, count: order)
      for j in 0..<order {
        for i in 0..<order {
          let value = matrix.elements[i + j * order]
          if transposed { b[j] += value * exact[i] } else { b[i] += value * exact[j] }
        }
      }
      var x = [Double](repeating: .nan, count: order)
      #expect(ness_dband_solve(lu, transposed, refined, b, &x) == .ok)
      let error = zip(x, exact).map { abs($0 - $1) }.max() ?? .infinity
      #expect(error < 1e-9, "order \(order), transposed \(transposed): \(error)")
    }
  }

  @Test("refinement recovers digits that elimination loses")
  func refinement() throws {
    let order = 400
    var random = Random(seed: 11)
    let matrix = Self.shuffled(order, width: 9, &random)
    let found = Self.order(matrix)
    var condition = 0.0
    var created: OpaquePointer?
    #expect(
      Sparse(matrix).withView {
        ness_dband_create($0, found.unknowns, found.width, &condition, &created)
      } == .ok)
    let lu = try #require(created)
    defer { ness_dband_destroy(lu) }
    // Whole numbers: the right-hand side is exact, so that what differs is the solver's.
    let exact = (0..<order).map { Double($0 % 7 - 3) }
    var whole = matrix
    for k in whole.elements.indices { whole.elements[k] = (whole.elements[k] * 64).rounded() / 64 }
    var rounded: OpaquePointer?
    #expect(
      Sparse(whole).withView {
        ness_dband_create($0, found.unknowns, found.width, &condition, &rounded)
      } == .ok)
    let factors = try #require(rounded)
    defer { ness_dband_destroy(factors) }
    var b = [Double](repeating: 0, count: order)
    for j in 0..<order { for i in 0..<order { b[i] += whole.elements[i + j * order] * exact[j] } }
    var errors: [Double] = []
    for refined in [false, true] {
      var x = [Double](repeating: 0, count: order)
      #expect(ness_dband_solve(factors, false, refined, b, &x) == .ok)
      errors.append(distance(x, exact))
    }
    #expect(errors[0] > 0 && errors[1] < 0.01 * errors[0], "\(errors)")
  }

  @Test("what cannot be factorized is reported")
  func refusals() {
    var matrix = Dense<Double>(rows: 3, columns: 3, elements: [1, 0, 0, 0, 1, 2, 0, 1, 2])
    var condition = 0.0
    var created: OpaquePointer?
    func create(_ matrix: Dense<Double>, _ order: [Int64], _ width: Int64) -> ness_status {
      Sparse(matrix).withView { ness_dband_create($0, order, width, &condition, &created) }
    }
    // Rows 1 and 2 are parallel.
    #expect(create(matrix, [0, 1, 2], 1) == .singularMatrix && created == nil)
    matrix.elements[8] = 5
    #expect(create(matrix, [0, 1, 1], 1) == .invalidArgument)
    #expect(create(matrix, [0, 1, 3], 1) == .invalidArgument)
    #expect(create(matrix, [0, 1, 2], 0) == .invalidArgument)
    #expect(create(matrix, [0, 1, 2], 3) == .invalidArgument)
    #expect(create(matrix, [0, 1, 2], -1) == .invalidArgument)
    #expect(create(matrix, [2, 1, 0], 1) == .ok)
    ness_dband_destroy(created)
    #expect(Self.order(Dense(rows: 2, columns: 3, elements: [1, 0, 0, 1, 0, 0])).status == .invalidArgument)
    #expect(ness_dband_bytes(1 << 40, 1 << 40) == .max)
    #expect(ness_dband_bytes(100, 3) == 8 * 100 * 13)
    ness_dband_destroy(nil)
  }

  @Test("every allocation that fails is reported and leaves nothing behind", .enabled(if: faultInjection))
  func failures() {
    var random = Random(seed: 5)
    let matrix = Self.shuffled(30, width: 2, &random)
    let found = Self.order(matrix)
    let ordering = allocationsThatFailCleanly {
      var unknowns = [Int64](repeating: 0, count: 30)
      var width: Int64 = 0
      return Sparse(matrix).withView { ness_band_order($0, &unknowns, &width) }
    }
    #expect(ordering == 3)
    let factors = allocationsThatFailCleanly {
      var condition = 0.0
      var created: OpaquePointer?
      let status = Sparse(matrix).withView {
        ness_dband_create($0, found.unknowns, found.width, &condition, &created)
      }
      guard status == .ok, let lu = created else { return status }
      defer { ness_dband_destroy(lu) }
      var x = [Double](repeating: 0, count: 30)
      return ness_dband_solve(lu, false, true, [Double](repeating: 1, count: 30), &x)
    }
    #expect(factors == 12)
  }
}
