import NESSKit

/// The figures that can be recomputed, by id.
package struct FigureCatalog: Sendable {
  package let figures: [Figure]

  /// Creates a catalogue.
  /// - Precondition: no two figures have the same id.
  package init(_ figures: [Figure]) {
    let ids = figures.map(\.id)
    precondition(Set(ids).count == ids.count, "ids of figures must differ, but are \(ids)")
    self.figures = figures
  }

  package static let standard = FigureCatalog(RotorFigures.all + HybridFigures.all)

  /// The figure of this id.
  func figure(_ id: String) throws(Failure) -> Figure {
    if let figure = figures.first(where: { $0.id == id }) { return figure }
    throw Failure(
      .usage,
      "figure must be \(Suggestion.allowed(figures.map(\.id), near: id)), but is \(ParameterValue.text(id))")
  }
}
