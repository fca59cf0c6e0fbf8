internal import Numerics

/// One state of two qubits and a rotor with what its observables share.
final class QubitRotorContext {
  let flows: QubitRotorFlows
  let state: any QuantumState
  let equation: QubitRotorEquation
  /// Weight of rectification against the size of the flow.
  let alpha: Double
  /// Whether the state is a steady state, or a fixed point of collisions.
  let isStationary: Bool
  /// What collisions exchange; nil for states of a master equation.
  let collision: CollisionFlows?
  private let solver: SteadyStateSolver
  private let cache: SymbolicCache?
  /// Whether the window was found, and that of the device with exchanged temperatures is to be found as well.
  private let isAutomatic: Bool
  private var cachedSwapped: QubitRotorFlows?
  private var cachedHeats: Rectification?
  private var cachedRates: [Double]?
  private var cachedEntropyChange: Double?

  init(
    device: QubitRotor, state: any QuantumState, equation: QubitRotorEquation, alpha: Double,
    solver: SteadyStateSolver, cache: SymbolicCache?, isStationary: Bool, isAutomatic: Bool,
    collision: CollisionFlows? = nil
  ) {
    flows = QubitRotorFlows(
      of: device, in: state, secular: equation.secular, isStationary: isStationary && collision == nil)
    self.state = state
    self.equation = equation
    self.alpha = alpha
    self.collision = collision
    self.solver = solver
    self.cache = cache
    self.isStationary = isStationary
    self.isAutomatic = isAutomatic
  }

  var device: QubitRotor { flows.device }

  /// The states that a window must hold: this one, and the one between a collision and the load.
  var passed: [QubitRotorFlows] {
    guard let collision else { return [flows] }
    return [flows, QubitRotorFlows(of: device, in: collision.collided)]
  }

  /// von Neumann entropy of the whole.
  func entropy() throws(ObservableError) -> Double {
    try QubitRotorState(of: device, in: state).entropy()
  }

  /// dS/dt.
  func entropyChange() throws(ObservableError) -> Double {
    if isStationary { return 0 }
    if let cachedEntropyChange { return cachedEntropyChange }
    let change = try flows.entropyChange()
    cachedEntropyChange = change
    return change
  }

  /// Flows of the steady state with the temperatures of the two baths exchanged.
  func swapped() throws(ObservableError) -> QubitRotorFlows {
    if let cachedSwapped { return cachedSwapped }
    do {
      var other = try device.swapped()
      let (equation, steady): (QubitRotorEquation, SteadyState)
      if isAutomatic {
        // The rotor may turn the other way, towards a wall that was far enough before.
        (other, steady, equation) = try other.steadyStateInGrowingWindow(solver)
      } else {
        equation = try other.masterEquation()
        steady = try solver.solve(equation, reusing: cache)
      }
      let flows = QubitRotorFlows(
        of: other, in: steady.state, secular: equation.secular, isStationary: true)
      cachedSwapped = flows
      return flows
    } catch { throw .unavailable(reason: "the device with exchanged temperatures: \(error)") }
  }

  func heatRectification() throws(ObservableError) -> Rectification {
    if let cachedHeats { return cachedHeats }
    let heats = Rectification(
      forward: flows.heat(fromQubit: 1), swapped: try swapped().heat(fromQubit: 0),
      rounding: max(flows.roundingOfHeat(fromQubit: 1), try swapped().roundingOfHeat(fromQubit: 0)))
    cachedHeats = heats
    return heats
  }

  func momentumRectification() throws(ObservableError) -> Rectification {
    Rectification(
      forward: flows.momentum(), swapped: try swapped().momentum(),
      rounding: max(flows.roundingOfMomentum, try swapped().roundingOfMomentum))
  }

  /// The slowest decay rates of the sector, ascending.
  func relaxationRates() throws(ObservableError) -> [Double] {
    if let cachedRates { return cachedRates }
    do {
      let terms = equation.terms().withoutCommonEnergy()
      let liouvillian = try Liouvillian(terms: terms, on: ReducedSpace(terms: terms, space: equation.space))
      let rates = try liouvillian.eigenvalues().map { -$0.real }.sorted()
      // The first belongs to the steady state.
      cachedRates = Array(rates.dropFirst())
      return Array(rates.dropFirst())
    } catch { throw .unavailable(reason: "relaxation rates: \(error)") }
  }
}

/// How unequal two flows are, Leitch, Hammam & De Chiara, Eqs. (38) to (44).
struct Rectification {
  let forward: Double
  let swapped: Double
  /// Flows up to this are none.
  let rounding: Double

  private var vanishes: Bool { max(abs(forward), abs(swapped)) <= rounding }

  /// |forward - swapped| / |forward + swapped|; nil where both flows vanish or cancel each other up to rounding.
  var asPrinted: Double? {
    vanishes || abs(forward + swapped) <= rounding ? nil : abs((forward - swapped) / (forward + swapped))
  }

  /// ||forward| - |swapped|| / (|forward| + |swapped|), from 0 to 1; nil where that is 0/0.
  var ofMagnitudes: Double? {
    vanishes ? nil : abs(abs(forward) - abs(swapped)) / (abs(forward) + abs(swapped))
  }

  /// The larger magnitude.
  var size: Double { max(abs(forward), abs(swapped)) }
}
