import NESSKit

extension HybridFigures {
  /// A window in which the rectification of the momentum is not converged.
  private static let middle = -10...20

  /// Rectification of the angular momentum.
  static let momentumRectification = Figure(
    id: "hybrid-5", paper: paper, number: "Fig. 5", title: "rectification and size of the angular momentum",
    cost: "global equation, ten seconds"
  ) { scale in
    let asymmetries = asymmetries(scale.points(100, quick: 40))
    let sweeps = overAsymmetry(asymmetries)
    let cut = overAsymmetry(SweepAxis.linear(from: 0.7, to: 0.97, points: 19), middle)
    let optima = optima("R_angular_magnitudes", "J_angular")
    func curves(_ rectification: String) -> [Curve] {
      zip(hotLabels, sweeps).map { Curve($0, $1("J_angular"), against: $1(rectification)) }
    }
    let size = Panel.Axis(label: "J_{angular}")
    let chi = Panel.Axis(label: "χ", range: 0...1)
    return FigureContent(
      panels: [
        Panel(
          "a", title: "rectification by magnitudes, 0 ≤ χ < 1",
          x: Panel.Axis(label: "R_{angular}", range: 0...0.85), y: size,
          curves: curves("R_angular_magnitudes") + marks(optima, "R_angular_magnitudes", "J_angular")),
        Panel(
          "b", title: "rectification as printed", x: Panel.Axis(label: "R_{angular}, Eq. (42)", range: 1...5),
          y: size, curves: curves("R_angular_as_printed")),
        Panel(
          "c", title: "both directions", x: chi, y: Panel.Axis(label: "⟨L_z⟩"),
          curves: zip(hotLabels, sweeps).enumerated().flatMap { number, entry in
            [
              Curve("\(entry.0)", entry.1("Lz_forward"), colour: number),
              Curve("swapped", entry.1("Lz_swapped"), colour: number, dash: 2),
            ]
          }),
        Panel(
          "d", title: "rectification by magnitudes", x: chi,
          y: Panel.Axis(label: "R_{angular}", range: 0...1),
          curves: zip(hotLabels, sweeps).map { Curve($0, $1("R_angular_magnitudes")) }),
      ],
      statements: momentumStatements(sweeps, cut, optima),
      notes: [
        "Parameters as in Fig. 4, with the same choices of β_2 and Ω.",
        "The rotor turns the other way when the temperatures are exchanged (panel c). Eq. (42) as printed, |L - L_swap|/|L + L_swap|, is then larger than 1 and diverges where the two values cancel, near χ = 0.99. With magnitudes, ||L| - |L_swap||/(|L| + |L_swap|), it lies between 0 and 1 like R; it is the inverse of the printed one. Both are given, and the marks use magnitudes.",
        "Beyond χ = 0.99 the rotor turns faster with exchanged temperatures, and the curves come back from R = 0. The marks are the best for 0.5 ≤ χ ≤ 0.97.",
      ])
  }

  private static func momentumStatements(
    _ sweeps: [FigureSweep], _ cut: [FigureSweep], _ optima: [[FigureLandmark]]
  ) -> [Statement] {
    [
      Statement(
        "a large angular momentum can be achieved when bath 2 is at high temperatures", source: "Sec. IV B",
        of: optima[0].map { .landmarks([$0]) }
      ) { curves in larger(curves, "max J_angular", by: { $0 > 1.1 }, overall: { $0 > 2 }) },
      Statement(
        "decreasing the temperature of the hot bath can lead to a slightly larger rectification parameter R",
        source: "Sec. IV B",
        of: optima[2].map { .landmarks([$0]) } + sweeps.map { $0("R_angular_as_printed") }
          + cut.map { $0("R_angular_magnitudes") }
      ) { curves in colderBath(curves) },
      Statement(
        "a significant change in the rotor's motional response … the device's employability as a switch",
        source: "Sec. I", of: sweeps.flatMap { [$0("Lz_forward"), $0("Lz_swapped")] }
      ) { curves in
        Checks.tendency(
          hotLabels.indices.map { number in
            Checks.compare(hotLabels[number], [curves[2 * number], curves[2 * number + 1]]) {
              $0[0] * $0[1] < 0
            }
          }, "χ",
          measured: hotLabels.indices.map {
            Measurement("largest ⟨L_z⟩ swapped, \(hotLabels[$0])", -(curves[2 * $0 + 1].largest ?? .nan))
          })
      },
    ]
  }

  /// Curves: largest R by magnitudes, R as printed, R by magnitudes in a window that is too small, each for three temperatures.
  static func colderBath(_ curves: [SampledCurve]) -> Finding {
    let magnitudes = curves.prefix(3).compactMap { only($0)?.y }
    // As printed R diverges near chi = 1; what it has is a plateau below, a minimum.
    let printed = curves[3..<6].compactMap { $0.within(0.5...0.97).map { -$0 }.maximum.map { -$0.y } }
    let cut = curves.suffix(3).compactMap { $0.maximum?.y }
    guard magnitudes.count == 3, printed.count == 3, cut.count == 3 else { return .notChecked("no values") }
    func rises(_ values: [Double]) -> Bool { zip(values, values.dropFirst()).contains { $1 > $0 } }
    let verdicts = [rises(printed), rises(magnitudes)]
    func measured(_ name: String, _ values: [Double]) -> [Measurement] {
      zip(hotLabels, values).map { Measurement("\(name), \($0)", $1) }
    }
    return Finding(
      verdicts == [true, true] ? .reproduced : verdicts.contains(true) ? .withExceptions : .notReproduced,
      measured("plateau of R_angular as printed", printed)
        + measured("max R_angular by magnitudes", magnitudes)
        + measured("the same, levels \(name(middle))", cut),
      "as printed \(verdicts[0] ? "yes" : "no"), with magnitudes \(verdicts[1] ? "yes" : "no")"
        + (rises(cut) && !verdicts[1] ? ", but yes in a window that is too small" : ""))
  }
}
