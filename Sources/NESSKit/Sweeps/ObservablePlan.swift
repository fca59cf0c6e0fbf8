/// Rough cost of observables that need the full density matrix, which a reduced state says nothing about.
public struct ObservablePlan: Sendable, Equatable {
  /// Observables that share this work.
  public let names: [String]
  /// Predicted memory in bytes, beside the state.
  public let bytes: Int
  /// Rough time in seconds on one thread; with dynamics for all times together.
  public let seconds: Double

  /// Creates a plan.
  public init(names: [String], bytes: Int, seconds: Double) {
    self.names = names
    self.bytes = bytes
    self.seconds = seconds
  }
}

/// What observables compute from the full density matrix of order D. Those with the same work share it.
///
/// Rates were measured on one core with clock rings of 6 to 8 rotors (D = 729 to 6561) and hold within a factor of three there. The
/// search for discord depends on the state: 2 and 73 s at 6 and 7 rotors, more than 350 s at 8. All other observables
/// are read off the reduced state: those that were tried with 8 rotors added about half a second at most to a solve of four.
enum DensityWork: CaseIterable {
  /// Eigenvalues of the state.
  case spectrum
  /// Eigenvalues of its partial transpose.
  case partialTranspose
  /// Its eigenvectors and what the generator does to them.
  case eigenvectors
  /// Eigenvalues, and the search for the best local measurement.
  case discord

  /// Matrices of order D that are held at the same time; 2.1 to 2.3 were measured with eigenvalues, 2.7 with discord.
  private var matrices: Double {
    switch self {
    case .spectrum, .partialTranspose: 2.5
    // The search holds eigenvectors as well when the state has few.
    case .eigenvectors, .discord: 4
    }
  }

  /// Cost for a state of this dimension at so many times.
  func plan(_ names: [String], dimension: Int, levelSum: Int, times: Int) -> ObservablePlan {
    let square = Double(dimension) * Double(dimension)
    let eigenvalues = 4e-10 * square * Double(dimension)
    let seconds =
      switch self {
      case .spectrum, .partialTranspose: eigenvalues
      case .eigenvectors: PointPlan.eigenvectorSeconds(order: dimension)
      // Each evaluation takes D^2 times the levels of a site, and their number grows with that of the sites.
      case .discord: eigenvalues + 6e-7 * square * Double(levelSum)
      }
    return ObservablePlan(
      names: names, bytes: PointPlan.clamped(16 * matrices * square), seconds: Double(times) * seconds)
  }
}

extension ObservableDefinition {
  /// What those of the observables cost that need the full density matrix.
  /// - Throws: `tooLarge` when it does not fit, which a reduced problem that fits says nothing about.
  static func plans(
    of selected: [ObservableDefinition], dimension: Int, levelSum: Int, _ request: PointRequest
  ) throws(SolverError) -> [ObservablePlan] {
    let needing = selected.filter { $0.densityStates.contains(request.state) }
    if dimension > DensityMatrix.largestDenseSpectrum,
      let first = needing.first(where: { $0.densityWork == .spectrum })
    {
      throw .tooLarge(
        bytes: bytesOfDenseDecomposition(dimension),
        limit: bytesOfDenseDecomposition(DensityMatrix.largestDenseSpectrum),
        advice:
          "\(first.description.name) must be left out, for which all eigenvalues of the density matrix of \(dimension) states are needed"
      )
    }
    let plans = DensityWork.allCases.compactMap { work -> ObservablePlan? in
      let names = needing.filter { $0.densityWork == work }.map(\.description.name)
      guard !names.isEmpty else { return nil }
      return work.plan(names, dimension: dimension, levelSum: levelSum, times: max(1, request.times.count))
    }
    let limit = request.solver.availableMemory
    let refused = plans.filter { $0.bytes > limit }
    guard let largest = refused.map(\.bytes).max() else { return plans }
    throw .tooLarge(
      bytes: largest, limit: limit,
      advice:
        "\(refused.flatMap(\.names).joined(separator: ", ")) must be left out, for which the density matrix of \(dimension) states is needed in full"
    )
  }
}
