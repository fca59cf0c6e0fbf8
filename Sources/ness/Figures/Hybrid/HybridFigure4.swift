import NESSKit

extension HybridFigures {
  /// Inverse temperatures of bath 2, hottest first.
  static let hotBaths = [0.01, 0.02, 0.05]
  static let hotLabels = hotBaths.map { "β_2 = \(Readable.number($0, digits: 2))" }
  /// Weights of rectification.
  static let weights = [0.0, 0.5, 1]
  private static let marks = [Curve.Mark.square, .circle, .triangle]

  /// Asymmetries: fine where the curves turn. At 1 one of the baths is decoupled and nothing flows.
  static func asymmetries(_ points: Int) -> [Double] {
    let quarter = max(3, points / 4)
    return Set(
      SweepAxis.linear(from: 0, to: 0.7, points: quarter)
        + SweepAxis.linear(from: 0.7, to: 0.9, points: quarter)
        + SweepAxis.linear(from: 0.9, to: 0.97, points: quarter)
        + SweepAxis.linear(from: 0.97, to: 0.995, points: max(3, points - 3 * quarter))
    ).sorted()
  }

  /// One sweep of the asymmetry per temperature of bath 2.
  static func overAsymmetry(
    _ asymmetries: [Double], _ levels: ClosedRange<Int> = converged
  ) -> [FigureSweep] {
    hotBaths.map { beta2 in
      FigureSweep(model, state: "steady", asymmetry.name, asymmetries, fixed: spinBoson(beta2, levels))
    }
  }

  /// Optima of weight R + (1 - weight) J, one list per weight with one per temperature.
  static func optima(_ rectification: String, _ size: String) -> [[FigureLandmark]] {
    weights.map { weight in
      hotBaths.map { beta2 in
        FigureLandmark(
          model: model, kind: .maximum,
          terms: [rectification: weight, size: 1 - weight].filter { $0.value != 0 }, axis: asymmetry,
          grid: SweepAxis.linear(from: 0.5, to: 0.97, points: 17), fixed: spinBoson(beta2))
      }
    }
  }

  /// The optima as marks in the plane of R and J.
  static func marks(
    _ optima: [[FigureLandmark]], _ rectification: String, _ size: String
  ) -> [Curve] {
    optima.enumerated().map { number, landmarks in
      Curve(
        "best for α = \(Readable.number(weights[number], digits: 2))",
        .landmarks(landmarks, observable: size), against: .landmarks(landmarks, observable: rectification),
        colour: 6, mark: marks[number])
    }
  }

  /// Rectification of heat.
  static let heatRectification = Figure(
    id: "hybrid-4", paper: paper, number: "Fig. 4", title: "rectification and size of the heat flow",
    cost: "global equation, twenty seconds"
  ) { scale in
    let sweeps = overAsymmetry(asymmetries(scale.points(100, quick: 40)))
    let optima = optima("R", "J")
    let chi = Panel.Axis(label: "χ", range: 0...1)
    func along(_ observable: String) -> [Curve] {
      zip(hotLabels, sweeps).map { Curve($0, $1(observable)) }
    }
    let plane =
      zip(hotLabels, sweeps).map { Curve($0, $1("J"), against: $1("R")) } + marks(optima, "R", "J")
    return FigureContent(
      panels: [
        Panel(
          "a", title: "heat flow against rectification, 0 ≤ χ < 1", x: Panel.Axis(label: "R", range: 0...1),
          y: Panel.Axis(label: "J", range: 0...1.2), curves: plane),
        Panel(
          "a enlarged", title: "the best for two of the temperatures",
          x: Panel.Axis(
            label: "R", range: 0.9...0.94, ticks: [0.9, 0.91, 0.92, 0.93, 0.94].map { ($0, "\($0)") }),
          y: Panel.Axis(label: "J", range: 0.7...1.1),
          curves: plane),
        Panel(
          "b", title: "rectification", x: chi, y: Panel.Axis(label: "R", range: 0...1), curves: along("R")),
        Panel("c", title: "heat flow", x: chi, y: Panel.Axis(label: "J", range: 0...1.2), curves: along("J")),
      ],
      statements: heatStatements(sweeps, optima) + globalStatements(sweeps),
      notes: [
        "B_1 = 4, B_2 = 10, I = 1, λ = 0.1, g = 0.5, β_1 = 0.1, β_r = 0.09, γ = 5e-5; global equation, rotor levels \(name(converged)).",
        "The three values of β_2 are not in the text: \(hotBaths.map { "\($0)" }.joined(separator: ", ")) are a choice.",
        "The paper sets the cutoff Ω of the spectral density to the largest transition frequency, which grows with the window; here Ω = 20 = 2 max(B_1, B_2). A constant factor in J_i(ω) would only rescale g^2.",
        "Transitions of frequency ω <= 0 are left out: no mode of the baths matches them.",
        "Where R comes back from zero, near χ = 0.99, the heat flow with exchanged temperatures has become the larger one. The curves end at χ = 0.995: at χ = 1 bath 1 is decoupled, and nothing flows.",
        "The marks are the best for 0.5 ≤ χ ≤ 0.97, refined by Brent's method between the points of the curves.",
      ])
  }

  private static func heatStatements(_ sweeps: [FigureSweep], _ optima: [[FigureLandmark]]) -> [Statement] {
    let (sizes, rectifications) = (sweeps.map { $0("J") }, sweeps.map { $0("R") })
    let (largestJ, largestR) = (
      optima[0].map { Quantity.landmarks([$0]) }, optima[2].map { Quantity.landmarks([$0]) }
    )
    return [
      Statement(
        "As χ increases, initially so do R and J, until a maximum J is reached", source: "Sec. IV B",
        of: rectifications + sizes + largestJ
      ) { curves in initialRise(curves) },
      Statement(
        "Then J starts to decrease correspondingly, followed by R", source: "Sec. IV B",
        of: largestJ + largestR
      ) { curves in followed(curves) },
      Statement(
        "a higher temperature leads to a much larger maximum Γ_0", source: "Sec. IV B", of: largestJ
      ) { curves in
        // "Much": by more than a tenth from each temperature to the next, and by a factor over all.
        larger(curves, "max J", by: { $0 > 1.1 }, overall: { $0 > 2 })
      },
      Statement(
        "however, the maximum of Γ_1 is only slightly larger", source: "Sec. IV B", of: largestR
      ) { curves in
        // "Slightly": by less than a tenth.
        larger(curves, "max R", by: { $0 > 1 && $0 < 1.1 }, overall: { $0 > 1 })
      },
      Statement(
        "a large rectification parameter R can be achieved even for a hot bath at a lower temperature at the expense of a smaller heat current",
        source: "Sec. IV B", of: largestR + optima[2].map { .landmarks([$0], observable: "J") }
      ) { curves in
        let (r, j) = (
          curves.prefix(3).compactMap { only($0)?.y }, curves.suffix(3).compactMap { only($0)?.y }
        )
        guard r.count == 3, j.count == 3 else { return .notChecked("R has no maximum") }
        return Finding(
          r[2] > 0.5 && j[2] < j[1] && j[1] < j[0] ? .reproduced : .notReproduced,
          zip(hotLabels, r).map { Measurement("max R, \($0)", $1) }
            + zip(hotLabels, j).map { Measurement("J there, \($0)", $1) })
      },
      Statement(
        "For 0 < R ≤ 1, the system acts as a rectifier", source: "Sec. III C", of: rectifications
      ) { curves in
        Checks.tendency(
          zip(hotLabels, curves).map { Checks.compare($0, [$1]) { $0[0] > 0 && $0[0] <= 1 } }, "χ",
          measured: zip(hotLabels, curves).map { Measurement("R at χ = 0, \($0)", $1[at: 0] ?? .nan) })
      },
    ]
  }

  /// Curves: R, then J of each temperature, then the largest J.
  static func initialRise(_ curves: [SampledCurve]) -> Finding {
    let tops = curves.suffix(3).compactMap { only($0)?.x }
    guard tops.count == 3 else { return .notChecked("J has no maximum") }
    return Checks.tendency(
      hotLabels.indices.flatMap { number in
        zip(["R", "J"], [curves[number], curves[number + 3]]).map {
          Checks.monotonic("\($0), \(hotLabels[number])", $1, in: 0...tops[number], rising: true)
        }
      }, "χ", measured: zip(hotLabels, tops).map { Measurement("χ of max J, \($0)", $1) })
  }

  /// Curves: largest J, then largest R of each temperature.
  static func followed(_ curves: [SampledCurve]) -> Finding {
    let places = curves.map { only($0)?.x ?? .nan }
    let holds = hotLabels.indices.map { places[$0] < places[$0 + 3] }
    let failed = zip(hotLabels, holds).filter { !$0.1 }.map(\.0)
    return Finding(
      failed.isEmpty ? .reproduced : failed.count < 3 ? .withExceptions : .notReproduced,
      hotLabels.indices.flatMap {
        [
          Measurement("χ of max J, \(hotLabels[$0])", places[$0]),
          Measurement("χ of max R, \(hotLabels[$0])", places[$0 + 3]),
        ]
      }, failed.isEmpty ? "" : "R turns first for \(failed.joined(separator: "; "))")
  }

  /// Values of three temperatures, hottest first: the ratio of neighbours, and of the first to the last.
  static func larger(
    _ curves: [SampledCurve], _ name: String, by isAllowed: (Double) -> Bool, overall: (Double) -> Bool
  ) -> Finding {
    let values = curves.compactMap { only($0)?.y }
    guard values.count == hotBaths.count else { return .notChecked("a maximum is missing") }
    let ratios = zip(values, values.dropFirst()).map { $0 / $1 }
    let good = ratios.map(isAllowed)
    let isLarger = ratios.allSatisfy { $0 > 1 } && overall(values[0] / values[2])
    let failed = zip(zip(hotLabels.dropFirst(), hotLabels), good).filter { !$0.1 }.map {
      "from \($0.0.0) to \($0.0.1)"
    }
    return Finding(
      !isLarger || !good.contains(true)
        ? .notReproduced : failed.isEmpty ? .reproduced : .withExceptions,
      zip(hotLabels, values).map { Measurement("\(name), \($0)", $1) },
      failed.isEmpty ? "" : "not so \(failed.joined(separator: "; "))")
  }

  private static func globalStatements(_ sweeps: [FigureSweep]) -> [Statement] {
    let flows = ["Q1", "Q2", "Qr", "Wr"]
    let couplings = [0.001, 0.01, 0.1]
    func sweep(_ parameters: [String: ParameterValue]) -> FigureSweep {
      FigureSweep(model, state: "steady", "lambda", couplings, fixed: parameters)
    }
    let chi = 0.5
    let global = sweep(spinBoson(0.02).merging(["chi": .real(chi)]) { $1 })
    let local = sweep(equivalentCollisions(chi: chi, beta2: 0.02))
    return [
      Statement(
        "Under these assumptions, W^(Q) = 0. Hence, the first law now reads U_S = Q_1 + Q_2 + Q_r + W^(r)",
        source: "Sec. II B",
        of: sweeps.flatMap { sweep in
          [
            .derived(name: "sum of flows", unit: "energy/time", from: flows.map { sweep($0) }) {
              $0.reduce(0, +)
            }, sweep("WQ"),
          ]
        }
      ) { curves in Checks.vanish(curves, "Q_1 + Q_2 + Q_r + W^(r), W^(Q)") },
      Statement(
        "our GME approach coincides with the LME in the limit λ → 0", source: "App. A",
        of: [global, local].flatMap { sweep in ["n1", "n2", "Lz", "Lz2", "Q2"].map { sweep($0) } }
      ) { curves in weakCoupling(curves) },
    ]
  }

  /// The local equation whose rates are those of the global one without interaction: g_i^2 becomes J_i(2 B_i).
  static func equivalentCollisions(chi: Double, beta2: Double) -> [String: ParameterValue] {
    let (g, cutoff) = (0.5, 20.0)
    func coupling(_ g: Double, _ field: Double) -> Double {
      let omega = 2 * field
      return g * (omega * cutoff * cutoff / (omega * omega + cutoff * cutoff)).squareRoot()
    }
    let (first, second) = (coupling(g * (1 - chi), 4), coupling(g * (1 + chi), 10))
    return collisional().merging([
      "beta2": .real(beta2), "g": .real((first + second) / 2),
      "chi": .real((second - first) / (first + second)),
    ]) { $1 }
  }

  /// Curves: populations, momenta and heat along λ from the global, then from the local equation.
  static func weakCoupling(_ curves: [SampledCurve]) -> Finding {
    let differences = (0..<4).map { curves[$0 + 5].minus(curves[$0]).points.map { abs($0.y) } }
    let heat = zip(curves[4].points, curves[9].points).map { $0.y / $1.y }
    guard differences.allSatisfy({ $0.count == 3 }), heat.count == 3 else { return .notChecked("no values") }
    // A difference of order lambda^2 is a hundred times smaller for a tenth of it; rounding ends that.
    let stateAgrees = differences.allSatisfy {
      zip($0, $0.dropFirst()).allSatisfy { $0 < max($1 / 50, 1e-9) }
    }
    let currentAgrees = abs(heat[0] - 1) < 0.01
    return Finding(
      stateAgrees && currentAgrees ? .reproduced : stateAgrees ? .withExceptions : .notReproduced,
      zip(["n_1", "n_2", "⟨L_z⟩", "⟨L_z^2⟩"], differences).map {
        Measurement("difference of \($0) at λ = 0.001", $1[0])
      } + zip(["0.001", "0.01", "0.1"], heat).map { Measurement("ratio of Q_2 at λ = \($0)", $1) },
      "local equation with g_i^2 = J_i(2B_i), χ = 0.5, β_2 = 0.02"
        + (stateAgrees && !currentAgrees
          ? ": the states agree, the flows do not. Both vanish as λ^2, and the global bath weighs the weak transitions at their own frequencies"
          : ""))
  }
}
