/// Rules by which numbers become verdicts.
enum Checks {
  /// Largest magnitude that counts as zero for currents, heat flows and measures: ten times the residual that a certificate
  /// allows; what is drawn is larger than a thousandth.
  static let zero = 1e-9
  /// Distance from a position that is printed with two digits and an "about": the step of a grid of 51 points.
  static let reading = 0.02
  /// Distance from a position of which only the first digit is given ("1/2").
  static let coarseReading = 0.1
  /// Share of the range in which a tendency may fail and still be called one.
  static let exceptions = 1.0 / 3

  /// Everything vanishes.
  static func vanish(_ curves: [SampledCurve], _ name: String, below limit: Double = zero) -> Finding {
    let largest = curves.compactMap(\.largest).max() ?? .nan
    return Finding(largest <= limit ? .reproduced : .notReproduced, [Measurement("max |\(name)|", largest)])
  }

  /// A condition at places in a range: holds everywhere, with exceptions, or not.
  ///
  /// - Parameter cases: Label, places, and whether the condition holds there.
  static func tendency(
    _ cases: [(label: String, x: [Double], holds: [Bool])], _ coordinate: String,
    measured: [Measurement] = []
  ) -> Finding {
    var remarks: [String] = []
    var worst = 0.0
    for (label, x, holds) in cases {
      guard !x.isEmpty else { return .notChecked("\(label): no values") }
      let failures = SampledCurve.windows(x, where: holds.map { !$0 })
      worst = max(worst, Double(holds.count { !$0 }) / Double(holds.count))
      if !failures.isEmpty {
        remarks.append(
          "\(label): not for \(coordinate) in \(failures.map(text).joined(separator: ", "))")
      }
    }
    let verdict: Verdict =
      worst == 0 ? .reproduced : worst <= exceptions ? .withExceptions : .notReproduced
    return Finding(verdict, measured, remarks.joined(separator: "; "))
  }

  /// Positions that should lie near a printed one.
  static func positions(
    _ found: [(label: String, x: Double?)], near target: Double, within tolerance: Double
  ) -> Finding {
    let measured = found.map { Measurement($0.label, $0.x ?? .nan) }
    guard found.allSatisfy({ $0.x != nil }) else { return .notChecked("a curve has no values") }
    let outside = measured.filter { abs($0.value - target) > tolerance }
    let verdict: Verdict =
      outside.isEmpty ? .reproduced : outside.count < measured.count ? .withExceptions : .notReproduced
    var remark = "within \(Readable.number(tolerance, digits: 3)) of \(Readable.number(target, digits: 5))"
    if !outside.isEmpty && outside.count < measured.count {
      remark += " except \(outside.map(\.name).joined(separator: ", "))"
    }
    if outside.count == measured.count { remark = "none " + remark }
    return Finding(verdict, measured, remark)
  }

  /// A window as text.
  static func text(_ window: ClosedRange<Double>) -> String {
    func number(_ value: Double) -> String { Readable.number(value, digits: 3) }
    return window.lowerBound == window.upperBound
      ? number(window.lowerBound) : "\(number(window.lowerBound))…\(number(window.upperBound))"
  }

  /// The places where all curves have values and a condition on them.
  static func compare(
    _ label: String, _ curves: [SampledCurve],
    in range: ClosedRange<Double> = -Double.infinity...Double.infinity,
    _ condition: ([Double]) -> Bool
  ) -> (label: String, x: [Double], holds: [Bool]) {
    var x: [Double] = []
    var holds: [Bool] = []
    for (index, place) in (curves.first?.x ?? []).enumerated() where range.contains(place) {
      let values = curves.compactMap { $0.y[index] }
      guard values.count == curves.count else { continue }
      x.append(place)
      holds.append(condition(values))
    }
    return (label, x, holds)
  }
}
