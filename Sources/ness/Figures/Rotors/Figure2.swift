import Foundation
import NESSKit

extension RotorFigures {
  /// Currents of single rotors.
  static let currents = Figure(
    id: "rotors-2", paper: paper, number: "Fig. 2", title: "currents of single rotors in the steady state",
    cost: "M = 6, ten seconds; --quick: M = 4"
  ) { scale in
    let rotors = scale.choose(6, quick: 4)
    let points = scale.points(51, quick: 21)
    let overF = overF(rotors, points: points)
    let overPhase = overPhase(rotors, points: points)
    func panel(
      _ name: String, _ title: String, _ current: String, _ label: String, _ sweep: FigureSweep,
      _ axis: Panel.Axis
    ) -> Panel {
      Panel(
        name, title: title, x: axis, y: RotorFigures.axis(label, "1/time"),
        curves: sublattices.map { Curve("\($0) rotors", sweep("\(current)_\($0)")) })
    }
    let (tunnelling, thermal) = ("⟨J^{tun}⟩_k", "⟨J^{th}⟩_k")
    return FigureContent(
      panels: [
        panel("a", "tunnelling, φ = π/2", "J_tun", tunnelling, overF, fAxis),
        panel("b", "thermal, φ = π/2", "J_th", thermal, overF, fAxis),
        panel("a inset", "near f = 0", "J_tun", tunnelling, overF, fAxis(0...0.15)),
        panel("b inset", "near f = 0", "J_th", thermal, overF, fAxis(0...0.15)),
        panel("c", "tunnelling, f = 1/2", "J_tun", tunnelling, overPhase, phaseAxis),
        panel("d", "thermal, f = 1/2", "J_th", thermal, overPhase, phaseAxis),
        panel("e", "net, φ = π/2", "J_net", "⟨J^{tun}⟩_k + ⟨J^{th}⟩_k", overF, fAxis),
        panel("f", "net, f = 1/2", "J_net", "⟨J^{tun}⟩_k + ⟨J^{th}⟩_k", overPhase, phaseAxis),
      ],
      statements: currentStatements(rotors, overF, overPhase),
      notes: [
        "M = \(rotors), Ns = 3, beta_e = 1, beta_o = 1.1, g = 0.2: the even rotors are the hotter ones. Currents are positive from position 0 to 1.",
        "The text does not say which current stands in which of the panels (a) and (b), (c) and (d); the order is that of Fig. 3, whose panel (b) it identifies as the thermal current.",
      ])
  }

  private static func currentStatements(
    _ rotors: Int, _ overF: FigureSweep, _ overPhase: FigureSweep
  ) -> [Statement] {
    let tunnelling = sublattices.map { overF("J_tun_\($0)") }
    let thermal = sublattices.map { overF("J_th_\($0)") }
    let all = tunnelling + thermal
    let symmetric = [(0.2, 1.0), (0.45, 1), (0.8, 1), (0.45, 0.2)].map { f, beta in
      steady("phi", (0...3).map { Double($0) * .pi / 3 }, ring(rotors, betaE: beta, f: f))
    }
    let names = ["J_tun_even", "J_tun_odd", "J_th_even", "J_th_odd"]
    return [
      Statement(
        "we obtain the unique steady state", source: "Sec. III A",
        of: [.uniqueness(overF), .uniqueness(overPhase)]
      ) {
        curves in
        let shown = curves.flatMap(\.points)
        let unique = shown.count { $0.y == 1 }
        return Finding(
          unique == shown.count ? .reproduced : .notChecked,
          [
            Measurement("points with a proof of uniqueness", Double(unique)),
            Measurement("points", Double(shown.count)),
          ],
          unique == shown.count ? "" : "a certificate without a proof says neither yes nor no")
      },
      Statement(
        "For φ = qπ/Ns (q ∈ ℤ), the currents vanish, ⟨J^tun⟩_k = ⟨J^th⟩_k = 0, for each individual rotor, ∀f and regardless of the temperature difference among sub-lattices",
        source: "Sec. III A", of: symmetric.flatMap { sweep in names.map { sweep($0) } }
      ) { curves in
        var finding = Checks.vanish(curves, "J")
        finding.remark = "q = 0…3 at f = 0.2, 0.45, 0.8 with beta_e = 1, and at f = 0.45 with beta_e = 0.2"
        return finding
      },
      Statement(
        "the currents display a 2π/Ns periodicity in φ", source: "Fig. 2, caption",
        of: names.map { overPhase($0) }
      ) { curves in
        let shift = (curves[0].x.count - 1) / 2
        let differences = curves.map { curve in
          SampledCurve(
            x: Array(curve.x.prefix(shift + 1)),
            y: (0...shift).map { index in
              guard let a = curve.y[index], let b = curve.y[index + shift] else { return nil }
              return b - a
            })
        }
        var finding = Checks.vanish(differences, "J(φ + 2π/3) - J(φ)")
        let largest = curves.compactMap(\.largest).max() ?? .nan
        // A grid on the zeros of the currents sees nothing of their period.
        guard largest > Checks.zero else { return .notChecked("the currents vanish at all points") }
        finding.measured.append(Measurement("max |J|", largest))
        return finding
      },
      Statement(
        "the maximum of |⟨J^tun⟩_k| is reached at f ≈ 0.45", source: "Sec. III A", of: tunnelling
      ) { curves in
        Checks.positions(
          zip(sublattices, curves).map { ("f of max |J_tun_\($0)|", $1.peak?.x) }, near: 0.45,
          within: Checks.reading)
      },
      Statement(
        "However, the thermal current ⟨J^th⟩_k is maximized for a slightly smaller value of f",
        source: "Sec. III A", of: all
      ) { curves in thermalPeaksBelow(curves) },
      Statement(
        "in the classical limit f = 0, the tunneling current is vanishing in both sublattices, while the rotors exhibit the same nonzero thermal rotational frequency",
        source: "Sec. III A", of: all + classical(rotors)
      ) { curves in classicalLimit(curves) },
      Statement(
        "in spite of the opposite sign of thermal and tunneling currents for each rotor",
        source: "Sec. III A", of: all
      ) { curves in
        Checks.tendency(
          sublattices.enumerated().map { number, name in
            Checks.compare("\(name) rotors", [curves[number], curves[number + 2]], in: interior) {
              $0[0] * $0[1] < 0
            }
          }, "f")
      },
      Statement(
        "the net current is nonzero in general", source: "Sec. III A",
        of: sublattices.map { overF("J_net_\($0)") }
      ) { curves in
        Checks.tendency(
          zip(sublattices, curves).map { name, curve in
            Checks.compare("\(name) rotors", [curve], in: interior) { abs($0[0]) > Checks.zero }
          }, "f",
          measured: zip(sublattices, curves).map { Measurement("max |J_net_\($0)|", $1.largest ?? .nan) })
      },
      Statement(
        "the mean square value of the thermal current has a maximum at f ≈ 1/2", source: "Sec. III A",
        of: sublattices.map { overF("Jth2_\($0)") }
      ) { curves in
        Checks.positions(
          zip(sublattices, curves).map { ("f of max <(J_th_\($0))^2>", $1.peak?.x) }, near: 0.5,
          within: Checks.coarseReading)
      },
      Statement(
        "the analogous quantity for the tunneling current gets the value of ≈ 2f²/3 independently of φ",
        source: "Sec. III A",
        of: sublattices.map { overF("Jtun2_\($0)") } + sublattices.map { overPhase("Jtun2_\($0)") }
      ) { curves in
        let onF = curves.prefix(2).map { curve in
          SampledCurve(x: curve.x, y: zip(curve.x, curve.y).map { f, y in y.map { $0 - 2 * f * f / 3 } })
        }
        return Checks.vanish(onF + curves.suffix(2).map { $0.map { $0 - 1.0 / 6 } }, "<J_tun^2> - 2f^2/3")
      },
    ]
  }

  /// Thermal currents at f = 0 for shrinking temperature differences, odd rotors hotter.
  private static func classical(_ rotors: Int) -> [Quantity] {
    let sweep = FigureSweep("chiral-clock", state: "steady", "dT", [0.001, 0.01, 0.1]) { difference in
      ring(rotors, betaO: 1 / (1 + difference), f: 0)
    }
    return sublattices.map { sweep("J_th_\($0)") }
  }

  /// Curves: tunnelling even, odd, thermal even, odd against f; thermal even, odd against the temperature difference.
  static func classicalLimit(_ curves: [SampledCurve]) -> Finding {
    guard let tunnelling = Optional([curves[0][at: 0], curves[1][at: 0]].compactMap { $0 }),
      tunnelling.count == 2,
      let even = curves[2][at: 0], let odd = curves[3][at: 0]
    else { return .notChecked("no values at f = 0") }
    func unequal(_ a: Double, _ b: Double) -> Double { 2 * abs(a - b) / abs(a + b) }
    let printed = unequal(even, odd)
    let shrinking = zip(curves[4].points, curves[5].points).map { unequal($0.y, $1.y) }
    let largest = tunnelling.map(abs).max() ?? .nan
    let measured =
      [
        Measurement("max |J_tun| at f = 0", largest), Measurement("J_th_even at f = 0", even),
        Measurement("J_th_odd at f = 0", odd), Measurement("relative difference", printed),
      ] + zip(curves[4].points, shrinking).map { Measurement("relative difference at |dT| = \($0.x)", $1) }
    guard largest <= Checks.zero, even * odd > 0, abs(even) > Checks.zero else {
      return Finding(.notReproduced, measured)
    }
    // Equal to the two digits that a plot shows.
    if printed < 0.01 { return Finding(.reproduced, measured) }
    // A difference of second order makes the relative one proportional to dT: ten times smaller for a tenth of it, up to
    // the next order.
    let ratios = zip(shrinking.dropFirst(), shrinking).map { $0 / $1 }
    let isSecondOrder = ratios.count == 2 && ratios.allSatisfy { (7...13).contains($0) }
    return Finding(
      isSecondOrder ? .withExceptions : .notReproduced, measured,
      isSecondOrder
        ? "equal to first order in the temperature difference; not an identity" : "they differ in first order"
    )
  }

  /// Curves: tunnelling even, odd, thermal even, odd. "Slightly": by less than 0.15, a fifth of the width of the peaks.
  static func thermalPeaksBelow(_ curves: [SampledCurve]) -> Finding {
    let peaks = curves.compactMap { $0.peak?.x }
    guard peaks.count == 4 else { return .notChecked("a curve has no values") }
    let measured = zip(["J_tun_even", "J_tun_odd", "J_th_even", "J_th_odd"], peaks).map {
      Measurement("f of max |\($0)|", $1)
    }
    let holds = (0..<2).map { peaks[$0 + 2] < peaks[$0] && peaks[$0] - peaks[$0 + 2] < 0.15 }
    return Finding(
      holds == [true, true] ? .reproduced : holds == [false, false] ? .notReproduced : .withExceptions,
      measured)
  }
}
