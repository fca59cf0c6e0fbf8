internal import Numerics

// Integrals with a pole, by adaptive Gauss and Kronrod rules of 7 and 15 points (R. Piessens et al., QUADPACK, Springer 1983).
//
// Around the pole x of f(v)/(x - v) the two sides are taken together: over x - h ... x + h the principal value is the integral of
// (f(x - t) - f(x + t))/t over t in 0 ... h, which is regular where f has a derivative. No point of the rules falls on an end.

/// An integral and the estimate of its error.
struct Quadrature: Sendable, Equatable {
  /// The integral.
  let value: Double
  /// Bound on its error that the rules suggest.
  let error: Double
  /// Integral of the absolute value, the scale of rounding.
  let magnitude: Double

  static func + (left: Quadrature, right: Quadrature) -> Quadrature {
    Quadrature(
      value: left.value + right.value, error: left.error + right.error,
      magnitude: left.magnitude + right.magnitude)
  }

  /// Integral of f from a to b, intervals halved until the error falls below `tolerance` of the integral of |f|.
  init(of f: (Double) -> Double, from a: Double, to b: Double, tolerance: Double = 1e-12) {
    var pieces = [Piece(f, a, b)]
    var total = pieces[0].sum
    // Halving fifty times at one end resolves a logarithm to rounding; some ends may need it.
    while pieces.count < 400, total.error > tolerance * total.magnitude {
      var worst = 0
      for (place, piece) in pieces.enumerated() where piece.sum.error > pieces[worst].sum.error {
        worst = place
      }
      let piece = pieces[worst]
      let middle = (piece.a + piece.b) / 2
      guard piece.a < middle, middle < piece.b else { break }
      pieces[worst] = Piece(f, piece.a, middle)
      pieces.append(Piece(f, middle, piece.b))
      // Summed anew: differences of old sums would leave their rounding behind.
      total = pieces.dropFirst().reduce(pieces[0].sum) { $0 + $1.sum }
    }
    self = total
  }

  init(value: Double, error: Double, magnitude: Double) {
    self.value = value
    self.error = error
    self.magnitude = magnitude
  }

  /// Principal value of the integral of f(v)/(x - v) over v from 0 to the last break, or to infinity where `isUnbounded`.
  ///
  /// - Parameters:
  ///   - pole: x; any sign, and zero where f vanishes there.
  ///   - breaks: Ascending frequencies > 0 where f or a derivative jumps or its scale changes; at least one.
  ///   - isUnbounded: Whether f goes on beyond the last break; it must then decay at infinity.
  init(of f: (Double) -> Double, pole x: Double, breaks: [Double], isUnbounded: Bool) {
    let end = breaks.last ?? 0
    var edges = [0] + breaks
    if isUnbounded { edges.append(2 * max(end, x)) }
    let last = edges[edges.count - 1]
    var sum = Quadrature(value: 0, error: 0, magnitude: 0)
    // A pole beyond the support is none.
    let hasPole = x > 0 && x < last
    // Not to the next kink, for the two sides would then have it at different distances.
    let half = hasPole ? edges.filter { $0 != x }.reduce(last) { min($0, abs($1 - x)) } : 0
    if hasPole {
      sum = sum + Quadrature(of: { (f(x - $0) - f(x + $0)) / $0 }, from: 0, to: half)
    }
    for (low, high) in zip(edges, edges.dropFirst()) {
      let parts =
        hasPole && low < x + half && high > x - half
        ? [(low, min(high, x - half)), (max(low, x + half), high)] : [(low, high)]
      for (a, b) in parts where a < b { sum = sum + Quadrature(of: { f($0) / (x - $0) }, from: a, to: b) }
    }
    if isUnbounded {
      // v = last / s brings infinity to 0.
      sum = sum + Quadrature(of: { f(last / $0) * last / ($0 * ($0 * x - last)) }, from: 0, to: 1)
    }
    self = sum
  }

  /// One interval with both rules.
  private struct Piece {
    let a: Double
    let b: Double
    let sum: Quadrature

    init(_ f: (Double) -> Double, _ a: Double, _ b: Double) {
      self.a = a
      self.b = b
      let (center, half) = ((a + b) / 2, (b - a) / 2)
      var values: [(weight: Double, value: Double)] = [(kronrodWeights[0], f(center))]
      var gauss = gaussWeights[0] * values[0].value
      for k in 1..<8 {
        let (below, above) = (f(center - half * nodes[k]), f(center + half * nodes[k]))
        values += [(kronrodWeights[k], below), (kronrodWeights[k], above)]
        // Every other node is one of Gauss.
        if k.isMultiple(of: 2) { gauss += gaussWeights[k / 2] * (below + above) }
      }
      let kronrod = values.reduce(0) { $0 + $1.weight * $1.value }
      let magnitude = values.reduce(0) { $0 + $1.weight * abs($1.value) }
      let spread = values.reduce(0) { $0 + $1.weight * abs($1.value - kronrod / 2) }
      // The difference of the rules overrates the error of the better one; QUADPACK's power of it does so less.
      var error = abs(kronrod - gauss)
      if spread > 0, error > 0 {
        let ratio = 200 * error / spread
        error = spread * min(1, ratio * ratio.squareRoot())
      }
      // Rounding cannot be halved away: what is below it counts as nothing.
      if error <= 50 * Double.ulpOfOne * magnitude { error = 0 }
      sum = Quadrature(value: half * kronrod, error: half * error, magnitude: half * magnitude)
    }
  }
}

/// Nodes of the Kronrod rule from the middle of -1 ... 1 outwards.
private let nodes = [
  0, 0.20778495500789846760, 0.40584515137739716691, 0.58608723546769113029, 0.74153118559939443986,
  0.86486442335976907279, 0.94910791234275852453, 0.99145537112081263921,
]
private let kronrodWeights = [
  0.20948214108472782801, 0.20443294007529889241, 0.19035057806478540991, 0.16900472663926790283,
  0.14065325971552591875, 0.10479001032225018384, 0.063092092629978553291, 0.022935322010529224964,
]
/// Weights of the Gauss rule, whose nodes are every other one of ``nodes``.
private let gaussWeights = [
  0.41795918367346938776, 0.38183005050511894495, 0.27970539148927666790, 0.12948496616886969327,
]
