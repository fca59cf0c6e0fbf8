extension Operator {
  /// Product `left` after `right`; entries that cancel exactly are not stored.
  /// - Complexity: one multiplication per pair of entries that meet
  public static func * (left: Operator, right: Operator) -> Operator {
    requireSameSpace(left, right)
    return Operator(
      space: left.space, matrix: left.matrix.multiplied(by: right.matrix).droppingZeros())
  }

  /// Adjoint O^+.
  public var adjoint: Operator { Operator(space: space, matrix: matrix.adjoint) }

  /// [self, other] = self other - other self.
  public func commutator(with other: Operator) -> Operator { self * other - other * self }

  /// {self, other} = self other + other self.
  public func anticommutator(with other: Operator) -> Operator { self * other + other * self }

  /// `self` applied `exponent` times, at least 0; the power 0 is the identity.
  /// - Complexity: O(log exponent) products
  public func power(_ exponent: Int) -> Operator {
    precondition(exponent >= 0, "an exponent must be at least 0, but is \(exponent)")
    var result = Operator.identity(space)
    var square = self
    var rest = exponent
    while rest > 0 {
      if rest % 2 == 1 { result = result * square }
      rest /= 2
      if rest > 0 { square = square * square }
    }
    return result
  }
}
