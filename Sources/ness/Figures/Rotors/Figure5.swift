import Foundation
import NESSKit

extension RotorFigures {
  /// One curve of Fig. 5.
  private struct Choice {
    let phi: Double
    let name: String
    let betaE: Double

    var label: String { "φ = \(name), β_e = \(Readable.number(betaE, digits: 2))" }
    var isChiral: Bool { phi != 0 }
  }

  private static let choices = [
    Choice(phi: .pi / 2, name: "π/2", betaE: 1), Choice(phi: .pi / 2, name: "π/2", betaE: 0.5),
    Choice(phi: .pi / 2, name: "π/2", betaE: 0.2), Choice(phi: .pi / 4, name: "π/4", betaE: 1),
    Choice(phi: 0, name: "0", betaE: 1),
  ]

  /// Information measures of the steady state.
  static let information = Figure(
    id: "rotors-5", paper: paper, number: "Fig. 5", title: "information measures of the steady state",
    cost: "M = 4 with global discord, twenty seconds"
  ) { scale in
    let rotors = 4
    let sweeps = choices.map {
      overF(rotors, phi: $0.phi, betaE: $0.betaE, points: scale.points(51, quick: 21))
    }
    func panel(
      _ name: String, _ title: String, _ measure: String, _ label: String, _ unit: String = ""
    ) -> Panel {
      Panel(
        name, title: title, x: fAxis, y: axis(label, unit),
        curves: zip(choices, sweeps).map { Curve($0.label, $1(measure)) })
    }
    return FigureContent(
      panels: [
        panel("a", "entropy of the first half", "S_A", "S_A", "nat"),
        panel("b", "mutual information of the halves", "I", "I(A:B)", "nat"),
        panel("c", "coherence", "C", "C"),
        panel("d", "global discord", "G", "G", "nat"),
      ],
      statements: informationStatements(rotors, sweeps),
      notes: [
        "M = \(rotors), Ns = 3, beta_o = 1.1, g = 0.2; A is the first half of the ring.",
        "The legend of the paper's figure is not in its text: the values of φ and beta_e are a choice.",
      ])
  }

  private static func informationStatements(_ rotors: Int, _ sweeps: [FigureSweep]) -> [Statement] {
    let chiral = zip(choices, sweeps).filter { $0.0.isChiral }
    let labels = chiral.map(\.0.label)
    let groundSweep = ground(SweepAxis.linear(from: 0.1, to: 1, points: 10), ring(rotors))
    return [
      steepest(
        "S_A", "both S_A … have an inflexion point in the region … around f ≃ 0.46", chiral.map(\.1), labels),
      steepest(
        "I", "and I(A:B) have an inflexion point in the region … around f ≃ 0.46", chiral.map(\.1), labels),
      Statement(
        "the coherence for the chiral model is maximum at f ≃ 0.46", source: "Sec. IV",
        of: chiral.map { $0.1("C") }
      ) { curves in
        Checks.positions(
          zip(labels, curves).map { ("f of max C (\($0))", $1.peak?.x) }, near: transition,
          within: Checks.reading)
      },
      Statement(
        "the global discord peaks at a slightly smaller value of f", source: "Sec. IV",
        of: chiral.map { $0.1("G") } + chiral.map { $0.1("C") }
      ) { curves in discordPeaks(curves, labels) },
      Statement(
        "the global quantum discord shows the nonclassical nature of the state of the NESS away from f = 0, 1",
        source: "Sec. IV", of: sweeps.map { $0("G") }
      ) { curves in
        Checks.tendency(
          zip(choices, curves).map { choice, curve in
            Checks.compare(choice.label, [curve], in: interior) { $0[0] > Checks.zero }
          }, "f")
      },
      Statement(
        "its maximum value is significantly smaller than in the ground-state", source: "Sec. IV",
        of: sweeps.map { $0("C") } + [groundSweep("C")]
      ) { curves in
        let peaks = curves.compactMap(\.largest)
        guard peaks.count == curves.count, let ground = peaks.last, let steady = peaks.dropLast().max() else {
          return .notChecked("a curve has no values")
        }
        // "Significantly": by more than a factor of three.
        return Finding(
          3 * steady < ground ? .reproduced : .notReproduced,
          [Measurement("max C, steady states", steady), Measurement("max C, ground states", ground)])
      },
      Statement(
        "we stress that N_A = 0 ∀f, φ", source: "Sec. IV",
        of: sweeps.map { $0("N_A") }
      ) { curves in
        var finding = Checks.vanish(curves, "N_A")
        finding.measured += zip(choices, curves).map {
          Measurement("max N_A (\($0.label))", $1.largest ?? .nan)
        }
        let windows = zip(choices, curves).flatMap { choice, curve in
          SampledCurve.windows(curve.points.map(\.x), where: curve.points.map { $0.y > Checks.zero }).map {
            "\(choice.label): f = \(Checks.text($0))"
          }
        }
        if !windows.isEmpty { finding.remark = "entangled for \(windows.joined(separator: "; "))" }
        return finding
      },
      Statement(
        "all these quantities inherit the periodicity 2π/Ns in the phase φ", source: "Sec. IV",
        of: ["S_A", "I", "C", "G"].flatMap { measure in
          [0.4, 2.0].map { phi in
            steady("phi", [phi, phi + 2 * .pi / 3], ring(rotors, f: 0.45))(measure)
          }
        }
      ) { curves in
        let differences = curves.map { curve in
          SampledCurve(x: [0], y: [curve.points.count == 2 ? curve.points[1].y - curve.points[0].y : nil])
        }
        // The discord is a minimum that is searched: it is reproducible to the square root of the precision.
        return Checks.vanish(differences, "difference after 2π/3", below: 1e-7)
      },
    ]
  }

  private static func steepest(
    _ measure: String, _ text: String, _ sweeps: [FigureSweep], _ labels: [String]
  ) -> Statement {
    Statement(text, source: "Sec. IV", of: sweeps.map { $0(measure) }) { curves in
      Checks.positions(
        zip(labels, curves).map { ("steepest f of \(measure) (\($0))", $1.steepest?.x) }, near: transition,
        within: Checks.reading)
    }
  }

  /// Curves: discord of all choices, then coherence of all choices. "Slightly": by less than 0.15.
  static func discordPeaks(_ curves: [SampledCurve], _ labels: [String]) -> Finding {
    let peaks = curves.compactMap { $0.peak?.x }
    guard peaks.count == 2 * labels.count else { return .notChecked("a curve has no values") }
    let holds = labels.indices.map { number -> Bool in
      let distance = peaks[number + labels.count] - peaks[number]
      return distance > 0 && distance < 0.15
    }
    let measured = labels.indices.flatMap { number in
      [
        Measurement("f of max G (\(labels[number]))", peaks[number]),
        Measurement("f of max C (\(labels[number]))", peaks[number + labels.count]),
      ]
    }
    let failed = labels.indices.filter { !holds[$0] }.map { labels[$0] }
    return Finding(
      failed.isEmpty ? .reproduced : failed.count < labels.count ? .withExceptions : .notReproduced, measured,
      failed.isEmpty || failed.count == labels.count ? "" : "not for \(failed.joined(separator: "; "))")
  }
}
