import NESSKit

extension HybridFigures {
  private static let powerRatio = 0.8

  /// Powers of the rotor on the way to the steady state.
  static let powers = Figure(
    id: "hybrid-8", paper: paper, number: "Fig. 8",
    title: "kinetic, intrinsic and net power of the rotor in time",
    cost: "evolution under the local equation, seconds"
  ) { scale in
    let end = 1.2e5
    func sweep(_ times: [Double]) -> FigureSweep {
      FigureSweep(evolution: model, times, withRatio(powerRatio))
    }
    // The qubits settle within a few time units, the rotor takes ten thousand times as long.
    let early = [1.0, 2, 3, 4, 6, 10, 20, 50, 100, 200, 500]
    let sweep = sweep(
      Set(SweepAxis.linear(from: 0, to: end, points: scale.points(121, quick: 25)) + early).sorted())
    let start = FigureSweep(
      evolution: model, SweepAxis.linear(from: 0, to: 20, points: 41), withRatio(powerRatio))
    // The steady state beside all times.
    let limit = FigureSweep(model, state: "steady", "t", sweep.x) { _ in withRatio(powerRatio) }
    let time = Panel.Axis(
      label: "t", unit: "10^4",
      ticks: [(0, "0"), (3e4, "3"), (6e4, "6"), (9e4, "9"), (1.2e5, "12")])
    func power(_ label: String = "power") -> Panel.Axis { Panel.Axis(label: label, unit: "energy/time") }
    return FigureContent(
      panels: [
        Panel(
          "a", title: "kinetic power and back action", x: time, y: power(),
          curves: [Curve("W_{kin}", sweep("Wkin")), Curve("Q_{BA}", sweep("QBA"), dash: 2)]),
        Panel(
          "b", title: "intrinsic power and its limit", x: time, y: power(),
          curves: [
            Curve("W_{int}", sweep("Wint"), colour: 2),
            Curve(
              "-Q_r of the steady state",
              .derived(name: "-Qr", unit: "energy/time", from: [limit("Qr")]) { -$0[0] }, colour: 4, dash: 2),
          ]),
        Panel(
          "c", title: "net power", x: time, y: power(), curves: [Curve("W_{net}", sweep("Wnet"), colour: 3)]),
        Panel(
          "d", title: "intrinsic power, the first 20 time units", x: Panel.Axis(label: "t"), y: power(),
          curves: [Curve("W_{int}", start("Wint"), colour: 2)]),
      ],
      statements: powerStatements(sweep, start) + [longTime()],
      notes: [
        "Parameters as in Fig. 2 with β_2/β_1 = 0.8 and I = 1; local equation, rotor levels \(name(converged)).",
        "The text gives neither the initial state nor the times: the rotor starts in |0⟩, each qubit in the Gibbs state of its own bath. Then W_kin = γ/β_r = 5.6e-4 at the start, and W_int = 0 until the qubits have built up their coherence (panel d).",
        "For the local equation the back action Q_BA = W_kin - W_int is the heat Q_r from the load at all times: the baths of the qubits do not touch L_z.",
      ])
  }

  private static func powerStatements(_ sweep: FigureSweep, _ start: FigureSweep) -> [Statement] {
    let steady = overRatio([powerRatio])
    let flows = ["Wkin", "Wint", "Wnet"]
    return [
      Statement(
        "the net power quickly reaches a maximum before decreasing again", source: "App. C",
        of: [sweep("Wnet")]
      ) { curves in
        guard let top = curves[0].maximum, let first = curves[0].points.first,
          let last = curves[0].points.last
        else { return .notChecked("no values") }
        return Finding(
          top.x > first.x && top.x < last.x / 2 && first.y < top.y && last.y < top.y / 2
            ? .reproduced : .notReproduced,
          [
            Measurement("t of max W_net", top.x), Measurement("γ t there", 5e-5 * top.x),
            Measurement("max W_net", top.y), Measurement("W_net at the end", last.y),
          ], "the time of the load is 1/γ = 20,000")
      },
      Statement(
        "whereas the kinetic and intrinsic power steadily decrease over time", source: "App. C",
        of: [sweep("Wkin"), sweep("Wint"), start("Wint")]
      ) { curves in steadyDecrease(curves) },
      Statement(
        "the kinetic and net power will tend to zero as the system reaches its steady state",
        source: "App. C", of: flows.map { steady($0) } + flows.map { sweep($0) }
      ) { curves in
        var finding = Checks.vanish([curves[0], curves[2]], "power in the steady state")
        finding.measured += zip(["W_kin", "W_net"], [curves[3], curves[5]]).map {
          Measurement(
            "\($0) at t = \(Readable.number($1.points.last?.x ?? .nan, digits: 3))", $1.points.last?.y ?? .nan
          )
        }
        return finding
      },
      Statement(
        "while the intrinsic power will tend to -Q_r", source: "App. C", of: [steady("Wint"), steady("Qr")]
      ) { curves in
        guard let power = only(curves[0])?.y, let heat = only(curves[1])?.y else {
          return .notChecked("no values")
        }
        return Finding(
          abs(power + heat) <= 1e-6 * abs(heat) ? .reproduced : .notReproduced,
          [Measurement("W_int of the steady state", power), Measurement("Q_r", heat)])
      },
    ]
  }

  /// Curves: kinetic and intrinsic power, and the beginning of the intrinsic one.
  static func steadyDecrease(_ curves: [SampledCurve]) -> Finding {
    let names = ["W_kin", "W_int"]
    // After the qubits have settled.
    let settled = curves.prefix(2).map { $0.within(20...Double.infinity) }
    var finding = Checks.tendency(
      zip(names, settled).map { Checks.monotonic($0, $1, rising: false) }, "t")
    guard let low = settled[1].map({ -$0 }).maximum.map({ SampledCurve.Place(x: $0.x, y: -$0.y) }),
      let first = settled[1].points.first, let last = settled[1].points.last, low.x < last.x
    else { return finding }
    finding.measured += [
      Measurement("smallest W_int", low.y), Measurement("at t", low.x),
      Measurement("W_int at the end", last.y),
    ]
    finding.remark = "W_int falls below its limit and comes back; \(finding.remark)"
    // A return by less than a tenth of the fall is an exception, however long it takes.
    let kinetic = Checks.tendency([Checks.monotonic(names[0], settled[0], rising: false)], "t")
    if kinetic.verdict == .reproduced, last.y - low.y < 0.1 * (first.y - low.y) {
      finding.verdict = .withExceptions
    }
    if let top = curves[2].peak, top.x > 0 {
      finding.measured.append(Measurement("t of the largest W_int, after the qubits' start", top.x))
    }
    return finding
  }

  /// The end of a long evolution against the steady state.
  private static func longTime() -> Statement {
    let names = ["Q1", "Q2", "Qr", "WQ", "Lz", "Lz2", "n1", "n2"]
    let end = FigureSweep(evolution: model, [1e6], withRatio(powerRatio))
    let steady = overRatio([powerRatio])
    return Statement(
      "We verify that the long-time limit of the evolved density matrix agrees with the steady-state solution within the numerical accuracy",
      source: "Sec. IV A", of: names.map { end($0) } + names.map { steady($0) }
    ) { curves in
      let values = curves.compactMap { only($0)?.y }
      guard values.count == 2 * names.count else { return .notChecked("no values") }
      let errors = names.indices.map { number in
        abs(values[number] - values[number + names.count]) / max(1, abs(values[number + names.count]))
      }
      // Evolutions are computed to 1e-10 per matrix element, of which <L_z^2> sums many.
      return Finding(
        errors.allSatisfy { $0 <= 1e-7 } ? .reproduced : .notReproduced,
        zip(names, errors).map { Measurement("difference of \($0)", $1) }, "at t = 10^6 = 50/γ")
    }
  }
}
