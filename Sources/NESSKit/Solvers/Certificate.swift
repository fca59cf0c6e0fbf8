/// How a state was found and how good it is; travels with every result.
public struct Certificate: Sendable, Equatable {
  /// Route, for instance "sparse-lu(metis,symmetric)".
  public var method: String
  /// Unknowns of the problem without any reduction (D^2 complex matrix elements, counted as D^2 real numbers).
  public var unknownsFull: Int
  /// Real unknowns that were solved for.
  public var unknowns: Int
  /// Entries of the assembled generator.
  public var nonzeros: Int
  /// Entries of the factors; 0 for routes without factorization.
  public var factorNonzeros: Int
  /// Iterations of an iterative route, time steps of an evolution; 0 for direct routes.
  public var iterations: Int
  /// Applications of the generator, or of the inverse of its no-jump part; 0 for direct routes.
  public var applications: Int
  /// max |L rho| over all elements of the full problem.
  public var residual: Double
  /// Largest rate of the generator, the scale that ``residual`` is compared with.
  public var rateScale: Double
  /// |tr rho - 1|.
  public var traceDefect: Double
  /// max |rho - rho^+|.
  public var hermiticityDefect: Double
  /// Smallest eigenvalue of rho; nil when the matrix is too large to diagonalize.
  public var minEigenvalue: Double?
  /// Reciprocal condition number of the solved system as estimated by the factorization; nil without one.
  public var reciprocalCondition: Double?
  /// Estimated bound on the error of the unknowns relative to the largest of them; nil for routes without one.
  public var errorBound: Double?
  /// Whether the state was shown to be the only one; nil when uniqueness is no issue or was not examined.
  public var unique: Bool?
  /// How ``unique`` was decided.
  public var uniquenessMethod: String
  /// Wall-clock seconds.
  public var seconds: Double
  /// Bytes that one application of a matrix-free generator reads and writes, caches left aside; nil for other routes.
  public var bytesPerApplication: Int?
  /// Peak bytes of the matrices and factors of this solve (not of the process).
  public var peakBytes: Int
  /// Why the point failed; nil when it earned its certificate.
  public var failure: String?

  /// Creates a certificate; fields that a route does not have keep their defaults.
  public init(
    method: String, unknownsFull: Int = 0, unknowns: Int = 0, nonzeros: Int = 0, factorNonzeros: Int = 0,
    iterations: Int = 0, applications: Int = 0, residual: Double = 0, rateScale: Double = 0,
    traceDefect: Double = 0,
    hermiticityDefect: Double = 0, minEigenvalue: Double? = nil, reciprocalCondition: Double? = nil,
    errorBound: Double? = nil,
    unique: Bool? = nil, uniquenessMethod: String = "", seconds: Double = 0, peakBytes: Int = 0,
    failure: String? = nil
  ) {
    self.method = method
    self.unknownsFull = unknownsFull
    self.unknowns = unknowns
    self.nonzeros = nonzeros
    self.factorNonzeros = factorNonzeros
    self.iterations = iterations
    self.applications = applications
    self.residual = residual
    self.rateScale = rateScale
    self.traceDefect = traceDefect
    self.hermiticityDefect = hermiticityDefect
    self.minEigenvalue = minEigenvalue
    self.reciprocalCondition = reciprocalCondition
    self.errorBound = errorBound
    self.unique = unique
    self.uniquenessMethod = uniquenessMethod
    self.seconds = seconds
    self.peakBytes = peakBytes
    self.failure = failure
  }
}
