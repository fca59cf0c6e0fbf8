import CNESSKernels

// Naive counterparts of the kernels: dense column-major matrices and textbook loops.

/// Reproducible pseudo-random numbers (SplitMix64).
struct Random {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [-1, 1).
  mutating func real() -> Double { Double(bits() >> 11) * 0x1p-52 - 1 }
  mutating func complex() -> ness_complex { ness_complex(re: real(), im: real()) }
  mutating func reals(_ count: Int) -> [Double] { (0..<count).map { _ in real() } }
  mutating func complexes(_ count: Int) -> [ness_complex] { (0..<count).map { _ in complex() } }
}

extension ness_complex: @retroactive Equatable {
  static let zero = ness_complex(re: 0, im: 0)
  var length: Double { (re * re + im * im).squareRoot() }
  var conjugate: ness_complex { ness_complex(re: re, im: -im) }
  /// Equality of both parts.
  public static func == (a: Self, b: Self) -> Bool { a.re == b.re && a.im == b.im }
  static func + (a: Self, b: Self) -> Self { Self(re: a.re + b.re, im: a.im + b.im) }
  static func - (a: Self, b: Self) -> Self { Self(re: a.re - b.re, im: a.im - b.im) }
  static func * (a: Self, b: Self) -> Self {
    Self(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
  }
}

/// A number that is stored in both sorts of matrix.
protocol Scalar: Equatable {
  static var zero: Self { get }
  static var one: Self { get }
  static func random(_ random: inout Random) -> Self
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  var conjugate: Self { get }
  var length: Double { get }
}

extension ness_complex: Scalar {
  static let one = ness_complex(re: 1, im: 0)
  static func random(_ random: inout Random) -> ness_complex { random.complex() }
}

extension Double: Scalar {
  static let one = 1.0
  static func random(_ random: inout Random) -> Double { random.real() }
  var conjugate: Double { self }
  var length: Double { abs(self) }
}

/// Dense matrix, column-major.
struct Dense<T: Scalar>: Equatable {
  let rows: Int
  let columns: Int
  var elements: [T]

  init(rows: Int, columns: Int, elements: [T]? = nil) {
    self.rows = rows
    self.columns = columns
    self.elements = elements ?? [T](repeating: .zero, count: rows * columns)
  }

  /// Random entries; each is present with the given probability.
  init(rows: Int, columns: Int, density: Double, _ random: inout Random) {
    self.init(rows: rows, columns: columns)
    for k in elements.indices where abs(random.real()) < density { elements[k] = T.random(&random) }
  }

  subscript(i: Int, j: Int) -> T {
    get { elements[i + j * rows] }
    set { elements[i + j * rows] = newValue }
  }

  func transposed(conjugating: Bool = false) -> Dense {
    var result = Dense(rows: columns, columns: rows)
    for i in 0..<rows {
      for j in 0..<columns { result[j, i] = conjugating ? self[i, j].conjugate : self[i, j] }
    }
    return result
  }

  func times(_ other: Dense) -> Dense {
    var result = Dense(rows: rows, columns: other.columns)
    for i in 0..<rows {
      for j in 0..<other.columns {
        for k in 0..<columns { result[i, j] = result[i, j] + self[i, k] * other[k, j] }
      }
    }
    return result
  }
}

/// Compressed columns, as the kernels take them.
struct Sparse<T: Scalar>: Equatable {
  var rows: Int
  var columns: Int
  var starts: [Int64] = [0]
  var indices: [Int64] = []
  var values: [T] = []

  /// The entries of a dense matrix that are not zero.
  init(_ dense: Dense<T>) {
    rows = dense.rows
    columns = dense.columns
    for j in 0..<columns {
      for i in 0..<rows where dense[i, j] != .zero {
        indices.append(Int64(i))
        values.append(dense[i, j])
      }
      starts.append(Int64(indices.count))
    }
  }

  init(rows: Int, columns: Int, starts: [Int64], indices: [Int64], values: [T]) {
    (self.rows, self.columns) = (rows, columns)
    (self.starts, self.indices, self.values) = (starts, indices, values)
  }

  var dense: Dense<T> {
    var result = Dense<T>(rows: rows, columns: columns)
    for j in 0..<columns {
      for k in Int(starts[j])..<Int(starts[j + 1]) { result[Int(indices[k]), j] = values[k] }
    }
    return result
  }
}

extension Sparse where T == Double {
  func withView<R>(_ body: (UnsafePointer<ness_dcsc>) -> R) -> R {
    starts.withUnsafeBufferPointer { starts in
      (indices + [0]).withUnsafeBufferPointer { indices in
        (values + [0]).withUnsafeBufferPointer { values in
          guard let starts = starts.baseAddress, let indices = indices.baseAddress,
            let values = values.baseAddress
          else { preconditionFailure("arrays with an element have storage") }
          var view = ness_dcsc(
            rows: Int64(rows), columns: Int64(columns), starts: starts, indices: indices, values: values)
          return body(&view)
        }
      }
    }
  }
}

extension Sparse where T == ness_complex {
  func withView<R>(_ body: (UnsafePointer<ness_zcsc>) -> R) -> R {
    starts.withUnsafeBufferPointer { starts in
      (indices + [0]).withUnsafeBufferPointer { indices in
        (values + [.zero]).withUnsafeBufferPointer { values in
          guard let starts = starts.baseAddress, let indices = indices.baseAddress,
            let values = values.baseAddress
          else { preconditionFailure("arrays with an element have storage") }
          var view = ness_zcsc(
            rows: Int64(rows), columns: Int64(columns), starts: starts, indices: indices, values: values)
          return body(&view)
        }
      }
    }
  }
}

/// Largest deviation of two lists.
func distance<T: Scalar>(_ a: [T], _ b: [T]) -> Double {
  precondition(a.count == b.count, "lists of \(a.count) and \(b.count) elements")
  return zip(a, b).map { ($0 - $1).length }.max() ?? 0
}

let faultInjection = ness_fault_set(0)

/// Makes the first, second, ... allocation inside `create` fail until none is left to fail. `create` returns the status
/// and frees what it made. Returns how many allocations there were, or nil when a failure was not reported as such or
/// left blocks behind.
func allocationsThatFailCleanly(_ create: () -> ness_status) -> Int? {
  for failing in 1... {
    let before = ness_fault_live_blocks()
    _ = ness_fault_set(Int64(failing))
    let status = create()
    _ = ness_fault_set(0)
    if ness_fault_live_blocks() != before { return nil }
    if status == .ok { return failing - 1 }
    if status != .outOfMemory { return nil }
  }
  return nil
}
