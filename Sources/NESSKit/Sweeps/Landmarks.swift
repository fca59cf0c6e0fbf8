internal import Numerics

/// A place where a curve crosses zero or has an extremum.
public struct Landmark: Sendable, Equatable {
  /// What is found there.
  public enum Kind: String, Sendable, CaseIterable {
    /// The curve changes sign.
    case zero
    /// The curve has a local minimum.
    case minimum
    /// The curve has a local maximum.
    case maximum
  }

  /// What is found there.
  public let kind: Kind
  /// Where it is.
  public let position: Double
  /// Value of the curve there.
  public let value: Double
  /// Half the width of the interval that is left around ``position``.
  public let uncertainty: Double

  /// Creates a landmark.
  public init(kind: Kind, position: Double, value: Double, uncertainty: Double) {
    self.kind = kind
    self.position = position
    self.value = value
    self.uncertainty = uncertainty
  }
}

/// Finds zeros and extrema of a curve: brackets them on a grid, then refines each by Brent's methods.
///
/// The grid decides what is seen: two zeros or two extrema between neighbouring points cancel unnoticed. A curve is a function of one
/// real number that may be undefined (nil) at some, for instance 0/0; intervals next to those are passed over, and so are poles,
/// where the sign changes without a zero.
///
/// R. P. Brent, Algorithms for Minimization without Derivatives (Prentice-Hall, 1973), chapters 4 and 5.
public struct LandmarkFinder: Sendable, Hashable {
  /// Accepted uncertainty of a position. Extrema cannot be located better than to about 1e-8 of the width of their peak, where
  /// the curve changes by less than rounding.
  public var tolerance: Double
  /// Changes of the curve below this are noise: a grid point must differ from its neighbours by more to count as an extremum, and
  /// values below it are zero.
  public var noise: Double
  /// Largest number of evaluations for one landmark.
  public var evaluations: Int

  /// Creates options.
  public init(tolerance: Double = 1e-10, noise: Double = 0, evaluations: Int = 200) {
    precondition(tolerance > 0, "tolerance must be > 0, but is \(tolerance)")
    precondition(noise >= 0, "noise must be >= 0, but is \(noise)")
    precondition(evaluations >= 1, "evaluations must be at least 1, but are \(evaluations)")
    self.tolerance = tolerance
    self.noise = noise
    self.evaluations = evaluations
  }

  /// Landmarks of the given kinds, in the order of their positions.
  ///
  /// - Parameters:
  ///   - kinds: What is looked for.
  ///   - grid: Ascending positions, at least 2.
  ///   - curve: The function; called once per grid point and then as often as refinement needs.
  /// - Throws: What `curve` throws.
  public func landmarks<E: Error>(
    _ kinds: Set<Landmark.Kind> = Set(Landmark.Kind.allCases), on grid: [Double],
    of curve: (Double) throws(E) -> Double?
  ) throws(E) -> [Landmark] {
    precondition(grid.count >= 2, "a grid must have at least 2 points, but has \(grid.count)")
    precondition(
      zip(grid, grid.dropFirst()).allSatisfy { $0 < $1 }, "positions of a grid must ascend, but do not")
    var values: [Double?] = []
    for position in grid { values.append(try curve(position).flatMap { $0.isFinite ? $0 : nil }) }
    var found: [Landmark] = []
    if kinds.contains(.zero) { found += try zeros(grid, values, curve) }
    for (kind, sign) in [(Landmark.Kind.minimum, 1.0), (.maximum, -1.0)] where kinds.contains(kind) {
      for first in grid.indices.dropFirst().dropLast() {
        guard let left = values[first - 1], let value = values[first], sign * (left - value) > noise
        else { continue }
        // A plateau counts as one point.
        var after = first + 1
        while after < grid.count, let next = values[after], abs(next - value) <= noise { after += 1 }
        guard after < grid.count, let right = values[after], sign * (right - value) > noise else { continue }
        let middle = (first + after - 1) / 2
        if let landmark = try extremum(
          kind, sign, low: grid[first - 1], high: grid[after],
          best: (grid[middle], sign * (values[middle] ?? value)), curve)
        {
          found.append(landmark)
        }
      }
    }
    return found.sorted { $0.position < $1.position }
  }

  private func zeros<E: Error>(
    _ grid: [Double], _ values: [Double?], _ curve: (Double) throws(E) -> Double?
  ) throws(E) -> [Landmark] {
    var found: [Landmark] = []
    // Last point whose value is certainly not zero, and what lies between.
    var last: Int?
    for index in grid.indices {
      guard let value = values[index] else {
        last = nil
        continue
      }
      guard abs(value) > noise else { continue }
      if let last, let before = values[last], (before < 0) != (value < 0) {
        if index - last > 1 {
          // Between them the curve is zero on the grid: that is the crossing, as far as noise lets one see.
          let (low, high) = (grid[last + 1], grid[index - 1])
          found.append(
            Landmark(
              kind: .zero, position: (low + high) / 2, value: values[(last + index) / 2] ?? 0,
              uncertainty: (high - low) / 2))
        } else if let landmark = try zero((grid[last], before), (grid[index], value), curve) {
          found.append(landmark)
        }
      }
      last = index
    }
    return found
  }

  /// Brent's zeroin between two points of opposite sign; nil at a pole or where the curve is undefined.
  private func zero<E: Error>(
    _ first: (x: Double, y: Double), _ second: (x: Double, y: Double),
    _ curve: (Double) throws(E) -> Double?
  ) throws(E) -> Landmark? {
    let scale = max(abs(first.y), abs(second.y))
    // b is the best point, a the one before it, c bounds the zero together with b.
    var (a, b, c) = (first, second, first)
    var step = b.x - a.x
    var stepBefore = step
    for _ in 0..<evaluations {
      if (b.y < 0) == (c.y < 0) {
        c = a
        step = b.x - a.x
        stepBefore = step
      }
      if abs(c.y) < abs(b.y) { (a, b, c) = (b, c, b) }
      let margin = 2 * Double.ulpOfOne * abs(b.x) + tolerance / 2
      let half = (c.x - b.x) / 2
      if abs(half) <= margin || b.y == 0 {
        guard abs(b.y) <= scale else { return nil }
        return Landmark(
          kind: .zero, position: b.x, value: b.y, uncertainty: b.y == 0 ? margin : max(abs(half), margin))
      }
      if abs(stepBefore) < margin || abs(a.y) <= abs(b.y) {
        (step, stepBefore) = (half, half)
      } else {
        // Secant with two points, inverse quadratic interpolation with three.
        let s = b.y / a.y
        var (p, q): (Double, Double)
        if a.x == c.x {
          (p, q) = (2 * half * s, 1 - s)
        } else {
          let (t, r) = (a.y / c.y, b.y / c.y)
          p = s * (2 * half * t * (t - r) - (b.x - a.x) * (r - 1))
          q = (t - 1) * (r - 1) * (s - 1)
        }
        if p > 0 { q = -q } else { p = -p }
        if 2 * p < min(3 * half * q - abs(margin * q), abs(stepBefore * q)) {
          (step, stepBefore) = (p / q, step)
        } else {
          (step, stepBefore) = (half, half)
        }
      }
      a = b
      let x = b.x + (abs(step) > margin ? step : half > 0 ? margin : -margin)
      guard let y = try curve(x), y.isFinite else { return nil }
      b = (x, y)
    }
    return nil
  }

  /// Brent's localmin of `sign` times the curve on an interval whose middle lies below its ends.
  private func extremum<E: Error>(
    _ kind: Landmark.Kind, _ sign: Double, low: Double, high: Double, best: (x: Double, y: Double),
    _ curve: (Double) throws(E) -> Double?
  ) throws(E) -> Landmark? {
    let golden = (3 - 5.0.squareRoot()) / 2
    var (low, high, best) = (low, high, best)
    var (second, third) = (best, best)
    var (step, stepBefore) = (0.0, 0.0)
    for _ in 0..<evaluations {
      let centre = (low + high) / 2
      // Below the root of rounding the curve looks flat.
      let margin = 1.5e-8 * max(abs(best.x), high - low) + tolerance / 3
      if abs(best.x - centre) <= 2 * margin - (high - low) / 2 {
        return Landmark(
          kind: kind, position: best.x, value: sign * best.y,
          uncertainty: max(high - best.x, best.x - low))
      }
      var parabolic = false
      if abs(stepBefore) > margin {
        let r = (best.x - second.x) * (best.y - third.y)
        var q = (best.x - third.x) * (best.y - second.y)
        var p = (best.x - third.x) * q - (best.x - second.x) * r
        q = 2 * (q - r)
        if q > 0 { p = -p } else { q = -q }
        let before = stepBefore
        stepBefore = step
        if abs(p) < abs(q * before / 2), p > q * (low - best.x), p < q * (high - best.x) {
          parabolic = true
          step = p / q
          let x = best.x + step
          if x - low < 2 * margin || high - x < 2 * margin { step = best.x < centre ? margin : -margin }
        }
      }
      if !parabolic {
        stepBefore = best.x < centre ? high - best.x : low - best.x
        step = golden * stepBefore
      }
      let x = best.x + (abs(step) >= margin ? step : step > 0 ? margin : -margin)
      guard let value = try curve(x), value.isFinite else { return nil }
      let point = (x: x, y: sign * value)
      if point.y <= best.y {
        if x < best.x { high = best.x } else { low = best.x }
        (third, second, best) = (second, best, point)
      } else {
        if x < best.x { low = x } else { high = x }
        if point.y <= second.y || second.x == best.x {
          (third, second) = (second, point)
        } else if point.y <= third.y || third.x == best.x || third.x == second.x {
          third = point
        }
      }
    }
    return nil
  }
}
