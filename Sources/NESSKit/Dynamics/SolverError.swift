/// Why no trustworthy state was returned.
public enum SolverError: Error, Sendable, Equatable {
  /// The generator has more than one steady state: at least `count` linearly independent ones (exactly, when `exact`).
  case notUnique(count: Int, exact: Bool, reason: String)
  /// Double precision does not determine the state: `errorBound` bounds the relative error of the unknowns. Either there are several
  /// steady states, or rates are too far apart.
  case singular(errorBound: Double)
  /// max |L rho| exceeds what was asked for; `scale` is the largest rate.
  case residual(found: Double, allowed: Double, scale: Double)
  /// The state is not a density matrix: `defect` names trace, Hermiticity or positivity.
  case notAState(defect: String, found: Double, allowed: Double)
  /// A declared symmetry does not hold.
  case symmetryViolated(name: String, size: Double)
  /// The problem does not fit: bytes needed, bytes allowed, and what would fit.
  case tooLarge(bytes: Int, limit: Int, advice: String)
  /// The surrounding task was cancelled.
  case cancelled
  /// A time evolution could not reach its tolerance.
  case evolution(reason: String)
  /// An initial state has coherence between classes of basis vectors that the equation keeps apart, and whose evolution it does not
  /// describe; ``MasterEquation/describing(_:)`` gives an equation that does.
  case excludedCoherence(found: Double, allowed: Double)
  /// What was asked for is not available on this route.
  case unavailable(reason: String)
  /// An iteration ended before its tolerance was reached: max |L rho| then, and steps taken.
  case notConverged(residual: Double, iterations: Int)
  /// A kernel failed.
  case kernel(KernelError)
}

/// Runs `body` with the errors of the kernels, and any others, turned into those of solvers.
/// - Parameter singular: What a singular matrix means.
func withSolverErrors<Value>(
  singular: SolverError = .kernel(.singularMatrix), _ body: () throws -> Value
) throws(SolverError) -> Value {
  do { return try body() } catch let error as SolverError {
    throw error
  } catch let error as KernelError {
    throw error == .singularMatrix ? singular : .kernel(error)
  } catch {
    throw .unavailable(reason: "\(error)")
  }
}

extension SolverError: CustomStringConvertible {
  /// One sentence: what must hold, then what was found.
  public var description: String {
    switch self {
    case .notUnique(let count, let exact, let reason):
      return
        "the steady state must be unique, but there are \(exact ? "" : "at least ")\(count) linearly independent ones: \(reason)"
    case .singular(let bound):
      let found = bound.isFinite ? "only do to \(bound)" : "do not at all"
      return
        "the equations must determine the state to \(1e-4), but \(found): several steady states, or rates too far apart"
    case .residual(let found, let allowed, let scale):
      return "max |L rho| must be at most \(allowed) (largest rate \(scale)), but is \(found)"
    case .notAState(let defect, let found, let allowed):
      return "the \(defect) defect of the state must be at most \(allowed), but is \(found)"
    case .symmetryViolated(let name, let size):
      return "symmetry \"\(name)\" must leave the generator unchanged, but changes it by \(size)"
    case .tooLarge(let bytes, let limit, let advice):
      return
        "the computation must fit into \(limit.readableBytes), but needs about \(bytes.readableBytes): \(advice)"
    case .cancelled: return "the computation was cancelled"
    case .evolution(let reason): return "time evolution failed: \(reason)"
    case .excludedCoherence(let found, let allowed):
      return
        "the initial state must have no coherence beyond \(allowed) between the classes of eigenvectors that the equation keeps apart, but has \(found): evolve it under equation.describing(state)"
    case .unavailable(let reason): return reason
    case .notConverged(let residual, let iterations):
      return
        "the iteration must reach its tolerance, but max |L rho| is still \(residual) after \(iterations) steps"
    case .kernel(let error): return "numerical kernel failed: \(error)"
    }
  }
}

extension Int {
  /// A number of bytes for people, with three significant digits; the only spelling of memory in messages and tables.
  package var readableBytes: String {
    if self < 1024 { return "\(self) B" }
    var value = Double(self)
    for unit in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] {
      value /= 1024
      let scale = value < 9.995 ? 100.0 : value < 99.95 ? 10 : 1
      let rounded = (value * scale).rounded() / scale
      // Four digits are one too many: the next unit.
      if rounded < 1000 { return "\(Int(exactly: rounded).map(String.init) ?? "\(rounded)") \(unit)" }
    }
    return "\(self) B"
  }
}
