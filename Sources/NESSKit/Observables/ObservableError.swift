/// Why an observable has no value.
public enum ObservableError: Error, Sendable, Equatable {
  /// The state has a negative eigenvalue beyond rounding, so that its logarithm or root does not exist.
  case notPositive(eigenvalue: Double, allowed: Double)
  /// The quantity would need the density matrix in full, which is too large: `bytes` for it and its decomposition, and the largest
  /// number of bytes that is allowed.
  case needsFullMatrix(quantity: String, bytes: Int, limit: Int)
  /// A search for the best measurement ended where its objective still changes.
  case noOptimum(gradientNorm: Double, allowed: Double)
  /// A further computation that the quantity needs failed, for this reason.
  case unavailable(reason: String)
  /// A numerical kernel failed.
  case kernel(KernelError)
}

extension ObservableError: CustomStringConvertible {
  /// One sentence: what must hold, then what was found.
  public var description: String {
    switch self {
    case .notPositive(let eigenvalue, let allowed):
      return "eigenvalues of a state must be at least \(allowed), but the smallest is \(eigenvalue)"
    case .needsFullMatrix(let quantity, let bytes, let limit):
      return
        "\(quantity) must fit into \(limit.readableBytes), but needs the density matrix in full and \(bytes.readableBytes)"
    case .noOptimum(let norm, let allowed):
      return "the gradient at the best measurement must be at most \(allowed), but is \(norm)"
    case .unavailable(let reason): return "the quantity must be computable, but is not: \(reason)"
    case .kernel(let error): return "numerical kernel failed: \(error)"
    }
  }
}

/// Bytes for a density matrix in full: complex elements, a copy that is decomposed, its eigenvectors and workspace.
func bytesOfDenseDecomposition(_ dimension: Int) -> Int {
  let bytes = 4 * 16 * Double(dimension) * Double(dimension)
  return bytes < 9e18 ? Int(bytes) : Int.max
}

/// Runs `body` with the errors of the kernels turned into those of observables.
///
/// A kernel that refused the size of `state` means that `quantity` needs its full matrix.
func withObservableErrors<Value>(
  of quantity: String, _ state: some QuantumState, _ body: () throws(KernelError) -> Value
) throws(ObservableError) -> Value {
  do { return try body() } catch {
    guard error == .limitExceeded else { throw .kernel(error) }
    throw .needsFullMatrix(
      quantity: quantity, bytes: bytesOfDenseDecomposition(state.space.dimension),
      limit: bytesOfDenseDecomposition(type(of: state).largestDenseSpectrum))
  }
}

/// Runs `body` with the errors of the kernels turned into those of observables.
func withObservableErrors<Value>(_ body: () throws(KernelError) -> Value) throws(ObservableError) -> Value {
  do { return try body() } catch { throw .kernel(error) }
}
