/// What became of a statement of a paper.
package enum Verdict: String, Sendable, CaseIterable {
  case reproduced
  case withExceptions = "reproduced with exceptions"
  case notReproduced = "not reproduced"
  /// The data that would decide are missing.
  case notChecked = "not checked"
}

/// A number that a verdict rests on.
package struct Measurement: Sendable {
  package let name: String
  package let value: Double

  init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// A verdict with its numbers.
package struct Finding: Sendable {
  package var verdict: Verdict
  package var measured: [Measurement]
  /// How it was decided, or where the statement fails.
  package var remark: String

  init(_ verdict: Verdict, _ measured: [Measurement] = [], _ remark: String = "") {
    self.verdict = verdict
    self.measured = measured
    self.remark = remark
  }

  static func notChecked(_ reason: String) -> Finding { Finding(.notChecked, [], reason) }
}

/// A statement of a paper with the computation that checks it.
package struct Statement: Sendable {
  /// As in the paper.
  package let text: String
  /// Section or caption.
  package let source: String
  /// The curves that decide, in the order in which the check takes them.
  package let quantities: [Quantity]
  /// Judges computed curves; sees nothing else.
  package let check: @Sendable ([SampledCurve]) -> Finding

  init(
    _ text: String, source: String, of quantities: [Quantity],
    check: @escaping @Sendable ([SampledCurve]) -> Finding
  ) {
    self.text = text
    self.source = source
    self.quantities = quantities
    self.check = check
  }

  /// The verdict on computed curves; curves that are too incomplete to judge leave it open.
  package func evaluate(_ curves: [SampledCurve]) -> Finding {
    let missing = curves.map(\.missing).reduce(0, +)
    let total = curves.map(\.x.count).reduce(0, +)
    // A failed point may be the very one that decides, but a few of them leave the course of a curve visible.
    guard 10 * missing <= total, total > 0 else {
      return .notChecked("\(missing) of \(total) values are missing")
    }
    var finding = check(curves)
    if missing > 0 { finding.remark += " (\(missing) of \(total) values are missing)" }
    return finding
  }
}
