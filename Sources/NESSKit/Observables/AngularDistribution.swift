internal import Numerics

/// Probability density of the angle of a planar rotor,
///
///     P(phi) = <phi| rho |phi> = 1/(2 pi) sum_{l, l'} rho_{l l'} exp(i (l - l') phi),
///
/// on equidistant angles. It is uniform for a state without coherence between angular momenta, integrates to the trace of the state, and
/// is negative only where rounding or a state that is not positive makes it so.
public struct AngularDistribution: Sendable, Equatable {
  /// The angles 2 pi k / count, k = 0, 1, …
  public let angles: [Double]
  /// P at the angles.
  public let values: [Double]

  /// Evaluates the distribution of a state of one rotor, as ``QuantumState/reduced(to:)`` yields it.
  ///
  /// - Parameters:
  ///   - state: State of a single site of kind ``Site/Kind/rotor(lowest:)``, all levels of it.
  ///   - count: Number of angles; at least the number of levels, so that the mean of the values times 2 pi is the trace.
  /// - Throws: ``ObservableError``: `unavailable` for another site or too few angles; `kernel`.
  /// - Complexity: O(N^2 + count log count) for N levels
  public init(of state: DensityMatrix, count: Int) throws(ObservableError) {
    guard state.space.sites.count == 1, case .rotor = state.space.sites[0].kind,
      state.space.selection == nil
    else {
      throw .unavailable(reason: "the state must be that of one planar rotor, with all of its levels")
    }
    let levels = state.space.dimension
    guard count >= levels else {
      throw .unavailable(reason: "\(levels) levels need as many angles or more, but there are \(count)")
    }
    // The coherences of one order l - l' add up before the transform, orders modulo the number of angles.
    var orders = [Complex<Double>](repeating: .zero, count: count)
    for bra in 0..<levels {
      for ket in 0..<levels {
        orders[(ket - bra + count) % count] += state.elements[ket + bra * levels]
      }
    }
    angles = (0..<count).map { 2 * .pi * Double($0) / Double(count) }
    values = try withObservableErrors { () throws(KernelError) in
      try FourierTransform(count: count, sign: .positive).transformed(orders).map { $0.real / (2 * .pi) }
    }
  }
}
