/// Counters that a point must not exceed.
struct Baseline: Codable {
  let point: BenchPoint
  let counters: BenchCounters
  let observables: [String: Double]

  init(_ record: BenchRecord) {
    point = record.point
    counters = record.counters
    observables = record.observables
  }

  /// One comparison.
  struct Finding {
    enum Verdict: String { case regression, improvement }
    let verdict: Verdict
    let text: String
  }

  /// What differs from a new measurement.
  func findings(in record: BenchRecord) -> [Finding] {
    var found: [Finding] = []
    let (old, new) = (counters, record.counters)
    func compare(_ name: String, _ before: Double, _ now: Double, slack: Double) {
      let text = "\(name): \(shortText(before)) before, \(shortText(now)) now"
      if !(now <= before * (1 + slack)) {
        found.append(Finding(verdict: .regression, text: text))
      } else if now < before * (1 - slack) {
        found.append(Finding(verdict: .improvement, text: text))
      }
    }
    compare("unknowns full", Double(old.unknownsFull), Double(new.unknownsFull), slack: 0)
    compare("unknowns", Double(old.unknowns), Double(new.unknowns), slack: 0)
    if old.route != new.route {
      found.append(Finding(verdict: .regression, text: "route: \(old.route) before, \(new.route) now"))
    }
    if let before = old.work.factorization, let now = new.work.factorization {
      compare("nonzeros", Double(before.nonzeros), Double(now.nonzeros), slack: 0)
      // The ordering may tie differently in another build of SuiteSparse, by far less than this.
      compare("factor nonzeros", Double(before.factorNonzeros), Double(now.factorNonzeros), slack: 0.01)
      compare("flops", before.flops, now.flops, slack: 0.01)
      compare("factor bytes", Double(before.factorBytes), Double(now.factorBytes), slack: 0.01)
      compare("factor peak bytes", Double(before.factorPeakBytes), Double(now.factorPeakBytes), slack: 0.01)
    }
    if let before = old.work.iteration, let now = new.work.iteration {
      compare("orbits", Double(before.orbits), Double(now.orbits), slack: 0)
      compare("largest block", Double(before.largestBlock), Double(now.largestBlock), slack: 0)
      // Rounding decides about the last steps; other BLAS kernels round differently.
      compare("iterations", Double(before.iterations), Double(now.iterations), slack: 0.1)
      compare("applications", Double(before.applications), Double(now.applications), slack: 0.1)
      compare(
        "bytes per application", Double(before.bytesPerApplication ?? 0),
        Double(now.bytesPerApplication ?? 0), slack: 0)
    }
    // Residuals are rounding: another BLAS kernel changes them by a factor of a few. Ten times, and never less than 100
    // units in the last place of the largest rate, is a real loss.
    let allowed = max(10 * old.residual, 100 * old.rateScale * Double.ulpOfOne)
    if !(new.residual <= allowed) {
      found.append(
        Finding(
          verdict: .regression,
          text:
            "residual: \(shortText(old.residual)) before, \(shortText(new.residual)) now, at most \(shortText(allowed))"
        ))
    }
    // Fast and wrong is a regression too: rounding of the state, amplified by the condition of the problem.
    for (name, value) in observables.sorted(by: { $0.key < $1.key }) {
      let now = record.observables[name] ?? .nan
      if !(abs(now - value) <= 1e-11 + 1e-9 * abs(value)) {
        found.append(Finding(verdict: .regression, text: "\(name): \(value) before, \(now) now"))
      }
    }
    if let defect = record.observablesDefect, !(defect <= 1e-11) {
      found.append(
        Finding(
          verdict: .regression,
          text:
            "the phases and the whole point must agree to 1e-11, but differ by \(defect)"))
    }
    return found
  }
}
