/// Ordered product of sites, possibly restricted to a set of product states.
///
/// Site 0 is the slowest digit: |j_0, j_1, …> has product index sum_k j_k stride_k with stride_last = 1.
/// A restricted space numbers its states 0, 1, … in ascending product index.
public struct HilbertSpace: Sendable, Hashable {
  /// Tensor factors.
  public let sites: [Site]
  /// Product indices of the states that are kept, ascending; nil keeps all.
  public let selection: [Int]?
  /// Dimension of the unrestricted product.
  public let productDimension: Int
  /// Distance in product index between neighbouring levels of a site.
  public let strides: [Int]

  /// Creates the full product of `sites`; their dimensions must multiply without overflow.
  public init(_ sites: [Site]) {
    self.init(sites: sites, selection: nil)
  }

  /// Creates a space from product indices that ascend and are in range.
  init(sites: [Site], selection: [Int]?) {
    precondition(!sites.isEmpty, "a Hilbert space must have at least one site")
    var strides = [Int](repeating: 1, count: sites.count)
    var product = 1
    for k in sites.indices.reversed() {
      strides[k] = product
      let (next, overflow) = product.multipliedReportingOverflow(by: sites[k].dimension)
      precondition(!overflow, "the dimension of the product of \(sites.count) sites must fit 64 bits")
      product = next
    }
    self.sites = sites
    self.strides = strides
    self.productDimension = product
    self.selection = selection
  }

  /// Number of basis states.
  public var dimension: Int { selection?.count ?? productDimension }

  /// Space of the product states whose digits satisfy `predicate`; at least one must.
  /// - Complexity: O(dimension × sites)
  public func restricted(to predicate: ([Int]) -> Bool) -> HilbertSpace {
    var kept: [Int] = []
    for index in 0..<dimension where predicate(digits(of: index)) { kept.append(productIndex(of: index)) }
    precondition(!kept.isEmpty, "a restriction must keep at least one state")
    return HilbertSpace(sites: sites, selection: kept)
  }

  /// Product index of basis state `index`.
  public func productIndex(of index: Int) -> Int { selection?[index] ?? index }

  /// Level of `site` in basis state `index`.
  public func digit(of index: Int, at site: Int) -> Int {
    productIndex(of: index) / strides[site] % sites[site].dimension
  }

  /// Levels of all sites in basis state `index`.
  public func digits(of index: Int) -> [Int] {
    let product = productIndex(of: index)
    return sites.indices.map { product / strides[$0] % sites[$0].dimension }
  }

  /// Basis state with the given levels; nil when the restriction leaves it out.
  public func index(of digits: [Int]) -> Int? {
    precondition(digits.count == sites.count, "need \(sites.count) levels, but got \(digits.count)")
    var product = 0
    for k in sites.indices {
      precondition(
        (0..<sites[k].dimension).contains(digits[k]),
        "level of site \(k) must be in 0..<\(sites[k].dimension), but is \(digits[k])")
      product += digits[k] * strides[k]
    }
    return index(ofProduct: product)
  }

  /// Basis state with product index `product`; nil when the restriction leaves it out.
  public func index(ofProduct product: Int) -> Int? {
    guard let selection else { return product }
    var low = 0
    var high = selection.count
    while low < high {
      let middle = (low + high) / 2
      if selection[middle] < product { low = middle + 1 } else { high = middle }
    }
    return low < selection.count && selection[low] == product ? low : nil
  }

  /// Unrestricted space of a subset of the sites, in the given order.
  public func subspace(of sites: [Int]) -> HilbertSpace { HilbertSpace(sites.map { self.sites[$0] }) }
}
