import NESSKit
import Numerics
import Testing

/// Entries in no order, with one place named twice.
private let scattered: [(row: Int, column: Int, value: Complex<Double>)] = [
  (2, 1, Complex(1, -2)), (0, 3, Complex(0.5, 0)), (1, 1, Complex(-3, 1)), (2, 1, Complex(4, 5)),
  (0, 0, Complex(0, 7)),
]

@Suite("Sparse matrices")
struct SparseMatrixTests {
  /// Deterministic matrix with about one element in three stored.
  static func sample(_ rows: Int, _ columns: Int, seed: Int) -> SparseMatrix {
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    for row in 0..<rows {
      for column in 0..<columns where (row * 5 + column * 3 + seed) % 3 == 0 {
        entries.append((row, column, Complex(Double(row - column + seed), Double(row * column - 2 * seed))))
      }
    }
    return SparseMatrix(rows: rows, columns: columns, entries: entries)
  }

  @Test("entries are sorted, summed and found again")
  func construction() {
    let matrix = SparseMatrix(rows: 3, columns: 4, entries: scattered)
    #expect(matrix.starts == [0, 1, 3, 3, 4])
    #expect(matrix.indices == [0, 1, 2, 0])
    #expect(matrix.values == [Complex(0, 7), Complex(-3, 1), Complex(5, 3), Complex(0.5, 0)])
    #expect(matrix[2, 1] == Complex(5, 3))
    #expect(matrix[1, 2] == .zero)
    #expect(matrix.nonzeros == 4)
  }

  @Test("entries that cancel are not stored")
  func cancellation() {
    let matrix = SparseMatrix(rows: 2, columns: 2, entries: [(0, 1, 3), (1, 0, 2), (0, 1, -3), (1, 1, 0)])
    #expect(matrix.nonzeros == 1)
    #expect(matrix == SparseMatrix(rows: 2, columns: 2, entries: [(1, 0, 2)]))
    let sample = Self.sample(4, 4, seed: 2)
    #expect((sample - sample).nonzeros == 0)
    #expect((0.0 * sample).nonzeros == 0)
  }

  @Test("an entry outside the matrix stops the program")
  func outside() async {
    await #expect(processExitsWith: .failure) {
      _ = SparseMatrix(rows: 2, columns: 3, entries: [(2, 0, 1)])
    }
    await #expect(processExitsWith: .failure) {
      _ = SparseMatrix(rows: 2, columns: 3, entries: [(0, -1, 1)])
    }
  }

  @Test("dense arrays stack columns and invert")
  func dense() {
    let matrix = Self.sample(3, 4, seed: 1)
    let dense = matrix.dense
    #expect(dense.count == 12)
    for row in 0..<3 { for column in 0..<4 { #expect(dense[row + 3 * column] == matrix[row, column]) } }
    #expect(SparseMatrix(rows: 3, columns: 4, dense: dense) == matrix)
  }

  @Test("sums, differences and multiples are those of the elements")
  func arithmetic() {
    let a = Self.sample(4, 3, seed: 1)
    let b = Self.sample(4, 3, seed: 2)
    let factor = Complex(0.5, -2.0)
    for row in 0..<4 {
      for column in 0..<3 {
        let (x, y) = (a[row, column], b[row, column])
        #expect((a + b)[row, column] == x + y)
        #expect((a - b)[row, column] == x - y)
        #expect((-a)[row, column] == -x)
        #expect((2 * a)[row, column] == x + x)
        #expect((a * 2)[row, column] == x + x)
        #expect((a / 2)[row, column] + (a / 2)[row, column] == x)
        #expect((factor * a)[row, column] == factor * x)
        #expect((a * factor)[row, column] == factor * x)
      }
    }
    var sum = a
    sum += b
    sum -= a
    #expect(sum == b)
  }

  @Test("the second factor of a Kronecker product runs fastest")
  func kronecker() {
    let a = Self.sample(2, 3, seed: 1)
    let b = Self.sample(4, 2, seed: 2)
    let product = a.kroneckerProduct(with: b)
    #expect(product.rows == 8 && product.columns == 6)
    for row in 0..<8 {
      for column in 0..<6 {
        #expect(product[row, column] == a[row / 4, column / 2] * b[row % 4, column % 2])
      }
    }
  }

  @Test("identity, diagonal and dropping")
  func special() {
    #expect(
      SparseMatrix.identity(3)
        == SparseMatrix(rows: 3, columns: 3, entries: [(0, 0, 1), (1, 1, 1), (2, 2, 1)]))
    let diagonal = SparseMatrix.diagonal([Complex(1, 1), 0, Complex(0, -2)])
    #expect(diagonal.nonzeros == 2)
    #expect(diagonal.diagonal == [Complex(1, 1), 0, Complex(0, -2)])
    // |1 + i| = 1.41 is judged by the Euclidean length, not by the larger part.
    #expect(diagonal.dropping(below: 1.2) == diagonal)
    #expect(diagonal.dropping(below: 1.5) == .diagonal([0, 0, Complex(0, -2)]))
    #expect(SparseMatrix.zero(rows: 2, columns: 5).dense == [Complex<Double>](repeating: 0, count: 10))
  }

  @Test("a complex matrix is its real part plus i times its imaginary part")
  func parts() {
    let matrix = Self.sample(3, 4, seed: 4)
    let recombined = SparseMatrix(matrix.realPart) + Complex<Double>.i * SparseMatrix(matrix.imaginaryPart)
    #expect(recombined == matrix)
    #expect(matrix.realPart[2, 1] == matrix[2, 1].real)
  }

  @Test("real matrices follow the same rules")
  func real() {
    let a = RealSparseMatrix(rows: 2, columns: 3, entries: [(1, 2, 4), (0, 0, 1), (1, 2, -1), (0, 1, 2)])
    #expect(a.starts == [0, 1, 2, 3])
    #expect(a.dense == [1, 0, 2, 0, 0, 3])
    #expect(RealSparseMatrix(rows: 2, columns: 3, dense: a.dense) == a)
    let b = RealSparseMatrix(rows: 2, columns: 3, entries: [(1, 2, -3), (1, 0, 5)])
    #expect((a + b).dense == [1, 5, 2, 0, 0, 0])
    #expect((a + b).nonzeros == 3)
    #expect((a - b).dense == [1, -5, 2, 0, 0, 6])
    #expect((2 * a - a / 2 + -a).dense == [0.5, 0, 1, 0, 0, 1.5])
    #expect(a[1, 2] == 3 && a[1, 1] == 0)
    #expect(a.dropping(below: 1.5).dense == [0, 0, 2, 0, 0, 3])
    let product = a.kroneckerProduct(with: .diagonal([1, -1]))
    for row in 0..<4 {
      for column in 0..<6 {
        let expected = row % 2 == column % 2 ? a[row / 2, column / 2] * (row % 2 == 0 ? 1 : -1) : 0
        #expect(product[row, column] == expected)
      }
    }
    #expect(RealSparseMatrix.identity(2).diagonal == [1, 1])
  }
}
