public import Numerics

extension Operator {
  /// Matrix element <row| O |column|.
  public func element(_ row: Int, _ column: Int) -> Complex<Double> { matrix[row, column] }

  /// Diagonal elements in the basis of the space.
  public var diagonal: [Complex<Double>] { matrix.diagonal }

  /// Sum of the diagonal elements.
  public var trace: Complex<Double> { diagonal.reduce(.zero, +) }

  /// max |O - O^+| over all elements; zero for a Hermitian operator.
  public var hermiticityDefect: Double {
    var defect = 0.0
    matrix.forEachEntry { row, column, value in
      defect = max(defect, (value - matrix[column, row].conjugate).length)
    }
    return defect
  }

  /// Whether the operator equals its adjoint up to `tolerance` times its largest element.
  public func isHermitian(tolerance: Double = 1e-12) -> Bool {
    let largest = matrix.values.reduce(0) { max($0, $1.length) }
    return hermiticityDefect <= tolerance * largest
  }
}
