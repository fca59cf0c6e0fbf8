internal import Numerics

/// Rounds of the minimal residual method on one decomposed generator.
///
/// Each round refines: L delta = -R with R = L rho is solved by delta = -S^-1 w, (1 - Phi) w = R. On orbits, where a source is diagonal
/// and R is not, delta = -S^-1 (R + diag w) with (1 - Phi) w = J(-S^-1 R).
struct JumpChainRun {
  let kernel: JumpChainKernel
  let byOrbits: Bool
  /// Steps per round.
  let steps: Int
  /// Steps in all rounds.
  let maxIterations: Int
  /// Absolute residual aimed at.
  let goal: Double
  /// What residuals are reported in units of.
  let scale: Double
  let progress: ((_ iterations: Int, _ residual: Double) -> Void)?

  private(set) var iterations = 0
  private(set) var applications = 0
  private(set) var isCancelled = false
  /// max |L rho| of `state`.
  private(set) var residual = Double.infinity
  /// Packed rho with trace 1.
  private(set) var state: [Double] = []

  init(
    kernel: JumpChainKernel, byOrbits: Bool, steps: Int, maxIterations: Int, goal: Double, scale: Double,
    progress: ((_ iterations: Int, _ residual: Double) -> Void)?
  ) {
    self.kernel = kernel
    self.byOrbits = byOrbits
    self.steps = steps
    self.maxIterations = maxIterations
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
    while residual > goal, residual.isFinite, iterations < maxIterations, !isCancelled {
      let before = (state: state, residual: residual)
      try refine(basis, change: &change)
      if residual > before.residual || residual.isNaN { (state, residual) = before }
      if !(residual < before.residual / 2) { break }
    }
  }

  private mutating func refine(_ basis: KrylovBasis, change: inout [Double]) throws(KernelError) {
    var source: [Double]
    if byOrbits {
      try kernel.invert(change)
      applications += 1
      let right = try kernel.orbitSource()
      source = [Double](repeating: 0, count: right.count)
      try minimize(right, basis, adding: &source)
      try kernel.invert(change, sources: source)
    } else {
      source = [Double](repeating: 0, count: change.count)
      try minimize(change, basis, adding: &source)
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
  }

  /// Adds an approximate solution w of (1 - Phi) w = right.
  private mutating func minimize(
    _ right: [Double], _ basis: KrylovBasis, adding solution: inout [Double]
  ) throws(KernelError) {
    try basis.begin(right)
    // Below this the recurrence and the true residual part.
    let target = max(goal / 2, 1e-14 * basis.residual)
    while basis.residual > target, basis.count < steps, iterations < maxIterations {
      if Task.isCancelled {
        isCancelled = true
        return
      }
      try kernel.extend(basis, byOrbits: byOrbits)
      iterations += 1
      applications += 1
      progress?(iterations, basis.residual / scale)
    }
    try basis.add(to: &solution)
  }
}
