public import Numerics

extension Operator {
  /// Creates an operator from matrix elements <row| O |column| between basis states; elements named twice are summed.
  public init(space: HilbertSpace, entries: [(row: Int, column: Int, value: Complex<Double>)]) {
    self.init(
      space: space,
      matrix: SparseMatrix(rows: space.dimension, columns: space.dimension, entries: entries))
  }

  /// Creates a diagonal operator; `value` maps the levels of all sites to the diagonal element.
  ///
  ///     let particles = Operator(diagonalIn: space) { levels in Double(levels.reduce(0, +)) }
  public init(diagonalIn space: HilbertSpace, _ value: (_ levels: [Int]) -> Double) {
    self.init(
      space: space,
      matrix: .diagonal((0..<space.dimension).map { Complex(value(space.digits(of: $0))) }))
  }

  /// Identity operator.
  public static func identity(_ space: HilbertSpace) -> Operator {
    Operator(space: space, matrix: .identity(space.dimension))
  }

  /// Operator without matrix elements.
  public static func zero(_ space: HilbertSpace) -> Operator {
    Operator(space: space, matrix: .zero(rows: space.dimension, columns: space.dimension))
  }

  /// |state><state| for a basis state.
  public static func projector(on state: Int, in space: HilbertSpace) -> Operator {
    transition(from: state, to: state, in: space)
  }

  /// |final><initial| between two basis states: the only nonzero element is in row `final`, column `initial`.
  public static func transition(from initial: Int, to final: Int, in space: HilbertSpace) -> Operator {
    Operator(space: space, entries: [(final, initial, .one)])
  }
}
