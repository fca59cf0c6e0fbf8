internal import CNESSKernels

/// A scalar that vectors on ket orbits are made of.
protocol OrbitScalar: BinaryFloatingPoint, Sendable {
  static var kernels: OrbitScalarKernels<Self> { get }
}

extension Float: OrbitScalar {
  static var kernels: OrbitScalarKernels<Float> {
    unsafe OrbitScalarKernels(
      panels: ness_sorbit_panels, count: ness_sorbit_count, workCount: ness_sorbit_work_count,
      populations: ness_sorbit_populations, apply: ness_sorbit_apply, combine: ness_sorbit_combine,
      mix: ness_sorbit_mix, gram: ness_sorbit_gram, update: ness_sorbit_update, start: ness_sorbit_start)
  }
}

extension Double: OrbitScalar {
  static var kernels: OrbitScalarKernels<Double> {
    unsafe OrbitScalarKernels(
      panels: ness_dorbit_panels, count: ness_dorbit_count, workCount: ness_dorbit_work_count,
      populations: ness_dorbit_populations, apply: ness_dorbit_apply, combine: ness_dorbit_combine,
      mix: ness_dorbit_mix, gram: ness_dorbit_gram, update: ness_dorbit_update, start: ness_dorbit_start)
  }
}

/// The kernels of one scalar type, which C has no generics for; `ness_orbit.h` says what they do.
@safe struct OrbitScalarKernels<Scalar> {
  typealias Plan = OpaquePointer
  typealias Input = UnsafePointer<Scalar>
  typealias Output = UnsafeMutablePointer<Scalar>

  let panels: (Plan) -> Int64
  let count: (Plan) -> Int64
  let workCount: (Plan) -> Int64
  let populations:
    (_ plan: Plan, _ x: Input, _ divided: Bool, _ populations: UnsafeMutablePointer<Double>) -> Void
  let apply:
    (
      _ plan: Plan, _ x: Input, _ divided: Bool, _ out: Output, _ transposed: Output, _ work: Output,
      _ first: Int64, _ last: Int64
    ) -> Void
  let combine:
    (
      _ plan: Plan, _ out: Output, _ transposed: Input, _ sources: UnsafePointer<Double>,
      _ sums: UnsafeMutablePointer<Double>, _ first: Int64, _ last: Int64
    ) -> Void
  let mix:
    (
      _ plan: Plan, _ count: Int64, _ vectors: UnsafePointer<Output>, _ targets: Int64,
      _ coefficients: UnsafePointer<Double>, _ first: Int64, _ last: Int64
    ) -> Void
  let gram:
    (
      _ plan: Plan, _ count: Int64, _ vectors: UnsafePointer<Output>, _ sums: UnsafeMutablePointer<Double>,
      _ first: Int64, _ last: Int64
    ) -> Void
  let update:
    (
      _ plan: Plan, _ scale: Double, _ x: Input, _ y: UnsafeMutablePointer<Double>, _ work: Output,
      _ first: Int64, _ last: Int64
    ) -> Void
  let start:
    (
      _ plan: Plan, _ scale: Double, _ sources: UnsafePointer<Double>, _ x: UnsafePointer<Double>,
      _ r: Output, _ first: Int64, _ last: Int64
    ) -> Void
}
