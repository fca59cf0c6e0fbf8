/// A publication whose figures are recomputed.
package struct Paper: Sendable {
  /// First part of the ids of its figures.
  package let key: String
  /// Authors, journal, year.
  package let citation: String
  package let doi: String
}

/// A figure of a paper: what it is, and what has to be computed, drawn and checked for it.
package struct Figure: Sendable {
  /// Name on the command line, for instance `rotors-2`.
  package let id: String
  package let paper: Paper
  /// As in the paper, for instance `Fig. 2`.
  package let number: String
  package let title: String
  /// Sizes and rough time in words, for the list of figures.
  package let cost: String
  /// Everything that depends on how large the figure is to be computed.
  package let content: @Sendable (FigureScale) -> FigureContent
}

/// How large a figure is computed.
package struct FigureScale: Sendable {
  /// Coarser grids and smaller systems, so that a figure takes seconds.
  package var isQuick = false
  /// Points of the main sweeps; nil leaves them to the figure.
  package var points: Int?

  package init(isQuick: Bool = false, points: Int? = nil) {
    self.isQuick = isQuick
    self.points = points
  }

  /// Points of a main sweep.
  func points(_ full: Int, quick: Int) -> Int { points ?? (isQuick ? quick : full) }

  /// One of two choices, for instance of system sizes.
  func choose<Choice>(_ full: Choice, quick: Choice) -> Choice { isQuick ? quick : full }
}

/// What is computed, drawn and checked for a figure.
package struct FigureContent: Sendable {
  package let panels: [Panel]
  package let statements: [Statement]
  /// What a reader must know: choices where the paper is silent.
  package let notes: [String]

  package init(panels: [Panel], statements: [Statement], notes: [String] = []) {
    self.panels = panels
    self.statements = statements
    self.notes = notes
  }

  /// Everything that is drawn or judged.
  var quantities: [Quantity] {
    panels.flatMap(\.curves).flatMap(\.quantities) + statements.flatMap(\.quantities)
  }
}

/// One coordinate system with its curves. Labels may use gnuplot's marks ^{} and _{}.
package struct Panel: Sendable {
  /// Axis of a panel.
  package struct Axis: Sendable {
    let label: String
    var unit = ""
    /// Range that is shown; nil shows all.
    var range: ClosedRange<Double>?
    /// Places of the ticks with their labels; empty leaves them to gnuplot.
    var ticks: [(place: Double, label: String)] = []
    var isLogarithmic = false
  }

  /// Vertical line at a value that the paper names.
  struct Marker: Sendable {
    let x: Double
    let label: String
  }

  /// Letter in the paper, for instance `a`; parts that the paper draws as insets have names of their own.
  package let name: String
  let title: String
  let x: Axis
  let y: Axis
  package let curves: [Curve]
  let markers: [Marker]

  init(_ name: String, title: String = "", x: Axis, y: Axis, curves: [Curve], markers: [Marker] = []) {
    self.name = name
    self.title = title
    self.x = x
    self.y = y
    self.curves = curves
    self.markers = markers
  }
}

/// A line or a set of marks in a panel.
package struct Curve: Sendable {
  /// Marks that are drawn instead of a line, open so that those below can be seen, by gnuplot's numbers.
  enum Mark: Int, Sendable {
    case square = 4
    case circle = 6
    case triangle = 8
  }

  package let label: String
  package let quantity: Quantity
  /// What runs along the horizontal axis; nil means the coordinate of the quantity.
  let abscissa: Quantity?
  /// Number of the colour; nil counts through.
  let colour: Int?
  /// Number of the dash pattern, from 1 (solid).
  let dash: Int
  /// Marks without a line; nil draws a line.
  let mark: Mark?

  init(
    _ label: String, _ quantity: Quantity, against abscissa: Quantity? = nil, colour: Int? = nil,
    dash: Int = 1, mark: Mark? = nil
  ) {
    self.label = label
    self.quantity = quantity
    self.abscissa = abscissa
    self.colour = colour
    self.dash = dash
    self.mark = mark
  }

  /// What has to be known to draw it.
  var quantities: [Quantity] { [quantity] + (abscissa.map { [$0] } ?? []) }

  /// Name of what runs along the horizontal axis.
  var xName: String { abscissa?.name ?? quantity.axis }

  /// The places that are drawn, in the order of the coordinate; not ascending with an abscissa of its own.
  func data(_ found: FigureValues) -> SampledCurve {
    let curve = quantity.curve(found)
    guard let abscissa = abscissa?.curve(found) else { return curve }
    let rows = zip(abscissa.y, curve.y).compactMap { x, y in x.map { (x: $0, y: y) } }
    return SampledCurve(x: rows.map(\.x), y: rows.map(\.y))
  }
}
