import Foundation
import NESSKit

extension RotorFigures {
  /// Binder cumulants of the ground state.
  static let binder = Figure(
    id: "rotors-7", paper: paper, number: "Fig. 7", title: "Binder cumulant of the ground state",
    cost: "ground states, M = 4 to 10, fifteen seconds"
  ) { scale in
    let uniformSizes = scale.choose(Array(4...10), quick: [4, 6, 8, 10])
    let evenSizes = uniformSizes.filter { $0 % 2 == 0 }
    let zoom = 0.4...0.52
    // The curves cross at small angles: near the transition the grid is finer.
    let fine = SweepAxis.linear(from: zoom.lowerBound, to: zoom.upperBound, points: 25)
    let coarse = SweepAxis.linear(from: 0.2, to: 0.8, points: scale.points(31, quick: 16))
    let grid = Set(coarse.filter { !zoom.contains($0) } + fine).sorted()
    func sweep(_ rotors: Int, _ phase: [String: ParameterValue], _ x: [Double]) -> FigureSweep {
      ground(x, phase.merging(["M": .integer(rotors), "Ns": .integer(3)]) { $1 })
    }
    let uniform = uniformSizes.map { sweep($0, ["phi_uniform": .real(.pi / 8)], grid) }
    let staggered = evenSizes.map { sweep($0, ["phi": .real(.pi / 8)], grid) }
    let curves =
      zip(uniformSizes, uniform).map { Curve("M = \($0)", $1("B"), colour: $0 - 4) }
      + zip(evenSizes, staggered).map { Curve("M = \($0), staggered", $1("B"), colour: $0 - 4, dash: 2) }
    let markers = [Panel.Marker(x: criticalField, label: "f_c = 0.46267")]
    let even = zip(uniformSizes, uniform).filter { $0.0 % 2 == 0 }.map(\.1)
    let achiral = evenSizes.map { sweep($0, ["phi_uniform": .real(0)], fine) }
    return FigureContent(
      panels: [
        Panel(
          "a", title: "φ = π/8", x: fAxis, y: axis("Binder cumulant B"), curves: curves, markers: markers),
        Panel(
          "b", title: "near the crossings", x: fAxis(0.42...0.49), y: axis("Binder cumulant B"),
          curves: curves,
          markers: markers),
      ],
      statements: [
        crossings(
          "For homogeneous chiral phase, the crossing approaches the reported value f_c [= 0.46267]",
          "Fig. 7, caption", even, evenSizes, near: criticalField),
        Statement(
          "The intersections in B for staggered chiral phases suggests that location of f_c is shifted to a slightly larger value",
          source: "Fig. 7, caption", of: (even + staggered).map { $0("B") }
        ) { curves in
          let homogeneous = Array(curves.prefix(evenSizes.count))
          return shifted(homogeneous, Array(curves.suffix(evenSizes.count)), evenSizes)
        },
        crossings(
          "the nonchiral model φ_k = 0 has a critical field f_c = 1/2", "App. A", achiral, evenSizes,
          near: 0.5),
      ],
      notes: [
        "Ns = 3; solid: the same phase π/8 on all bonds, dashed: staggered phase (-1)^k π/8 (even M only). Ground state of the sector that is symmetric under the shift of all clocks.",
        "The ordered limit of B for Ns = 3 is 3/4.",
      ])
  }

  private static func crossings(
    _ text: String, _ source: String, _ sweeps: [FigureSweep], _ sizes: [Int], near target: Double
  ) -> Statement {
    Statement(text, source: source, of: sweeps.map { $0("B") }) { curves in
      approach(curves, sizes, target: target)
    }
  }

  /// Crossings of the curves of neighbouring sizes, with the mean size of each pair.
  static func crossings(_ curves: [SampledCurve], _ sizes: [Int]) -> [(size: Double, f: Double)] {
    zip(sizes.indices, sizes.indices.dropFirst()).compactMap { a, b in
      // All curves meet in the limits, too; the crossing of the transition is near the middle.
      curves[a].crossings(with: curves[b], in: 0.4...0.52).first.map { (Double(sizes[a] + sizes[b]) / 2, $0) }
    }
  }

  /// Limits of the crossings for infinite size: Aitken's extrapolation of the last three, and a correction 1/M^2 of the
  /// last two.
  static func limits(_ crossings: [(size: Double, f: Double)]) -> [Double] {
    guard crossings.count >= 3 else { return [] }
    let (a, b, c) = (
      crossings[crossings.count - 3], crossings[crossings.count - 2], crossings[crossings.count - 1]
    )
    let aitken = c.f - (c.f - b.f) * (c.f - b.f) / ((c.f - b.f) - (b.f - a.f))
    let quadratic = (c.size * c.size * c.f - b.size * b.size * b.f) / (c.size * c.size - b.size * b.size)
    return [aitken, quadratic]
  }

  private static func measured(
    _ values: [(size: Double, f: Double)], _ name: String = "crossing", _ label: String = ""
  ) -> [Measurement] {
    values.map { Measurement("\(name) of M = \(Int($0.size) - 1) and \(Int($0.size) + 1)\(label)", $0.f) }
  }

  private static let limitNames = ["lower extrapolation", "upper extrapolation"]

  /// The crossings come nearer with every size, and the two extrapolations enclose the target.
  static func approach(_ curves: [SampledCurve], _ sizes: [Int], target: Double) -> Finding {
    let found = crossings(curves, sizes)
    let limits = limits(found).sorted()
    guard found.count == sizes.count - 1, limits.count == 2 else {
      return Finding(
        .notChecked, measured(found),
        "an extrapolation needs three crossings, found \(found.count) for \(sizes.count) sizes")
    }
    let distances = found.map { abs($0.f - target) }
    let approaches = zip(distances, distances.dropFirst()).allSatisfy { $1 < $0 }
    let encloses = limits[0] <= target && target <= limits[1]
    return Finding(
      approaches && encloses ? .reproduced : .notReproduced,
      measured(found) + zip(limitNames, limits).map { Measurement($0, $1) },
      "extrapolations by Aitken and by 1/M^2 \(encloses ? "enclose" : "do not enclose") \(Readable.number(target, digits: 5))"
    )
  }

  /// Every staggered crossing lies above the homogeneous one of the same sizes. "Slightly": by less than a tenth of f_c.
  static func shifted(_ homogeneous: [SampledCurve], _ staggered: [SampledCurve], _ sizes: [Int]) -> Finding {
    let (a, b) = (crossings(homogeneous, sizes), crossings(staggered, sizes))
    guard a.count == sizes.count - 1, b.count == a.count, !a.isEmpty else {
      return .notChecked("a pair of sizes has no crossing")
    }
    let shifts = zip(a, b).map { (size: $0.size, f: $1.f - $0.f) }
    let limits = limits(b).sorted()
    return Finding(
      shifts.allSatisfy { $0.f > 0 && $0.f < 0.046 } ? .reproduced : .notReproduced,
      measured(b, "crossing", ", staggered") + measured(shifts, "shift")
        + zip(limitNames, limits).map { Measurement("\($0), staggered", $1) })
  }
}
