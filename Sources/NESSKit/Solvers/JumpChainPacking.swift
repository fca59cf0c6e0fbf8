internal import Numerics

/// Hermitian blocks as real vectors: Re X + Im X, column-major, one block behind the other. Real parts are symmetric and imaginary
/// parts antisymmetric, so the sum holds both, and Euclidean norms are kept.
enum JumpChainPacking {
  /// The Hermitian part of every block.
  static func packed(_ blocks: [[Complex<Double>]], orders: [Int]) -> [Double] {
    precondition(
      blocks.map(\.count) == orders.map { $0 * $0 }, "blocks must fit the orders \(orders)")
    var result: [Double] = []
    result.reserveCapacity(blocks.reduce(0) { $0 + $1.count })
    for (block, n) in zip(blocks, orders) {
      for j in 0..<n {
        for i in 0..<n {
          let (upper, lower) = (block[i + j * n], block[j + i * n])
          result.append((upper.real + lower.real + upper.imaginary - lower.imaginary) / 2)
        }
      }
    }
    return result
  }

  /// Exactly Hermitian blocks.
  static func unpacked(_ vector: [Double], orders: [Int]) -> [[Complex<Double>]] {
    var offset = 0
    return orders.map { n in
      defer { offset += n * n }
      var block: [Complex<Double>] = []
      block.reserveCapacity(n * n)
      for j in 0..<n {
        for i in 0..<n {
          let (upper, lower) = (vector[offset + i + j * n], vector[offset + j + i * n])
          block.append(Complex((upper + lower) / 2, (upper - lower) / 2))
        }
      }
      return block
    }
  }

  static func identity(orders: [Int]) -> [Double] { blocks(orders) { i, j in i == j ? 1 : 0 } }

  /// A positive matrix without any symmetry, always the same.
  static func random(orders: [Int]) -> [Double] {
    var numbers = SplitMix(seed: 0x4E45_5353)
    return blocks(orders) { i, j in
      let number = numbers.symmetric() / 2
      // Off-diagonal elements are too small to outweigh the diagonal.
      return i == j ? 1.5 + number : number / Double(orders.max() ?? 1)
    }
  }

  /// A matrix without any structure, always the same for one `draw`: half of its norm is diagonal.
  static func noise(orders: [Int], draw: Int) -> [Double] {
    var numbers = SplitMix(seed: SlowModeProbe.seed + UInt64(draw))
    let scale = 1 / Double(orders.max() ?? 1).squareRoot()
    return blocks(orders) { i, j in numbers.symmetric() * (i == j ? 1 : scale) }
  }

  private static func blocks(_ orders: [Int], _ element: (Int, Int) -> Double) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(orders.reduce(0) { $0 + $1 * $1 })
    for n in orders {
      for j in 0..<n { for i in 0..<n { result.append(element(i, j)) } }
    }
    return result
  }
}
