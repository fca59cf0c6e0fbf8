public import Numerics

extension DensityMatrix {
  /// Sum of the populations; 1 for a state, the imaginary part is an error.
  public var trace: Complex<Double> {
    (0..<space.dimension).reduce(.zero) { $0 + elements[$1 * (space.dimension + 1)] }
  }

  /// max |rho - rho^+| over all elements.
  public var hermiticityDefect: Double {
    let order = space.dimension
    var defect = 0.0
    for column in 0..<order {
      for row in 0...column {
        let difference = elements[row + column * order] - elements[column + row * order].conjugate
        defect = max(defect, difference.length)
      }
    }
    return defect
  }

  /// The state divided by its trace; nil when the trace is not positive and finite.
  public var normalized: DensityMatrix? {
    let trace = self.trace.real
    guard trace > 0 && trace.isFinite else { return nil }
    return DensityMatrix(space: space, elements: elements.map { $0.divided(by: trace) })
  }

  /// tr rho^2 = sum |rho_ab|^2: 1 for a pure state, 1 / D for the maximally mixed one.
  public var purity: Double { elements.reduce(0) { $0 + $1.lengthSquared } }

  /// Transpose of the levels of `sites` only: <..a..| rho^T |..b..> = <..b..| rho |..a..>.
  ///
  /// The result has trace 1 and is Hermitian, but has negative eigenvalues for many entangled states. The space
  /// must not be restricted, for a partial transpose leaves a restriction.
  public func partialTranspose(over sites: [Int]) -> DensityMatrix {
    precondition(
      space.selection == nil, "a partial transpose needs a full product space, but this one is restricted")
    space.validate(sites: sites)
    let order = space.dimension
    // The part of each product index that belongs to the transposed sites.
    let moving = (0..<order).map { state in
      sites.reduce(0) { $0 + space.digit(of: state, at: $1) * space.strides[$1] }
    }
    var transposed = elements
    for column in 0..<order {
      for row in 0..<order {
        let newRow = row - moving[row] + moving[column]
        let newColumn = column - moving[column] + moving[row]
        transposed[newRow + newColumn * order] = elements[row + column * order]
      }
    }
    return DensityMatrix(space: space, elements: transposed)
  }
}
