import NESSKit

/// A computed figure.
struct FigureResult: Sendable {
  struct CurveData: Sendable {
    let panel: Int
    let curve: Curve
    let data: SampledCurve
  }

  let figure: Figure
  let scale: FigureScale
  let content: FigureContent
  let curves: [CurveData]
  let findings: [Finding]
  /// Points that the figure rests on, each once.
  let points: [(point: FigurePoint, computed: ComputedPoint)]
  let problems: [FigureRun.Problem]

  init(_ figure: Figure, _ scale: FigureScale, _ content: FigureContent, _ run: FigureRun) {
    self.figure = figure
    self.scale = scale
    self.content = content
    curves = content.panels.enumerated().flatMap { number, panel in
      panel.curves.map { CurveData(panel: number, curve: $0, data: $0.data(run.values)) }
    }
    findings = content.statements.map { statement in
      if let reason = run.reasonAgainst(statement) { return .notChecked(reason) }
      return statement.evaluate(statement.quantities.map { $0.curve(run.values) })
    }
    points = run.points(of: content).compactMap { point in run.values.points[point].map { (point, $0) } }
    problems = run.problems(content)
  }

  /// Points without a certificate.
  var failures: [(point: FigurePoint, reason: String)] {
    points.compactMap { point, computed in computed.certificate.failure.map { (point, $0) } }
  }

  /// Everything that is missing in the figure, in words; empty when it is complete.
  var complaints: [String] {
    var lines = problems.map { "\(figure.id): panel (\($0.place)): \($0.reason)" }
    if let first = failures.first {
      let parameters = first.point.parameters.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
      lines.append(
        "\(figure.id): \(failures.count) of \(points.count) points failed: at \(parameters.joined(separator: ", ")): \(first.reason)"
      )
    }
    return lines
  }
}
