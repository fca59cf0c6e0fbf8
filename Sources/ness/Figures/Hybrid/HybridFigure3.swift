import Foundation
import NESSKit

extension HybridFigures {
  /// Ergotropy of the whole and of its parts.
  static let ergotropies = Figure(
    id: "hybrid-3", paper: paper, number: "Fig. 3", title: "ergotropy in the steady state",
    cost: "local equation, a few seconds"
  ) { scale in
    let sweep = overRatio(ratios(scale.points(90, quick: 30)))
    let parts = [("whole", "total"), ("rotor", "rotor"), ("two qubits", "qubits")]
    return FigureContent(
      panels: [
        Panel(
          "a", title: "whole and parts", x: ratioAxis, y: Panel.Axis(label: "ergotropy", unit: "energy"),
          curves: parts.map { Curve($0.0, sweep("ergotropy_\($0.1)")) }),
        Panel(
          "b", title: "two qubits", x: ratioAxis, y: Panel.Axis(label: "ergotropy", unit: "energy"),
          curves: [Curve("two qubits", sweep("ergotropy_qubits"), colour: 2)],
          markers: [Panel.Marker(x: 0.4, label: "B_1/B_2 = 0.4")]),
      ],
      statements: ergotropyStatements(sweep),
      notes: [
        "Parameters as in Fig. 2, with I = 1. Each ergotropy is that of the reduced state with its own Hamiltonian; that of the whole counts the interaction.",
        "The passive state of the rotor may use all levels of the window \(name(converged)): a lopsided window underestimates the ergotropy of the rotor.",
      ])
  }

  private static func ergotropyStatements(_ sweep: FigureSweep) -> [Statement] {
    let maxima = ["total", "rotor"].map { landmark(.maximum, ["ergotropy_\($0)": 1], in: 0.02...0.2) }
    let minimum = landmark(.minimum, ["ergotropy_rotor": 1], in: 0.4...0.88)
    // p01 - p10 is the difference of the excited populations.
    let crossing = landmark(.zero, ["n2": 1, "n1": -1], in: 0.3...0.5)
    return [
      Statement(
        "The steady-state ergotropies of the two qubits separately are both zero for all β_2/β_1",
        source: "Sec. IV A", of: [sweep("ergotropy_q1"), sweep("ergotropy_q2")]
      ) { curves in Checks.vanish(curves, "ergotropy of one qubit") },
      Statement(
        "each qubit is locally in thermal equilibrium with the bath it is coupled to", source: "Sec. IV A",
        of: [sweep("n1"), sweep("n2")]
      ) { curves in localEquilibrium(curves) },
      Statement(
        "for the total system, the rotor and the combined system containing the two qubits, the maximum ergotropy occurs when β_2/β_1 is small",
        source: "Sec. IV A",
        of: maxima.map { .landmarks([$0]) } + [.landmarks([minimum])]
          + ["total", "rotor", "qubits"].map { sweep("ergotropy_\($0)") }
      ) { curves in largeErgotropies(curves) },
      Statement(
        "the ergotropy of the two qubits approaches zero for β_2/β_1 ≃ B_1/B_2 = 0.4. At this point, the populations of the second and third most populated energy levels of the two-qubit system switch",
        source: "Sec. IV A", of: [.landmarks([crossing])]
      ) { curves in
        guard let place = only(curves[0])?.x else { return .notChecked("the populations do not switch") }
        return Finding(
          abs(place - 0.4) <= Checks.bound ? .reproduced : .notReproduced,
          [Measurement("β_2/β_1 where p_01 = p_10", place)])
      },
      Statement(
        "and the system stays in an almost passive state as β_2/β_1 increases further", source: "Sec. IV A",
        of: [sweep("ergotropy_qubits")]
      ) { curves in
        Checks.vanish(
          [curves[0].within(0.4...largestRatio)], "ergotropy of the two qubits for β_2/β_1 >= 0.4")
      },
    ]
  }

  /// Curves: excited populations of the two qubits, against the Gibbs states of their baths.
  static func localEquilibrium(_ curves: [SampledCurve]) -> Finding {
    func deviation(_ curve: SampledCurve, _ exponent: (Double) -> Double) -> Double {
      curve.points.map { abs($0.y * (exp(exponent($0.x)) + 1) - 1) }.max() ?? .nan
    }
    // Gaps 2 B_1 = 8 and 2 B_2 = 20.
    let found = [deviation(curves[0]) { _ in 8 * beta1 }, deviation(curves[1]) { 20 * beta1 * $0 }]
    return Finding(
      found.allSatisfy { $0 < 0.01 } ? .reproduced : .notReproduced,
      zip(["n_1", "n_2"], found).map {
        Measurement("largest relative deviation of \($0) from that of its bath", $1)
      }, "up to the current through the qubits")
  }

  /// Curves: maxima of whole and rotor, minimum of the rotor; then whole, rotor and two qubits along the ratio.
  static func largeErgotropies(_ curves: [SampledCurve]) -> Finding {
    let maxima = curves.prefix(2).compactMap(only)
    let tops = curves.suffix(3).compactMap(\.maximum)
    guard maxima.count == 2, tops.count == 3, let rise = only(curves[2]) else {
      return .notChecked("an ergotropy has no maximum")
    }
    // "Small": in the lowest quarter of the range.
    let small = largestRatio / 4
    return Finding(
      tops.allSatisfy { $0.x <= small } && maxima.allSatisfy { $0.x <= small } ? .reproduced : .notReproduced,
      [
        Measurement("largest ergotropy of the whole", maxima[0].y),
        Measurement("at β_2/β_1", maxima[0].x), Measurement("largest ergotropy of the rotor", maxima[1].y),
        Measurement("at β_2/β_1", maxima[1].x),
        Measurement("β_2/β_1 of the largest ergotropy of the two qubits", tops[2].x),
      ],
      "the ergotropy of the rotor rises again beyond β_2/β_1 = \(Readable.number(rise.x, digits: 3)), where the rotor turns backwards"
    )
  }
}
