internal import CNESSKernels

// The same calls for both scalar types: C has no generics.

extension Float: OrbitScalar {
  static func panels(_ plan: Plan) -> Int64 { unsafe ness_sorbit_panels(plan) }
  static func count(_ plan: Plan) -> Int64 { unsafe ness_sorbit_count(plan) }
  static func workCount(_ plan: Plan) -> Int64 { unsafe ness_sorbit_work_count(plan) }
  static func populations(
    _ plan: Plan, _ x: Pointer, _ divided: Bool, _ out: UnsafeMutablePointer<Double>
  ) {
    unsafe ness_sorbit_populations(plan, x, divided, out)
  }
  static func apply(
    _ plan: Plan, _ x: Pointer, _ divided: Bool, _ out: Pointer, _ transposed: Pointer, _ work: Pointer,
    _ first: Int64, _ last: Int64
  ) {
    unsafe ness_sorbit_apply(plan, x, divided, out, transposed, work, first, last)
  }
  static func combine(
    _ plan: Plan, _ out: Pointer, _ transposed: Pointer, _ sources: UnsafePointer<Double>,
    _ sums: UnsafeMutablePointer<Double>, _ first: Int64, _ last: Int64
  ) {
    unsafe ness_sorbit_combine(plan, out, transposed, sources, sums, first, last)
  }
  static func mix(
    _ plan: Plan, _ vectors: [Pointer], _ targets: Int, _ coefficients: [Double], _ first: Int64,
    _ last: Int64
  ) {
    unsafe ness_sorbit_mix(plan, Int64(vectors.count), vectors, Int64(targets), coefficients, first, last)
  }
  static func gram(
    _ plan: Plan, _ vectors: [Pointer], _ sums: UnsafeMutablePointer<Double>, _ first: Int64, _ last: Int64
  ) {
    unsafe ness_sorbit_gram(plan, Int64(vectors.count), vectors, sums, first, last)
  }
  static func update(
    _ plan: Plan, _ scale: Double, _ x: Pointer, _ y: UnsafeMutablePointer<Double>, _ work: Pointer,
    _ first: Int64, _ last: Int64
  ) {
    unsafe ness_sorbit_update(plan, scale, x, y, work, first, last)
  }
  static func start(
    _ plan: Plan, _ scale: Double, _ sources: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>,
    _ r: Pointer, _ first: Int64, _ last: Int64
  ) {
    unsafe ness_sorbit_start(plan, scale, sources, x, r, first, last)
  }
}

extension Double: OrbitScalar {
  static func panels(_ plan: Plan) -> Int64 { unsafe ness_dorbit_panels(plan) }
  static func count(_ plan: Plan) -> Int64 { unsafe ness_dorbit_count(plan) }
  static func workCount(_ plan: Plan) -> Int64 { unsafe ness_dorbit_work_count(plan) }
  static func populations(
    _ plan: Plan, _ x: Pointer, _ divided: Bool, _ out: UnsafeMutablePointer<Double>
  ) {
    unsafe ness_dorbit_populations(plan, x, divided, out)
  }
  static func apply(
    _ plan: Plan, _ x: Pointer, _ divided: Bool, _ out: Pointer, _ transposed: Pointer, _ work: Pointer,
    _ first: Int64, _ last: Int64
  ) {
    unsafe ness_dorbit_apply(plan, x, divided, out, transposed, work, first, last)
  }
  static func combine(
    _ plan: Plan, _ out: Pointer, _ transposed: Pointer, _ sources: UnsafePointer<Double>,
    _ sums: UnsafeMutablePointer<Double>, _ first: Int64, _ last: Int64
  ) {
    unsafe ness_dorbit_combine(plan, out, transposed, sources, sums, first, last)
  }
  static func mix(
    _ plan: Plan, _ vectors: [Pointer], _ targets: Int, _ coefficients: [Double], _ first: Int64,
    _ last: Int64
  ) {
    unsafe ness_dorbit_mix(plan, Int64(vectors.count), vectors, Int64(targets), coefficients, first, last)
  }
  static func gram(
    _ plan: Plan, _ vectors: [Pointer], _ sums: UnsafeMutablePointer<Double>, _ first: Int64, _ last: Int64
  ) {
    unsafe ness_dorbit_gram(plan, Int64(vectors.count), vectors, sums, first, last)
  }
  static func update(
    _ plan: Plan, _ scale: Double, _ x: Pointer, _ y: UnsafeMutablePointer<Double>, _ work: Pointer,
    _ first: Int64, _ last: Int64
  ) {
    unsafe ness_dorbit_update(plan, scale, x, y, work, first, last)
  }
  static func start(
    _ plan: Plan, _ scale: Double, _ sources: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>,
    _ r: Pointer, _ first: Int64, _ last: Int64
  ) {
    unsafe ness_dorbit_start(plan, scale, sources, x, r, first, last)
  }
}
