internal import Numerics

extension GroundState {
  /// Lowest levels of a sector, and how they were found.
  struct Levels {
    /// Energies, ascending; at least the two lowest of a sector with two states.
    let energies: [Double]
    /// Lowest eigenvector, one component per row of the sector.
    let vector: [Complex<Double>]
    /// Whether ``energies`` holds all levels.
    let areAll: Bool
    let method: String
    let uniqueness: String
    let products: Int

    /// Number of levels at the lowest one.
    func degeneracy(within distance: Double) -> Int { energies.count { $0 - energies[0] <= distance } }

    init(diagonalizing sector: SectorOperator) throws(KernelError) {
      let order = sector.dimension
      let (values, vectors) = try DenseEigen.hermitian(
        sector.complexMatrix.dense, order: order, vectors: true)
      energies = values
      var lowest = Array(vectors[0..<order])
      // The iteration fixes the phase in the same way.
      if let largest = lowest.max(by: { $0.lengthSquared < $1.lengthSquared }), largest.length > 0 {
        let phase = largest.conjugate.divided(by: largest.length)
        lowest = lowest.map { $0 * phase }
      }
      vector = lowest
      areAll = true
      method = "hermitian-eigen"
      uniqueness = "all levels of the sector"
      products = 0
    }

    init(iteratingIn sector: SectorOperator, width: Double) throws(KernelError) {
      switch sector.matrix {
      case .real(let matrix):
        if sector.hasPositiveGroundState {
          let found = try Lanczos(wanted: 2).lowest(of: matrix)
          self.init(
            found.values, found.vectors[0..<sector.dimension].map { Complex($0) }, "lanczos(arpack)",
            "Perron-Frobenius in the sector", products: found.products)
          return
        }
        let first = try Lanczos(wanted: 1).lowest(of: matrix)
        let second = try Self.again.lowest(of: matrix, raising: first.vectors, by: Self.shift(width))
        self.init(
          first.values + second.values, first.vectors.map { Complex($0) }, "lanczos(arpack)",
          Self.deflated, products: first.products + second.products)
      case .complex(let matrix):
        let first = try Lanczos(wanted: 1).lowest(of: matrix)
        let second = try Self.again.lowest(of: matrix, raising: first.vectors, by: Self.shift(width))
        self.init(
          first.values + second.values, first.vectors, "arnoldi(arpack)", Self.deflated,
          products: first.products + second.products)
      }
    }

    private init(
      _ energies: [Double], _ vector: [Complex<Double>], _ method: String, _ uniqueness: String,
      products: Int
    ) {
      self.energies = energies
      self.vector = vector
      areAll = false
      self.method = method
      self.uniqueness = uniqueness
      self.products = products
    }

    /// A second start vector: the first one has no component along what a degenerate level has beside the state it led to.
    private static let again = Lanczos(wanted: 1, seed: 0xFACE)
    private static let deflated = "second level with the first one raised"
    /// Moves the first level above the whole spectrum; where that is a single point any shift does.
    private static func shift(_ width: Double) -> Double { width > 0 ? 2 * width : 1 }
  }
}
