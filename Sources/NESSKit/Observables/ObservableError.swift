/// Why an observable has no value.
public enum ObservableError: Error, Sendable, Equatable {
  /// The state has a negative eigenvalue beyond rounding, so that its logarithm or root does not exist.
  case notPositive(eigenvalue: Double, allowed: Double)
  /// A search for the best measurement ended where its objective still changes.
  case noOptimum(gradientNorm: Double, allowed: Double)
  /// A numerical kernel failed.
  case kernel(KernelError)
}

extension ObservableError: CustomStringConvertible {
  /// One sentence: what must hold, then what was found.
  public var description: String {
    switch self {
    case .notPositive(let eigenvalue, let allowed):
      return "eigenvalues of a state must be at least \(allowed), but the smallest is \(eigenvalue)"
    case .noOptimum(let norm, let allowed):
      return "the gradient at the best measurement must be at most \(allowed), but is \(norm)"
    case .kernel(let error): return "numerical kernel failed: \(error)"
    }
  }
}

/// Runs `body` with the errors of the kernels turned into those of observables.
func withObservableErrors<Value>(_ body: () throws(KernelError) -> Value) throws(ObservableError) -> Value {
  do { return try body() } catch { throw .kernel(error) }
}
