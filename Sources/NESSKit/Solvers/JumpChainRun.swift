internal import Numerics

/// Rounds of the minimal residual method on one decomposed generator.
///
/// Each round refines: L delta = -R with R = L rho is solved by delta = -S^-1 w, (1 - Phi) w = R. On orbits, where a source is diagonal
/// and R is not, delta = -S^-1 (R + diag w) with (1 - Phi) w = J(-S^-1 R).
///
/// Rounds may invert S in single precision, since R is always found in double precision; one that hardly improves R is followed by rounds
/// in double precision.
struct JumpChainRun {
  let kernel: JumpChainKernel
  let byOrbits: Bool
  /// Whether rounds begin in single precision.
  let beginsSingle: Bool
  /// Steps per round.
  let steps: Int
  /// Steps in all rounds.
  let maxIterations: Int
  /// Steps after which another route would have been quicker; they count for the rounds, not for the probe that bounds the error.
  let stepLimit: Int?
  /// Absolute residual aimed at.
  var goal: Double
  /// What residuals are reported in units of.
  let scale: Double
  let progress: ((_ iterations: Int, _ residual: Double) -> Void)?

  private(set) var iterations = 0
  private(set) var applications = 0
  private(set) var isCancelled = false
  /// Whether the step limit ended a round before its goal.
  private(set) var gaveWay = false
  /// Whether a round in single precision was kept.
  private(set) var usedSingle = false
  /// max |L rho| of `state`.
  private(set) var residual = Double.infinity
  /// Euclidean norm of L rho.
  private var changeNorm = Double.infinity
  /// Packed rho with trace 1.
  private(set) var state: [Double] = []

  init(
    kernel: JumpChainKernel, byOrbits: Bool, beginsSingle: Bool, steps: Int, maxIterations: Int,
    stepLimit: Int?, goal: Double,
    scale: Double, progress: ((_ iterations: Int, _ residual: Double) -> Void)?
  ) {
    self.kernel = kernel
    self.byOrbits = byOrbits
    self.beginsSingle = beginsSingle
    self.steps = steps
    self.maxIterations = maxIterations
    self.stepLimit = stepLimit
    self.goal = goal
    self.scale = scale
    self.progress = progress
  }

  /// Solves from a packed Hermitian matrix, until the goal is reached or rounds no longer halve the residual.
  mutating func solve(from initial: [Double]) throws(KernelError) {
    let basis = try KrylovBasis(
      order: byOrbits ? kernel.orbits : kernel.order, steps: steps, workers: kernel.workers)
    var change = [Double](repeating: 0, count: kernel.order)
    try kernel.load(initial)
    try measure(initial, into: &change)
    var isSingle = beginsSingle
    try kernel.setPrecision(single: isSingle)
    while residual > goal, residual.isFinite, iterations < maxIterations, !isCancelled, !gaveWay {
      let before = (state: state, residual: residual, norm: changeNorm)
      try refine(basis, change: &change, accuracy: isSingle ? Self.singleAccuracy : 1e-14)
      let isWorse = !(residual <= before.residual)
      if isSingle, !isWorse { usedSingle = true }
      if isWorse { (state, residual, changeNorm) = before }
      if isSingle, residual > goal, !(residual < before.residual / 10) {
        isSingle = false
        try kernel.setPrecision(single: false)
        if isWorse {
          try kernel.load(state)
          _ = try kernel.change(into: &change)
        }
        continue
      }
      if !(residual < before.residual / 2) { break }
    }
  }

  /// Relative residual down to which a round in single precision can be trusted.
  private static let singleAccuracy = 1e-5

  private mutating func refine(
    _ basis: KrylovBasis, change: inout [Double], accuracy: Double
  ) throws(KernelError) {
    var source: [Double]
    if byOrbits {
      try kernel.invert(change)
      applications += 1
      let right = try kernel.orbitSource()
      source = [Double](repeating: 0, count: right.count)
      try minimize(right, basis, accuracy: accuracy, adding: &source)
      try kernel.invert(change, sources: source)
    } else {
      source = [Double](repeating: 0, count: change.count)
      try minimize(change, basis, accuracy: accuracy, adding: &source)
      try kernel.invert(source)
    }
    applications += 1
    var next = state
    try kernel.addState(to: &next)
    try measure(next, into: &change)
  }

  /// Makes a packed matrix, normalized, the state of the run.
  private mutating func measure(_ packed: [Double], into change: inout [Double]) throws(KernelError) {
    state = packed
    let trace = kernel.trace(state)
    for k in state.indices { state[k] /= trace }
    try kernel.load(state)
    residual = try kernel.change(into: &change)
    // A trace of zero, or one that overflowed.
    if residual.isNaN { residual = .infinity }
    changeNorm = change.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Norm of L^-1 as sources without any structure show it, multiplied by the square root of the number of basis states, since a slow mode
  /// may be one among so many in the source. Nil when too few steps fit to tell.
  ///
  /// A small residual says nothing about a mode whose rate is smaller still. Its part of a random source is answered by the inverse of that
  /// rate; see ``SlowModeProbe`` for what may escape.
  mutating func amplification() throws(KernelError) -> Double? {
    let unknowns = byOrbits ? kernel.orbits : kernel.order
    let most = min(steps, max(JumpChainSolver.usualSteps, 2 * iterations))
    let basis = try KrylovBasis(order: unknowns, steps: most, workers: kernel.workers)
    var largest = 0.0
    for draw in 0..<(unknowns <= SlowModeProbe.fewUnknowns ? SlowModeProbe.drawsOfFew : 1) {
      let source = JumpChainPacking.noise(
        orders: byOrbits ? Array(repeating: 1, count: kernel.orbits) : kernel.orders, draw: draw)
      try kernel.setPrecision(single: beginsSingle)
      var answer = try response(to: source, basis)
      if beginsSingle, let found = answer {
        let isRight = found * scale < Self.singleAmplification ? try answersInDouble(source) : false
        if !isRight {
          try kernel.setPrecision(single: false)
          answer = try response(to: source, basis)
        }
      }
      guard let answer else { return nil }
      guard !answer.isNaN else { return .infinity }
      largest = max(largest, answer)
    }
    return largest * Double(states).squareRoot()
  }

  /// Whether the state of the kernel answers a source: L X = tr(source) v - source, found in double precision. Rounding of the inverse makes
  /// slow modes seem faster.
  private func answersInDouble(_ source: [Double]) throws(KernelError) -> Bool {
    var defect = [Double](repeating: 0, count: kernel.order)
    _ = try kernel.change(into: &defect)
    let identity = JumpChainPacking.identity(orders: kernel.orders)
    let part = kernel.trace(source) / kernel.trace(identity)
    for k in defect.indices { defect[k] += source[k] - part * identity[k] }
    func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    // Rounding adds to what the probe leaves; a mode of a usual share still stands out from ten times that.
    return norm(defect) <= 10 * SlowModeProbe.accuracy(states: states) * norm(source)
  }

  /// Norm of L^-1, in units of the inverse rate scale, up to which single precision may tell it.
  private static let singleAmplification = 1e4

  /// Norm of L^-1 source relative to that of the source: infinite when the steps do not suffice, nil when too few of them fit to tell.
  private mutating func response(
    to source: [Double], _ basis: KrylovBasis
  ) throws(KernelError) -> Double? {
    try basis.begin(source)
    let norm = basis.residual
    let goal = SlowModeProbe.accuracy(states: states) * norm
    while basis.residual > goal, basis.count < basis.steps {
      if Task.isCancelled {
        isCancelled = true
        return nil
      }
      try kernel.extend(basis, byOrbits: byOrbits)
      applications += 1
    }
    guard basis.residual <= goal else {
      return basis.steps < min(JumpChainSolver.usualSteps, source.count) ? nil : .infinity
    }
    var answer = [Double](repeating: 0, count: source.count)
    try basis.add(to: &answer)
    if byOrbits { try kernel.invert(sources: answer) } else { try kernel.invert(answer) }
    applications += 1
    var change = [Double](repeating: 0, count: kernel.order)
    try kernel.addState(to: &change)
    return change.reduce(0) { $0 + $1 * $1 }.squareRoot() / norm
  }

  /// Basis states, or orbits of them.
  private var states: Int { byOrbits ? kernel.orbits : kernel.orders.reduce(0, +) }

  /// Bound on the error of the state relative to its largest element, from the norm of L^-1.
  func errorBound(_ amplification: Double) -> Double {
    let largest = state.reduce(0) { max($0, abs($1)) }
    // What was computed of L rho is rounding of a few terms of the size of the largest rate.
    return amplification * (changeNorm / largest + 8 * Double.ulpOfOne * scale)
  }

  /// Adds an approximate solution w of (1 - Phi) w = right.
  private mutating func minimize(
    _ right: [Double], _ basis: KrylovBasis, accuracy: Double, adding solution: inout [Double]
  ) throws(KernelError) {
    try basis.begin(right)
    // Below this the recurrence and the true residual part.
    let target = max(goal / 2, accuracy * basis.residual)
    while basis.residual > target, basis.count < steps, iterations < maxIterations {
      if Task.isCancelled {
        isCancelled = true
        return
      }
      if let stepLimit, iterations >= stepLimit {
        gaveWay = true
        break
      }
      try kernel.extend(basis, byOrbits: byOrbits)
      iterations += 1
      applications += 1
      progress?(iterations, basis.residual / scale)
    }
    try basis.add(to: &solution)
  }
}
