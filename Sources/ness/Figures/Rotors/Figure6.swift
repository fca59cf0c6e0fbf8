import Foundation
import NESSKit

extension RotorFigures {
  /// Temperature difference of the difference quotients.
  private static let difference = 1e-3

  /// Responses of mutual information and total thermal current to a temperature difference.
  static let susceptibilities = Figure(
    id: "rotors-6", paper: paper, number: "Fig. 6",
    title: "response of mutual information and total current to a temperature difference",
    cost: "M = 4, seconds"
  ) { scale in
    let rotors = 4
    let points = scale.points(51, quick: 21)
    let betas = [1.0, 0.5]
    let pairs = betas.map { beta in
      (
        equal: overF(rotors, betaE: beta, betaO: beta, points: points),
        hotter: overF(rotors, betaE: beta, betaO: 1 / (1 / beta + difference), points: points)
      )
    }
    func quotient(_ name: String, _ observable: String, _ number: Int, factor: Double = 1) -> Quantity {
      .differenceQuotient(
        name, of: observable, from: pairs[number].equal, to: pairs[number].hotter, step: difference,
        factor: factor)
    }
    let panels = zip(["a", "b"], betas).enumerated().map { number, entry in
      Panel(
        entry.0, title: "β_e = \(Readable.number(entry.1, digits: 2))", x: fAxis,
        y: axis("response", "1/temperature"),
        curves: [
          Curve("ΔI(A:B)/ΔT", quotient("dI/dT", "I", number)),
          Curve("10 ⟨ΔJ^{th}⟩_T/ΔT", quotient("10 dJ_th_T/dT", "J_th_T", number, factor: 10)),
        ])
    }
    return FigureContent(
      panels: panels,
      statements: [
        Statement(
          "Both quantities feature a qualitatively similar behavior", source: "Fig. 6, caption",
          of: betas.indices.flatMap { [quotient("dI/dT", "I", $0), quotient("dJ_th_T/dT", "J_th_T", $0)] }
        ) { curves in similarShape(curves, betas.map { "beta_e = \(Readable.number($0, digits: 2))" }) },
        Statement(
          "since ⟨J^th(ΔT = 0)⟩_T = 0", source: "Sec. IV", of: pairs.map { $0.equal("J_th_T") }
        ) { curves in
          // Rounding here becomes an error of the quotient a thousand times as large.
          Checks.vanish(curves, "J_th_T")
        },
        Statement(
          "the total current vanishes for φ = qπ/Ns with q ∈ ℤ, while the mutual information does not",
          source: "Sec. IV",
          of: [0, Double.pi / 3].flatMap { phi in
            let sweep = overF(rotors, phi: phi, points: 5)
            return [sweep("J_th_T"), sweep("J_tun_T"), sweep("I")]
          }
        ) { curves in
          let currents = [curves[0], curves[1], curves[3], curves[4]]
          var finding = Checks.vanish(currents, "J_T")
          let informations = [curves[2], curves[5]].compactMap(\.largest)
          finding.measured.append(Measurement("max I", informations.min() ?? .nan))
          if !informations.allSatisfy({ $0 > 1e-3 }) { finding.verdict = .notReproduced }
          return finding
        },
      ],
      notes: [
        "M = \(rotors), Ns = 3, φ = π/2, g = 0.2, beta_o = 1/(T_e + ΔT) with ΔT = 1e-3: forward differences. Here the odd rotors are the hotter ones, unlike in Figs. 2 to 5.",
        "The response of the current is multiplied by 10, as in the paper.",
      ])
  }

  /// Curves: response of I and of J for each temperature. Similar: equal signs wherever either is visible, and correlated.
  static func similarShape(_ curves: [SampledCurve], _ labels: [String]) -> Finding {
    var measured: [Measurement] = []
    var holds: [Bool] = []
    for (number, label) in labels.enumerated() {
      let (information, current) = (curves[2 * number], curves[2 * number + 1])
      guard let a = information.peak, let b = current.peak else {
        return .notChecked("a curve has no values")
      }
      // Below a thousandth of the extremum a line in the plot lies on the axis.
      let signs = Checks.compare(label, [information, current]) {
        abs($0[0]) < 1e-3 * a.y || abs($0[1]) < 1e-3 * b.y || $0[0] * $0[1] > 0
      }
      let correlation = correlation(information, current)
      measured += [
        Measurement("f of the extremum of dI/dT (\(label))", a.x),
        Measurement("f of the extremum of dJ/dT (\(label))", b.x),
        Measurement("correlation of the curves (\(label))", correlation),
      ]
      // 0.9: four fifths of the variance of one curve are explained by the other.
      holds.append(signs.holds.allSatisfy { $0 } && correlation > 0.9)
    }
    let count = holds.count { $0 }
    return Finding(
      count == holds.count ? .reproduced : count == 0 ? .notReproduced : .withExceptions, measured,
      "similar: the same sign everywhere and a correlation above 0.9")
  }

  /// Pearson's coefficient over the places where both curves have values.
  static func correlation(_ a: SampledCurve, _ b: SampledCurve) -> Double {
    let pairs = zip(a.y, b.y).compactMap { a, b -> (Double, Double)? in
      guard let a, let b else { return nil }
      return (a, b)
    }
    let count = Double(pairs.count)
    let (meanA, meanB) = (pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count)
    func moment(_ term: ((Double, Double)) -> Double) -> Double { pairs.reduce(0) { $0 + term($1) } }
    let covariance = moment { ($0.0 - meanA) * ($0.1 - meanB) }
    let variances = moment { ($0.0 - meanA) * ($0.0 - meanA) } * moment { ($0.1 - meanB) * ($0.1 - meanB) }
    return covariance / variances.squareRoot()
  }
}
