import NESSKit

extension HybridFigures {
  /// Times at which the populations of the rotor are shown.
  private static let freeTimes = [100.0, 1000, 2000, 5000, 20_000, 100_000]
  private static let loadedTimes = [100.0, 500, 1000, 2000, 5000, 20_000]
  private static func labels(_ times: [Double]) -> [String] {
    times.map { $0 < 1e4 ? "t = \(Int($0))" : $0 < 1e5 ? "t = \(Int($0 / 1e4))×10^4" : "t = 10^5" }
  }
  /// Colour of the steady state, the paper's red.
  private static let steadyColour = 1
  private static let timeColours = [5, 0, 2, 3, 4, 6]

  /// The device of Figs. 6 and 7, where the fields are equal.
  static func equalFields(friction: Double, _ levels: ClosedRange<Int>) -> [String: ParameterValue] {
    collisional(levels).merging([
      "B1": .real(10), "B2": .real(10), "beta2": .real(0.02), "gamma": .real(friction),
    ]) { $1 }
  }

  /// Populations of the rotor, one sweep over its levels per time.
  private static func evolution(
    _ times: [Double], friction: Double, _ levels: ClosedRange<Int>
  ) -> [FigureSweep] {
    times.indices.map {
      FigureSweep(
        model, state: "dynamics", index: "l", Array(levels), equalFields(friction: friction, levels),
        times: times, at: $0)
    }
  }

  private static func steadyPopulations(friction: Double, _ levels: ClosedRange<Int>) -> FigureSweep {
    FigureSweep(
      model, state: "steady", index: "l", Array(levels), equalFields(friction: friction, levels))
  }

  private static func panel(
    _ name: String, _ title: String, _ range: ClosedRange<Double>, _ times: [Double],
    _ evolution: [FigureSweep], _ steady: FigureSweep?
  ) -> Panel {
    Panel(
      name, title: title, x: Panel.Axis(label: "l", range: range), y: Panel.Axis(label: "⟨l|ρ_r(t)|l⟩"),
      curves: zip(labels(times), evolution).enumerated().map {
        Curve($1.0, $1.1("p_l"), colour: timeColours[$0])
      } + (steady.map { [Curve("steady state", $0("p_l"), colour: steadyColour, dash: 2)] } ?? []))
  }

  private static let initialNote =
    "The text gives neither the initial state nor the times: the rotor starts in |0⟩, each qubit in the Gibbs state of its own bath. Other starts of the qubits change nothing after t = 10."

  /// Populations without load.
  static let freeRotor = Figure(
    id: "hybrid-6", paper: paper, number: "Fig. 6", title: "populations of the rotor without load",
    cost: "evolution under the local equation, seconds"
  ) { _ in
    let (free, cut) = (
      evolution(freeTimes, friction: 0, converged), evolution(freeTimes, friction: 0, narrow)
    )
    let steady = steadyPopulations(friction: 0, narrow)
    return FigureContent(
      panels: [
        panel("a", "levels \(name(narrow)), as in the paper", -5...10, freeTimes, cut, steady),
        panel("b", "levels \(name(converged)): no walls in reach", -20...40, freeTimes, free, nil),
      ],
      statements: [
        Statement(
          "the energy level most likely occupied by the rotor will increase beyond the truncated Hilbert space",
          source: "App. B", of: free.map { $0("p_l") } + [steady("p_l")]
        ) { curves in leaves(curves) },
        Statement(
          "The acceleration of the rotor can cause problems when solving the master equation numerically",
          source: "App. B", of: (cut + free).map { $0("p_l") }
        ) { curves in wallEffects(curves) },
      ],
      notes: [
        "B_1 = B_2 = 10, I = 1, λ = 0.1, g = 1, χ = 0, β_1 = 0.1, β_2 = 0.02, no load; local equation.",
        initialNote,
        "Without load only a truncated rotor has a steady state. It is a product, with p(l) proportional to exp(2(β_1 B_1 - β_2 B_2) l): the rotor leans on the upper wall.",
      ])
  }

  /// Populations under load.
  static let loadedRotor = Figure(
    id: "hybrid-7", paper: paper, number: "Fig. 7", title: "populations of the rotor under load",
    cost: "evolution under the local equation, seconds"
  ) { _ in
    let friction = 5e-4
    let (wide, cut) = (
      evolution(loadedTimes, friction: friction, converged),
      evolution(loadedTimes, friction: friction, narrow)
    )
    let steady = [converged, narrow].map { steadyPopulations(friction: friction, $0) }
    func momentum(_ levels: ClosedRange<Int>) -> Quantity {
      FigureSweep(model, state: "steady", "gamma", [friction]) { equalFields(friction: $0, levels) }("Lz")
    }
    return FigureContent(
      panels: [
        panel("a", "levels \(name(narrow)), as in the paper", -5...10, loadedTimes, cut, steady[1]),
        panel("b", "levels \(name(converged)), converged", -12...18, loadedTimes, wide, steady[0]),
      ],
      statements: [
        Statement(
          "with the addition of the dissipative load, the most populated energy level of the rotor does not go beyond those included in the truncated Hilbert space",
          source: "App. B", of: (wide + [steady[0]] + cut + [steady[1]]).map { $0("p_l") }
        ) { curves in staysInside(curves) },
        Statement(
          "All the obtained results bear no effect from the finiteness of the Hilbert space",
          source: "Sec. IV", of: [momentum(converged), momentum(narrow), steady[1]("p_l")]
        ) { curves in narrowWindow(curves) },
      ],
      notes: [
        "Parameters as in Fig. 6, with γ = 5e-4 and β_r = 0.09; local equation.", initialNote,
        "From t = 10/γ = 2×10^4 on, the populations are those of the steady state to the width of a line.",
      ])
  }

  /// The most likely level.
  private static func mode(_ curve: SampledCurve) -> Double? { curve.points.max { $0.y < $1.y }?.x }

  private static func modes(
    _ curves: some Sequence<SampledCurve>, _ times: [Double], _ note: String = ""
  ) -> [Measurement] {
    zip(labels(times) + ["steady state"], curves).map {
      Measurement("most likely l, \($0)\(note)", mode($1) ?? .nan)
    }
  }

  /// Curves: populations at the times in a wide window, steady state in the narrow one.
  static func leaves(_ curves: [SampledCurve]) -> Finding {
    let free = curves.prefix(freeTimes.count)
    let found = free.compactMap(mode)
    let walls =
      free.flatMap { [$0.y.first ?? nil, $0.y.last ?? nil].compactMap { $0.map(abs) } }.max() ?? .nan
    guard found.count == freeTimes.count, let last = found.last, let end = curves.last,
      let top = end.points.last?.y
    else { return .notChecked("no values") }
    guard walls < Checks.zero else { return .notChecked("the wide window is too small, too") }
    let climbs = zip(found, found.dropFirst()).allSatisfy { $0 <= $1 }
    return Finding(
      climbs && last > Double(narrow.upperBound) ? .reproduced : .notReproduced,
      modes(free, freeTimes, ", no walls in reach") + [
        Measurement("steady population of l = \(narrow.upperBound), levels \(name(narrow))", top)
      ])
  }

  /// Curves: populations at the times in the narrow, then in the wide window.
  static func wallEffects(_ curves: [SampledCurve]) -> Finding {
    let pairs = zip(curves.prefix(freeTimes.count), curves.suffix(freeTimes.count))
    let errors = pairs.map { cut, free in
      zip(cut.points, free.within(-5...10).points).map { abs($0.y - $1.y) }.max() ?? .nan
    }
    return Finding(
      errors.contains { $0 > 0.01 } ? .reproduced : .notReproduced,
      zip(labels(freeTimes), errors).map {
        Measurement("largest error of a population, levels \(name(narrow)), \($0)", $1)
      }
    )
  }

  /// Curves: populations at the times and in the steady state, in the wide, then in the narrow window.
  static func staysInside(_ curves: [SampledCurve]) -> Finding {
    let half = curves.count / 2
    let found = curves.compactMap(mode)
    guard found.count == curves.count, half == loadedTimes.count + 1 else { return .notChecked("no values") }
    let inside = found.allSatisfy { $0 > Double(narrow.lowerBound) && $0 < Double(narrow.upperBound) }
    return Finding(
      inside ? .reproduced : .notReproduced,
      modes(curves.prefix(half), loadedTimes) + [
        Measurement("most likely l, steady state, levels \(name(narrow))", found[2 * half - 1])
      ])
  }

  /// Curves: steady momentum in the wide and in the narrow window, steady populations in the narrow one.
  static func narrowWindow(_ curves: [SampledCurve]) -> Finding {
    guard let wide = only(curves[0])?.y, let cut = only(curves[1])?.y, let wall = curves[2].points.first?.y
    else { return .notChecked("no values") }
    let error = abs(cut / wide - 1)
    // What a plot does not show.
    return Finding(
      error < 0.01 ? .reproduced : .notReproduced,
      [
        Measurement("⟨L_z⟩, levels \(name(converged))", wide),
        Measurement("⟨L_z⟩, levels \(name(narrow))", cut),
        Measurement("relative error", error), Measurement("population of l = \(narrow.lowerBound)", wall),
      ], error < 0.01 ? "" : "the most likely level is inside, but the wall at l = -5 holds part of the rotor"
    )
  }
}
