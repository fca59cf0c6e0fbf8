import CNESSKernels
import Testing

// Orders below 30 and entries below 2: backward stable algorithms err by less than 30 * 30 * 2^-53, about 1e-13.
private let rounding = 1e-13

/// Random Hermitian matrix.
private func hermitian(_ order: Int, _ random: inout Random) -> Dense<ness_complex> {
  let a = Dense<ness_complex>(rows: order, columns: order, density: 1, &random)
  let b = a.transposed(conjugating: true)
  return Dense(rows: order, columns: order, elements: zip(a.elements, b.elements).map { $0 + $1 })
}

/// Column j of `a v - v diag(values)`, all columns.
private func eigenDefect(_ a: Dense<ness_complex>, _ values: [ness_complex], _ v: Dense<ness_complex>)
  -> Double
{
  var scaled = v
  for j in 0..<a.rows {
    for i in 0..<a.rows { scaled[i, j] = v[i, j] * values[j] }
  }
  return distance(a.times(v).elements, scaled.elements)
}

@Suite("Dense linear algebra")
struct DenseTests {
  @Test("Hermitian eigenpairs satisfy their equation and come sorted and orthonormal", arguments: [1, 2, 17])
  func hermitianEigen(order: Int) {
    var random = Random(seed: 21)
    let a = hermitian(order, &random)
    var stored = a.elements
    for j in 0..<order {  // only the lower triangle counts
      for i in 0..<j { stored[i + j * order] = ness_complex(re: .nan, im: .nan) }
    }
    var values = [Double](repeating: 0, count: order)
    var vectors = [ness_complex](repeating: .zero, count: order * order)
    #expect(ness_zeigh(Int64(order), stored, &values, &vectors) == .ok)
    let v = Dense(rows: order, columns: order, elements: vectors)
    #expect(eigenDefect(a, values.map { ness_complex(re: $0, im: 0) }, v) < rounding)
    #expect(values == values.sorted())
    var unit = Dense<ness_complex>(rows: order, columns: order)
    for i in 0..<order { unit[i, i] = .one }
    #expect(distance(v.transposed(conjugating: true).times(v).elements, unit.elements) < rounding)
    var alone = values.map { _ in 0.0 }
    #expect(ness_zeigh(Int64(order), stored, &alone, nil) == .ok)
    #expect(distance(alone, values) < rounding)
  }

  @Test("Pauli y has eigenvalue +1 on (1, i) and -1 on (1, -i)")
  func pauli() {
    let i = ness_complex(re: 0, im: 1)
    var values = [0.0, 0.0]
    var vectors = [ness_complex](repeating: .zero, count: 4)
    #expect(ness_zeigh(2, [.zero, i, i.conjugate, .zero], &values, &vectors) == .ok)
    #expect(distance(values, [-1, 1]) < rounding)
    // v1 / v0 = -i for -1 and i for +1: a transposed reading of the matrix would swap them.
    #expect((vectors[1] - i.conjugate * vectors[0]).length < rounding)
    #expect((vectors[3] - i * vectors[2]).length < rounding)
  }

  @Test("general eigenpairs satisfy their equation and have unit norm", arguments: [1, 3, 20])
  func generalEigen(order: Int) {
    var random = Random(seed: 22)
    let a = Dense<ness_complex>(rows: order, columns: order, density: 1, &random)
    var values = [ness_complex](repeating: .zero, count: order)
    var vectors = [ness_complex](repeating: .zero, count: order * order)
    #expect(ness_zeig(Int64(order), a.elements, &values, &vectors) == .ok)
    #expect(eigenDefect(a, values, Dense(rows: order, columns: order, elements: vectors)) < rounding)
    for j in 0..<order {
      let norm = vectors[j * order..<(j + 1) * order].reduce(0) { $0 + $1.length * $1.length }
      #expect(abs(norm - 1) < rounding)
    }
    var alone = values
    #expect(ness_zeig(Int64(order), a.elements, &alone, nil) == .ok)
    #expect(values.allSatisfy { value in alone.contains { ($0 - value).length < 1e-12 } })
  }

  @Test("a real rotation and scaling has its conjugate pair of eigenvalues")
  func realEigen() {
    // 2 with multiplicity one, and 3 +- 4 i.
    let a: [Double] = [3, -4, 7, 4, 3, 5, 0, 0, 2]
    var values = [ness_complex](repeating: .zero, count: 3)
    #expect(ness_deig_values(3, a, &values) == .ok)
    for expected in [ness_complex(re: 2, im: 0), ness_complex(re: 3, im: 4), ness_complex(re: 3, im: -4)] {
      #expect(values.contains { ($0 - expected).length < rounding })
    }
  }

  @Test(
    "squared singular values are the eigenvalues of the Gram matrix",
    arguments: [(6, 6), (9, 4), (3, 8), (1, 5)])
  func singularValues(rows: Int, columns: Int) {
    var random = Random(seed: 23)
    let a = Dense<ness_complex>(rows: rows, columns: columns, density: 1, &random)
    let count = min(rows, columns)
    func expected(_ a: Dense<ness_complex>) -> [Double] {
      let adjoint = a.transposed(conjugating: true)
      let gram = rows < columns ? a.times(adjoint) : adjoint.times(a)
      var values = [Double](repeating: 0, count: count)
      #expect(ness_zeigh(Int64(count), gram.elements, &values, nil) == .ok)
      return values.reversed()
    }
    var found = [Double](repeating: -1, count: count)
    #expect(ness_zsingular_values(Int64(rows), Int64(columns), a.elements, &found) == .ok)
    #expect(distance(found.map { $0 * $0 }, expected(a)) < 1e-12)
    let real = a.elements.map(\.re)
    #expect(ness_dsingular_values(Int64(rows), Int64(columns), real, &found) == .ok)
    let lifted = Dense(rows: rows, columns: columns, elements: real.map { ness_complex(re: $0, im: 0) })
    #expect(distance(found.map { $0 * $0 }, expected(lifted)) < 1e-12)
  }

  @Test(
    "products agree with the triple loop",
    arguments: [(false, false), (true, false), (false, true), (true, true)])
  func multiply(adjointA: Bool, adjointB: Bool) {
    var random = Random(seed: 24)
    let (m, n, k) = (4, 7, 5)
    let a = Dense<ness_complex>(rows: adjointA ? k : m, columns: adjointA ? m : k, density: 1, &random)
    let b = Dense<ness_complex>(rows: adjointB ? n : k, columns: adjointB ? k : n, density: 1, &random)
    var c = random.complexes(m * n)
    #expect(
      ness_zmultiply(Int64(m), Int64(n), Int64(k), adjointA, a.elements, adjointB, b.elements, &c) == .ok)
    let left = adjointA ? a.transposed(conjugating: true) : a
    let right = adjointB ? b.transposed(conjugating: true) : b
    #expect(distance(c, left.times(right).elements) < rounding)
    #expect(ness_zmultiply(Int64(m), Int64(n), 0, adjointA, [], adjointB, [], &c) == .ok)
    #expect(c.allSatisfy { $0 == .zero })
    #expect(ness_zmultiply(-1, 1, 1, false, [], false, [], &c) == .invalidArgument)
    #expect(ness_zmultiply(1 << 31, 1, 1, false, [], false, [], &c) == .sizeOverflow)
  }

  @Test("NaN and infinity are refused before they reach an iteration", arguments: [Double.nan, .infinity])
  func notFinite(bad: Double) {
    let matrix = [ness_complex(re: 1, im: bad), .zero, .zero, .one]
    var values = [5.0, 5.0]
    var complex = [ness_complex](repeating: .zero, count: 2)
    #expect(ness_zeigh(2, matrix, &values, nil) == .invalidArgument)
    #expect(ness_zeig(2, matrix, &complex, nil) == .invalidArgument)
    #expect(ness_zsingular_values(2, 2, matrix, &values) == .invalidArgument)
    #expect(ness_deig_values(2, [1, bad, 0, 1], &complex) == .invalidArgument)
    #expect(ness_dsingular_values(2, 2, [1, bad, 0, 1], &values) == .invalidArgument)
    #expect(values == [5, 5])
  }

  @Test("orders out of range are refused, order zero is empty")
  func orders() {
    var values = [5.0]
    var complex = [ness_complex.zero]
    #expect(ness_zeigh(-1, [], &values, nil) == .invalidArgument)
    #expect(ness_zeig(-1, [], &complex, nil) == .invalidArgument)
    #expect(ness_deig_values(1 << 31, [], &complex) == .sizeOverflow)
    #expect(ness_dsingular_values(1 << 31, 1, [], &values) == .sizeOverflow)
    #expect(ness_zeigh(0, [], &values, nil) == .ok)
    #expect(ness_zsingular_values(0, 3, [], &values) == .ok)
    #expect(values == [5])
  }

  @Test("dense LU solves plain and transposed systems")
  func denseLU() throws {
    var random = Random(seed: 25)
    let order = 24
    let a = Dense<Double>(rows: order, columns: order, density: 0.5, &random)
    var condition = -1.0
    var handle: OpaquePointer?
    #expect(Sparse(a).withView { ness_ddense_create($0, &condition, &handle) } == .ok)
    let lu = try #require(handle)
    defer { ness_ddense_destroy(lu) }
    #expect(ness_ddense_bytes(lu) > order * order * 8)
    let x = Dense(rows: order, columns: 3, elements: random.reals(order * 3))
    var found = [Double](repeating: 0, count: order * 3)
    // Forward error: condition times rounding.
    #expect(ness_ddense_solve(lu, false, 3, a.times(x).elements, &found) == .ok)
    #expect(distance(found, x.elements) < rounding / condition)
    #expect(ness_ddense_solve(lu, true, 3, a.transposed().times(x).elements, &found) == .ok)
    #expect(distance(found, x.elements) < rounding / condition)
    #expect(ness_ddense_solve(lu, false, -1, [], &found) == .invalidArgument)

    // The reciprocal condition in the 1-norm, from the explicit inverse; LAPACK's estimate of it is an upper bound.
    var unit = Dense<Double>(rows: order, columns: order)
    for i in 0..<order { unit[i, i] = 1 }
    var inverse = unit
    #expect(ness_ddense_solve(lu, false, Int64(order), unit.elements, &inverse.elements) == .ok)
    func norm(_ a: Dense<Double>) -> Double {
      (0..<order).map { j in (0..<order).reduce(0) { $0 + abs(a[$1, j]) } }.max() ?? 0
    }
    let exact = 1 / (norm(a) * norm(inverse))
    #expect(condition > 0.999 * exact && condition < 3 * exact)
  }

  @Test("singular and malformed matrices are refused")
  func denseRefusals() {
    var condition = 7.0
    var handle: OpaquePointer?
    func status(_ a: Dense<Double>) -> ness_status {
      Sparse(a).withView { ness_ddense_create($0, &condition, &handle) }
    }
    #expect(status(Dense(rows: 2, columns: 2, elements: [1, 2, 2, 4])) == .singularMatrix)
    #expect(status(Dense(rows: 2, columns: 3)) == .invalidArgument)
    #expect(status(Dense(rows: 0, columns: 0)) == .invalidArgument)
    #expect(status(Dense(rows: 1, columns: 1, elements: [.nan])) == .invalidArgument)
    #expect(condition == 7 && handle == nil)
  }

  @Test("a failing allocation is reported and leaves nothing behind", .enabled(if: faultInjection))
  func allocationFailure() {
    var random = Random(seed: 26)
    let a = hermitian(3, &random)
    var values = [0.0, 0, 0]
    var complex = [ness_complex](repeating: .zero, count: 3)
    var vectors = random.complexes(9)
    #expect(allocationsThatFailCleanly { ness_zeigh(3, a.elements, &values, &vectors) } == 5)
    #expect(allocationsThatFailCleanly { ness_zeig(3, a.elements, &complex, &vectors) } == 5)
    #expect(allocationsThatFailCleanly { ness_deig_values(3, a.elements.map(\.re), &complex) } == 3)
    #expect(allocationsThatFailCleanly { ness_dsingular_values(3, 3, a.elements.map(\.re), &values) } == 5)
    #expect(allocationsThatFailCleanly { ness_zsingular_values(3, 3, a.elements, &values) } == 5)
    let real = Sparse(Dense(rows: 3, columns: 3, elements: a.elements.map(\.re)))
    var condition = 0.0
    var handle: OpaquePointer?
    let made = allocationsThatFailCleanly {
      let status = real.withView { ness_ddense_create($0, &condition, &handle) }
      if status != .ok, handle != nil { return .libraryFailure }
      ness_ddense_destroy(handle)
      return status
    }
    #expect(made == 8)
    #expect(real.withView { ness_ddense_create($0, &condition, &handle) } == .ok)
    #expect(allocationsThatFailCleanly { ness_ddense_solve(handle!, false, 1, [1, 2, 3], &values) } == 2)
    ness_ddense_destroy(handle)
  }
}
