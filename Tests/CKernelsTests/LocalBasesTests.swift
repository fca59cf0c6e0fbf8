import CNESSKernels
import Testing

/// Sums of a few hundred terms of order one.
private let rounding = 1e-12

@Suite("Local bases")
struct LocalBasesTests {
  static let levels: [Int64] = [2, 3, 2]
  static let dimension = 12
  /// The outer sites share their angles.
  static let groups: [Int64] = [0, 1, 0]
  /// All sites have their own.
  static let independent: [Int64] = [0, 1, 2]

  /// Columns of a matrix of trace one.
  private func columns(_ rank: Int, _ random: inout Random) -> Dense<ness_complex> {
    var result = Dense<ness_complex>(rows: Self.dimension, columns: rank, density: 1, &random)
    let norm = result.elements.reduce(0) { $0 + $1.length * $1.length }.squareRoot()
    result.elements = result.elements.map { ness_complex(re: $0.re / norm, im: $0.im / norm) }
    return result
  }

  private func withProblem<R>(
    _ columns: Dense<ness_complex>, asMatrix: Bool, _ body: (OpaquePointer) -> R
  ) -> R? {
    var handle: OpaquePointer?
    let status =
      asMatrix
      ? ness_local_bases_create_matrix(
        3, Self.levels, columns.times(columns.transposed(conjugating: true)).elements, &handle)
      : ness_local_bases_create_columns(3, Self.levels, Int64(columns.columns), columns.elements, &handle)
    #expect(status == .ok)
    guard let handle else { return nil }
    defer { ness_local_bases_destroy(handle) }
    return body(handle)
  }

  /// Reflections 1 - 2 v v^+, which are unitary.
  private func bases(_ random: inout Random) -> [Dense<ness_complex>] {
    Self.levels.map { level in
      let n = Int(level)
      var v = random.complexes(n)
      let norm = v.reduce(0) { $0 + $1.length * $1.length }.squareRoot()
      v = v.map { ness_complex(re: $0.re / norm, im: $0.im / norm) }
      var matrix = Dense<ness_complex>(rows: n, columns: n)
      for i in 0..<n {
        for j in 0..<n {
          let term = v[i] * v[j].conjugate
          matrix[i, j] = ness_complex(re: (i == j ? 1 : 0) - 2 * term.re, im: -2 * term.im)
        }
      }
      return matrix
    }
  }

  /// Total correlation from the definition: the whole product basis, every probability by a double sum.
  private func correlation(_ columns: Dense<ness_complex>, _ bases: [Dense<ness_complex>]) -> Double {
    func digits(_ index: Int) -> [Int] { [index / 6, index / 2 % 3, index % 2] }
    var product = Dense<ness_complex>(rows: 12, columns: 12)
    for row in 0..<12 {
      for column in 0..<12 {
        product[row, column] = (0..<3).reduce(.one) { $0 * bases[$1][digits(row)[$1], digits(column)[$1]] }
      }
    }
    let rotated = product.transposed(conjugating: true).times(columns)
    let p = (0..<12).map { row in
      (0..<columns.columns).reduce(0) { $0 + rotated[row, $1].length * rotated[row, $1].length }
    }
    func entropy(_ p: [Double]) -> Double { p.reduce(0) { $0 - $1 * logarithm($1) } }
    return (0..<3).reduce(-entropy(p)) { sum, site in
      var marginal = [Double](repeating: 0, count: 3)
      for row in 0..<12 { marginal[digits(row)[site]] += p[row] }
      return sum + entropy(marginal.filter { $0 > 0 })
    }
  }

  /// Natural logarithm by Newton steps on the exponential series: no other library in this target.
  private func logarithm(_ x: Double) -> Double {
    var (mantissa, result) = (x, 0.0)
    while mantissa < 0.75 { (mantissa, result) = (mantissa * 2, result - 0.693147180559945309) }
    // 2 artanh((m - 1)/(m + 1)), |argument| below 1/7.
    let t = (mantissa - 1) / (mantissa + 1)
    var (power, k) = (t, 1.0)
    while k < 40 { (result, power, k) = (result + 2 * power / k, power * t * t, k + 2) }
    return result
  }

  /// exp(i H) by its series, H from angles in the order of the generalized Gell-Mann matrices.
  private func exponential(_ n: Int, _ angles: [Double]) -> Dense<ness_complex> {
    var h = Dense<ness_complex>(rows: n, columns: n)
    var next = 0
    for b in 1..<n {
      for a in 0..<b {
        h[a, b] = ness_complex(re: angles[next], im: -angles[next + 1])
        h[b, a] = ness_complex(re: angles[next], im: angles[next + 1])
        next += 2
      }
      let head = angles[next] * (2.0 / Double(b * (b + 1))).squareRoot()
      next += 1
      for a in 0..<b { h[a, a] = h[a, a] + ness_complex(re: head, im: 0) }
      h[b, b] = h[b, b] - ness_complex(re: Double(b) * head, im: 0)
    }
    var term = Dense<ness_complex>(rows: n, columns: n)
    for i in 0..<n { term[i, i] = .one }
    var sum = term
    for order in 1...30 {
      term = term.times(h)
      term.elements = term.elements.map {
        ness_complex(re: -$0.im / Double(order), im: $0.re / Double(order))
      }
      for k in sum.elements.indices { sum.elements[k] = sum.elements[k] + term.elements[k] }
    }
    return sum
  }

  @Test(
    "values agree with the definition",
    arguments: [(1, false), (3, false), (12, false), (3, true), (12, true)])
  func values(rank: Int, asMatrix: Bool) {
    var random = Random(seed: 71)
    let columns = columns(rank, &random)
    let start = bases(&random)
    let angles = random.reals(3 + 8 + 3)
    let moved = [
      start[0].times(exponential(2, Array(angles[0..<3]))),
      start[1].times(exponential(3, Array(angles[3..<11]))),
      start[2].times(exponential(2, Array(angles[11..<14]))),
    ]
    var value = 0.0
    let flat = start.flatMap(\.elements)
    let status = withProblem(columns, asMatrix: asMatrix) {
      ness_local_bases_evaluate($0, Self.independent, flat, true, angles, &value, nil)
    }
    #expect(status == .ok)
    #expect(abs(value - correlation(columns, moved)) < rounding)
    // A site that is left out shows.
    #expect(abs(value - correlation(columns, [moved[0], moved[1], start[2]])) > 1e-3)
  }

  @Test(
    "gradients agree with differences", arguments: [(1, false, true), (5, false, false), (5, true, true)])
  func gradients(rank: Int, asMatrix: Bool, diagonal: Bool) {
    var random = Random(seed: 72)
    let columns = columns(rank, &random)
    let flat = bases(&random).flatMap(\.elements)
    for groups in [Self.independent, Self.groups] {
      let outer = diagonal ? 3 : 2
      let angles = random.reals((groups == Self.groups ? 1 : 2) * outer + (diagonal ? 8 : 6))
      withProblem(columns, asMatrix: asMatrix) { problem in
        func value(_ angles: [Double]) -> Double {
          var result = 0.0
          #expect(
            ness_local_bases_evaluate(problem, groups, flat, diagonal, angles, &result, nil) == .ok)
          return result
        }
        var found = 0.0
        var gradient = [Double](repeating: 0, count: angles.count)
        #expect(
          ness_local_bases_evaluate(problem, groups, flat, diagonal, angles, &found, &gradient) == .ok)
        #expect(found == value(angles))
        for k in angles.indices {
          func shifted(_ step: Double) -> Double {
            var moved = angles
            moved[k] += step
            return value(moved)
          }
          // Fourth order: error h^4 times a fifth derivative of order ten, plus rounding over h.
          let h = 1e-3
          let slope = (8 * (shifted(h) - shifted(-h)) - shifted(2 * h) + shifted(-2 * h)) / (12 * h)
          #expect(abs(slope - gradient[k]) < 1e-9, "angle \(k) of \(groups)")
        }
      }
    }
  }

  @Test("an ascent ends at a maximum, the same each time, and keeps shared bases equal")
  func ascent() {
    var random = Random(seed: 73)
    let columns = columns(12, &random)
    var start = bases(&random)
    start[2] = start[0]
    let flat = start.flatMap(\.elements)
    withProblem(columns, asMatrix: true) { problem in
      var value = 0.0
      let none = [Double](repeating: 0, count: 20)
      #expect(ness_local_bases_evaluate(problem, Self.groups, flat, false, none, &value, nil) == .ok)
      var found: [[ness_complex]] = []
      for _ in 0..<2 {
        var bases = flat
        var result = ness_local_bases_result()
        #expect(ness_local_bases_maximize(problem, Self.groups, flat, 1e-7, &bases, &result) == .ok)
        // Values are known to 1e-16, gradients to the root of that.
        #expect(result.value > value && result.gradient_norm <= 1e-7 && result.evaluations > 2)
        var again = 0.0
        #expect(ness_local_bases_evaluate(problem, Self.groups, bases, false, none, &again, nil) == .ok)
        #expect(abs(again - result.value) < rounding)
        for k in 0..<20 {
          for step in [-1e-3, 1e-3] where k < 8 {
            var moved = none
            moved[k] = step
            #expect(
              ness_local_bases_evaluate(problem, Self.groups, bases, false, moved, &again, nil) == .ok)
            #expect(again < result.value + rounding)
          }
        }
        #expect(distance(Array(bases[0..<4]), Array(bases[13..<17])) < rounding)
        found.append(bases)
      }
      #expect(found[0] == found[1])
    }
  }

  @Test("malformed input is refused")
  func refusals() {
    var random = Random(seed: 74)
    let columns = columns(2, &random)
    var handle: OpaquePointer?
    func create(_ levels: [Int64], _ rank: Int64, _ elements: [ness_complex]) -> ness_status {
      ness_local_bases_create_columns(Int64(levels.count), levels, rank, elements, &handle)
    }
    #expect(create([], 1, columns.elements) == .invalidArgument)
    #expect(create([2, 0], 1, columns.elements) == .invalidArgument)
    #expect(create([2], 0, columns.elements) == .invalidArgument)
    #expect(create([1 << 31, 1 << 31], 1, columns.elements) == .sizeOverflow)
    #expect(create([2], 1, [.one, ness_complex(re: .nan, im: 0)]) == .invalidArgument)
    #expect(handle == nil)
    let flat = bases(&random).flatMap(\.elements)
    let angles = [Double](repeating: 0, count: 20)
    var value = 7.0
    withProblem(columns, asMatrix: false) { problem in
      for groups: [Int64] in [[0, 2, 0], [0, 0, 0], [-1, 0, 0], [0, 1, 3]] {
        #expect(
          ness_local_bases_evaluate(problem, groups, flat, false, angles, &value, nil) == .invalidArgument)
      }
      let infinite = [Double](repeating: .infinity, count: 20)
      #expect(
        ness_local_bases_evaluate(problem, Self.groups, flat, false, infinite, &value, nil) == .noConvergence)
    }
    #expect(value == 7)
  }

  @Test("a failing allocation is reported and leaves nothing behind", .enabled(if: faultInjection))
  func allocationFailure() {
    var random = Random(seed: 75)
    let columns = columns(2, &random)
    let flat = bases(&random).flatMap(\.elements)
    let angles = random.reals(8)
    for asMatrix in [false, true] {
      let created = allocationsThatFailCleanly {
        var handle: OpaquePointer?
        let matrix = columns.times(columns.transposed(conjugating: true)).elements
        let status =
          asMatrix
          ? ness_local_bases_create_matrix(3, Self.levels, matrix, &handle)
          : ness_local_bases_create_columns(3, Self.levels, 2, columns.elements, &handle)
        if status != .ok, handle != nil { return .libraryFailure }
        ness_local_bases_destroy(handle)
        return status
      }
      #expect(created == (asMatrix ? 6 : 4))
      withProblem(columns, asMatrix: asMatrix) { problem in
        var value = 0.0
        var gradient = angles
        let evaluated = allocationsThatFailCleanly {
          ness_local_bases_evaluate(problem, Self.groups, flat, false, angles, &value, &gradient)
        }
        #expect((evaluated ?? 0) > 15)
        // The ascent has thousands: only its own at the start, and some inside the optimizer's callback.
        for failing in [1, 10, 25, 60, 61, 62, 63, 64, 200] {
          let before = ness_fault_live_blocks()
          var bases = flat
          var result = ness_local_bases_result()
          _ = ness_fault_set(Int64(failing))
          let status = ness_local_bases_maximize(problem, Self.groups, flat, 1e-8, &bases, &result)
          _ = ness_fault_set(0)
          #expect(status == .outOfMemory && ness_fault_live_blocks() == before)
          #expect(bases == flat)
        }
      }
    }
  }
}
