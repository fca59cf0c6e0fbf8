import NESSKit
import Numerics

// The whole superoperator as a dense matrix, from sums over the definition; nothing of it goes through the kernels under test.

/// Reproducible pseudo-random numbers (SplitMix64).
struct RandomNumbers {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func real() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-52 - 1
  }
  mutating func complex() -> Complex<Double> { Complex(real(), real()) }
  mutating func matrix(_ order: Int) -> [Complex<Double>] { (0..<(order * order)).map { _ in complex() } }
  mutating func `operator`(_ space: HilbertSpace) -> Operator {
    let order = space.dimension
    return Operator(space: space, matrix: SparseMatrix(rows: order, columns: order, dense: matrix(order)))
  }
  mutating func hermitian(_ space: HilbertSpace) -> Operator {
    let one = `operator`(space)
    return one + one.adjoint
  }
}

/// -i [H, rho] + sum over the dissipators of rate (L rho L^+ - {L^+ L, rho}/2), classical jumps one by one.
func naiveLindblad(_ generator: LindbladGenerator, _ rho: [Complex<Double>]) -> [Complex<Double>] {
  let order = generator.space.dimension
  func product(_ a: [Complex<Double>], _ b: [Complex<Double>]) -> [Complex<Double>] {
    naiveProduct(a, b, order)
  }
  let h = generator.hamiltonian.matrix.dense
  var result = zip(product(h, rho), product(rho, h)).map { Complex(0, -1) * ($0 - $1) }
  func dissipate(_ jump: [Complex<Double>], _ rate: Double) {
    let adjoint = naiveAdjoint(jump, order)
    let decay = product(adjoint, jump)
    let gain = product(product(jump, rho), adjoint)
    let (left, right) = (product(decay, rho), product(rho, decay))
    for k in result.indices { result[k] += Complex(rate) * (gain[k] - Complex(0.5) * (left[k] + right[k])) }
  }
  for dissipator in generator.dissipators {
    switch dissipator.process {
    case .jump(let jump, let rate): dissipate(jump.matrix.dense, rate)
    case .transitions(let rates):
      for c in 0..<order {
        for a in 0..<order where rates[a, c] != 0 {
          var jump = [Complex<Double>](repeating: .zero, count: order * order)
          jump[a + c * order] = .one
          dissipate(jump, rates[a, c])
        }
      }
    }
  }
  return result
}

/// Matrix of a lowered generator on stacked columns.
func superoperator(_ terms: GeneratorTerms) -> [Complex<Double>] {
  let order = terms.dimension
  let size = order * order
  var result = [Complex<Double>](repeating: .zero, count: size * size)
  func add(_ row: (Int, Int), _ column: (Int, Int), _ value: Complex<Double>) {
    result[row.0 + row.1 * order + (column.0 + column.1 * order) * size] += value
  }
  terms.drift.forEachEntry { row, column, value in
    for b in 0..<order {
      add((row, b), (column, b), value)
      add((b, row), (b, column), value.conjugate)
    }
  }
  for pair in terms.jumps {
    pair.left.forEachEntry { a, c, x in
      (pair.right ?? pair.left).forEachEntry { b, d, y in add((a, b), (c, d), x * y.conjugate) }
    }
  }
  terms.rates?.forEachEntry { a, c, rate in add((a, a), (c, c), Complex(rate)) }
  return result
}

/// Dimension of the null space of the whole superoperator, by its singular values.
func bruteForceNullity(_ terms: GeneratorTerms, below threshold: Double = 1e-11) throws -> Int {
  let size = terms.dimension * terms.dimension
  let values = try singularValues(superoperator(terms), rows: size, columns: size)
  return values.count { $0 <= threshold * (values.first ?? 0) }
}

/// Steady state from the right singular vector of the whole superoperator: eigenvector of S^+ S with the smallest eigenvalue, polished
/// by inverse iteration in the sense of one Gauss elimination with the trace in the place of one row.
func bruteForceSteadyState(_ equation: some MasterEquation) -> DensityMatrix {
  let order = equation.space.dimension
  let size = order * order
  var a = superoperator(equation.terms())
  for column in 0..<size { a[column * size] = column % (order + 1) == 0 ? .one : .zero }
  var x = [Complex<Double>](repeating: .zero, count: size)
  x[0] = .one
  return DensityMatrix(space: equation.space, elements: naiveSolve(a, x))
}

/// Solution of a x = b, a column-major, by Gauss elimination with row pivoting.
func naiveSolve(_ matrix: [Complex<Double>], _ right: [Complex<Double>]) -> [Complex<Double>] {
  var (a, x) = (matrix, right)
  let size = x.count
  for k in 0..<size {
    let pivot = (k..<size).max { a[$0 + k * size].length < a[$1 + k * size].length }!
    if pivot != k {
      for column in k..<size { a.swapAt(k + column * size, pivot + column * size) }
      x.swapAt(k, pivot)
    }
    for row in (k + 1)..<max(size, k + 1) where a[row + k * size] != .zero {
      let factor = a[row + k * size] / a[k + k * size]
      for column in k..<size { a[row + column * size] -= factor * a[k + column * size] }
      x[row] -= factor * x[k]
    }
  }
  for k in (0..<size).reversed() {
    for column in (k + 1)..<max(size, k + 1) { x[k] -= a[k + column * size] * x[column] }
    x[k] /= a[k + k * size]
  }
  return x
}

/// Largest deviation of two lists of complex numbers.
func distance(_ a: [Complex<Double>], _ b: [Complex<Double>]) -> Double {
  zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).length) }
}

/// Space of `count` qubits.
func qubits(_ count: Int) -> HilbertSpace { HilbertSpace(.init(repeating: .qubit, count: count)) }

/// Jumps up and down on a qubit with the given rates.
func thermalJumps(_ site: Int, _ space: HilbertSpace, up: Double, down: Double, bath: Bath) -> [Dissipator] {
  [
    .jump(.local(.pauliRaising, at: site, in: space), rate: up, bath: bath),
    .jump(.local(.pauliLowering, at: site, in: space), rate: down, bath: bath),
  ]
}

extension SolverError {
  /// Count and flag of `notUnique`.
  var several: (count: Int, exact: Bool)? {
    if case .notUnique(let count, let exact, _) = self { return (count, exact) }
    return nil
  }
}
