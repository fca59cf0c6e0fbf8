import CNESSKernels
import Testing

/// A chain of one block without rates, from dense matrices.
private func withChain<R>(
  drift: Matrix, jumps: [Matrix] = [], _ body: (ness_status, OpaquePointer?) -> R
) -> R {
  func views(_ matrices: ArraySlice<Sparse<ness_complex>>, _ found: [ness_zcsc], _ next: ([ness_zcsc]) -> R)
    -> R
  {
    guard let first = matrices.first else { return next(found) }
    return first.withView { view in views(matrices.dropFirst(), found + [view.pointee], next) }
  }
  return views(([drift] + jumps).map { Sparse($0) }[...], []) { views in
    let blocks = [ness_chain_block(multiplicity: 1, drift: views[0], population: nil, source: nil)]
    let terms = views.dropFirst().map {
      ness_chain_jump(target: 0, source: 0, weight: 0.5, left: $0, right: $0)
    }
    var handle: OpaquePointer?
    let status = blocks.withUnsafeBufferPointer { blocks in
      terms.withUnsafeBufferPointer { terms in
        guard let first = blocks.baseAddress else { return ness_status.invalidArgument }
        var all = ness_chain_terms(
          block_count: 1, blocks: first, jump_count: Int64(terms.count), jumps: terms.baseAddress, rates: nil)
        return ness_chain_create(&all, &handle)
      }
    }
    defer { ness_chain_destroy(handle) }
    return body(status, handle)
  }
}

private func run(
  _ chain: OpaquePointer, _ phase: ness_chain_phase, from input: [Double]? = nil, to output: inout [Double]
) -> ness_status {
  for task in 0..<ness_chain_tasks(chain, phase) {
    let status = ness_chain_run(chain, phase, task, input, &output)
    if status != .ok { return status }
  }
  return .ok
}

private func packed(_ matrix: Matrix) -> [Double] { matrix.elements.map { $0.re + $0.im } }

private func unpacked(_ vector: [Double], _ n: Int) -> Matrix {
  var matrix = Matrix(rows: n, columns: n)
  for i in 0..<n {
    for j in 0..<n {
      let (a, b) = (vector[i + j * n], vector[j + i * n])
      matrix[i, j] = ness_complex(re: (a + b) / 2, im: (a - b) / 2)
    }
  }
  return matrix
}

private func apply(_ a: Matrix, _ x: [ness_complex]) -> [ness_complex] {
  (0..<a.rows).map { i in (0..<a.columns).reduce(.zero) { $0 + a[i, $1] * x[$1] } }
}

private func hermitian(_ n: Int, _ random: inout Random) -> Matrix {
  let a = Matrix(rows: n, columns: n, density: 1, &random)
  return Matrix(
    rows: n, columns: n, elements: zip(a.elements, a.transposed(conjugating: true).elements).map(+))
}

/// Random drift whose decays exceed its random part, so that all eigenvalues lie on the left.
private func drift(_ n: Int, _ random: inout Random) -> Matrix {
  var k = Matrix(rows: n, columns: n, density: 0.5, &random)
  for i in 0..<n { k[i, i] = k[i, i] - ness_complex(re: Double(n), im: 0) }
  return k
}

@Suite("Jump chain")
struct JumpChainTests {
  static let inversion: [ness_chain_phase] = [.forward, .divide, .sylvester, .back, .finish]

  @Test(
    "the inverse without jumps solves K X + X K^+ - s X = -Y",
    arguments: [ness_chain_form.eigenvectors, .schur],
    [1, 5, 33, 70])
  func inverse(form: ness_chain_form, order: Int) {
    var random = Random(seed: UInt64(order))
    let k = drift(order, &random)
    let y = hermitian(order, &random)
    let shift = 0.3
    withChain(drift: k) { status, chain in
      #expect(status == .ok)
      guard let chain else { return }
      var info = ness_chain_info()
      #expect(ness_chain_factor(chain, 0, form, .infinity, &info) == .ok)
      #expect(info.form == form && info.gap > 0 && info.condition >= 1 && info.scale >= info.gap / 2)
      ness_chain_shift(chain, shift)
      var x = [Double](repeating: 0, count: order * order)
      #expect(run(chain, .load, from: packed(y), to: &x) == .ok)
      for phase in Self.inversion { #expect(run(chain, phase, to: &x) == .ok) }
      #expect(run(chain, .add, to: &x) == .ok)
      let matrix = unpacked(x, order)
      // On a random vector: the equation costs n^2 there.
      let u = random.complexes(order)
      let left = apply(k, apply(matrix, u))
      let right = apply(matrix, apply(k.transposed(conjugating: true), u))
      let scaled = apply(matrix, u).map { ness_complex(re: shift * $0.re, im: shift * $0.im) }
      let sum = zip(zip(left, right), scaled).map { ($0.0 + $0.1) - $1 }
      let source = apply(y, u)
      // Well-conditioned eigenvectors: a few hundred roundings of the elements.
      let size = source.map(\.length).max() ?? 0
      #expect(zip(sum, source).allSatisfy { ($0 + $1).length < 1e-12 * size * Double(order) })
    }
  }

  @Test("single precision: the same inverse to seven digits, for any panel", arguments: [1, 5, 33, 70, 130])
  func singlePrecision(order: Int) {
    var random = Random(seed: UInt64(order))
    let k = drift(order, &random)
    let y = packed(hermitian(order, &random))
    withChain(drift: k) { _, chain in
      guard let chain else {
        Issue.record("no handle")
        return
      }
      #expect(ness_chain_set_precision(chain, .single) == .invalidArgument, "no decomposition yet")
      var info = ness_chain_info()
      #expect(ness_chain_factor(chain, 0, .eigenvectors, .infinity, &info) == .ok)
      ness_chain_shift(chain, 0.3)
      let results = [ness_chain_precision.double, .single, .double].map { precision in
        #expect(ness_chain_set_precision(chain, precision) == .ok)
        var x = [Double](repeating: 0, count: order * order)
        #expect(run(chain, .load, from: y, to: &x) == .ok)
        for phase in Self.inversion where phase != .sylvester { #expect(run(chain, phase, to: &x) == .ok) }
        #expect(run(chain, .add, to: &x) == .ok)
        return x
      }
      #expect(results[0] == results[2])
      let size = results[0].reduce(0) { max($0, abs($1)) }
      let difference = zip(results[0], results[1]).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(
        difference > 1e-9 * size && difference < 1e-7 * info.condition * info.condition * size,
        "\(difference / size), condition \(info.condition)")
      // A new decomposition has no copy in single precision yet; a Schur form never has one.
      #expect(ness_chain_set_precision(chain, .single) == .ok)
      #expect(ness_chain_factor(chain, 0, .schur, .infinity, &info) == .ok)
      var x = y
      #expect(run(chain, .forward, to: &x) == .invalidArgument)
      #expect(ness_chain_set_precision(chain, .single) == .invalidArgument)
      #expect(ness_chain_set_precision(chain, ness_chain_precision(rawValue: 2)!) == .invalidArgument)
      #expect(ness_chain_set_precision(chain, .double) == .ok)
      #expect(run(chain, .forward, to: &x) == .ok)
    }
  }

  @Test("change is the generator, jump its part that flows back, each against nested sums")
  func generator() {
    var random = Random(seed: 5)
    let n = 6
    let k = drift(n, &random)
    let jumps = (0..<2).map { _ in Matrix(rows: n, columns: n, density: 0.5, &random) }
    let rho = hermitian(n, &random)
    let reference = Terms(drift: k)
    // The weight 1/2 of each term.
    reference.left = jumps.map {
      Matrix(rows: n, columns: n, elements: $0.elements.map { ness_complex(re: $0.re / 2, im: $0.im / 2) })
    }
    reference.right = jumps
    let expected = reference.applied(to: rho)
    withChain(drift: k, jumps: jumps) { _, chain in
      guard let chain else {
        Issue.record("no handle")
        return
      }
      var out = [Double](repeating: 0, count: n * n)
      #expect(run(chain, .load, from: packed(rho), to: &out) == .ok)
      #expect(run(chain, .change, to: &out) == .ok)
      #expect(distance(unpacked(out, n).elements, expected.elements) < 1e-13)
      #expect(abs(ness_chain_largest(chain) - (expected.elements.map(\.length).max() ?? 0)) < 1e-13)
      let s = 0.7
      ness_chain_shift(chain, s)
      let y = packed(hermitian(n, &random))
      #expect(run(chain, .jump, from: y, to: &out) == .ok)
      reference.drift = Matrix(rows: n, columns: n)
      let back = packed(reference.applied(to: rho))
      let trace = ness_chain_trace(chain, y)
      #expect(abs(trace - (0..<n).reduce(0) { $0 + y[$1 * (n + 1)] }) < 1e-14)
      for i in 0..<(n * n) {
        let flow = back[i] + s * packed(rho)[i]
        #expect(abs(out[i] - (y[i] - flow + (i % (n + 1) == 0 ? trace / Double(n) : 0))) < 1e-13)
      }
    }
  }

  @Test("dependent eigenvectors give way to the Schur form, and impossible equations are reported")
  func fallback() {
    var jordan = Matrix(rows: 2, columns: 2)
    (jordan[0, 0], jordan[1, 1], jordan[0, 1]) = (
      ness_complex(re: -1, im: 0), ness_complex(re: -1, im: 0), .one
    )
    withChain(drift: jordan) { _, chain in
      guard let chain else { return }
      var info = ness_chain_info()
      #expect(ness_chain_factor(chain, 0, .eigenvectors, 1e6, &info) == .ok)
      #expect(info.form == .schur)
      #expect(ness_chain_factor(chain, 1, .schur, 1e6, &info) == .invalidArgument)
    }
    withChain(drift: Matrix(rows: 2, columns: 2)) { _, chain in
      guard let chain else { return }
      var out = [Double](repeating: 0, count: 4)
      #expect(run(chain, .forward, to: &out) == .invalidArgument, "no decomposition yet")
      var info = ness_chain_info()
      #expect(ness_chain_factor(chain, 0, .schur, 1e6, &info) == .ok)
      #expect(info.gap == 0)
      #expect(run(chain, .load, from: [1, 0, 0, 1], to: &out) == .ok)
      #expect(run(chain, .sylvester, to: &out) == .singularMatrix)
      #expect(ness_chain_run(chain, .add, 0, nil, nil) == .invalidArgument)
      #expect(ness_chain_run(chain, .load, 1, nil, nil) == .invalidArgument)
    }
    var wrong = Matrix(rows: 2, columns: 2)
    wrong[0, 0] = ness_complex(re: .nan, im: 0)
    withChain(drift: wrong) { status, _ in #expect(status == .invalidArgument) }
  }

  @Test("every allocation that fails is reported and leaves nothing behind", .enabled(if: faultInjection))
  func faults() throws {
    var random = Random(seed: 9)
    let k = drift(4, &random)
    let jump = Matrix(rows: 4, columns: 4, density: 1, &random)
    for form in [ness_chain_form.eigenvectors, .schur] {
      let count = allocationsThatFailCleanly {
        withChain(drift: k, jumps: [jump]) { status, chain in
          guard status == .ok, let chain else { return status }
          var info = ness_chain_info()
          let factored = ness_chain_factor(chain, 0, form, .infinity, &info)
          return factored != .ok || form == .schur ? factored : ness_chain_set_precision(chain, .single)
        }
      }
      #expect(try #require(count) > 20)
    }
    let count = allocationsThatFailCleanly {
      var krylov: OpaquePointer?
      let status = ness_krylov_create(10, 3, &krylov)
      ness_krylov_destroy(krylov)
      return status
    }
    #expect(count == 9)
  }
}

@Suite("Krylov basis")
struct KrylovTests {
  private static func go(_ krylov: OpaquePointer, _ phases: [ness_krylov_phase]) {
    for phase in phases {
      for task in 0..<ness_krylov_tasks(krylov) { #expect(ness_krylov_run(krylov, phase, task, nil) == .ok) }
      ness_krylov_advance(krylov, phase)
    }
  }

  @Test(
    "as many steps as unknowns solve a random system; the recurrence tells the residual", arguments: [1, 7])
  func system(order: Int) {
    var random = Random(seed: 3)
    var a = Dense<Double>(rows: order, columns: order, density: 1, &random)
    for i in 0..<order { a[i, i] += 4 }
    let b = random.reals(order)
    var krylov: OpaquePointer?
    #expect(ness_krylov_create(Int64(order), Int64(order), &krylov) == .ok)
    guard let krylov else { return }
    defer { ness_krylov_destroy(krylov) }
    // A second round on the same, then full, handle.
    for _ in 0..<2 {
      ness_krylov_vector(krylov, 0).update(from: b, count: order)
      Self.go(krylov, [.measure, .scale])
      for step in 1...order {
        let last = ness_krylov_vector(krylov, Int64(step) - 1)
        let next = ness_krylov_vector(krylov, Int64(step))
        for i in 0..<order { next[i] = (0..<order).reduce(0) { $0 + a[i, $1] * last[$1] } }
        Self.go(krylov, [.project, .correct, .clean, .scale])
        ness_krylov_solve(krylov)
        var x = [Double](repeating: 0, count: order)
        #expect(ness_krylov_run(krylov, .combine, 0, &x) == .ok)
        var square = 0.0
        for i in 0..<order {
          let r = b[i] - (0..<order).reduce(0) { $0 + a[i, $1] * x[$1] }
          square += r * r
        }
        #expect(abs(square.squareRoot() - ness_krylov_residual(krylov)) < 1e-14)
      }
      #expect(ness_krylov_residual(krylov) < 1e-14)
    }
    #expect(ness_krylov_run(krylov, .project, 0, nil) == .invalidArgument, "the basis is full")
    #expect(ness_krylov_run(krylov, .measure, 1, nil) == .invalidArgument)
  }

  @Test("a vector almost within the span is made orthogonal to rounding by the second projections")
  func nearlyDependent() {
    let order = 3000
    var random = Random(seed: 4)
    var krylov: OpaquePointer?
    #expect(ness_krylov_create(Int64(order), 8, &krylov) == .ok)
    guard let krylov else { return }
    defer { ness_krylov_destroy(krylov) }
    ness_krylov_vector(krylov, 0).update(from: random.reals(order), count: order)
    Self.go(krylov, [.measure, .scale])
    for step in 1...8 {
      // 1e-9 of something new: one projection leaves errors of 1e-7.
      let last = ness_krylov_vector(krylov, Int64(step) - 1)
      let next = ness_krylov_vector(krylov, Int64(step))
      let new = random.reals(order)
      for i in 0..<order { next[i] = last[i] + 1e-9 * new[i] }
      Self.go(krylov, [.project, .correct, .clean, .scale])
    }
    for a in 0...8 {
      let left = ness_krylov_vector(krylov, Int64(a))
      for b in 0...a {
        let right = ness_krylov_vector(krylov, Int64(b))
        let product = (0..<order).reduce(0.0) { $0 + left[$1] * right[$1] }
        // What may be left in by design, several times over.
        #expect(abs(product - (a == b ? 1 : 0)) < 1e-12, "\(a) \(b)")
      }
    }
  }
}
