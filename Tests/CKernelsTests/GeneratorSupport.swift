import CNESSKernels

// Naive counterparts of groups, generators and reduced index spaces: every matrix dense, every set enumerated.

typealias Matrix = Dense<ness_complex>

/// All elements of the group that permutations generate, by repeated multiplication until nothing new appears.
func closure(_ generators: [[Int]], order: Int) -> Set<[Int]> {
  var elements: Set<[Int]> = [Array(0..<order)]
  while true {
    let products = elements.flatMap { element in generators.map { generator in element.map { generator[$0] } }
    }
    let larger = elements.union(products)
    if larger.count == elements.count { return elements }
    elements = larger
  }
}

struct Pair: Hashable, Comparable {
  let ket: Int
  let bra: Int
  static func < (a: Pair, b: Pair) -> Bool { (a.ket, a.bra) < (b.ket, b.bra) }
  var transposed: Pair { Pair(ket: bra, bra: ket) }
  func permuted(_ images: [Int]) -> Pair { Pair(ket: images[ket], bra: images[bra]) }
  func orbit(_ elements: Set<[Int]>) -> Set<Pair> { Set(elements.map(permuted)) }
}

/// Pairs (0, 0), (1, 0), ... in the order of a stacked vector.
func allPairs(_ order: Int) -> [Pair] { (0..<(order * order)).map { Pair(ket: $0 % order, bra: $0 / order) } }

/// Generator with storage that C may point to.
final class Terms {
  let order: Int
  var drift: Matrix
  var left: [Matrix] = []
  var right: [Matrix] = []
  var rates: Dense<Double>?

  init(drift: Matrix) {
    order = drift.rows
    self.drift = drift
  }

  /// Random generator in which K conserves the charge of a basis state and the k-th pair shifts it by k on both sides.
  /// `hermitian` adds (B, A) to every (A, B), as a generator that keeps matrices Hermitian needs.
  convenience init(
    charges: [Int], jumps: Int, density: Double = 1, rates: Bool = true, hermitian: Bool,
    _ random: inout Random
  ) {
    let order = charges.count
    func charged(_ shift: Int) -> Matrix {
      var matrix = Matrix(rows: order, columns: order, density: density, &random)
      for a in 0..<order {
        for b in 0..<order where charges[a] != charges[b] + shift { matrix[a, b] = .zero }
      }
      return matrix
    }
    self.init(drift: charged(0))
    for k in 0..<jumps {
      let (a, b) = (charged(k), charged(k))
      left += hermitian ? [a, b] : [a]
      right += hermitian ? [b, a] : [b]
    }
    if rates { self.rates = Dense(rows: order, columns: order, density: density, &random) }
  }

  /// The average of the generator over a permutation group.
  func averaged(over elements: Set<[Int]>) -> Terms {
    func moved<T: Scalar>(_ matrix: Dense<T>, _ images: [Int]) -> Dense<T> {
      var result = Dense<T>(rows: order, columns: order)
      for a in 0..<order { for b in 0..<order { result[images[a], images[b]] = matrix[a, b] } }
      return result
    }
    let sorted = elements.sorted { $0.lexicographicallyPrecedes($1) }
    let result = Terms(drift: Matrix(rows: order, columns: order))
    for images in sorted {
      result.drift.elements = zip(result.drift.elements, moved(drift, images).elements).map(+)
      result.left += left.map { moved($0, images) }
      result.right += right.map { moved($0, images) }
    }
    if let rates {
      var sum = Dense<Double>(rows: order, columns: order)
      for images in sorted { sum.elements = zip(sum.elements, moved(rates, images).elements).map(+) }
      result.rates = sum
    }
    return result
  }

  /// (L rho)_ab as the definition says, with four nested sums.
  func applied(to rho: Matrix) -> Matrix {
    var result = Matrix(rows: order, columns: order)
    for a in 0..<order {
      for b in 0..<order {
        var sum = ness_complex.zero
        for c in 0..<order {
          sum = sum + drift[a, c] * rho[c, b] + rho[a, c] * drift[b, c].conjugate
          for d in 0..<order {
            for (x, y) in zip(left, right) { sum = sum + x[a, c] * rho[c, d] * y[b, d].conjugate }
          }
          if a == b, let rates { sum = sum + ness_complex(re: rates[a, c], im: 0) * rho[c, c] }
        }
        result[a, b] = sum
      }
    }
    return result
  }

  /// Matrix of L on stacked columns: element (a, b) from (c, d).
  func superoperator() -> Matrix {
    var result = Matrix(rows: order * order, columns: order * order)
    let pairs = allPairs(order)
    for (row, to) in pairs.enumerated() {
      for (column, from) in pairs.enumerated() {
        var sum = ness_complex.zero
        for k in left.indices {
          let (x, y) = (left[k][to.ket, from.ket], right[k][to.bra, from.bra])
          if x != .zero, y != .zero { sum = sum + x * y.conjugate }
        }
        if to.bra == from.bra { sum = sum + drift[to.ket, from.ket] }
        if to.ket == from.ket { sum = sum + drift[to.bra, from.bra].conjugate }
        if to.ket == to.bra, from.ket == from.bra, let rates {
          sum = sum + ness_complex(re: rates[to.ket, from.ket], im: 0)
        }
        result[row, column] = sum
      }
    }
    return result
  }

  func withTerms<R>(_ body: (UnsafePointer<ness_terms>) -> R) -> R {
    func views(_ matrices: ArraySlice<Sparse<ness_complex>>, _ found: [ness_zcsc], _ next: ([ness_zcsc]) -> R)
      -> R
    {
      guard let first = matrices.first else { return next(found) }
      return first.withView { view in views(matrices.dropFirst(), found + [view.pointee], next) }
    }
    let sparseRates = Sparse(rates ?? Dense<Double>(rows: order, columns: order))
    return views([Sparse(drift)], []) { drift in
      views(left.map { Sparse($0) }[...], []) { left in
        views(right.map { Sparse($0) }[...], []) { right in
          sparseRates.withView { rateView in
            left.withUnsafeBufferPointer { left in
              right.withUnsafeBufferPointer { right in
                var terms = ness_terms(
                  order: Int64(order), drift: drift[0], jump_count: Int64(left.count), left: left.baseAddress,
                  right: right.baseAddress, rates: rates == nil ? nil : rateView)
                return body(&terms)
              }
            }
          }
        }
      }
    }
  }
}

/// Handle of a group, released at the end of the scope.
final class Group {
  let handle: OpaquePointer

  init?(_ generators: [[Int]], order: Int, limit: Int64 = 1000) {
    var created: OpaquePointer?
    _ = ness_group_create(
      Int64(order), Int64(generators.count), generators.flatMap { $0.map { Int64($0) } } + [0], limit,
      &created)
    guard let created else { return nil }
    handle = created
  }

  deinit { ness_group_destroy(handle) }
}

/// Handle of a sector with its tables.
final class Sector {
  let handle: OpaquePointer
  let pairs: [Pair]
  let weights: [Int]
  let partners: [Int]
  let unknowns: [Int]
  let kinds: [Int8]
  var realCount: Int { Int(ness_sector_real_count(handle)) }

  static func create(
    _ terms: Terms, group: Group? = nil, seeds: [Pair]? = nil, limit: Int64 = .max
  ) -> (status: ness_status, sector: Sector?) {
    var created: OpaquePointer?
    let kets = seeds.map { $0.map { Int64($0.ket) } }
    let bras = seeds.map { $0.map { Int64($0.bra) } }
    let status = terms.withTerms {
      ness_sector_create($0, group?.handle, Int64(seeds?.count ?? 0), kets, bras, limit, &created)
    }
    return (status, created.map(Sector.init))
  }

  private init(_ handle: OpaquePointer) {
    self.handle = handle
    let count = Int(ness_sector_count(handle))
    var columns = [[Int64]](repeating: .init(repeating: -7, count: count), count: 5)
    var kinds = [Int8](repeating: -7, count: count)
    _ = ness_sector_slots(handle, &columns[0], nil, nil, nil, nil, nil)
    _ = ness_sector_slots(handle, nil, &columns[1], nil, nil, nil, nil)
    _ = ness_sector_slots(handle, nil, nil, &columns[2], nil, nil, nil)
    _ = ness_sector_slots(handle, nil, nil, nil, &columns[3], nil, nil)
    _ = ness_sector_slots(handle, nil, nil, nil, nil, &columns[4], nil)
    _ = ness_sector_slots(handle, nil, nil, nil, nil, nil, &kinds)
    pairs = zip(columns[0], columns[1]).map { Pair(ket: Int($0), bra: Int($1)) }
    weights = columns[2].map { Int($0) }
    partners = columns[3].map { Int($0) }
    unknowns = columns[4].map { Int($0) }
    self.kinds = kinds
  }

  deinit { ness_sector_destroy(handle) }

  /// Assembled matrix, dense; real entries as complex numbers.
  func assembled(_ terms: Terms, _ form: ness_form) -> (status: ness_status, matrix: Matrix?, entries: Int) {
    var handle: OpaquePointer?
    let status = terms.withTerms { ness_sector_assemble(self.handle, $0, form, &handle) }
    guard let handle else { return (status, nil, 0) }
    defer { ness_assembly_destroy(handle) }
    var (order, count) = (Int64(-1), Int64(-1))
    ness_assembly_sizes(handle, &order, &count)
    let width = form == .complex ? 2 : 1
    var starts = [Int64](repeating: -1, count: Int(order) + 1)
    var indices = [Int64](repeating: -1, count: Int(count) + 1)
    var values = [Double](repeating: .nan, count: Int(count) * width + 1)
    ness_assembly_copy(handle, &starts, &indices, &values)
    let sparse = Sparse<ness_complex>(
      rows: Int(order), columns: Int(order), starts: starts, indices: Array(indices.dropLast()),
      values: (0..<Int(count)).map {
        ness_complex(re: values[width * $0], im: width == 2 ? values[2 * $0 + 1] : 0)
      })
    // Sorted, unique, in range and finite, or nothing.
    guard sparse.withView({ ness_zcsc_check($0) }) == .ok else { return (status, nil, Int(count)) }
    return (status, sparse.dense, Int(count))
  }

  func find(_ pairs: [Pair]) -> [Int] {
    var slots = [Int64](repeating: -7, count: pairs.count)
    let status = ness_sector_find(
      handle, Int64(pairs.count), pairs.map { Int64($0.ket) }, pairs.map { Int64($0.bra) }, &slots)
    return status == .ok ? slots.map { Int($0) } : []
  }
}
