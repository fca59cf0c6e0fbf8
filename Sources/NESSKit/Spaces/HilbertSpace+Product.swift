extension HilbertSpace {
  /// Space of two systems side by side; the sites of `other` follow and run fastest.
  ///
  /// A product of restricted spaces keeps the pairs of kept states. Pair (a, b) has basis index
  /// a × `other.dimension` + b, restricted or not.
  public func tensorProduct(with other: HilbertSpace) -> HilbertSpace {
    let (_, overflow) = dimension.multipliedReportingOverflow(by: other.dimension)
    precondition(
      !overflow, "the dimension of a product of \(dimension) and \(other.dimension) states must fit 64 bits")
    let full = HilbertSpace(sites + other.sites)
    if selection == nil && other.selection == nil { return full }
    var kept: [Int] = []
    kept.reserveCapacity(dimension * other.dimension)
    for index in 0..<dimension {
      let high = productIndex(of: index) * other.productDimension
      for otherIndex in 0..<other.dimension { kept.append(high + other.productIndex(of: otherIndex)) }
    }
    return HilbertSpace(sites: full.sites, selection: kept)
  }

  /// Checks that `chosen` names different sites of this space, at least one.
  func validate(sites chosen: [Int]) {
    precondition(!chosen.isEmpty, "at least one site must be named")
    for site in chosen {
      precondition(sites.indices.contains(site), "a site must be in 0..<\(sites.count), but is \(site)")
    }
    precondition(Set(chosen).count == chosen.count, "sites must differ, but are \(chosen)")
  }
}
