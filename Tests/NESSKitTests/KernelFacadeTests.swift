import NESSKit
import Numerics
import Testing

// The kernels have their own tests; these hold what the facade adds: layouts, shapes, errors, sharing.

private typealias C = Complex<Double>

/// [[1, i, 0], [0, 2, 0]]
private let wide = SparseMatrix(
  rows: 2, columns: 3, starts: [0, 1, 3, 3], indices: [0, 0, 1], values: [C(1), C(0, 1), C(2)])

/// [[4, 1], [2, 3]], not symmetric so that a transposed solve shows.
private let square = RealSparseMatrix(
  rows: 2, columns: 2, starts: [0, 2, 4], indices: [0, 1, 0, 1], values: [4, 2, 1, 3])

private let singular = RealSparseMatrix(
  rows: 2, columns: 2, starts: [0, 2, 4], indices: [0, 1, 0, 1], values: [1, 2, 2, 4])

@Suite("Kernel facade")
struct KernelFacadeTests {
  @Test("sparse algebra agrees with products by hand")
  func sparseAlgebra() {
    #expect(wide.transposed().values == [C(1), C(0, 1), C(2)])
    #expect(wide.transposed().starts == [0, 2, 3])
    #expect(wide.adjoint.values == [C(1), C(0, -1), C(2)])
    #expect(wide.applied(to: [C(1), C(2), C(3)]) == [C(1, 2), C(4)])
    #expect(wide.appliedAdjoint(to: [C(1), C(1)]) == [C(1), C(2, -1), C(0)])
    #expect(wide.applied(to: [C(1), C(2), C(3), C(0), C(0), C(9)], width: 2) == [C(1, 2), C(4), C(0), C(0)])
    // wide wide^+ = [[2, 2i], [-2i, 4]]
    let product = wide.multiplied(by: wide.adjoint)
    #expect(product.rows == 2 && product.columns == 2)
    #expect(product.values == [C(2), C(0, -2), C(0, 2), C(4)])
    #expect(square.applied(to: [1, 10]) == [14, 32])
    #expect(square.appliedTransposed(to: [1, 10]) == [24, 31])
    #expect(square.transposed().values == [4, 1, 2, 3])
    let empty = RealSparseMatrix(rows: 3, columns: 3, starts: [0, 0, 0, 0], indices: [], values: [])
    #expect(empty.components().labels == [0, 1, 2])
    #expect(empty.applied(to: [1, 2, 3]) == [0, 0, 0])
    #expect(square.components().count == 1)
    let nothing = SparseMatrix(rows: 0, columns: 2, starts: [0, 0, 0], indices: [], values: [])
    #expect(nothing.appliedAdjoint(to: []) == [.zero, .zero])
    #expect(nothing.applied(to: [C(1), C(1)]) == [])
  }

  @Test(
    "real and complex factors solve plain and adjoint systems, each ordering",
    arguments: SparseLUOptions.Ordering.allCases)
  func sparseLU(ordering: SparseLUOptions.Ordering) throws {
    let options = SparseLUOptions(ordering: ordering)
    let real = try RealSparseLU(square, options: options)
    // Orders of two: a few roundings.
    func near(_ a: [Double], _ b: [Double]) -> Bool { zip(a, b).allSatisfy { abs($0 - $1) < 1e-14 } }
    #expect(near(try real.solve([14, 32]), [1, 10]))
    #expect(near(try real.solve([24, 31], transposed: true), [1, 10]))
    #expect(near(try real.solve([14, 32, 4, 2], width: 2), [1, 10, 1, 0]))
    #expect(real.info.order == 2 && real.info.nonzeros == 4)
    let twice = RealSparseMatrix(
      rows: 2, columns: 2, starts: square.starts, indices: square.indices,
      values: square.values.map { 2 * $0 })
    #expect(near(try RealSparseLU(pattern: real, matrix: twice).solve([14, 32]), [0.5, 5]))

    // [[1, i], [0, 2]] and its adjoint.
    let matrix = SparseMatrix(
      rows: 2, columns: 2, starts: [0, 1, 3], indices: [0, 0, 1], values: [C(1), C(0, 1), C(2)])
    let complex = try ComplexSparseLU(matrix, options: options)
    #expect(try complex.solve([C(1, 2), C(4)]) == [C(1), C(2)])
    #expect(try complex.solve([C(1), C(4, -1)], adjoint: true) == [C(1), C(2)])
  }

  @Test("singular matrices throw, or come with what the attempt found")
  func singularMatrices() throws {
    #expect(throws: KernelError.singularMatrix) { try RealSparseLU(singular) }
    let (lu, info) = try RealSparseLU.factorize(singular)
    #expect(lu == nil)
    #expect(info.reciprocalCondition == 0 && info.nonzeros == 4)
    #expect(throws: KernelError.singularMatrix) { try RealDenseLU(matrix: singular) }
    #expect(throws: KernelError.invalidArgument) {
      try RealSparseLU(RealSparseMatrix(rows: 1, columns: 1, starts: [0, 1], indices: [0], values: [.nan]))
    }
    #expect(throws: KernelError.invalidArgument) {
      try RealSparseLU(
        pattern: RealSparseLU(square),
        matrix: RealSparseMatrix(rows: 1, columns: 1, starts: [0, 1], indices: [0], values: [1]))
    }
  }

  @Test("factorizations made and used by many tasks at once give equal answers")
  func sharing() async throws {
    let order = 400
    var starts = [0]
    var indices: [Int] = []
    var values: [Double] = []
    for j in 0..<order {
      for i in Set([j, (j + 1) % order, (j + 20) % order, (j * 7) % order]).sorted() {
        indices.append(i)
        values.append(i == j ? 9 : Double((3 * i + 5 * j) % 7) / 4)
      }
      starts.append(indices.count)
    }
    let matrix = RealSparseMatrix(
      rows: order, columns: order, starts: starts, indices: indices, values: values)
    let x = (0..<order).map { Double($0 % 13) - 6 }
    let b = matrix.applied(to: x)
    let shared = try RealSparseLU(matrix)
    try await withThrowingTaskGroup(of: [Double].self) { group in
      for task in 0..<16 {
        group.addTask {
          let lu = task.isMultiple(of: 2) ? shared : try RealSparseLU(matrix)
          return try lu.solve(b)
        }
      }
      // Diagonally dominant: condition below 10.
      for try await found in group { #expect(zip(found, x).allSatisfy { abs($0 - $1) < 1e-13 }) }
    }
  }

  @Test("dense routines agree with closed forms")
  func dense() throws {
    // sigma_y, by columns.
    let pauli = [C(0), C(0, 1), C(0, -1), C(0)]
    let (values, vectors) = try DenseEigen.hermitian(pauli, order: 2)
    #expect(zip(values, [-1, 1]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect((vectors[3] - C(0, 1) * vectors[2]).length < 1e-15)
    #expect(try DenseEigen.hermitian(pauli, order: 2, vectors: false).vectors.isEmpty)
    let general = try DenseEigen.general([C(0, 3)], order: 1)
    #expect(general.values == [C(0, 3)] && abs(general.vectors[0].length - 1) < 1e-15)
    // Rotation by 90 degrees.
    let rotation = try DenseEigen.realValues([0, 1, -1, 0], order: 2)
    #expect(rotation.map(\.imaginary).sorted() == [-1, 1])
    #expect(
      try singularValues([3.0, 4.0] as [Double], rows: 2, columns: 1).map { ($0 * 1e12).rounded() } == [5e12])
    #expect(try singularValues([C(0, 3), C(4)], rows: 1, columns: 2).map { ($0 * 1e12).rounded() } == [5e12])
    // (1, i)^+ (1, i) = 2, and (1, i) (1, i)^+ = [[1, -i], [i, 1]].
    let column = [C(1), C(0, 1)]
    #expect(try denseMultiply(column, adjointLeft: true, column, rows: 1, inner: 2, columns: 1) == [C(2)])
    #expect(
      try denseMultiply(column, column, adjointRight: true, rows: 2, inner: 1, columns: 2)
        == [C(1), C(0, 1), C(0, -1), C(1)])
    let lu = try RealDenseLU(matrix: square)
    #expect(zip(try lu.solve([14, 32]), [1, 10]).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(zip(try lu.solve([24, 31], transposed: true), [1, 10]).allSatisfy { abs($0 - $1) < 1e-14 })
    // Norm 6, inverse [[3, -1], [-2, 4]] / 10 with norm 1/2.
    #expect(abs(lu.reciprocalCondition - 1.0 / 3) < 1e-14)
    #expect(throws: KernelError.invalidArgument) { try DenseEigen.hermitian([C(.nan, 0)], order: 1) }
  }

  @Test("time evolution of two states relaxes as its closed form", arguments: [1e-4, 1e-8, 1e-12])
  func propagation(tolerance: Double) throws {
    // Rates 3 up and 1 down: p = 1/4 + 3/4 exp(-4 t).
    let matrix = RealSparseMatrix(
      rows: 2, columns: 2, starts: [0, 2, 4], indices: [0, 1, 0, 1], values: [-3, 3, 1, -1])
    let times = [0, 0.1, 0.5, 3]
    let (states, info) = try propagate(matrix, from: [1, 0], to: times, tolerance: tolerance)
    #expect(states.count == times.count)
    for (state, t) in zip(states, times) {
      #expect(abs(state[0] - 0.25 - 0.75 * Double.exp(-4 * t)) < tolerance + 1e-14)
      #expect(abs(state[0] + state[1] - 1) < 1e-14)
    }
    #expect(info.error <= tolerance && info.steps > 0)
    #expect(try propagate(matrix, from: [1, 0], to: [], tolerance: 1e-6).states.isEmpty)
  }
}
