extension InputError {
  /// Throws unless the condition holds.
  static func check(
    _ condition: Bool, _ field: String, _ value: @autoclosure () -> String,
    _ allowed: @autoclosure () -> String
  ) throws(InputError) {
    if !condition { throw InputError(field: field, value: value(), allowed: allowed()) }
  }

  /// Throws unless the list has `count` numbers that are all finite and allowed; the error names the first that is not.
  static func check(
    list: [Double], _ field: String, count: Int, named countName: String,
    each allowed: String = "a finite number", where isAllowed: (Double) -> Bool = { _ in true }
  ) throws(InputError) {
    try check(
      list.count == count, field, "a list of \(list.count)", "a list of \(countName) = \(count) numbers")
    for (position, value) in list.enumerated() {
      try check(value.isFinite && isAllowed(value), "\(field)[\(position)]", "\(value)", allowed)
    }
  }

  /// Throws unless `levels`^`sites` basis states can be counted and a vector of them can be stored.
  static func check(dimensionOf sites: Int, levels: Int, _ field: String, power: String) throws(InputError) {
    var dimension = 1
    for _ in 0..<sites {
      let (next, overflow) = dimension.multipliedReportingOverflow(by: levels)
      try check(
        !overflow && next <= HilbertSpace.largestDimension, field, "\(sites)",
        "so small that \(power) is at most \(HilbertSpace.largestDimension)")
      dimension = next
    }
  }
}

extension HilbertSpace {
  /// Basis states beyond which even one vector per observable is out of reach.
  static let largestDimension = 1 << 31
}
