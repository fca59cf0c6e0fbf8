/// One dissipative process and the bath it belongs to.
public struct Dissipator: Sendable, Equatable {
  /// What the process does.
  public enum Process: Sendable, Equatable {
    /// rate (L rho L^+ - {L^+ L, rho}/2) with `rate` >= 0.
    case jump(Operator, rate: Double)
    /// One jump operator sqrt(W[a, c]) |a><c| for every ordered pair of basis states a != c: a Pauli equation for
    /// the populations, and decay of the coherence (a, c) at half the sum of both escape rates.
    case transitions(RealSparseMatrix)
  }

  /// What the process does.
  public let process: Process
  /// The bath that drives it.
  public let bath: Bath

  /// Creates a dissipator.
  public init(_ process: Process, bath: Bath) {
    self.process = process
    self.bath = bath
  }

  /// Creates the dissipator of a Lindblad jump operator.
  public static func jump(_ operator: Operator, rate: Double, bath: Bath) -> Dissipator {
    Dissipator(.jump(`operator`, rate: rate), bath: bath)
  }

  /// Creates the dissipator of classical transitions between basis states; `rates[a, c]` is the rate from c to a.
  public static func transitions(_ rates: RealSparseMatrix, bath: Bath) -> Dissipator {
    Dissipator(.transitions(rates), bath: bath)
  }
}
