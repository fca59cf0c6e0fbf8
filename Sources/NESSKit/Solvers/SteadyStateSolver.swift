/// Options of a steady-state computation; a value, used by ``solve(_:symmetries:reusing:)``.
public struct SteadyStateSolver: Sendable, Hashable {
  /// How the linear system is solved.
  public enum Method: String, Sendable, Hashable, CaseIterable {
    /// Chosen from the predicted work and memory.
    case automatic = "auto"
    /// LAPACK LU of the assembled generator as a dense matrix.
    case dense
    /// UMFPACK LU of the assembled generator.
    case direct
    /// LU within the band of the assembled generator: linear in the number of levels of a ladder.
    case banded
    /// UMFPACK LU of the generator on complex matrix elements: slower, and independent of the real form that the other
    /// routes solve.
    case complex
    /// Minimal residuals on the chain of jumps: the generator without jumps is inverted exactly, one Sylvester equation per irreducible
    /// block; matrices of the order of the blocks are all that is stored.
    case sylvester
    /// BiCGStab on orbits of basis states: the generator is applied and never assembled. For jumps between populations.
    case krylov
  }

  /// How the linear system is solved.
  public var method: Method
  /// Largest accepted max |L rho| relative to the largest rate of the generator.
  public var tolerance: Double
  /// Largest accepted memory in bytes; nil means what the machine has.
  public var memoryLimit: Int?
  /// Threads of one solve; results do not depend on it. Routes that factorize use one.
  public var threads: Int

  /// Creates options.
  public init(
    method: Method = .automatic, tolerance: Double = 1e-10, memoryLimit: Int? = nil, threads: Int = 1
  ) {
    self.method = method
    self.tolerance = tolerance
    self.memoryLimit = memoryLimit
    self.threads = threads
  }
}
