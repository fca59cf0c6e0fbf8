internal import CNESSKernels
internal import Numerics

/// How the part of a generator without jumps is inverted on one block.
public enum JumpChainForm: String, Sendable, Hashable, CaseIterable {
  /// With the eigenvectors of the drift.
  case eigenvectors
  /// With its Schur form: slower, and indifferent to how nearly dependent the eigenvectors are.
  case schur
}

/// What the decomposition of a block found.
package struct JumpChainFactor: Sendable, Equatable {
  /// The form in use.
  package let form: JumpChainForm
  /// Frobenius condition number of the eigenvectors; 1 for a Schur form.
  package let condition: Double
  /// Smallest magnitude of an eigenvalue of the part without jumps.
  package let gap: Double
  /// Largest magnitude of an eigenvalue of the drift.
  package let scale: Double
}

/// Jumps and the inverse of what is between them, on packed Hermitian blocks; see `ness_jump_chain.h`.
///
/// Packed: Re X + Im X of every block, column-major, one block behind the other. The handle holds one "state" of full complex
/// blocks. Mutable, used by one task at a time; it spreads its work over `threads` itself, with the same results for any number.
@safe package final class JumpChainKernel {
  /// Orders of the blocks.
  package let orders: [Int]
  /// Components of a packed vector.
  package let order: Int
  /// Orbits of populations; 0 without classical rates.
  package let orbits: Int
  private let handle: OpaquePointer
  /// Threads in use.
  package let workers: Int
  private var usesSchur = true

  /// Copies the generator.
  ///
  /// - Throws: `outOfMemory`, `invalidArgument` (shapes, values not finite), `sizeOverflow`.
  package init(_ terms: BlockTerms, threads: Int) throws(KernelError) {
    orders = terms.blocks.map(\.order)
    orbits = terms.rates?.matrix.rows ?? 0
    unsafe handle = try terms.withChainHandle()
    order = unsafe Int(ness_chain_order(handle))
    // Starting workers costs microseconds per phase.
    workers = order >= 1 << 12 ? max(1, threads) : 1
  }

  deinit { unsafe ness_chain_destroy(handle) }

  /// Bytes of the handle for blocks of these orders, decompositions under way included.
  ///
  /// - Parameter single: Whether ``setPrecision(single:)`` is to be counted.
  package static func bytes(orders: [Int], threads: Int, single: Bool) -> Int {
    orders.isEmpty
      ? 0
      : unsafe orders.withKernelPointer {
        unsafe Int(ness_chain_bytes(Int64(orders.count), $0, Int64(threads), single))
      }
  }

  /// Decomposes all blocks.
  ///
  /// - Parameter conditionLimit: Eigenvectors whose condition number exceeds it give way to the Schur form.
  /// - Throws: `outOfMemory`, `noConvergence`.
  package func decompose(_ form: JumpChainForm, conditionLimit: Double) throws(KernelError)
    -> [JumpChainFactor]
  {
    var found = [ness_chain_info](repeating: ness_chain_info(), count: orders.count)
    // Large blocks first.
    let sequence = orders.indices.sorted { (orders[$0], $1) > (orders[$1], $0) }
    try unsafe found.withUnsafeMutableBufferPointer { found throws(KernelError) in
      let found = unsafe found
      try runTasks(orders.count, workers: workers) { task in
        let block = sequence[task]
        return unsafe ness_chain_factor(
          handle, Int64(block), form == .schur ? .schur : .eigenvectors, conditionLimit,
          &found[block])
      }
    }
    let factors = found.map {
      JumpChainFactor(
        form: $0.form == .schur ? .schur : .eigenvectors, condition: $0.condition, gap: $0.gap,
        scale: $0.scale)
    }
    usesSchur = factors.contains { $0.form == .schur }
    try setPrecision(single: false)
    return factors
  }

  /// Inverts S in single precision from now on, or in double precision, as after a decomposition.
  ///
  /// - Throws: `outOfMemory`, `invalidArgument` for blocks in Schur form.
  package func setPrecision(single: Bool) throws(KernelError) {
    try unsafe ness_chain_set_precision(handle, single ? .single : .double).check()
  }

  /// Moves s rho from S to the jumps.
  package func shift(_ shift: Double) { unsafe ness_chain_shift(handle, shift) }

  /// Trace of a packed vector.
  package func trace(_ packed: [Double]) -> Double {
    unsafe packed.withKernelPointer { unsafe ness_chain_trace(handle, $0) }
  }

  /// Makes a packed vector the state.
  package func load(_ packed: [Double]) throws(KernelError) {
    precondition(packed.count == order, "need \(order) components, but got \(packed.count)")
    try unsafe packed.withKernelPointer { packed throws(KernelError) in
      try unsafe run(.load, from: packed)
    }
  }

  /// Makes -S^-1 (packed + diag(sources)) the state; `sources` has one number per orbit.
  package func invert(_ packed: [Double]? = nil, sources: [Double]? = nil) throws(KernelError) {
    if let packed { try load(packed) } else { try unsafe run(.load) }
    if let sources {
      try unsafe sources.withKernelPointer { sources throws(KernelError) in
        try unsafe run(.spread, from: sources)
      }
      try unsafe run(.diagonal)
    }
    try invertState()
  }

  /// Adds the state to a packed vector.
  package func addState(to packed: inout [Double]) throws(KernelError) {
    precondition(packed.count == order, "need \(order) components, but got \(packed.count)")
    try unsafe withMutable(&packed) { out throws(KernelError) in try unsafe run(.add, to: out) }
  }

  /// Writes L of the state, without the shift; returns max |element|.
  package func change(into packed: inout [Double]) throws(KernelError) -> Double {
    precondition(packed.count == order, "need \(order) components, but got \(packed.count)")
    if orbits > 0 { try unsafe run(.collect) }
    try unsafe withMutable(&packed) { out throws(KernelError) in try unsafe run(.change, to: out) }
    return unsafe ness_chain_largest(handle)
  }

  /// The source W p(state), by orbits.
  package func orbitSource() throws(KernelError) -> [Double] {
    try unsafe [Double](kernelCount: orbits) { out throws(KernelError) in
      try unsafe run(.collect)
      try unsafe run(.flow, to: out)
    }
  }

  /// One step of the minimal residual method for y -> y - Phi(y) + tr(y) v, Phi(y) = (J + s)(-S^-1 y).
  package func extend(_ basis: KrylovBasis, byOrbits: Bool) throws(KernelError) {
    precondition(
      basis.order == (byOrbits ? orbits : order), "the basis must fit, but its order is \(basis.order)")
    try unsafe basis.extend { y, out throws(KernelError) in
      try unsafe deflated(y, byOrbits: byOrbits, into: out)
    }
  }

  private func deflated(
    _ y: UnsafePointer<Double>, byOrbits: Bool, into out: UnsafeMutablePointer<Double>
  ) throws(KernelError) {
    guard byOrbits else {
      try unsafe run(.load, from: y)
      try invertState()
      if orbits > 0 { try unsafe run(.collect) }
      return try unsafe run(.jump, from: y, to: out)
    }
    try unsafe run(.spread, from: y)
    if usesSchur {
      try unsafe run(.load)
      try unsafe run(.diagonal)
      try invertState()
      try unsafe run(.collect)
      return try unsafe run(.flow, from: y, to: out)
    }
    try unsafe run(.populate)
    try unsafe run(.gather)
    try unsafe run(.flow, from: y, to: out)
  }

  private func invertState() throws(KernelError) {
    try unsafe run(.forward)
    try unsafe run(.divide)
    if usesSchur { try unsafe run(.sylvester) }
    try unsafe run(.back)
    try unsafe run(.finish)
  }

  private func run(
    _ phase: ness_chain_phase, from input: UnsafePointer<Double>? = nil,
    to output: UnsafeMutablePointer<Double>? = nil
  ) throws(KernelError) {
    try runTasks(unsafe Int(ness_chain_tasks(handle, phase)), workers: workers) {
      unsafe ness_chain_run(handle, phase, Int64($0), input, output)
    }
  }

  private func withMutable(
    _ vector: inout [Double], _ body: (UnsafeMutablePointer<Double>?) throws(KernelError) -> Void
  ) throws(KernelError) {
    try unsafe vector.withUnsafeMutableBufferPointer { buffer throws(KernelError) in
      try unsafe body(buffer.baseAddress)
    }
  }
}

extension BlockTerms {
  /// Handle of a copy; the caller destroys it.
  fileprivate func withChainHandle() throws(KernelError) -> OpaquePointer {
    var complex = MatrixStack<SparseMatrix>()
    var real = MatrixStack<RealSparseMatrix>()
    let drifts = blocks.map { complex.append($0.drift) }
    let pairs = jumps.map { jump in
      let left = complex.append(jump.left)
      return (left: left, right: jump.right.map { complex.append($0) } ?? left)
    }
    if let rates {
      guard rates.populations.count == blocks.count, rates.sources.count == blocks.count else {
        throw .invalidArgument
      }
      _ = real.append(rates.matrix)
      for matrix in rates.populations + rates.sources { _ = real.append(matrix) }
    }
    var handle: OpaquePointer?
    try unsafe complex.withViews(ness_zcsc.init) { complex throws(KernelError) in
      try unsafe real.withViews(ness_dcsc.init) { real throws(KernelError) in
        let chainBlocks = unsafe blocks.indices.map { b in
          unsafe ness_chain_block(
            multiplicity: Int64(blocks[b].multiplicity), drift: complex[drifts[b]],
            population: real.baseAddress.map { unsafe $0 + 1 + b },
            source: real.baseAddress.map { unsafe $0 + 1 + blocks.count + b })
        }
        let chainJumps = unsafe jumps.indices.map { j in
          unsafe ness_chain_jump(
            target: Int64(jumps[j].target), source: Int64(jumps[j].source), weight: jumps[j].weight,
            left: complex[pairs[j].left], right: complex[pairs[j].right])
        }
        try unsafe chainBlocks.withUnsafeBufferPointer { chainBlocks throws(KernelError) in
          try unsafe chainJumps.withUnsafeBufferPointer { chainJumps throws(KernelError) in
            guard let first = chainBlocks.baseAddress else { throw .invalidArgument }
            var terms = unsafe ness_chain_terms(
              block_count: Int64(chainBlocks.count), blocks: first, jump_count: Int64(chainJumps.count),
              jumps: chainJumps.baseAddress, rates: real.baseAddress)
            try unsafe ness_chain_create(&terms, &handle).check()
          }
        }
      }
    }
    guard let handle = unsafe handle else { throw .libraryFailure }
    return unsafe handle
  }
}
