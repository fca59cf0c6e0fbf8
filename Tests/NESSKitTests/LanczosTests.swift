import CNESSKernels
import NESSKit
import Numerics
import Testing

// Through the facade and never through the C header: ARPACK may run once per process at a time, tests run concurrently, and the
// facade holds the lock.

/// Random Hermitian matrix with a few entries per column and a diagonal between -1 and 1.
private func sparseHermitian(_ order: Int, real: Bool, seed: UInt64) -> SparseMatrix {
  var random = LinearRandom(state: seed)
  var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
  for column in 0..<order {
    entries.append((column, column, Complex(random.next())))
    for _ in 0..<4 {
      let row = Int((random.next() + 1) / 2 * Double(order)) % order
      let value = Complex(random.next(), real ? 0 : random.next())
      entries += [(row, column, value), (column, row, value.conjugate)]
    }
  }
  return SparseMatrix(rows: order, columns: order, entries: entries)
}

private struct LinearRandom {
  var state: UInt64
  mutating func next() -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(Int64(bitPattern: state) >> 11) * 0x1p-52
  }
}

@Suite("Lanczos iterations")
struct LanczosTests {
  // Entries below 2 in ten places per row: the spectrum lies within 20 of zero, and backward stable methods err by some 1e-14 of that.
  static let rounding = 1e-12

  @Test("the lowest levels are those of full diagonalization", arguments: [60, 137], [true, false])
  func lowest(order: Int, real: Bool) throws {
    let matrix = sparseHermitian(order, real: real, seed: 5)
    let levels = try DenseEigen.hermitian(matrix.dense, order: order, vectors: false).values
    for wanted in [1, 3] {
      var vectors: [Complex<Double>]
      let values: [Double]
      if real {
        let found = try Lanczos(wanted: wanted).lowest(of: matrix.realPart)
        (values, vectors) = (found.values, found.vectors.map { Complex($0) })
        #expect(found.products > wanted && found.bytes > 8 * order * 20)
      } else {
        let found = try Lanczos(wanted: wanted).lowest(of: matrix)
        (values, vectors) = (found.values, found.vectors)
      }
      for (k, value) in values.enumerated() {
        #expect(abs(value - levels[k]) < Self.rounding)
        let vector = Array(vectors[(k * order)..<((k + 1) * order)])
        #expect(abs(vector.reduce(0) { $0 + $1.lengthSquared } - 1) < Self.rounding)
        for (image, amplitude) in zip(matrix.applied(to: vector), vector) {
          #expect((image - amplitude * Complex(value)).length < Self.rounding)
        }
        let largest = try #require(vector.max { $0.lengthSquared < $1.lengthSquared })
        #expect(largest.real > 0 && abs(largest.imaginary) < Self.rounding)
      }
    }
  }

  @Test("the same input gives the same bits")
  func deterministic() throws {
    let matrix = sparseHermitian(80, real: true, seed: 9).realPart
    let (first, second) = (
      try Lanczos(wanted: 2).lowest(of: matrix), try Lanczos(wanted: 2).lowest(of: matrix)
    )
    #expect(first.values == second.values && first.vectors == second.vectors)
  }

  @Test(
    "a raised level uncovers the next one, and its twin where it is degenerate", arguments: [true, false])
  func raised(real: Bool) throws {
    let block = sparseHermitian(50, real: real, seed: 3)
    let levels = try DenseEigen.hermitian(block.dense, order: 50, vectors: false).values
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    block.forEachEntry { row, column, value in
      entries += [(row, column, value), (row + 50, column + 50, value)]
    }
    let twice = SparseMatrix(rows: 100, columns: 100, entries: entries)
    for (matrix, expected) in [(block, levels[1]), (twice, levels[0])] {
      let second: Double
      if real {
        let first = try Lanczos(wanted: 1).lowest(of: matrix.realPart)
        second = try Lanczos(wanted: 1, seed: 77).lowest(
          of: matrix.realPart, raising: first.vectors, by: 100
        ).values[0]
      } else {
        let first = try Lanczos(wanted: 1).lowest(of: matrix)
        second = try Lanczos(wanted: 1, seed: 77).lowest(of: matrix, raising: first.vectors, by: 100)
          .values[0]
      }
      #expect(abs(second - expected) < Self.rounding)
    }
  }

  @Test("what cannot be iterated is refused")
  func errors() {
    let matrix = sparseHermitian(60, real: true, seed: 4).realPart
    #expect(throws: KernelError.noConvergence) {
      try Lanczos(wanted: 2, subspace: 5, restarts: 1).lowest(of: matrix)
    }
    #expect(throws: KernelError.invalidArgument) { try Lanczos(wanted: 0).lowest(of: matrix) }
    #expect(throws: KernelError.invalidArgument) { try Lanczos(wanted: 1, restarts: 0).lowest(of: matrix) }
    #expect(throws: KernelError.invalidArgument) { try Lanczos(wanted: 1, tolerance: -1).lowest(of: matrix) }
    #expect(throws: KernelError.invalidArgument) {
      try Lanczos(wanted: 1).lowest(of: RealSparseMatrix.identity(2))
    }
    #expect(throws: KernelError.self) {
      try Lanczos(wanted: 1).lowest(
        of: RealSparseMatrix.diagonal((0..<60).map { $0 == 7 ? .infinity : 1 }))
    }
    #expect(throws: KernelError.invalidArgument) {
      try Lanczos(wanted: 1).lowest(of: matrix, raising: Array(repeating: .nan, count: 60), by: 1)
    }
    // Finite elements whose products are not.
    #expect(throws: KernelError.notFinite) {
      try Lanczos(wanted: 1).lowest(
        of: RealSparseMatrix(rows: 40, columns: 40, dense: .init(repeating: 1.7e308, count: 1600)))
    }
  }

  @Test("every allocation that fails is reported and leaves nothing behind")
  func faults() throws {
    guard ness_fault_set(0) else { return }
    let matrix = sparseHermitian(40, real: false, seed: 6)
    let real = matrix.realPart
    for isReal in [true, false] {
      var failures: Int64 = 0
      while true {
        let before = ness_fault_live_blocks()
        _ = ness_fault_set(failures + 1)
        defer { _ = ness_fault_set(0) }
        do throws(KernelError) {
          if isReal { _ = try Lanczos(wanted: 1).lowest(of: real) }
          if !isReal { _ = try Lanczos(wanted: 1).lowest(of: matrix) }
          break
        } catch {
          #expect(error == .outOfMemory)
          #expect(ness_fault_live_blocks() == before)
          failures += 1
          try #require(failures < 20)
        }
      }
      #expect(failures == 8)
    }
  }
}
