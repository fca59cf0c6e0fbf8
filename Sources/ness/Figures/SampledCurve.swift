/// A function known at points.
package struct SampledCurve: Sendable {
  /// Places, ascending except in curves that are only drawn.
  package let x: [Double]
  /// Values; nil where the computation failed or the quantity is undefined.
  package let y: [Double?]

  package init(x: [Double], y: [Double?]) {
    precondition(x.count == y.count, "x has \(x.count) numbers, y has \(y.count)")
    self.x = x
    self.y = y
  }

  /// A place on a curve.
  package struct Place: Sendable {
    package let x: Double
    package let y: Double
  }

  /// The points that have a value.
  package var points: [Place] {
    zip(x, y).compactMap { x, y in y.map { Place(x: x, y: $0) } }
  }

  /// Points without a value.
  var missing: Int { y.count { $0 == nil } }

  /// The same places with other values.
  func map(_ transform: (Double) -> Double) -> SampledCurve {
    SampledCurve(x: x, y: y.map { $0.map(transform) })
  }

  /// The part within a range of places.
  func within(_ range: ClosedRange<Double>) -> SampledCurve {
    let kept = x.indices.filter { range.contains(x[$0]) }
    return SampledCurve(x: kept.map { x[$0] }, y: kept.map { y[$0] })
  }

  /// Value at a place of the grid.
  subscript(at place: Double) -> Double? { x.firstIndex(of: place).flatMap { y[$0] } }

  /// The largest magnitude; nil without values.
  var largest: Double? { points.map { abs($0.y) }.max() }

  /// The highest place, by a parabola through the highest point and its neighbours; a maximum at an end is that end.
  package var maximum: Place? {
    let points = self.points
    guard let top = points.indices.max(by: { points[$0].y < points[$1].y }) else { return nil }
    guard top > 0, top + 1 < points.count else { return points[top] }
    let (a, b, c) = (points[top - 1], points[top], points[top + 1])
    let left = (b.y - a.y) / (b.x - a.x)
    let right = (c.y - b.y) / (c.x - b.x)
    let curvature = (right - left) / (c.x - a.x)
    guard curvature < 0 else { return b }
    // Newton's form y = a + left (x - a) + curvature (x - a)(x - b), where its derivative vanishes.
    let x = min(max((a.x + b.x) / 2 - left / (2 * curvature), a.x), c.x)
    return Place(x: x, y: a.y + left * (x - a.x) + curvature * (x - a.x) * (x - b.x))
  }

  /// The highest place of the magnitude.
  var peak: Place? { map(abs).maximum }

  /// Difference quotients, placed in the middle between the points.
  var slope: SampledCurve {
    let points = self.points
    let pairs = zip(points, points.dropFirst())
    return SampledCurve(
      x: pairs.map { ($0.x + $1.x) / 2 }, y: pairs.map { ($1.y - $0.y) / ($1.x - $0.x) })
  }

  /// Where the curve rises or falls fastest, with the slope there: its inflection.
  package var steepest: Place? {
    guard let place = slope.peak else { return nil }
    let nearest = slope.points.min { abs($0.x - place.x) < abs($1.x - place.x) }
    return Place(x: place.x, y: (nearest?.y ?? 0) < 0 ? -place.y : place.y)
  }

  /// Places where the curve passes another one that is known at the same places, within a range.
  package func crossings(with other: SampledCurve, in range: ClosedRange<Double>) -> [Double] {
    let difference = minus(other).points
    return (1..<max(1, difference.count)).compactMap { index -> Double? in
      let (a, b) = (difference[index - 1], difference[index])
      guard (a.y < 0) != (b.y < 0), range.contains(a.x), range.contains(b.x) else { return nil }
      let nodes = difference[max(0, index - 2)...min(difference.count - 1, index + 1)]
      return SampledCurve.root(of: Array(nodes), between: a.x, and: b.x)
    }
  }

  /// The difference where both have values.
  func minus(_ other: SampledCurve) -> SampledCurve {
    precondition(x == other.x, "curves must be known at the same places")
    return SampledCurve(
      x: x,
      y: zip(y, other.y).map { a, b in
        guard let a, let b else { return nil }
        return a - b
      })
  }

  /// Bisection on the polynomial through the nodes: curves that cross at a small angle amplify the error of a straight line.
  private static func root(of nodes: [Place], between low: Double, and high: Double) -> Double {
    func value(_ x: Double) -> Double {
      nodes.indices.reduce(0) { sum, i in
        sum
          + nodes.indices.filter { $0 != i }.reduce(nodes[i].y) {
            $0 * (x - nodes[$1].x) / (nodes[i].x - nodes[$1].x)
          }
      }
    }
    var (low, high) = (low, high)
    let isRising = value(high) > value(low)
    // 60 halvings reach the spacing of doubles.
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if (value(middle) < 0) == isRising { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Ranges of neighbouring points where a condition holds.
  static func windows(_ x: [Double], where holds: [Bool]) -> [ClosedRange<Double>] {
    var windows: [ClosedRange<Double>] = []
    var start: Int?
    for index in x.indices {
      if holds[index], start == nil { start = index }
      let isEnd = index + 1 == x.count || !holds[index + 1]
      if isEnd, let first = start {
        windows.append(x[first]...x[index])
        start = nil
      }
    }
    return windows
  }
}
