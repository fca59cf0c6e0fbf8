internal import CNESSKernels
internal import Numerics

/// Blocks of a generator under a group of monomial matrices, as the kernel holds them.
@safe final class BlocksHandle: Sendable {
  private nonisolated(unsafe) let handle: OpaquePointer
  /// Dimension D of the full space.
  let dimension: Int
  /// Order of every block.
  let orders: [Int]
  /// Equal copies that every block stands for.
  let multiplicities: [Int]

  /// - Throws: `notPermutation`, `limitExceeded` beyond `limit` group elements, `outOfMemory`, `sizeOverflow`.
  init(terms: GeneratorTerms, symmetries: [PermutationSymmetry], limit: Int) throws(KernelError) {
    let dimension = terms.dimension
    guard
      symmetries.allSatisfy({ $0.images.count == dimension && ($0.phases?.count ?? dimension) == dimension })
    else { throw .notPermutation }
    // The spare element keeps the pointers of empty lists valid.
    let images = symmetries.isEmpty ? [0] : symmetries.flatMap(\.images)
    var phases: [Complex<Double>] = [.one]
    let hasPhases = symmetries.contains { $0.phases != nil }
    if hasPhases {
      phases = symmetries.flatMap { $0.phases ?? Array(repeating: .one, count: dimension) }
    }
    var created: OpaquePointer?
    try unsafe terms.withView { terms throws(KernelError) in
      try unsafe images.withKernelPointer { images throws(KernelError) in
        try unsafe phases.withKernelPointer { phases throws(KernelError) in
          try unsafe ness_blocks_create(
            terms, Int64(symmetries.count), images, hasPhases ? phases : nil, Int64(limit), &created
          ).check()
        }
      }
    }
    guard let created = unsafe created else { throw .libraryFailure }
    unsafe handle = created
    self.dimension = dimension
    let count = unsafe Int(ness_blocks_count(created))
    var multiplicities: [Int] = []
    orders = try unsafe [Int](kernelCount: count) { orders throws(KernelError) in
      multiplicities = try unsafe [Int](kernelCount: count) { multiplicities throws(KernelError) in
        unsafe ness_blocks_shapes(created, orders, multiplicities)
      }
    }
    self.multiplicities = multiplicities
  }

  deinit { unsafe ness_blocks_destroy(handle) }

  /// Elements of the group.
  var groupOrder: Int { unsafe Int(ness_blocks_group_size(handle)) }
  /// Classes of basis states.
  var classCount: Int { unsafe Int(ness_blocks_class_count(handle)) }
  /// Orbits of basis states.
  var orbitCount: Int { unsafe Int(ness_blocks_orbit_count(handle)) }
  /// Bytes held.
  var bytes: Int { unsafe Int(ness_blocks_bytes(handle)) }

  /// Orbits of basis states.
  struct Orbits {
    /// Orbit of every basis state, numbered by smallest member.
    var labels: [Int]
    var sizes: [Int]
    var smallest: [Int]
  }

  func orbits() throws(KernelError) -> Orbits {
    let count = unsafe Int(ness_blocks_orbit_count(handle))
    var sizes: [Int] = []
    var smallest: [Int] = []
    let labels = try unsafe [Int](kernelCount: dimension) { labels throws(KernelError) in
      sizes = try unsafe [Int](kernelCount: count) { sizes throws(KernelError) in
        smallest = try unsafe [Int](kernelCount: count) { smallest throws(KernelError) in
          unsafe ness_blocks_orbits(handle, labels, sizes, smallest)
        }
      }
    }
    return Orbits(labels: labels, sizes: sizes, smallest: smallest)
  }

  /// Orbit of states that every column consists of, one block after the other.
  func columnOrbits() throws(KernelError) -> [Int] {
    try unsafe [Int](kernelCount: orders.reduce(0, +)) { out throws(KernelError) in
      unsafe ness_blocks_column_orbits(handle, out)
    }
  }

  /// Column of the isometry of a block, D elements.
  func column(_ column: Int, ofBlock block: Int) throws(KernelError) -> [Complex<Double>] {
    try unsafe [Complex<Double>](kernelCount: dimension) { out throws(KernelError) in
      try unsafe ness_blocks_column(handle, Int64(block), Int64(column), out).check()
    }
  }

  /// States whose columns determine all blocks, one per orbit.
  func sources() throws(KernelError) -> [Int] {
    try unsafe [Int](kernelCount: Int(ness_blocks_orbit_count(handle))) { out throws(KernelError) in
      unsafe ness_blocks_sources(handle, out)
    }
  }

  /// Fills what a column rho[:, source] determines of the blocks `matrices`, one after the other.
  func project(column: [Complex<Double>], at source: Int, into matrices: inout [Complex<Double>])
    throws(KernelError)
  {
    precondition(
      column.count == dimension, "a column must have \(dimension) elements, but has \(column.count)")
    requireElements(matrices)
    try unsafe column.withKernelPointer { column throws(KernelError) in
      try unsafe matrices.withUnsafeMutableBufferPointer { buffer throws(KernelError) in
        try unsafe buffer.withMemoryRebound(to: ness_complex.self) { rebound throws(KernelError) in
          guard let base = rebound.baseAddress else { preconditionFailure("blocks without storage") }
          try unsafe ness_blocks_project_column(handle, Int64(source), column, base).check()
        }
      }
    }
  }

  /// Elements <kets[i]| rho |bras[i]>.
  func elements(of matrices: [Complex<Double>], kets: [Int], bras: [Int]) throws(KernelError)
    -> [Complex<Double>]
  {
    requireElements(matrices)
    if kets.isEmpty { return [] }
    return try unsafe [Complex<Double>](kernelCount: kets.count) { out throws(KernelError) in
      try unsafe matrices.withKernelPointer { matrices throws(KernelError) in
        try unsafe kets.withKernelPointer { ketPointer throws(KernelError) in
          try unsafe bras.withKernelPointer { bras throws(KernelError) in
            try unsafe ness_blocks_elements(
              handle, matrices, Int64(kets.count), ketPointer, bras, out
            ).check()
          }
        }
      }
    }
  }

  /// Sums of the elements between members of equal groups, at the places of the members; order x order elements.
  func partialTrace(of matrices: [Complex<Double>], groups: [[Int]], places: [Int], order: Int)
    throws(KernelError) -> [Complex<Double>]
  {
    requireElements(matrices)
    var starts = [0]
    for group in groups { starts.append(starts[starts.count - 1] + group.count) }
    let members = groups.flatMap { $0 }
    return try unsafe [Complex<Double>](kernelCount: order * order) { out throws(KernelError) in
      try unsafe matrices.withKernelPointer { matrices throws(KernelError) in
        try unsafe starts.withKernelPointer { starts throws(KernelError) in
          try unsafe members.withKernelPointer { members throws(KernelError) in
            try unsafe places.withKernelPointer { places throws(KernelError) in
              try unsafe ness_blocks_partial_trace(
                handle, matrices, Int64(groups.count), starts, members, Int64(order), places, out
              ).check()
            }
          }
        }
      }
    }
  }

  private func requireElements(_ matrices: [Complex<Double>]) {
    let count = orders.reduce(0) { $0 + $1 * $1 }
    precondition(matrices.count == count, "the blocks have \(count) elements, but got \(matrices.count)")
  }

  /// Matrices of a generator on the blocks: K of every block, and the jump terms with the numbers of their matrices.
  struct Projection {
    var drifts: [SparseMatrix]
    var jumps: [(target: Int, source: Int, weight: Double, left: SparseMatrix, right: SparseMatrix?)]
  }

  func project(_ terms: GeneratorTerms) throws(KernelError) -> Projection {
    let list = try unsafe BlockTermsHandle(blocks: handle, terms: terms)
    var projection = Projection(drifts: [], jumps: [])
    for block in orders.indices { projection.drifts.append(try list.matrix(block)) }
    for jump in list.jumps {
      projection.jumps.append(
        (
          target: Int(jump.target), source: Int(jump.source), weight: jump.weight,
          left: try list.matrix(Int(jump.left)),
          right: jump.right == jump.left ? nil : try list.matrix(Int(jump.right))
        ))
    }
    return projection
  }
}

@safe private final class BlockTermsHandle {
  private let handle: OpaquePointer

  init(blocks: OpaquePointer, terms: GeneratorTerms) throws(KernelError) {
    var created: OpaquePointer?
    try unsafe terms.withView { terms throws(KernelError) in
      try unsafe ness_block_terms_create(blocks, terms, &created).check()
    }
    guard let created = unsafe created else { throw .libraryFailure }
    unsafe handle = created
  }

  deinit { unsafe ness_block_terms_destroy(handle) }

  var jumps: [ness_block_jump] {
    let count = unsafe Int(ness_block_terms_jump_count(handle))
    var jumps = [ness_block_jump](repeating: ness_block_jump(), count: count)
    if count > 0 { unsafe ness_block_terms_jumps(handle, &jumps) }
    return jumps
  }

  func matrix(_ number: Int) throws(KernelError) -> SparseMatrix {
    var (rows, columns, nonzeros): (Int64, Int64, Int64) = (0, 0, 0)
    unsafe ness_block_terms_sizes(handle, Int64(number), &rows, &columns, &nonzeros)
    var indices: [Int] = []
    var values: [Complex<Double>] = []
    let starts = try unsafe [Int](kernelCount: Int(columns) + 1) { starts throws(KernelError) in
      indices = try unsafe [Int](kernelCount: Int(nonzeros)) { indices throws(KernelError) in
        values = try unsafe [Complex<Double>](kernelCount: Int(nonzeros)) { values throws(KernelError) in
          unsafe ness_block_terms_copy(handle, Int64(number), starts, indices, values)
        }
      }
    }
    return SparseMatrix(
      rows: Int(rows), columns: Int(columns), starts: starts, indices: indices, values: values)
  }
}
