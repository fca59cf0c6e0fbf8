import Foundation
import NESSKit

extension RotorFigures {
  /// Information measures of the ground state.
  static let groundInformation = Figure(
    id: "rotors-8", paper: paper, number: "Fig. 8", title: "information measures of the ground state",
    cost: "ground states with global discord, M = 4, 6, about a minute; --quick: M = 4"
  ) { scale in
    let sizes = scale.choose([4, 6], quick: [4])
    // At f = 0 the ground state is degenerate.
    let points = scale.points(50, quick: 25)
    let sweeps = sizes.map {
      ground(SweepAxis.linear(from: 1 / Double(points), to: 1, points: points), ring($0))
    }
    func panel(
      _ name: String, _ title: String, _ measure: String, _ label: String, _ unit: String = ""
    ) -> Panel {
      Panel(
        name, title: title, x: fAxis(0...1), y: axis(label, unit),
        curves: zip(sizes, sweeps).map { Curve("M = \($0)", $1(measure)) })
    }
    return FigureContent(
      panels: [
        panel("a", "entropy of the first half", "S_A", "S_A", "nat"),
        panel("b", "negativity", "N_A", "N_A"),
        panel("c", "mutual information of the halves", "I", "I(A:B)", "nat"),
        panel("d", "coherence", "C_over_dim", "C / 3^M"),
        panel("e", "global discord", "G", "G", "nat"),
      ],
      statements: groundStatements(sizes, sweeps),
      notes: ["Ns = 3, φ = π/2; A is the first half of the ring."])
  }

  private static func groundStatements(_ sizes: [Int], _ sweeps: [FigureSweep]) -> [Statement] {
    let labels = sizes.map { "M = \($0)" }
    func landmark(
      _ measure: String, _ name: String, _ find: @escaping @Sendable (SampledCurve) -> SampledCurve.Place?
    ) -> Statement {
      Statement(
        "All the quantities indicate a QPT taking place at f ≈ 0.46 [\(measure)]", source: "App. A",
        of: sweeps.map { $0(measure) }
      ) { curves in finiteSize(curves.map { find($0)?.x }, labels, name) }
    }
    return [
      landmark("S_A", "steepest f of S_A") { $0.steepest },
      landmark("N_A", "f of max N_A") { $0.peak },
      landmark("I", "steepest f of I") { $0.steepest },
      landmark("C_over_dim", "steepest f of C") { $0.steepest },
      landmark("G", "f of max G") { $0.peak },
      Statement(
        "in the ground-state … C ∝ Ns^M for f > f_c", source: "Sec. IV", of: sweeps.map { $0("C_over_dim") }
      ) { curves in
        let parts = curves.map { $0.within(0.8...1) }
        let values = parts.flatMap { $0.points.map(\.y) }
        guard let low = values.min(), let high = values.max() else {
          return .notChecked("no values above f = 0.8")
        }
        // Proportional: the factor C/3^M varies by less than a tenth over f and M.
        return Finding(
          high - low < 0.1 * high && low > 0.1 ? .reproduced : .notReproduced,
          [Measurement("min C/3^M for f >= 0.8", low), Measurement("max C/3^M", high)])
      },
      Statement(
        "We find nevertheless that also ⟨J^tun⟩_k vanishes in the ground state of (1) for any f",
        source: "Sec. III A", of: sweeps.flatMap { sweep in sublattices.map { sweep("J_tun_\($0)") } }
      ) { curves in Checks.vanish(curves, "J_tun") },
      Statement(
        "In the ground state of the system (1), the thermally driven current ⟨J^th⟩_k vanishes for any f",
        source: "Sec. III A",
        of: ["J_th_even", "J_th_odd", "J_th_T"].map { sweeps[0]($0) }
      ) { curves in
        var finding = Checks.vanish(Array(curves.prefix(2)), "J_th_k")
        let total = curves[2].largest ?? .nan
        finding.measured.append(Measurement("max |J_th_T|", total))
        finding.remark = "M = \(sizes[0]), baths at zero temperature"
        if finding.verdict == .notReproduced && total <= Checks.zero {
          finding.remark += ": vanishes only in the sum over the ring"
        }
        return finding
      },
    ]
  }

  /// Landmarks of growing rings near the transition: within a tenth of the range, and not moving away from it.
  static func finiteSize(_ places: [Double?], _ labels: [String], _ name: String) -> Finding {
    let found = places.compactMap { $0 }
    guard found.count == places.count else { return .notChecked("a curve has no values") }
    let distances = found.map { abs($0 - transition) }
    let isNear = distances.allSatisfy { $0 <= Checks.coarseReading }
    // Both ends of an interval of a grid of 51 points are equally near.
    let stays = zip(distances, distances.dropFirst()).allSatisfy { $1 <= $0 + Checks.reading }
    let measured = zip(labels, found).map { Measurement("\(name) (\($0))", $1) }
    return Finding(
      isNear && stays ? .reproduced : .notReproduced, measured,
      "in rings of this size: within 0.1 of 0.46\(found.count > 1 ? ", and not farther in the larger ring" : "")"
    )
  }
}
