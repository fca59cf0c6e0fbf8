import NESSKit
import Numerics
import Testing

/// Largest absolute difference between two operators.
func distance(_ a: Operator, _ b: Operator) -> Double {
  (a - b).matrix.values.reduce(0) { max($0, $1.length) }
}

@Suite("Operators")
struct OperatorTests {
  static let space = HilbertSpace([.clock(positions: 3), .qubit, .rotor(levels: -1...2)])

  /// Matrix on `levels` levels without any symmetry.
  static func generic(_ levels: Int, seed: Int = 1) -> SparseMatrix {
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    for row in 0..<levels {
      for column in 0..<levels {
        entries.append(
          (
            row, column,
            Complex(Double(1 + row * 3 - column * seed), Double(row * column + 2 * row - seed + 2))
          ))
      }
    }
    return SparseMatrix(rows: levels, columns: levels, entries: entries)
  }

  @Test("a matrix on one site is its Kronecker product with identities", arguments: 0..<3)
  func oneSite(site: Int) {
    let matrix = Self.generic(Self.space.sites[site].dimension)
    var product = SparseMatrix.identity(1)
    for (other, factor) in Self.space.sites.enumerated() {
      product = product.kroneckerProduct(with: other == site ? matrix : .identity(factor.dimension))
    }
    #expect(Operator.local(matrix, at: site, in: Self.space).matrix == product)
  }

  @Test(
    "a matrix on several sites acts on their digits in the order given",
    arguments: [[0, 1], [1, 0], [2, 0], [1, 2], [2, 1, 0]])
  func severalSites(sites: [Int]) {
    let local = Self.space.subspace(of: sites)
    let matrix = Self.generic(local.dimension, seed: 2)
    let embedded = Operator.local(matrix, at: sites, in: Self.space)
    for row in 0..<Self.space.dimension {
      for column in 0..<Self.space.dimension {
        let (final, initial) = (Self.space.digits(of: row), Self.space.digits(of: column))
        let spectatorsAgree = (0..<3).allSatisfy { sites.contains($0) || final[$0] == initial[$0] }
        let expected =
          spectatorsAgree
          ? matrix[local.index(of: sites.map { final[$0] })!, local.index(of: sites.map { initial[$0] })!]
          : .zero
        #expect(embedded.element(row, column) == expected)
      }
    }
  }

  @Test("in a restricted space, elements that lead out are dropped")
  func restricted() {
    let full = HilbertSpace([.qubit, .qubit, .qubit, .qubit])
    let sector = full.restricted { $0.reduce(0, +) == 2 }
    let matrix = Self.generic(4)
    let inSector = Operator.local(matrix, at: [3, 1], in: sector)
    let inFull = Operator.local(matrix, at: [3, 1], in: full)
    for row in 0..<sector.dimension {
      for column in 0..<sector.dimension {
        let expected = inFull.element(sector.productIndex(of: row), sector.productIndex(of: column))
        #expect(inSector.element(row, column) == expected)
      }
    }
    #expect(Operator.local(.pauliX, at: 0, in: sector).matrix.nonzeros == 0)
  }

  @Test("naming a site twice or a matrix of the wrong size stops the program")
  func misuse() async {
    await #expect(processExitsWith: .failure) {
      _ = Operator.local(.identity(4), at: [1, 1], in: HilbertSpace([.qubit, .qubit]))
    }
    await #expect(processExitsWith: .failure) {
      _ = Operator.local(.identity(3), at: 0, in: HilbertSpace([.qubit, .qubit]))
    }
  }

  @Test("a tensor product acts on the product space, restricted or not")
  func tensor() {
    let pair = HilbertSpace([.qubit, .qubit]).restricted { $0[0] + $0[1] == 1 }
    let clock = HilbertSpace([.clock(positions: 3)])
    let a = Operator(space: pair, matrix: Self.generic(2, seed: 3))
    let b = Operator(space: clock, matrix: Self.generic(3, seed: 2))
    let product = Operator.tensor(a, b)
    #expect(product.space.dimension == 6)
    #expect(product.space.digits(of: 4) == [1, 0, 1])
    for row in 0..<6 {
      for column in 0..<6 {
        #expect(
          product.element(row, column) == a.element(row / 3, column / 3) * b.element(row % 3, column % 3))
      }
    }
    #expect(Operator.tensor(b, b).space.selection == nil)
  }

  @Test("transitions point from column to row, diagonals read levels")
  func elementary() {
    let space = Self.space
    let jump = Operator.transition(from: 5, to: 2, in: space)
    #expect(jump.element(2, 5) == 1)
    #expect(jump.matrix.nonzeros == 1)
    #expect(Operator.projector(on: 7, in: space).element(7, 7) == 1)
    let levels = Operator(diagonalIn: space) { Double(100 * $0[0] + 10 * $0[1] + $0[2]) }
    #expect(levels.diagonal[13] == 111)
    #expect(levels.trace == 1 * Complex(Double((0 + 100 + 200) * 8 + 10 * 12 + (0 + 1 + 2 + 3) * 6)))
    #expect(Operator.identity(space).trace == 24)
    #expect(Operator.zero(space).matrix.nonzeros == 0)
  }

  @Test("arithmetic is that of the matrices")
  func arithmetic() {
    let space = HilbertSpace([.levels(3)])
    let a = Operator(space: space, matrix: Self.generic(3))
    let b = Operator(space: space, matrix: Self.generic(3, seed: 4))
    var sum = 2 * a - b / 4 + Complex(0.5, 1.0) * b
    sum += a * 3
    sum -= -b
    for row in 0..<3 {
      for column in 0..<3 {
        let expected = a.element(row, column) * 5 + b.element(row, column) * Complex(1.25, 1)
        #expect((sum.element(row, column) - expected).length < 1e-13)
      }
    }
  }

  @Test("the Hermiticity defect is the largest element of O - O^+")
  func hermiticity() {
    let space = HilbertSpace([.levels(3)])
    let hermitian = Operator(
      space: space, entries: [(0, 1, Complex(1, 2)), (1, 0, Complex(1, -2)), (2, 2, 5)])
    #expect(hermitian.hermiticityDefect == 0)
    #expect(hermitian.isHermitian())
    let lopsided = hermitian + Operator.transition(from: 0, to: 2, in: space) * Complex(0, 3.0)
    #expect(lopsided.hermiticityDefect == 3)
    #expect(!lopsided.isHermitian())
    #expect(!(hermitian * Complex<Double>.i).isHermitian())
    #expect((hermitian * Complex<Double>.i).hermiticityDefect == 10)
    let nearly = hermitian + Operator.transition(from: 0, to: 2, in: space) * 1e-9
    #expect(!nearly.isHermitian())
    #expect(nearly.isHermitian(tolerance: 1e-8))
  }
}
