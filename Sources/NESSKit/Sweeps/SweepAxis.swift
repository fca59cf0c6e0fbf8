#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One axis of a sweep: parameters that change together, and their values point by point.
public struct SweepAxis: Sendable, Hashable {
  /// Names of the parameters; several of them are zipped.
  public let parameters: [String]
  /// One entry per point of the axis, each with one value per parameter.
  public let values: [[ParameterValue]]

  /// Creates an axis.
  /// - Precondition: there is a parameter, there is a point, and every point has one value per parameter.
  public init(parameters: [String], values: [[ParameterValue]]) {
    precondition(!parameters.isEmpty && !values.isEmpty, "an axis must have a parameter and a point")
    precondition(
      values.allSatisfy { $0.count == parameters.count },
      "every point must have \(parameters.count) values, one for each of \(parameters)")
    self.parameters = parameters
    self.values = values
  }

  /// Creates an axis of one parameter.
  public init(_ parameter: String, _ values: [ParameterValue]) {
    self.init(parameters: [parameter], values: values.map { [$0] })
  }

  /// Equally spaced numbers; both ends are met exactly.
  /// - Precondition: `points` is at least 1; with 1 the only number is `first`.
  public static func linear(from first: Double, to last: Double, points: Int) -> [Double] {
    spaced(first, last, points) { index in
      // One division at the end: 0 to 1 in tenths then yields the doubles that a user types.
      let steps = Double(points - 1)
      let product = (last - first) * Double(index)
      return product.isFinite
        ? first + product / steps : first * (1 - Double(index) / steps) + last * (Double(index) / steps)
    }
  }

  /// Numbers with a constant ratio; both ends are met exactly.
  /// - Precondition: `points` is at least 1, and the ends are positive.
  public static func logarithmic(from first: Double, to last: Double, points: Int) -> [Double] {
    precondition(first > 0 && last > 0, "ends must be positive, but are \(first) and \(last)")
    let low = log(first)
    let high = log(last)
    return spaced(first, last, points) { exp(low + (high - low) * Double($0) / Double(points - 1)) }
  }

  private static func spaced(_ first: Double, _ last: Double, _ points: Int, _ inner: (Int) -> Double)
    -> [Double]
  {
    precondition(points >= 1, "points must be at least 1, but is \(points)")
    return (0..<points).map { $0 == 0 ? first : $0 == points - 1 ? last : inner($0) }
  }
}
