import CNESSKernels
import Testing

// Results of at most 40 products of numbers below 2 in modulus: rounding stays below 40 * 4 * 2^-53 < 2e-14.
private let rounding = 2e-14

@Suite("Sparse algebra")
struct SparseTests {
  @Test(
    "transposes agree with the dense definition, conjugated or not",
    arguments: [(5, 9), (9, 5), (1, 7), (4, 0), (0, 3)])
  func transpose(rows: Int, columns: Int) {
    var random = Random(seed: 1)
    let dense = Dense<ness_complex>(rows: rows, columns: columns, density: 0.4, &random)
    let sparse = Sparse(dense)
    for conjugating in [false, true] {
      var result = Sparse<ness_complex>(
        rows: columns, columns: rows, starts: .init(repeating: -1, count: rows + 1),
        indices: .init(repeating: -1, count: sparse.values.count),
        values: .init(repeating: .zero, count: sparse.values.count))
      let status = sparse.withView {
        ness_zcsc_transpose($0, conjugating, &result.starts, &result.indices, &result.values)
      }
      #expect(status == .ok)
      #expect(result == Sparse(dense.transposed(conjugating: conjugating)))
    }
    let real = Sparse(Dense<Double>(rows: rows, columns: columns, density: 0.4, &random))
    var result = Sparse<Double>(
      rows: columns, columns: rows, starts: .init(repeating: -1, count: rows + 1),
      indices: .init(repeating: -1, count: real.values.count),
      values: .init(repeating: 0, count: real.values.count))
    #expect(real.withView { ness_dcsc_transpose($0, &result.starts, &result.indices, &result.values) } == .ok)
    #expect(result == Sparse(real.dense.transposed()))
  }

  private func product(_ a: Sparse<ness_complex>, _ b: Sparse<ness_complex>) -> (
    ness_status, Sparse<ness_complex>
  ) {
    a.withView { a in
      b.withView { b in
        var count: Int64 = -1
        var status = ness_zcsc_multiply_count(a, b, &count)
        guard status == .ok else { return (status, Sparse(Dense(rows: 0, columns: 0))) }
        var c = Sparse<ness_complex>(
          rows: Int(a.pointee.rows), columns: Int(b.pointee.columns),
          starts: .init(repeating: -1, count: Int(b.pointee.columns) + 1),
          indices: .init(repeating: -1, count: Int(count)), values: .init(repeating: .zero, count: Int(count))
        )
        status = ness_zcsc_multiply(a, b, &c.starts, &c.indices, &c.values)
        return (status, c)
      }
    }
  }

  @Test("products agree with the triple loop and come out sorted", arguments: [0.02, 0.1, 0.5, 1.0])
  func multiply(density: Double) {
    var random = Random(seed: 2)
    // 200 rows make the sparse cases sort and the dense ones scan.
    let a = Dense<ness_complex>(rows: 200, columns: 30, density: density, &random)
    let b = Dense<ness_complex>(rows: 30, columns: 17, density: density, &random)
    let (status, c) = product(Sparse(a), Sparse(b))
    #expect(status == .ok)
    #expect(distance(c.dense.elements, a.times(b).elements) < rounding)
    #expect(c.withView { ness_zcsc_check($0) } == .ok)
  }

  @Test("entries that cancel in a product are kept")
  func cancellation() {
    let row = Dense(rows: 1, columns: 2, elements: [ness_complex(re: 1, im: 0), ness_complex(re: 1, im: 0)])
    let column = Dense(
      rows: 2, columns: 1, elements: [ness_complex(re: 0, im: 3), ness_complex(re: 0, im: -3)])
    let (_, c) = product(Sparse(row), Sparse(column))
    #expect(c.values == [.zero])
    #expect(product(Sparse(row), Sparse(row)).0 == .invalidArgument)
  }

  @Test("products with vectors and blocks agree with the dense ones", arguments: [1, 2, 7, 8, 9, 19])
  func apply(width: Int) {
    var random = Random(seed: 3)
    let dense = Dense<ness_complex>(rows: 23, columns: 31, density: 0.3, &random)
    let sparse = Sparse(dense)
    let x = Dense(rows: 31, columns: width, elements: random.complexes(31 * width))
    var y = random.complexes(23 * width)
    #expect(sparse.withView { ness_zcsc_apply_dense($0, Int64(width), x.elements, &y) } == .ok)
    #expect(distance(y, dense.times(x).elements) < rounding)

    let column = Dense(rows: 31, columns: 1, elements: random.complexes(31))
    var forward = random.complexes(23)
    #expect(sparse.withView { ness_zcsc_apply($0, false, column.elements, &forward) } == .ok)
    #expect(distance(forward, dense.times(column).elements) < rounding)

    let row = Dense(rows: 23, columns: 1, elements: random.complexes(23))
    var backward = random.complexes(31)
    #expect(sparse.withView { ness_zcsc_apply($0, true, row.elements, &backward) } == .ok)
    #expect(distance(backward, dense.transposed(conjugating: true).times(row).elements) < rounding)
  }

  @Test("real products with vectors agree with the dense ones, transposed or not")
  func applyReal() {
    var random = Random(seed: 4)
    let dense = Dense<Double>(rows: 12, columns: 33, density: 0.3, &random)
    let sparse = Sparse(dense)
    let column = Dense(rows: 33, columns: 1, elements: random.reals(33))
    var forward = random.reals(12)
    #expect(sparse.withView { ness_dcsc_apply($0, false, column.elements, &forward) } == .ok)
    #expect(distance(forward, dense.times(column).elements) < rounding)
    let row = Dense(rows: 12, columns: 1, elements: random.reals(12))
    var backward = random.reals(33)
    #expect(sparse.withView { ness_dcsc_apply($0, true, row.elements, &backward) } == .ok)
    #expect(distance(backward, dense.transposed().times(row).elements) < rounding)
  }

  @Test("the check finds every way a view can be broken")
  func check() {
    let good = Sparse<Double>(
      rows: 3, columns: 2, starts: [0, 2, 3], indices: [0, 2, 1], values: [1, 2, 3])
    func status(_ change: (inout Sparse<Double>) -> Void) -> (ness_status, ness_status) {
      var real = good
      change(&real)
      let complex = Sparse<ness_complex>(
        rows: real.rows, columns: real.columns, starts: real.starts, indices: real.indices,
        values: real.values.map { ness_complex(re: 1, im: $0) })
      return (real.withView { ness_dcsc_check($0) }, complex.withView { ness_zcsc_check($0) })
    }
    #expect(status { _ in } == (.ok, .ok))
    let bad = (ness_status.invalidArgument, ness_status.invalidArgument)
    #expect(status { $0.starts = [1, 2, 3] } == bad)
    #expect(status { $0.starts = [0, 2, 1] } == bad)
    #expect(status { $0.indices = [0, 3, 1] } == bad)
    #expect(status { $0.indices = [-1, 2, 1] } == bad)
    #expect(status { $0.indices = [2, 0, 1] } == bad)
    #expect(status { $0.indices = [2, 2, 1] } == bad)
    #expect(status { $0.values[2] = .nan } == bad)
    #expect(status { $0.values[0] = .infinity } == bad)
    #expect(status { $0.rows = -1 } == bad)
  }

  @Test("components are those of a flood fill, in order of first appearance")
  func components() {
    var random = Random(seed: 5)
    for density in [0.0, 0.005, 0.02, 0.05, 0.3] {
      let order = 60
      let pattern = Dense<Double>(rows: order, columns: order, density: density, &random)
      var expected = [Int64](repeating: -1, count: order)
      var count: Int64 = 0
      for seed in 0..<order where expected[seed] < 0 {
        var stack = [seed]
        while let i = stack.popLast() {
          if expected[i] >= 0 { continue }
          expected[i] = count
          stack += (0..<order).filter { expected[$0] < 0 && (pattern[i, $0] != 0 || pattern[$0, i] != 0) }
        }
        count += 1
      }
      let sparse = Sparse(pattern)
      var labels = [Int64](repeating: -1, count: order)
      var found: Int64 = -1
      #expect(
        ness_pattern_components(Int64(order), sparse.starts, sparse.indices + [0], &labels, &found) == .ok)
      #expect(labels == expected)
      #expect(found == count)
    }
    var labels: [Int64] = [7, 7]
    var found: Int64 = 7
    #expect(ness_pattern_components(2, [0, 1, 1], [2], &labels, &found) == .invalidArgument)
    #expect(labels == [7, 7] && found == 7)
  }

  @Test("a failing allocation is reported and leaves nothing behind", .enabled(if: faultInjection))
  func allocationFailure() {
    var random = Random(seed: 6)
    let sparse = Sparse(Dense<ness_complex>(rows: 6, columns: 6, density: 0.5, &random))
    let x = random.complexes(18)
    sparse.withView { view in
      var y = x, starts = [Int64](repeating: 0, count: 7)
      var indices = [Int64](repeating: 0, count: 36), values = random.complexes(36), count: Int64 = 0
      #expect(allocationsThatFailCleanly { ness_zcsc_apply_dense(view, 3, x, &y) } == 2)
      #expect(allocationsThatFailCleanly { ness_zcsc_transpose(view, true, &starts, &indices, &values) } == 1)
      #expect(allocationsThatFailCleanly { ness_zcsc_multiply_count(view, view, &count) } == 1)
      #expect(allocationsThatFailCleanly { ness_zcsc_multiply(view, view, &starts, &indices, &values) } == 2)
    }
  }
}
