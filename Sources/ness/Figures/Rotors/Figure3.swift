import NESSKit

extension RotorFigures {
  /// Currents summed over the ring.
  static let totalCurrents = Figure(
    id: "rotors-3", paper: paper, number: "Fig. 3", title: "total currents for two sizes of the ring",
    cost: "M = 4, 6, ten seconds"
  ) { scale in
    let sizes = [4, 6]
    let points = scale.points(51, quick: 21)
    let overF = sizes.map { Self.overF($0, points: points) }
    let overPhase = sizes.map { Self.overPhase($0, points: points) }
    func panel(
      _ name: String, _ title: String, _ current: String, _ label: String, _ sweeps: [FigureSweep],
      _ axis: Panel.Axis
    ) -> Panel {
      Panel(
        name, title: title, x: axis, y: RotorFigures.axis(label, "1/time"),
        curves: zip(sizes, sweeps).map { Curve("M = \($0)", $1(current)) })
    }
    return FigureContent(
      panels: [
        panel("a", "tunnelling, φ = π/2", "J_tun_T", "⟨J^{tun}⟩_T", overF, fAxis),
        panel("b", "thermal, φ = π/2", "J_th_T", "⟨J^{th}⟩_T", overF, fAxis),
        panel("c", "tunnelling, f = 1/2", "J_tun_T", "⟨J^{tun}⟩_T", overPhase, phaseAxis),
        panel("d", "thermal, f = 1/2", "J_th_T", "⟨J^{th}⟩_T", overPhase, phaseAxis),
      ],
      statements: totalStatements(sizes, overF, points),
      notes: ["Ns = 3, beta_e = 1, beta_o = 1.1, g = 0.2. Sums over all M rotors."])
  }

  private static func totalStatements(_ sizes: [Int], _ overF: [FigureSweep], _ points: Int) -> [Statement] {
    let labels = sizes.map { "M = \($0)" }
    let tunnelling = overF.map { $0("J_tun_T") }
    let thermal = overF.map { $0("J_th_T") }
    let equal = Self.overF(sizes[0], betaO: 1, points: min(points, 11))
    return [
      Statement(
        "⟨J^tun⟩_T = 0 when ΔT = 0 … while ⟨J^th⟩_T = 0 for ΔT = 0", source: "Sec. III A",
        of: ["J_tun_T", "J_th_T", "J_tun_even", "J_th_even"].map { equal($0) }
      ) { curves in
        var finding = Checks.vanish(Array(curves.prefix(2)), "J_T")
        finding.measured += zip(["J_tun_even", "J_th_even"], curves.suffix(2)).map {
          Measurement("max |\($0)|", $1.largest ?? .nan)
        }
        // Zero sums of zero currents would say nothing.
        if curves.suffix(2).contains(where: { ($0.largest ?? 0) <= Checks.zero }) {
          finding = .notChecked("the currents of single rotors vanish, too")
        }
        return finding
      },
      Statement(
        "for fixed M the total thermal current is larger than the tunneling one", source: "Sec. III A",
        of: tunnelling + thermal
      ) { curves in
        let count = curves.count / 2
        return Checks.tendency(
          (0..<count).map { number in
            Checks.compare(labels[number], [curves[number], curves[number + count]], in: interior) {
              abs($0[1]) > abs($0[0])
            }
          }, "f",
          measured: (0..<count).flatMap { number in
            [
              Measurement("max |J_th_T| (\(labels[number]))", curves[number + count].peak?.y ?? .nan),
              Measurement("max |J_tun_T| (\(labels[number]))", curves[number].peak?.y ?? .nan),
            ]
          })
      },
      Statement(
        "for the two sizes here considered, ⟨J^th⟩_T is almost constant for increasing number of rotors",
        source: "Sec. III A", of: thermal
      ) { curves in almostConstant(curves, labels) },
      Statement(
        "while ⟨J^tun⟩_T decreases its value", source: "Sec. III A", of: tunnelling
      ) { curves in
        let peaks = zip(labels, curves).map { Measurement("max |J_tun_T| (\($0))", $1.peak?.y ?? .nan) }
        var finding = Checks.tendency(
          [
            Checks.compare("\(labels[1]) against \(labels[0])", curves, in: interior) {
              abs($0[1]) < abs($0[0])
            }
          ], "f", measured: peaks)
        // The largest current is what the plot shows of it.
        if peaks[1].value >= peaks[0].value { finding.verdict = .notReproduced }
        return finding
      },
    ]
  }

  /// "Almost constant": the maxima differ by less than a tenth, the width of a line that one would still call the same.
  static func almostConstant(_ curves: [SampledCurve], _ labels: [String]) -> Finding {
    let peaks = curves.compactMap(\.peak?.y)
    guard peaks.count == 2 else { return .notChecked("a curve has no values") }
    let change = peaks[1] / peaks[0] - 1
    let largest = (curves[1].minus(curves[0]).largest ?? .nan) / peaks[0]
    return Finding(
      abs(change) < 0.1 ? .reproduced : .notReproduced,
      zip(labels, peaks).map { Measurement("max |J_th_T| (\($0))", $1) } + [
        Measurement("relative change of the maximum", change),
        Measurement("largest change at one f, relative to the maximum", largest),
      ], "judged by the maxima")
  }
}
