import NESSKit

extension HybridFigures {
  /// Regimes of operation.
  static let operations = Figure(
    id: "hybrid-2", paper: paper, number: "Fig. 2",
    title: "heat flows, work, efficiency and coefficient of performance",
    cost: "local equation, a few seconds"
  ) { scale in
    let sweep = overRatio(ratios(scale.points(90, quick: 30)))
    func within(_ regime: Double, _ observable: String) -> Quantity {
      .derived(name: observable, unit: "1", from: [sweep(observable), sweep("regime")]) {
        $0[1] == regime ? $0[0] : .nan
      }
    }
    let flows = [("Q_1", "Q1"), ("Q_2", "Q2"), ("W^{(Q)}", "WQ"), ("Q_r", "Qr")]
    return FigureContent(
      panels: [
        Panel(
          "a", title: "flows into the system; dotted: bounds in the text", x: ratioAxis,
          y: Panel.Axis(label: "energy flow", unit: "energy/time"),
          curves: flows.map { Curve($0.0, sweep($0.1)) },
          markers: [
            Panel.Marker(x: 0.43, label: "0.43"), Panel.Marker(x: 0.54, label: "0.54"),
          ]),
        Panel(
          "b", title: "engine", x: Panel.Axis(label: "β_2/β_1", range: 0...0.45),
          y: Panel.Axis(label: "efficiency", range: 0...1),
          curves: [Curve("η", within(1, "eta")), Curve("η_C (Carnot)", within(1, "eta_C"), dash: 2)]),
        Panel(
          "c", title: "refrigerator", x: Panel.Axis(label: "β_2/β_1", range: 0.5...largestRatio),
          y: Panel.Axis(label: "coefficient of performance", range: 0...5),
          curves: [
            Curve("COP", within(2, "COP")),
            Curve("Carnot β_2/(β_1 - β_2)", within(2, "COP_C"), dash: 2),
            Curve("printed β_1/(β_1 - β_2)", within(2, "COP_C_printed"), dash: 3),
          ]),
      ],
      statements: regimeStatements(sweep) + efficiencyStatements(sweep) + lawStatements(sweep),
      notes: [
        "B_1 = 4, B_2 = 10, λ = 0.1, g = 1, χ = 0, β_1 = 0.1, β_r = 0.09, γ = 5e-5; local equation, rotor levels \(name(converged)). Heat and work are positive into the system.",
        "The caption does not give I. I = 1, as in Fig. 6, reproduces 0.43, 0.31, 0.37 and 0.40.",
        "The Carnot bound of a refrigerator is β_2/(β_1 - β_2). The text prints β_1/(β_1 - β_2), which is that of a heat pump and larger by 1; both are drawn.",
        "Zeros and extrema are refined by Brent's methods between the points of the curves.",
      ])
  }

  private static func regimeStatements(_ sweep: FigureSweep) -> [Statement] {
    let turns = ["WQ", "Q1", "Q2"].map { landmark(.zero, [$0: 1], in: 0.35...0.65) }
    let ends = turns.map { Quantity.landmarks([$0]) }
    return [
      Statement(
        "choosing 0 < β_2/β_1 < 0.43 gives rise to an engine operation", source: "Sec. IV A",
        of: [ends[0], sweep("regime")]
      ) { curves in engine(curves) },
      Statement(
        "within the small range 0.43 < β_2/β_1 < 0.54, the system acts as an accelerator",
        source: "Sec. IV A", of: ends
      ) { curves in accelerator(curves) },
      Statement(
        "for 0.54 < β_2/β_1 < 0.9, the machine functions as a refrigerator", source: "Sec. IV A",
        of: [sweep("regime"), ends[1]]
      ) { curves in
        var finding = Checks.tendency(
          [Checks.compare("regime", [curves[0]], in: 0.54...largestRatio) { $0[0] == 2 }], "β_2/β_1",
          measured: [Measurement("β_2/β_1 where Q_1 changes sign", only(curves[1])?.x ?? .nan)])
        if finding.remark.isEmpty { finding.remark = "it does so from the change of sign on" }
        return finding
      },
    ]
  }

  /// Curves: zero of the work, regime.
  static func engine(_ curves: [SampledCurve]) -> Finding {
    guard let end = only(curves[0])?.x else { return .notChecked("W^(Q) does not change sign") }
    var finding = Checks.tendency(
      [Checks.compare("regime", [curves[1]], in: 0...(end - Checks.zero)) { $0[0] == 1 }], "β_2/β_1",
      measured: [Measurement("β_2/β_1 where W^(Q) changes sign", end)])
    // Printed with two digits.
    if abs(end - 0.43) > Checks.bound { finding.verdict = .notReproduced }
    return finding
  }

  /// Curves: zeros of the work and of the two heat flows.
  static func accelerator(_ curves: [SampledCurve]) -> Finding {
    let found = curves.compactMap { only($0)?.x }
    guard found.count == 3 else { return .notChecked("a flow does not change sign") }
    let measured = zip(["W^(Q)", "Q_1", "Q_2"], found).map {
      Measurement("β_2/β_1 where \($0) changes sign", $1)
    }
    let holds = abs(found[0] - 0.43) <= Checks.bound && abs(found[1] - 0.54) <= Checks.bound
    func number(_ value: Double) -> String { Readable.number(value, digits: 3) }
    return Finding(
      holds ? .reproduced : .notReproduced, measured,
      "an accelerator for \(number(found[0])) < β_2/β_1 < \(number(found[1]))"
        + (holds ? "" : "; from there to 0.54 it already cools bath 1"))
  }

  private static func efficiencyStatements(_ sweep: FigureSweep) -> [Statement] {
    let highest = landmark(.maximum, ["eta": 1], in: 0.15...0.43)
    let lowest = landmark(.minimum, ["eta": 1], in: 0.02...0.3)
    let closest = landmark(.minimum, ["eta_C": 1, "eta": -1], in: 0.15...0.43)
    let performance = landmark(.minimum, ["COP_C_printed": 1, "COP": -1], in: 0.51...0.89)
    let refrigerator = 0.505...largestRatio
    return [
      Statement(
        "while it is much lower than the Carnot efficiency, η_C = 1 - β_2/β_1", source: "Sec. IV A",
        of: [sweep("eta"), sweep("eta_C")]
      ) { curves in
        // "Much": by more than a factor of two.
        let engine = curves.map { $0.within(0...0.434) }
        let ratios = zip(engine[0].points, engine[1].points).map { $0.y / $1.y }
        return Checks.tendency(
          [Checks.compare("η < η_C/2", engine) { $0[0] < $0[1] / 2 }], "β_2/β_1",
          measured: [Measurement("max η/η_C", ratios.max() ?? .nan)])
      },
      Statement(
        "it reaches a maximum around β_2/β_1 ≃ 0.31", source: "Sec. IV A",
        of: [.landmarks([highest]), .landmarks([lowest]), sweep("eta")]
      ) { curves in efficiencyMaximum(curves) },
      Statement(
        "and gets close to η_C at β_2/β_1 ≃ 0.37", source: "Sec. IV A",
        of: [.landmarks([closest]), .landmarks([closest], observable: "eta_C")]
      ) { curves in closeToCarnot(curves) },
      Statement(
        "the refrigerator's COP increases slowly with increasing β_2/β_1", source: "Sec. IV A",
        of: [sweep("COP")]
      ) { curves in
        let inside = curves[0].within(refrigerator)
        return Checks.tendency(
          [Checks.monotonic("COP", inside, rising: true)], "β_2/β_1",
          measured: inside.points.last.map { [Measurement("COP at β_2/β_1 = \($0.x)", $0.y)] } ?? [])
      },
      Statement(
        "and reaches its maximum at β_2/β_1 ≃ 0.54", source: "Sec. IV A",
        of: [sweep("COP"), .landmarks([performance])]
      ) { curves in performanceMaximum(curves[0].within(refrigerator), curves[1]) },
      Statement(
        "the efficiency of the engine … is bounded by the Carnot value … COP, … such that it is also upper-bounded by the Carnot COP",
        source: "Sec. III B",
        of: [sweep("eta"), sweep("eta_C"), sweep("COP"), sweep("COP_C")]
      ) { curves in
        Checks.tendency(
          [
            Checks.compare("efficiency", Array(curves.prefix(2)), in: 0...0.434) { $0[0] < $0[1] },
            Checks.compare("COP", Array(curves.suffix(2)), in: refrigerator) { $0[0] < $0[1] },
          ], "β_2/β_1")
      },
    ]
  }

  /// Curves: local maximum, local minimum, and all of the efficiency.
  static func efficiencyMaximum(_ curves: [SampledCurve]) -> Finding {
    guard let top = only(curves[0]), let bottom = only(curves[1]) else {
      return .notChecked("the efficiency has no local extremum")
    }
    let larger = curves[2].within(0...top.x).points.filter { $0.y > top.y }
    let near = abs(top.x - 0.31) <= Checks.reading
    return Finding(
      !near ? .notReproduced : larger.isEmpty ? .reproduced : .withExceptions,
      [
        Measurement("β_2/β_1 of the local maximum", top.x), Measurement("η there", top.y),
        Measurement("β_2/β_1 of the local minimum", bottom.x), Measurement("η there", bottom.y),
      ],
      larger.last.map { "a local maximum: η is larger for β_2/β_1 up to \(Readable.number($0.x, digits: 3))" }
        ?? "")
  }

  /// Curves: least distance to the Carnot efficiency, and that efficiency there.
  static func closeToCarnot(_ curves: [SampledCurve]) -> Finding {
    guard let gap = only(curves[0]), let carnot = only(curves[1])?.y else {
      return .notChecked("the distance has no minimum")
    }
    let near = abs(gap.x - 0.37) <= Checks.reading
    // "Close": within a tenth of it.
    let isClose = gap.y < 0.1 * carnot
    return Finding(
      !near ? .notReproduced : isClose ? .reproduced : .withExceptions,
      [
        Measurement("β_2/β_1 of the closest approach", gap.x), Measurement("η_C - η there", gap.y),
        Measurement("η_C there", carnot),
      ], isClose ? "" : "nowhere closer, but not close")
  }

  /// Curves: COP of the refrigerator, and its least distance to the Carnot curve.
  static func performanceMaximum(_ performance: SampledCurve, _ closest: SampledCurve) -> Finding {
    guard let top = performance.maximum, let end = performance.points.last else {
      return .notChecked("no values")
    }
    let near = abs(top.x - 0.54) <= Checks.reading
    return Finding(
      near ? .reproduced : .notReproduced,
      [
        Measurement("β_2/β_1 of the largest COP", top.x),
        Measurement("β_2/β_1 of the closest approach to the Carnot curve", only(closest)?.x ?? .nan),
      ],
      near
        ? ""
        : top.x == end.x
          ? "COP grows to the end of the range; near 0.54 it comes closest to the Carnot curve" : "")
  }

  private static func lawStatements(_ sweep: FigureSweep) -> [Statement] {
    let flows = ["Q1", "Q2", "Qr", "WQ", "Wr"]
    let windows = [-30...40, -20...20, -10...10, narrow]
    let chosen = [0.2, 0.4, 0.6, 0.8]
    return [
      Statement(
        "it can be proven that the first law of thermodynamics holds", source: "Sec. II A",
        of: [
          .derived(name: "sum of flows", unit: "energy/time", from: flows.map { sweep($0) }) {
            $0.reduce(0, +)
          }
        ]
      ) { curves in Checks.vanish(curves, "Q_1 + Q_2 + Q_r + W^(Q) + W^(r)") },
      Statement(
        "the magnitude of W^(r) is negligible compared to the heat flows and to W^(Q)", source: "Sec. II A",
        of: flows.map { sweep($0) }
      ) { curves in
        let sizes = curves.map { $0.largest ?? .nan }
        let ratio = sizes[4] / (sizes.prefix(4).min() ?? .nan)
        // Negligible: less than a line of the plot is wide.
        return Finding(
          ratio < 1e-3 ? .reproduced : .notReproduced,
          [
            Measurement("max |W^(r)|", sizes[4]),
            Measurement("relative to the smallest of the others", ratio),
          ])
      },
      Statement(
        "All the obtained results bear no effect from the finiteness of the Hilbert space",
        source: "Sec. IV",
        of: ([converged] + windows).flatMap { levels in ["Q2", "Lz"].map { overRatio(chosen, levels)($0) } }
      ) { curves in cutoffEffects(curves, windows.map(name)) },
    ]
  }

  /// Curves: heat and momentum in a converged window, then in each of the others.
  static func cutoffEffects(_ curves: [SampledCurve], _ names: [String]) -> Finding {
    let deviations = names.indices.map { number in
      (0..<2).map { quantity in
        zip(curves[quantity].points, curves[2 * (number + 1) + quantity].points).map {
          abs($1.y / $0.y - 1)
        }.max() ?? .nan
      }
    }
    let measured = zip(names, deviations).flatMap { name, values in
      zip(["Q_2", "⟨L_z⟩"], values).map { Measurement("largest relative error of \($0), levels \(name)", $1) }
    }
    // What a plot does not show.
    let good = deviations.map { $0.allSatisfy { $0 < 0.01 } }
    let bad = zip(names, good).filter { !$0.1 }.map(\.0)
    return Finding(
      bad.isEmpty ? .reproduced : good.contains(true) ? .withExceptions : .notReproduced, measured,
      bad.isEmpty
        ? ""
        : "the text does not give the levels; not so for \(bad.joined(separator: ", ")), the last of which App. B shows"
    )
  }
}
