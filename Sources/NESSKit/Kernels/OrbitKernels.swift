internal import CNESSKernels
internal import Numerics

/// Generator on ket orbits, as the kernel holds it; see `ness_orbit.h`.
@safe final class OrbitPlan: Sendable {
  nonisolated(unsafe) let handle: OpaquePointer
  /// Orbits of basis states.
  let orbitCount: Int
  /// Elements of the group.
  let groupOrder: Int
  /// Orbit of every basis state.
  let orbits: [Int32]
  /// States of every orbit.
  let sizes: [Int32]
  /// Bytes of the tables.
  let bytes: Int
  /// Off-diagonal elements of K in the rows of all representatives.
  let hopCount: Int

  init(terms: GeneratorTerms, group: PermutationGroup, floor: Double) throws(KernelError) {
    var created: OpaquePointer?
    try unsafe terms.withView { terms throws(KernelError) in
      try unsafe group.withHandle { group throws(KernelError) in
        try unsafe ness_orbit_create(group, terms, floor, &created).check()
      }
    }
    guard let created = unsafe created else { throw .libraryFailure }
    unsafe handle = created
    orbitCount = unsafe Int(ness_orbit_count(created))
    groupOrder = group.count
    bytes = unsafe Int(ness_orbit_bytes(created))
    hopCount = unsafe Int(ness_orbit_hop_count(created))
    var orbits = [Int32](repeating: 0, count: terms.dimension)
    var sizes = [Int32](repeating: 0, count: orbitCount)
    unsafe ness_orbit_tables(created, &orbits, nil, nil, &sizes, nil, nil)
    self.orbits = orbits
    self.sizes = sizes
  }

  deinit { unsafe ness_orbit_destroy(handle) }

  /// sources[r] = sum_c W(s_r, c) p_c + shift/D tr, from one population per orbit.
  func sources(of populations: [Double], shift: Double) -> [Double] {
    var sources = [Double](repeating: 0, count: orbitCount)
    unsafe ness_orbit_sources(handle, populations, shift, &sources)
    return sources
  }

  /// Matrix elements at many pairs at once.
  func elements(kets: [Int], bras: [Int], of state: OrbitVector<Double>) throws(KernelError) -> [Complex<
    Double
  >] {
    guard !kets.isEmpty else { return [] }
    return try unsafe [Complex<Double>](kernelCount: kets.count) { out throws(KernelError) in
      try unsafe kets.withKernelPointer { kets0 throws(KernelError) in
        try unsafe bras.withKernelPointer { bras0 throws(KernelError) in
          try unsafe ness_orbit_elements(handle, state.start, Int64(kets.count), kets0, bras0, out).check()
        }
      }
    }
  }

  /// Sums of the elements between states of one group at (kept[ket], kept[bra]), by columns.
  func partialTrace(
    of state: OrbitVector<Double>, groups: [[Int]], kept: [Int], order: Int
  ) throws(KernelError) -> [Complex<Double>] {
    var starts = [0]
    for group in groups { starts.append(starts[starts.count - 1] + group.count) }
    let members = groups.flatMap { $0 }
    let places = members.map { kept[$0] }
    return try unsafe [Complex<Double>](kernelCount: order * order) { out throws(KernelError) in
      try unsafe starts.withKernelPointer { starts throws(KernelError) in
        try unsafe members.withKernelPointer { members throws(KernelError) in
          try unsafe places.withKernelPointer { places throws(KernelError) in
            try unsafe ness_orbit_partial_trace(
              handle, state.start, Int64(groups.count), starts, members, places, Int64(order), out
            ).check()
          }
        }
      }
    }
  }
}

/// Zero-filled memory on a cache line.
@safe final class OrbitBuffer: Sendable {
  nonisolated(unsafe) let start: UnsafeMutableRawPointer

  init(bytes: Int) throws(KernelError) {
    var created: UnsafeMutableRawPointer?
    try unsafe ness_buffer_create(Int64(bytes), &created).check()
    guard let created = unsafe created else { throw .libraryFailure }
    unsafe start = created
  }

  deinit { unsafe ness_buffer_destroy(start) }
}

/// A vector in a part of a buffer. Sharing one between threads is safe as long as no two write the same panel or read what another
/// writes; ``OrbitEngine`` sees to that.
@safe struct OrbitVector<Scalar: OrbitScalar>: Sendable {
  let buffer: OrbitBuffer
  nonisolated(unsafe) let start: UnsafeMutablePointer<Scalar>
  let count: Int

  /// The `count` scalars that begin `byteOffset` bytes into the buffer, which must be large enough.
  init(_ buffer: OrbitBuffer, byteOffset: Int = 0, count: Int) {
    self.buffer = buffer
    self.count = count
    unsafe start = (buffer.start + byteOffset).bindMemory(to: Scalar.self, capacity: count)
  }

  /// A new vector of zeros.
  init(count: Int) throws(KernelError) {
    self.init(try OrbitBuffer(bytes: count * MemoryLayout<Scalar>.stride), count: count)
  }

  func clear() { unsafe start.update(repeating: 0, count: count) }
  func copy(from other: OrbitVector) { unsafe start.update(from: other.start, count: count) }
}
