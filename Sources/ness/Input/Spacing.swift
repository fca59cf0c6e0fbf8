import NESSKit

/// Numbers given by `from`, `to`, `points` and `spacing`, as sweeps and times have them.
struct Spacing {
  static let keys = ["from", "to", "points", "spacing"]
  /// Most points that one axis may have: a typing error should not exhaust the memory.
  static let mostPoints = 10_000_000

  let values: [ParameterValue]

  /// - Throws: ``Failure`` unless all keys are there and fit together.
  init(_ section: Section) throws(Failure) {
    guard let first = try section.number("from", "a finite number") else {
      throw section.wrong("from", "a finite number")
    }
    guard let last = try section.number("to", "a finite number") else {
      throw section.wrong("to", "a finite number")
    }
    let countText = "a whole number from 1 to \(Spacing.mostPoints)"
    guard let count = try section.integer("points", in: 1...Spacing.mostPoints, countText) else {
      throw section.wrong("points", countText)
    }
    if count == 1 && first != last { throw section.wrong("points", "at least 2 when from and to differ") }
    switch try section.text("spacing", Spacing.spacings) ?? "linear" {
    case "linear":
      if case .integer(let low)? = section.node("from"), case .integer(let high)? = section.node("to"),
        count > 1,
        let whole = Spacing.wholeNumbers(from: low, to: high, points: count)
      {
        values = whole.map { .integer($0) }
      } else {
        values = SweepAxis.linear(from: first, to: last, points: count).map { .real($0) }
      }
    case "log":
      for (key, end) in [("from", first), ("to", last)] where end <= 0 {
        throw section.wrong(key, "greater than 0 when spacing is \"log\"")
      }
      values = SweepAxis.logarithmic(from: first, to: last, points: count).map { .real($0) }
    default: throw section.wrong("spacing", Spacing.spacings)
    }
  }

  private static let spacings = "\"linear\" or \"log\""

  /// Ends that are whole numbers with whole steps between them mean whole numbers, for parameters that count.
  private static func wholeNumbers(from first: Int, to last: Int, points: Int) -> [Int]? {
    let (span, overflow) = last.subtractingReportingOverflow(first)
    guard !overflow, span % (points - 1) == 0 else { return nil }
    return (0..<points).map { first + span / (points - 1) * $0 }
  }
}
