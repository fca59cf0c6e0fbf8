import NESSKit

/// Figures of Puebla et al. on rings of quantum rotors.
enum RotorFigures {
  static let paper = Paper(
    key: "rotors",
    citation: "R. Puebla, A. Imparato, A. Belenchia, M. Paternostro, Phys. Rev. Research 4, 043066 (2022)",
    doi: "10.1103/PhysRevResearch.4.043066")

  static let all = [
    currents, totalCurrents, heatCurrents, information, susceptibilities, binder, groundInformation,
    rotatedCurrent,
  ]

  /// Critical f of the homogeneous phase pi/8, from the paper's Ref. [50].
  static let criticalField = 0.46267
  /// Where the paper places the transition of the staggered ring, to two digits.
  static let transition = 0.46

  /// The staggered ring with the temperatures and the coupling of the paper's figures.
  static func ring(
    _ rotors: Int, phi: Double = .pi / 2, betaE: Double = 1, betaO: Double = 1.1, f: Double? = nil
  ) -> [String: ParameterValue] {
    var parameters: [String: ParameterValue] = [
      "M": .integer(rotors), "Ns": .integer(3), "phi": .real(phi), "beta_e": .real(betaE),
      "beta_o": .real(betaO), "g": .real(0.2),
    ]
    if let f { parameters["f"] = .real(f) }
    return parameters
  }

  /// The steady state against f.
  static func overF(
    _ rotors: Int, phi: Double = .pi / 2, betaE: Double = 1, betaO: Double = 1.1, points: Int
  ) -> FigureSweep {
    steady(
      "f", SweepAxis.linear(from: 0, to: 1, points: points),
      ring(rotors, phi: phi, betaE: betaE, betaO: betaO))
  }

  /// The steady state at f = 1/2 against the phase, two periods of it.
  static func overPhase(_ rotors: Int, points: Int) -> FigureSweep {
    // An odd number of points has both ends and the middle of the range on the grid: whole periods.
    steady(
      "phi", SweepAxis.linear(from: 0, to: 4 * .pi / 3, points: points | 1), ring(rotors, f: 0.5))
  }

  static func steady(_ axis: String, _ x: [Double], _ fixed: [String: ParameterValue]) -> FigureSweep {
    FigureSweep("chiral-clock", state: "steady", axis, x, fixed: fixed)
  }

  static func ground(_ x: [Double], _ fixed: [String: ParameterValue]) -> FigureSweep {
    FigureSweep("chiral-clock", state: "ground", "f", x, fixed: fixed)
  }

  static let fAxis = Panel.Axis(label: "f")
  static let phaseAxis = Panel.Axis(
    label: "φ", unit: "rad",
    ticks: [
      (0, "0"), (.pi / 3, "π/3"), (2 * .pi / 3, "2π/3"), (.pi, "π"), (4 * .pi / 3, "4π/3"),
    ])

  static func fAxis(_ range: ClosedRange<Double>) -> Panel.Axis { Panel.Axis(label: "f", range: range) }
  static func axis(_ label: String, _ unit: String = "") -> Panel.Axis {
    Panel.Axis(label: label, unit: unit)
  }

  /// The open interval where both terms of the Hamiltonian act.
  static let interior = 1e-9...(1 - 1e-9)
  static let sublattices = ["even", "odd"]
}
