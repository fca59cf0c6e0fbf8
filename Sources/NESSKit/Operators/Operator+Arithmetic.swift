public import Numerics

extension Operator {
  /// Sum of two operators on the same space.
  public static func + (left: Operator, right: Operator) -> Operator {
    requireSameSpace(left, right)
    return Operator(space: left.space, matrix: left.matrix + right.matrix)
  }

  /// Difference of two operators on the same space.
  public static func - (left: Operator, right: Operator) -> Operator {
    requireSameSpace(left, right)
    return Operator(space: left.space, matrix: left.matrix - right.matrix)
  }

  /// Adds `right` to `left`.
  public static func += (left: inout Operator, right: Operator) { left = left + right }
  /// Subtracts `right` from `left`.
  public static func -= (left: inout Operator, right: Operator) { left = left - right }
  /// Negative of an operator.
  public static prefix func - (operand: Operator) -> Operator {
    Operator(space: operand.space, matrix: -operand.matrix)
  }

  /// Multiple of an operator.
  public static func * (factor: Double, operand: Operator) -> Operator {
    Operator(space: operand.space, matrix: factor * operand.matrix)
  }
  /// Multiple of an operator.
  public static func * (operand: Operator, factor: Double) -> Operator { factor * operand }
  /// An operator divided by a number.
  public static func / (operand: Operator, divisor: Double) -> Operator {
    Operator(space: operand.space, matrix: operand.matrix / divisor)
  }
  /// Multiple of an operator. Disfavored, so that the 2 of `2 * hamiltonian` is a real number.
  @_disfavoredOverload
  public static func * (factor: Complex<Double>, operand: Operator) -> Operator {
    Operator(space: operand.space, matrix: factor * operand.matrix)
  }
  /// Multiple of an operator.
  @_disfavoredOverload
  public static func * (operand: Operator, factor: Complex<Double>) -> Operator { factor * operand }

  static func requireSameSpace(_ left: Operator, _ right: Operator) {
    precondition(
      left.space == right.space,
      "operators must act on the same space, but their dimensions are \(left.space.dimension) and \(right.space.dimension)"
    )
  }
}
