internal import CNESSKernels
internal import Dispatch

/// The kernels on ket orbits, each run over all panels by several threads. Panels are shared out in fixed ranges and partial sums are
/// added in the order of the panels, so that results do not depend on the number of threads.
@safe final class OrbitEngine<Scalar: OrbitScalar> {
  let plan: OrbitPlan
  let threads: Int
  /// Scalars of a vector.
  let count: Int
  /// Number of applications of the generator so far.
  private(set) var applications = 0
  private let panels: Int
  private let work: [OrbitVector<Scalar>]
  /// Partial sums of every panel; three vectors have nine inner products.
  private let sums: OrbitVector<Double>

  init(_ plan: OrbitPlan, threads: Int) throws(KernelError) {
    self.plan = plan
    panels = unsafe Int(Scalar.kernels.panels(plan.handle))
    self.threads = max(1, min(threads, panels))
    count = unsafe Int(Scalar.kernels.count(plan.handle))
    var work: [OrbitVector<Scalar>] = []
    for _ in 0..<self.threads {
      work.append(try OrbitVector(count: unsafe Int(Scalar.kernels.workCount(plan.handle))))
    }
    self.work = work
    sums = try OrbitVector(count: 9 * panels)
  }

  private func forRanges(_ body: @Sendable (_ first: Int64, _ last: Int64, _ worker: Int) -> Void) {
    let (panels, threads) = (self.panels, self.threads)
    guard threads > 1 else { return body(0, Int64(panels), 0) }
    DispatchQueue.concurrentPerform(iterations: threads) { worker in
      body(Int64(panels * worker / threads), Int64(panels * (worker + 1) / threads), worker)
    }
  }

  /// Adds what was written to `sums`, `width` numbers per panel, in the order of the panels. NaN in a panel makes the total NaN, the
  /// maximum included.
  private func totals(width: Int, maximumAt: Int? = nil) -> [Double] {
    (0..<width).map { k in
      (0..<panels).reduce(0) { total, panel in
        let value = unsafe sums.start[panel * width + k]
        guard k == maximumAt else { return total + value }
        return value > total || value.isNaN ? value : total
      }
    }
  }

  /// What an application leaves besides its result.
  struct Applied {
    /// Inner product with the shadow vector.
    let shadow: Double
    /// Square of the norm.
    let square: Double
    /// Largest element.
    let largest: Double
  }

  /// out = (L + shift |1/D><tr|) x, with x divided by the diagonal of L first when asked for. `aside` is workspace.
  func apply(
    _ x: OrbitVector<Scalar>, divided: Bool, shift: Double, to out: OrbitVector<Scalar>,
    aside: OrbitVector<Scalar>
  ) -> Applied {
    applications += 1
    let sources = plan.sources(of: populations(x, divided: divided), shift: shift)
    forRanges { [plan, work] first, last, worker in
      unsafe Scalar.kernels.apply(
        plan.handle, x.start, divided, out.start, aside.start, work[worker].start, first, last)
    }
    forRanges { [plan, sums] first, last, _ in
      unsafe Scalar.kernels.combine(plan.handle, out.start, aside.start, sources, sums.start, first, last)
    }
    let total = totals(width: Int(NESS_ORBIT_SUMS), maximumAt: 2)
    return Applied(shadow: total[0], square: total[1], largest: total[2])
  }

  /// One population per orbit.
  func populations(_ x: OrbitVector<Scalar>, divided: Bool = false) -> [Double] {
    var populations = [Double](repeating: 0, count: plan.orbitCount)
    unsafe Scalar.kernels.populations(plan.handle, x.start, divided, &populations)
    return populations
  }

  /// Replaces the first vectors by combinations of all, one per row of coefficients.
  func mix(_ vectors: [OrbitVector<Scalar>], rows: [[Double]]) {
    let coefficients = rows.flatMap { $0 }
    forRanges { [plan] first, last, _ in
      let pointers = unsafe vectors.map { unsafe $0.start }
      unsafe Scalar.kernels.mix(
        plan.handle, Int64(pointers.count), pointers, Int64(rows.count), coefficients, first, last)
    }
  }

  /// Inner products of the vectors among each other and with the shadow vector.
  func gram(_ vectors: [OrbitVector<Scalar>]) -> (products: [[Double]], shadows: [Double]) {
    let count = vectors.count
    forRanges { [plan, sums] first, last, _ in
      let pointers = unsafe vectors.map { unsafe $0.start }
      unsafe Scalar.kernels.gram(
        plan.handle, Int64(pointers.count), pointers, sums.start, first, last)
    }
    let totals = totals(width: count * (count + 3) / 2)
    var products = Array(repeating: Array(repeating: 0.0, count: count), count: count)
    var shadows: [Double] = []
    var place = 0
    for i in 0..<count {
      for j in 0...i {
        products[i][j] = totals[place]
        products[j][i] = totals[place]
        place += 1
      }
      shadows.append(totals[place])
      place += 1
    }
    return (products, shadows)
  }

  /// state += scale times x divided by the diagonal of L.
  func update(_ state: OrbitVector<Double>, with x: OrbitVector<Scalar>, scale: Double) throws(KernelError) {
    forRanges { [plan, work] first, last, worker in
      unsafe Scalar.kernels.update(plan.handle, scale, x.start, state.start, work[worker].start, first, last)
    }
    let doublePanels = unsafe Double.kernels.panels(plan.handle)
    try unsafe ness_orbit_align(plan.handle, state.start, 0, doublePanels).check()
  }

  /// residual = scale (diag(sources) - image).
  func start(
    _ residual: OrbitVector<Scalar>, from image: OrbitVector<Double>, sources: [Double], scale: Double
  ) {
    forRanges { [plan] first, last, _ in
      unsafe Scalar.kernels.start(plan.handle, scale, sources, image.start, residual.start, first, last)
    }
  }
}
