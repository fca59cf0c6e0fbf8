import NESSKit

extension RotorFigures {
  /// Diagonal and nondiagonal heat currents.
  static let heatCurrents = Figure(
    id: "rotors-4", paper: paper, number: "Fig. 4", title: "diagonal and nondiagonal heat currents",
    cost: "M = 4, seconds"
  ) { scale in
    let betas = [1.0, 0.2]
    let sweeps = betas.map { overF(4, betaE: $0, points: scale.points(51, quick: 21)) }
    let names = betas.map { "β_e = \(Readable.number($0, digits: 2))" }
    return FigureContent(
      panels: [
        Panel(
          "a", title: "diagonal, by sublattice", x: fAxis, y: axis("Q_{D}", "energy/time"),
          curves: zip(names, sweeps).enumerated().flatMap { colour, entry in
            sublattices.enumerated().map { dash, sublattice in
              Curve(
                "\(sublattice), \(entry.0)", entry.1("QD_\(sublattice)"), colour: colour, dash: dash + 1)
            }
          }),
        Panel(
          "b", title: "nondiagonal, all rotors", x: fAxis, y: axis("Q_{ND}", "energy/time"),
          curves: zip(names, sweeps).map { Curve($0, $1("QND")) }),
      ],
      statements: heatStatements(sweeps[0], sweeps[1]),
      notes: [
        "M = 4, Ns = 3, φ = π/2, beta_o = 1.1, g = 0.2. Heat is positive into the system.",
        "The paper does not say whether the diagonal currents are per rotor or per sublattice; here they are sums over the M/2 = 2 rotors of a sublattice.",
      ])
  }

  private static func heatStatements(_ small: FigureSweep, _ large: FigureSweep) -> [Statement] {
    let diagonal = ["QD_even", "QD_odd"]
    // At f = 1 all heat currents vanish, at f = 0 the model is classical.
    let range = interior
    return [
      Statement(
        "For β_e = 1, Q_D < 0 for both sublattices", source: "Fig. 4, caption", of: diagonal.map { small($0) }
      ) { curves in
        Checks.tendency(
          zip(sublattices, curves).map { name, curve in
            Checks.compare("\(name) rotors", [curve], in: 0...range.upperBound) { $0[0] < 0 }
          }, "f",
          measured: zip(diagonal, curves).map { Measurement("min \($0)", $1.points.map(\.y).min() ?? .nan) })
      },
      Statement(
        "the situation where Q_D,k < 0 for all rotors is compensated by a large and positive Σ_k Q_ND,k",
        source: "Sec. III A", of: [small("QND"), large("QND")]
      ) { curves in
        Checks.tendency(
          [Checks.compare("Q_ND", [curves[0]], in: range) { $0[0] > 0 }], "f",
          measured: [
            Measurement("max Q_ND (beta_e = 1)", curves[0].maximum?.y ?? .nan),
            Measurement("at f", curves[0].maximum?.x ?? .nan),
          ])
      },
      Statement(
        "Note that Σ_k (Q_D,k + Q_ND,k) = 0", source: "Fig. 4, caption",
        of: [small, large].map { sweep in
          .derived(
            name: "QD + QND", unit: "energy/time",
            from: [sweep("QD_even"), sweep("QD_odd"), sweep("QND")]
          ) { $0.reduce(0, +) }
        }
      ) { curves in Checks.vanish(curves, "Σ(Q_D + Q_ND)") },
      Statement(
        "gives a positive entropy production rate … ≥ 0", source: "Sec. III",
        of: [small("Sigma"), large("Sigma")]
      ) { curves in
        let least = curves.flatMap { $0.points.map(\.y) }.min() ?? .nan
        return Finding(
          least >= -Checks.zero ? .reproduced : .notReproduced, [Measurement("min Sigma", least)])
      },
      Statement(
        "For a larger temperature gradient, and one of the two temperatures relatively high, the heat currents exhibits a more classical behavior with a net diagonal current from the hot to the cold baths",
        source: "Sec. III A", of: diagonal.map { large($0) }
      ) { curves in
        Checks.tendency(
          [Checks.compare("beta_e = 0.2", curves, in: 0...range.upperBound) { $0[0] > 0 && $0[1] < 0 }], "f",
          measured: [
            Measurement("max Q_D even", curves[0].maximum?.y ?? .nan),
            Measurement("min Q_D odd", curves[1].points.map(\.y).min() ?? .nan),
          ])
      },
      Statement(
        "and a reduced nondiagonal heat current", source: "Sec. III A", of: [small("QND"), large("QND")]
      ) { curves in
        let peaks = curves.compactMap(\.maximum?.y)
        guard peaks.count == 2 else { return .notChecked("a curve has no values") }
        return Finding(
          peaks[1] < peaks[0] ? .reproduced : .notReproduced,
          zip(["1", "0.2"], peaks).map { Measurement("max Q_ND (beta_e = \($0))", $1) })
      },
    ]
  }
}
