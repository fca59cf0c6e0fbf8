extension Liouvillian {
  /// What conservation of the trace says about a system A made from the generator without the equation of one population:
  /// A^T u = rightHandSide.
  struct Conservation {
    let rightHandSide: [Double]
    /// u, 1 for populations of weight 1.
    let solution: [Double]
  }

  /// Conservation in ``pinned(at:)``: where probability goes, it comes back to the population that is 1, for the weighted sum of all rows
  /// vanishes. Nil for a generator that does not conserve the trace.
  func conservation(withPinned pin: Int) -> Conservation? {
    guard let row = conservingRow(pin) else { return nil }
    let weight = traceWeights[pin]
    func others(_ list: [Double]) -> [Double] { Array(list[..<pin] + list[(pin + 1)...]) }
    return Conservation(
      rightHandSide: others(row).map { -$0 }, solution: others(traceWeights).map { $0 / weight })
  }

  /// Conservation in ``normalizedSystem()``, where the trace stands in the row of the first population; nil as above.
  func conservationOfNormalizedSystem() -> Conservation? {
    guard let first = traceWeights.firstIndex(where: { $0 != 0 }), let row = conservingRow(first)
    else { return nil }
    var solution = traceWeights.map { $0 / traceWeights[first] }
    solution[first] = 0
    return Conservation(rightHandSide: row.map { -$0 }, solution: solution)
  }

  /// A row, nil unless the weighted sum of all rows vanishes up to rounding.
  private func conservingRow(_ row: Int) -> [Double]? {
    var elements = [Double](repeating: 0, count: matrix.columns)
    let allowed = 1e-12 * scale * traceWeights.reduce(0) { max($0, abs($1)) }
    for column in 0..<matrix.columns {
      var sum = 0.0
      for entry in matrix.starts[column]..<matrix.starts[column + 1] {
        sum += traceWeights[matrix.indices[entry]] * matrix.values[entry]
        if matrix.indices[entry] == row { elements[column] = matrix.values[entry] }
      }
      guard abs(sum) <= allowed else { return nil }
    }
    return elements
  }
}
