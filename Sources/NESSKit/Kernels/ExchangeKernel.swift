internal import CNESSKernels

/// A ladder with two bits that exchanges quanta with two fresh counters; `ness_exchange.h` states the map.
package struct ExchangeKernel: Sendable {
  /// Diagonal of A, one number per level.
  package let diagonal: [Double]
  /// Coupling along the ladder.
  package let hop: Double
  /// Couplings of the bits to their counters.
  package let couplings: (first: Double, second: Double)
  /// Weights of the counters' values, descending.
  package let weights: (first: [Double], second: [Double])

  package init(
    diagonal: [Double], hop: Double, couplings: (first: Double, second: Double),
    weights: (first: [Double], second: [Double])
  ) {
    self.diagonal = diagonal
    self.hop = hop
    self.couplings = couplings
    self.weights = weights
  }

  /// Levels that exp(-iA) connects: beyond r of them its elements are below the sum of |hop|^n/n! for n > r.
  package var radius: Int {
    var (radius, term) = (0, 1.0)
    while radius < diagonal.count, term > 1e-18 || Double(radius) < abs(hop) {
      radius += 1
      term *= abs(hop) / Double(radius)
    }
    return radius
  }

  /// The map as a matrix on six numbers per level, x_00, x_01, x_10, x_11, Re c, Im c; the last level has no c.
  ///
  /// - Throws: `invalidArgument` for numbers that are not finite, `outOfMemory`.
  /// - Complexity: levels x counters x radius^2 or more, spread over `threads`.
  package func matrix(threads: Int) throws(KernelError) -> RealSparseMatrix {
    let levels = diagonal.count
    let radius = radius
    let unit = Int(ness_exchange_unit(Int64(radius)))
    let numbers = try unsafe [Double](kernelCount: unit * (levels + 1)) { out throws(KernelError) in
      try unsafe diagonal.withKernelPointer { diagonal throws(KernelError) in
        try unsafe weights.first.withKernelPointer { first throws(KernelError) in
          try unsafe weights.second.withKernelPointer { second throws(KernelError) in
            let map = unsafe ness_exchange(
              levels: Int64(levels), radius: Int64(radius), diagonal: diagonal, hop: hop,
              first_coupling: couplings.first, second_coupling: couplings.second,
              first_count: Int64(weights.first.count), second_count: Int64(weights.second.count),
              first_weights: first, second_weights: second)
            try runTasks(levels + 1, workers: threads) { index in
              unsafe withUnsafePointer(to: map) {
                unsafe ness_exchange_columns($0, Int64(index), Int64(index) + 1, out + index * unit)
              }
            }
          }
        }
      }
    }
    return Self.matrix(of: numbers, levels: levels, radius: radius)
  }

  private static func matrix(of numbers: [Double], levels: Int, radius: Int) -> RealSparseMatrix {
    let order = 6 * levels - 2
    var entries: [(row: Int, column: Int, value: Double)] = []
    var place = 0
    for unit in 0...levels {
      for input in 0..<6 {
        let column = 6 * (unit - 1 + (input == 2 ? 1 : 0)) + input
        for level in (unit - 1 - radius)...(unit + radius) {
          for slot in 0..<6 {
            let row = 6 * level + slot
            if column >= 0, row >= 0, row < order, numbers[place] != 0 {
              entries.append((row, column, numbers[place]))
            }
            place += 1
          }
        }
      }
    }
    return RealSparseMatrix(rows: order, columns: order, entries: entries)
  }
}
