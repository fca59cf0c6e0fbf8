internal import CNESSKernels
internal import Numerics

/// Reduced index space of matrix elements, as the kernel holds it.
@safe final class SectorHandle: Sendable {
  private nonisolated(unsafe) let handle: OpaquePointer
  /// Slots, that is, complex unknowns.
  let count: Int
  /// Real unknowns of a Hermitian matrix.
  let realCount: Int
  /// Bytes held.
  let bytes: Int

  init(
    terms: GeneratorTerms, group: PermutationGroup?, seeds: [(ket: Int, bra: Int)]?, limit: Int
  ) throws(KernelError) {
    var created: OpaquePointer?
    let kets = seeds?.map(\.ket) ?? [0]
    let bras = seeds?.map(\.bra) ?? [0]
    try unsafe terms.withView { terms throws(KernelError) in
      try unsafe kets.withKernelPointer { kets throws(KernelError) in
        try unsafe bras.withKernelPointer { bras throws(KernelError) in
          func create(_ group: OpaquePointer?) throws(KernelError) {
            try unsafe ness_sector_create(
              terms, group, Int64(seeds?.count ?? 0), seeds == nil ? nil : kets, seeds == nil ? nil : bras,
              Int64(limit), &created
            ).check()
          }
          if let group {
            try unsafe group.withHandle { group throws(KernelError) in try unsafe create(group) }
          } else {
            try create(nil)
          }
        }
      }
    }
    guard let created = unsafe created else { throw .libraryFailure }
    unsafe handle = created
    count = unsafe Int(ness_sector_count(created))
    realCount = unsafe Int(ness_sector_real_count(created))
    bytes = unsafe Int(ness_sector_bytes(created))
  }

  deinit { unsafe ness_sector_destroy(handle) }

  /// Slot tables; see `ness_sector_slots`.
  struct Tables {
    var kets: [Int]
    var bras: [Int]
    var weights: [Int]
    var partners: [Int]
    var unknowns: [Int]
    var kinds: [Int8]
  }

  func tables() throws(KernelError) -> Tables {
    func column(_ fill: (UnsafeMutablePointer<Int64>) -> ness_status) throws(KernelError) -> [Int] {
      try unsafe [Int](kernelCount: count) { out throws(KernelError) in try unsafe fill(out).check() }
    }
    var kinds = [Int8](repeating: 0, count: count)
    let kets = try unsafe column { unsafe ness_sector_slots(handle, $0, nil, nil, nil, nil, nil) }
    let bras = try unsafe column { unsafe ness_sector_slots(handle, nil, $0, nil, nil, nil, nil) }
    let weights = try unsafe column { unsafe ness_sector_slots(handle, nil, nil, $0, nil, nil, nil) }
    let partners = try unsafe column { unsafe ness_sector_slots(handle, nil, nil, nil, $0, nil, nil) }
    let unknowns = try unsafe column { unsafe ness_sector_slots(handle, nil, nil, nil, nil, $0, nil) }
    try unsafe ness_sector_slots(handle, nil, nil, nil, nil, nil, &kinds).check()
    return Tables(
      kets: kets, bras: bras, weights: weights, partners: partners, unknowns: unknowns, kinds: kinds)
  }

  /// Slots of pairs; -1 where a pair lies outside.
  func slots(kets: [Int], bras: [Int]) throws(KernelError) -> [Int] {
    guard !kets.isEmpty else { return [] }
    return try unsafe [Int](kernelCount: kets.count) { out throws(KernelError) in
      try unsafe kets.withKernelPointer { kets0 throws(KernelError) in
        try unsafe bras.withKernelPointer { bras0 throws(KernelError) in
          try unsafe ness_sector_find(handle, Int64(kets.count), kets0, bras0, out).check()
        }
      }
    }
  }

  /// Generator on the real unknowns of Hermitian matrices.
  func assembleHermitian(_ terms: GeneratorTerms) throws(KernelError) -> RealSparseMatrix {
    let assembly = try unsafe AssemblyHandle(sector: handle, terms: terms, form: .hermitian)
    let (starts, indices, values) = try assembly.copy(width: 1)
    return RealSparseMatrix(
      rows: assembly.order, columns: assembly.order, starts: starts, indices: indices, values: values)
  }

  /// Generator on the complex slots.
  func assembleComplex(_ terms: GeneratorTerms) throws(KernelError) -> SparseMatrix {
    let assembly = try unsafe AssemblyHandle(sector: handle, terms: terms, form: .complex)
    let (starts, indices, values) = try assembly.copy(width: 2)
    return SparseMatrix(
      rows: assembly.order, columns: assembly.order, starts: starts, indices: indices,
      values: indices.indices.map { Complex(values[2 * $0], values[2 * $0 + 1]) })
  }
}

@safe private final class AssemblyHandle {
  private let handle: OpaquePointer
  let order: Int
  let nonzeros: Int

  init(sector: OpaquePointer, terms: GeneratorTerms, form: ness_form) throws(KernelError) {
    var created: OpaquePointer?
    try unsafe terms.withView { terms throws(KernelError) in
      try unsafe ness_sector_assemble(sector, terms, form, &created).check()
    }
    guard let created = unsafe created else { throw .libraryFailure }
    unsafe handle = created
    var order: Int64 = 0
    var nonzeros: Int64 = 0
    unsafe ness_assembly_sizes(created, &order, &nonzeros)
    self.order = Int(order)
    self.nonzeros = Int(nonzeros)
  }

  deinit { unsafe ness_assembly_destroy(handle) }

  func copy(width: Int) throws(KernelError) -> (starts: [Int], indices: [Int], values: [Double]) {
    var indices: [Int] = []
    var values: [Double] = []
    let starts = try unsafe [Int](kernelCount: order + 1) { starts throws(KernelError) in
      indices = try unsafe [Int](kernelCount: nonzeros) { indices throws(KernelError) in
        values = try unsafe [Double](kernelCount: nonzeros * width) { values throws(KernelError) in
          unsafe ness_assembly_copy(handle, starts, indices, values)
        }
      }
    }
    return (starts, indices, values)
  }
}
