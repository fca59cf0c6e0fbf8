import CNESSKernels
import Testing

/// Both scalars through one set of claims: a generic stand-in for the letter in the C names.
protocol Factorizable: Scalar {
  static func create(
    _ matrix: Sparse<Self>, _ options: ness_lu_options, _ info: inout ness_lu_info,
    _ out: inout OpaquePointer?
  ) -> ness_status
  static func createLike(
    _ pattern: OpaquePointer, _ matrix: Sparse<Self>, _ info: inout ness_lu_info, _ out: inout OpaquePointer?
  ) -> ness_status
  static func solve(_ lu: OpaquePointer, _ adjoint: Bool, _ width: Int, _ b: [Self], _ x: inout [Self])
    -> ness_status
  static func destroy(_ lu: OpaquePointer?)
}

extension Double: Factorizable {
  static func create(
    _ matrix: Sparse<Double>, _ options: ness_lu_options, _ info: inout ness_lu_info,
    _ out: inout OpaquePointer?
  ) -> ness_status {
    var options = options
    return matrix.withView { ness_dlu_create($0, &options, &info, &out) }
  }
  static func createLike(
    _ pattern: OpaquePointer, _ matrix: Sparse<Double>, _ info: inout ness_lu_info,
    _ out: inout OpaquePointer?
  ) -> ness_status { matrix.withView { ness_dlu_create_like(pattern, $0, &info, &out) } }
  static func solve(_ lu: OpaquePointer, _ adjoint: Bool, _ width: Int, _ b: [Double], _ x: inout [Double])
    -> ness_status
  { ness_dlu_solve(lu, adjoint, Int64(width), b, &x) }
  static func destroy(_ lu: OpaquePointer?) { ness_dlu_destroy(lu) }
}

extension ness_complex: Factorizable {
  static func create(
    _ matrix: Sparse<ness_complex>, _ options: ness_lu_options, _ info: inout ness_lu_info,
    _ out: inout OpaquePointer?
  ) -> ness_status {
    var options = options
    return matrix.withView { ness_zlu_create($0, &options, &info, &out) }
  }
  static func createLike(
    _ pattern: OpaquePointer, _ matrix: Sparse<ness_complex>, _ info: inout ness_lu_info,
    _ out: inout OpaquePointer?
  ) -> ness_status { matrix.withView { ness_zlu_create_like(pattern, $0, &info, &out) } }
  static func solve(
    _ lu: OpaquePointer, _ adjoint: Bool, _ width: Int, _ b: [ness_complex], _ x: inout [ness_complex]
  ) -> ness_status { ness_zlu_solve(lu, adjoint, Int64(width), b, &x) }
  static func destroy(_ lu: OpaquePointer?) { ness_zlu_destroy(lu) }
}

// METIS has global state; the tests of this suite that use it run one at a time.
@Suite("Sparse LU", .serialized)
struct LUTests {
  static let choices: [(ness_lu_strategy, ness_lu_ordering)] = [
    (.automatic, .amd), (.symmetric, .metis), (.unsymmetric, .metis), (.symmetric, .best),
    (.unsymmetric, .none),
  ]

  /// Random matrix made regular and well conditioned by a dominant diagonal.
  private func matrix<T: Factorizable>(_ order: Int, _ type: T.Type, _ random: inout Random) -> Dense<T> {
    var a = Dense<T>(rows: order, columns: order, density: 0.2, &random)
    for i in 0..<order { a[i, i] = a[i, i] + (0..<order).reduce(T.zero) { sum, _ in sum + T.one } }
    return a
  }

  private func solvesAgree<T: Factorizable>(
    _ type: T.Type, _ strategy: ness_lu_strategy, _ ordering: ness_lu_ordering, refinement: Int32
  ) throws {
    var random = Random(seed: 11)
    let order = 40
    let width = 5
    let a = matrix(order, type, &random)
    var info = ness_lu_info()
    var handle: OpaquePointer?
    let options = ness_lu_options(strategy: strategy, ordering: ordering, refinement_steps: refinement)
    #expect(T.create(Sparse(a), options, &info, &handle) == .ok)
    let lu = try #require(handle)
    defer { T.destroy(lu) }
    #expect(info.order == 40 && info.nonzeros == Sparse(a).values.count)
    #expect(info.factor_nonzeros >= info.nonzeros)
    #expect(
      info.flops > 0 && info.factor_bytes > 8 * Int(info.factor_nonzeros)
        && info.peak_bytes > info.factor_bytes)
    // Diagonal dominance: row-scaled pivots lie within a factor of a few of each other.
    #expect(info.reciprocal_condition > 0.1 && info.reciprocal_condition <= 1)

    let x = Dense(rows: order, columns: width, elements: (0..<order * width).map { _ in T.random(&random) })
    var found = [T](repeating: .zero, count: order * width)
    // Condition about 3: errors of a few units in the last place.
    #expect(T.solve(lu, false, width, a.times(x).elements, &found) == .ok)
    #expect(distance(found, x.elements) < 1e-13)
    #expect(T.solve(lu, true, width, a.transposed(conjugating: true).times(x).elements, &found) == .ok)
    #expect(distance(found, x.elements) < 1e-13)
    #expect(T.solve(lu, false, 0, [], &found) == .ok)
    #expect(T.solve(lu, false, -1, x.elements, &found) == .invalidArgument)
  }

  @Test("solves, transposed and adjoint solves of many right-hand sides are exact", arguments: choices)
  func solves(strategy: ness_lu_strategy, ordering: ness_lu_ordering) throws {
    for refinement: Int32 in [0, 2] {
      try solvesAgree(Double.self, strategy, ordering, refinement: refinement)
      try solvesAgree(ness_complex.self, strategy, ordering, refinement: refinement)
    }
  }

  private func newValues<T: Factorizable>(_ type: T.Type) throws {
    var random = Random(seed: 12)
    let first = Sparse(matrix(25, type, &random))
    var info = ness_lu_info()
    var handle: OpaquePointer?
    #expect(T.create(first, ness_lu_default_options(), &info, &handle) == .ok)
    let pattern = try #require(handle)

    var second = first
    for k in second.values.indices { second.values[k] = second.values[k] * T.random(&random) }
    for j in 0..<25 {  // keep the diagonal dominant
      for k in Int(second.starts[j])..<Int(second.starts[j + 1]) where second.indices[k] == j {
        second.values[k] = first.values[k]
      }
    }
    #expect(T.createLike(pattern, second, &info, &handle) == .ok)
    let other = try #require(handle)
    #expect(other != pattern)

    let x = Dense(rows: 25, columns: 1, elements: (0..<25).map { _ in T.random(&random) })
    var found = x.elements.map { _ in T.zero }
    #expect(T.solve(pattern, false, 1, first.dense.times(x).elements, &found) == .ok)
    #expect(distance(found, x.elements) < 1e-13)
    // The new factors outlive the pattern they came from.
    T.destroy(pattern)
    #expect(T.solve(other, false, 1, second.dense.times(x).elements, &found) == .ok)
    #expect(distance(found, x.elements) < 1e-13)

    var different = second
    different.indices[0] = different.indices[0] == 0 ? 1 : 0
    #expect(T.createLike(other, different, &info, &handle) == .invalidArgument)
    #expect(handle == nil)
    var smaller = second
    (smaller.rows, smaller.columns) = (24, 24)
    #expect(T.createLike(other, smaller, &info, &handle) == .invalidArgument)
    T.destroy(other)
  }

  @Test("new values on an old pattern give new factors and leave the old ones alone")
  func createLike() throws {
    try newValues(Double.self)
    try newValues(ness_complex.self)
  }

  private func refusals<T: Factorizable>(_ type: T.Type) throws {
    let strategy = try #require(ness_lu_strategy(rawValue: 9))
    let ordering = try #require(ness_lu_ordering(rawValue: 9))
    var info = ness_lu_info()
    var handle: OpaquePointer?
    let amd = ness_lu_options(strategy: .symmetric, ordering: .amd, refinement_steps: 2)
    func status(_ matrix: Sparse<T>, _ options: ness_lu_options) -> ness_status {
      let status = T.create(matrix, options, &info, &handle)
      if status != .ok, handle != nil { Issue.record("a handle came with \(status)") }
      if status == .ok { T.destroy(handle) }
      return status
    }
    let two = T.one + T.one
    let good = Sparse(Dense<T>(rows: 2, columns: 2, elements: [two, T.one, T.one, two]))
    #expect(status(good, amd) == .ok)
    #expect(status(Sparse(Dense(rows: 2, columns: 3)), amd) == .invalidArgument)
    #expect(status(Sparse(Dense(rows: 0, columns: 0)), amd) == .invalidArgument)
    var broken = good
    broken.indices = [1, 0, 0, 1]
    #expect(status(broken, amd) == .invalidArgument)
    #expect(
      status(good, ness_lu_options(strategy: strategy, ordering: .amd, refinement_steps: 0))
        == .invalidArgument)
    #expect(
      status(good, ness_lu_options(strategy: .automatic, ordering: ordering, refinement_steps: 0))
        == .invalidArgument)
    #expect(
      status(good, ness_lu_options(strategy: .automatic, ordering: .amd, refinement_steps: -1))
        == .invalidArgument)

    // Rank one, and a structurally empty column.
    #expect(
      status(Sparse(Dense(rows: 2, columns: 2, elements: [T.one, two, two, two + two])), amd)
        == .singularMatrix)
    #expect(info.order == 2 && info.nonzeros == 4 && info.peak_bytes > 0)
    #expect(info.reciprocal_condition == 0)
    let hollow = Sparse<T>(rows: 2, columns: 2, starts: [0, 2, 2], indices: [0, 1], values: [T.one, T.one])
    for options in [amd, ness_lu_default_options()] { #expect(status(hollow, options) == .singularMatrix) }
    let empty = Sparse<T>(rows: 3, columns: 3, starts: [0, 0, 0, 0], indices: [], values: [])
    for options in [amd, ness_lu_default_options()] { #expect(status(empty, options) == .singularMatrix) }
  }

  @Test("broken and singular matrices are refused, the latter with what was found")
  func refusals() throws {
    try refusals(Double.self)
    try refusals(ness_complex.self)
  }

  @Test("graphs without edges and of one node pass through METIS")
  func trivialGraphs() throws {
    for order in [1, 2, 50] {
      var identity = Dense<Double>(rows: order, columns: order)
      for i in 0..<order { identity[i, i] = 4 }
      var info = ness_lu_info()
      var handle: OpaquePointer?
      #expect(Double.create(Sparse(identity), ness_lu_default_options(), &info, &handle) == .ok)
      var x = [Double](repeating: 0, count: order)
      #expect(Double.solve(try #require(handle), false, 1, x.map { _ in 6 }, &x) == .ok)
      #expect(x == x.map { _ in 1.5 })
      Double.destroy(handle)
    }
  }

  @Test("values that are not finite are refused")
  func notFinite() {
    var info = ness_lu_info()
    var handle: OpaquePointer?
    for bad in [Double.nan, .infinity] {
      let matrix = Sparse<Double>(rows: 1, columns: 1, starts: [0, 1], indices: [0], values: [bad])
      #expect(Double.create(matrix, ness_lu_default_options(), &info, &handle) == .invalidArgument)
    }
  }

  private func failures<T: Factorizable>(_ type: T.Type) {
    var random = Random(seed: 13)
    let sparse = Sparse(matrix(8, type, &random))
    var info = ness_lu_info()
    var handle: OpaquePointer?
    let made = allocationsThatFailCleanly {
      let status = T.create(sparse, ness_lu_default_options(), &info, &handle)
      if status != .ok, handle != nil { return .libraryFailure }
      T.destroy(handle)
      return status
    }
    #expect(made == 5)
    #expect(T.create(sparse, ness_lu_default_options(), &info, &handle) == .ok)
    guard let lu = handle else { return }
    let b = (0..<8).map { _ in T.random(&random) }
    var x = b
    #expect(allocationsThatFailCleanly { T.solve(lu, false, 1, b, &x) } == 2)
    let likes = allocationsThatFailCleanly {
      let status = T.createLike(lu, sparse, &info, &handle)
      if status != .ok, handle != nil { return .libraryFailure }
      T.destroy(handle)
      return status
    }
    #expect(likes == 2)
    T.destroy(lu)
  }

  @Test("a failing allocation is reported and leaves nothing behind", .enabled(if: faultInjection))
  func allocationFailure() {
    failures(Double.self)
    failures(ness_complex.self)
  }
}
