/// A grid of points: every combination of the points of its axes, the first axis varying slowest.
///
/// Without axes it has the single point that changes nothing.
public struct Sweep: Sendable, Hashable {
  /// Axes, slowest first.
  public let axes: [SweepAxis]
  /// Names of the swept parameters in the order of the axes.
  public let parameters: [String]
  /// Number of points.
  public let count: Int

  /// Creates a grid.
  /// - Throws: ``InputError`` when a parameter is swept twice or the number of points overflows.
  public init(axes: [SweepAxis]) throws(InputError) {
    var names: [String] = []
    var count = 1
    for (position, axis) in axes.enumerated() {
      for name in axis.parameters {
        if names.contains(name) {
          throw InputError(
            field: "sweep.\(position)", value: ParameterValue.text(name).description,
            allowed: "a sweep over parameters that are not swept already")
        }
        names.append(name)
      }
      let product = count.multipliedReportingOverflow(by: axis.values.count)
      if product.overflow {
        throw InputError(
          field: "sweep", value: axes.map { String($0.values.count) }.joined(separator: " x ") + " points",
          allowed: "a grid whose points can be counted")
      }
      count = product.partialValue
    }
    self.axes = axes
    self.parameters = names
    self.count = count
  }

  /// Values of the swept parameters at a point, in the order of ``parameters``.
  /// - Precondition: the index lies in `0..<count`.
  public func values(at index: Int) -> [ParameterValue] {
    precondition(index >= 0 && index < count, "index must be in 0..<\(count), but is \(index)")
    var rest = index
    var groups: [[ParameterValue]] = []
    for axis in axes.reversed() {
      groups.append(axis.values[rest % axis.values.count])
      rest /= axis.values.count
    }
    return groups.reversed().flatMap { $0 }
  }

  /// All parameters at a point: the fixed ones, overridden by the swept ones.
  public func parameters(at index: Int, fixed: [String: ParameterValue]) -> [String: ParameterValue] {
    var result = fixed
    for (name, value) in zip(parameters, values(at: index)) { result[name] = value }
    return result
  }
}
