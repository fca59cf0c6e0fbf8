import Foundation
import NESSKit

extension RotorFigures {
  /// Ground-state currents of the rotated model.
  static let rotatedCurrent = Figure(
    id: "rotors-9", paper: paper, number: "Fig. 9",
    title: "tunnelling current in the ground state of the rotated model",
    cost: "ground states, M = 4 to 12, about two minutes; --quick: to 8, seconds"
  ) { scale in
    let sizes = scale.choose([4, 6, 8, 10, 12], quick: [4, 6, 8])
    let zoom = 0.38...0.54
    // The transition sharpens with M: near it the grid is finer.
    let fine = SweepAxis.linear(from: zoom.lowerBound, to: zoom.upperBound, points: 17)
    let coarse = SweepAxis.linear(from: 0.02, to: 0.98, points: scale.points(25, quick: 25))
    let grid = Set(coarse.filter { !zoom.contains($0) } + fine).sorted()
    // A point of the largest ring takes seconds: it is computed where it tells something.
    let sweeps = sizes.map { rotors in
      ground(rotors < 12 ? grid : fine, ring(rotors).merging(["H": .text("rotated")]) { $1 })
    }
    let curves = zip(sizes, sweeps).map { Curve("M = \($0)", $1("J_tun_odd")) }
    let labels = sizes.map { "M = \($0)" }
    let everywhere = sizes.count { $0 < 12 }
    let label = axis("⟨J^{tun}⟩, odd rotors", "1/time")
    return FigureContent(
      panels: [
        Panel("a", title: "φ = π/2", x: fAxis(0...1), y: label, curves: Array(curves.prefix(everywhere))),
        Panel("b", title: "near the transition", x: fAxis(zoom), y: label, curves: curves),
      ],
      statements: [
        Statement(
          "the ⟨J^tun⟩_k show a critical-like behavior in the ground state, being nonzero for f ≲ f_c",
          source: "Sec. III A", of: sweeps.prefix(everywhere).map { $0("J_tun_odd") }
        ) { curves in nonzeroBelow(curves, labels) },
        Statement(
          "The tunneling current for even rotors is reversed in sign", source: "Fig. 9, caption",
          of: sweeps.map { sweep in
            .derived(
              name: "J_tun_even + J_tun_odd", unit: "1/time", from: [sweep("J_tun_even"), sweep("J_tun_odd")]
            ) { $0[0] + $0[1] }
          }
        ) { curves in Checks.vanish(curves, "J_tun_even + J_tun_odd") },
        Statement(
          "the sharper behavior of ⟨J^tun⟩ as M increases", source: "Fig. 9, caption",
          of: sweeps.map { $0("J_tun_odd") }
        ) { curves in sharper(curves, labels) },
        Statement(
          "which indicate a sharp transition around the QPT", source: "App. B",
          of: sweeps.map { $0("J_tun_odd") }
        ) { curves in finiteSize(curves.map { $0.steepest?.x }, labels, "steepest f") },
      ],
      notes: [
        "Hamiltonian (B1), Ns = 3, φ = π/2; ground state of the sector Σ j_k = 0 mod 3. Currents are positive from position 0 to 1."
      ] + (everywhere < sizes.count ? ["M = 12 is computed near the transition only."] : []))
  }

  /// The current is large well below the transition and small well above it, in the largest ring.
  static func nonzeroBelow(_ curves: [SampledCurve], _ labels: [String]) -> Finding {
    var measured: [Measurement] = []
    var ratios: [Double] = []
    for (label, curve) in zip(labels, curves) {
      let below = curve.within(0...0.36).points.map { abs($0.y) }
      let above = curve.within(0.6...1).points.map { abs($0.y) }
      guard let least = below.min(), let most = above.max() else { return .notChecked("no values") }
      measured += [
        Measurement("min |J| for f <= 0.36 (\(label))", least),
        Measurement("max |J| for f >= 0.6 (\(label))", most),
      ]
      ratios.append(most / least)
    }
    // In finite rings the current fades instead of vanishing: it must do so faster in every larger ring.
    let fades = zip(ratios, ratios.dropFirst()).allSatisfy { $1 < $0 }
    return Finding(
      fades && ratios.allSatisfy { $0 < 0.5 } ? .reproduced : .notReproduced, measured,
      "above the transition it fades with M")
  }

  /// The steepest slope grows with every size.
  static func sharper(_ curves: [SampledCurve], _ labels: [String]) -> Finding {
    let slopes = curves.compactMap(\.steepest?.y)
    guard slopes.count == curves.count else { return .notChecked("a curve has no values") }
    let grows = zip(slopes, slopes.dropFirst()).allSatisfy { abs($1) > abs($0) }
    return Finding(
      grows ? .reproduced : .notReproduced,
      zip(labels, slopes).map { Measurement("steepest slope (\($0))", $1) })
  }
}
