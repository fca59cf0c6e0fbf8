internal import Numerics

extension Operator {
  /// `matrix` acting on one site, the identity on all others.
  ///
  /// In a restricted space, matrix elements that lead out of the kept states are dropped: the result is
  /// P O P with P the projector on the kept states.
  /// - Complexity: O(number of nonzeros of the result), times log(dimension) in a restricted space
  public static func local(_ matrix: SparseMatrix, at site: Int, in space: HilbertSpace) -> Operator {
    local(matrix, at: [site], in: space)
  }

  /// `matrix` acting on several sites, the identity on all others.
  ///
  /// The first of `sites` is the slowest digit of the indices of `matrix`, as in a Kronecker product of matrices
  /// in that order; the sites need neither be neighbours nor ascend. Elements that lead out of a restricted
  /// space are dropped.
  /// - Complexity: O(number of nonzeros of the result), times log(dimension) in a restricted space
  public static func local(_ matrix: SparseMatrix, at sites: [Int], in space: HilbertSpace) -> Operator {
    space.validate(sites: sites)
    let local = space.subspace(of: sites)
    precondition(
      matrix.rows == local.dimension && matrix.columns == local.dimension,
      "a matrix on sites \(sites) must be \(local.dimension) x \(local.dimension), but is \(matrix.rows) x \(matrix.columns)"
    )
    // Shift of the product index that a local state stands for.
    let offsets = (0..<local.dimension).map { state in
      zip(sites, local.digits(of: state)).reduce(0) { $0 + space.strides[$1.0] * $1.1 }
    }
    // Ascending offsets give ascending rows, so no column of the result needs sorting.
    let columns = (0..<local.dimension).map { column in
      (matrix.starts[column]..<matrix.starts[column + 1])
        .map { (offset: offsets[matrix.indices[$0]], value: matrix.values[$0]) }
        .sorted { $0.offset < $1.offset }
    }
    var starts = [0]
    starts.reserveCapacity(space.dimension + 1)
    var indices: [Int] = []
    var values: [Complex<Double>] = []
    for state in 0..<space.dimension {
      let product = space.productIndex(of: state)
      var localState = 0
      for site in sites {
        let dimension = space.sites[site].dimension
        localState = localState * dimension + product / space.strides[site] % dimension
      }
      let rest = product - offsets[localState]
      for (offset, value) in columns[localState] {
        guard let row = space.index(ofProduct: rest + offset) else { continue }
        indices.append(row)
        values.append(value)
      }
      starts.append(indices.count)
    }
    let embedded = SparseMatrix(
      rows: space.dimension, columns: space.dimension, starts: starts, indices: indices, values: values)
    return Operator(space: space, matrix: embedded)
  }

  /// a on the sites of its space and b on the sites that follow.
  /// - Complexity: O(a.matrix.nonzeros × b.matrix.nonzeros)
  public static func tensor(_ a: Operator, _ b: Operator) -> Operator {
    Operator(
      space: a.space.tensorProduct(with: b.space), matrix: a.matrix.kroneckerProduct(with: b.matrix))
  }
}
