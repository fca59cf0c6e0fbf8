internal import Numerics

/// One state of two qubits and a rotor with what its observables share.
final class QubitRotorContext {
  let flows: QubitRotorFlows
  let state: any QuantumState
  let equation: QubitRotorEquation
  /// Weight of rectification against the size of the flow.
  let alpha: Double
  /// Whether the window of another device is found rather than taken over: a reversed rotor leaves the window that holds this one.
  private let findsWindow: Bool
  /// What collisions exchange; nil for states of a master equation.
  let collision: CollisionFlows?
  private let solver: SteadyStateSolver
  private var cachedSwapped: QubitRotorFlows?
  private var cachedRates: [Double]?

  init(
    device: QubitRotor, state: any QuantumState, equation: QubitRotorEquation, alpha: Double,
    solver: SteadyStateSolver, findsWindow: Bool = false, collision: CollisionFlows? = nil
  ) {
    self.findsWindow = findsWindow
    flows = QubitRotorFlows(of: device, in: state, secular: equation.secular)
    self.state = state
    self.equation = equation
    self.alpha = alpha
    self.collision = collision
    self.solver = solver
  }

  var device: QubitRotor { flows.device }

  /// Flows of the steady state with the temperatures of the two baths exchanged.
  func swapped() throws(ObservableError) -> QubitRotorFlows {
    if let cachedSwapped { return cachedSwapped }
    do {
      let other = try device.swapped()
      let flows: QubitRotorFlows
      if findsWindow {
        let found = try other.steadyStateInGrowingWindow(solver)
        flows = QubitRotorFlows(of: found.device, in: found.steady.state, secular: found.equation.secular)
      } else {
        let equation = try other.masterEquation()
        let steady = try solver.solve(equation)
        flows = QubitRotorFlows(of: other, in: steady.state, secular: equation.secular)
      }
      cachedSwapped = flows
      return flows
    } catch { throw .unavailable(reason: "the device with exchanged temperatures: \(error)") }
  }

  func heatRectification() throws(ObservableError) -> Rectification {
    Rectification(
      forward: flows.heat(fromQubit: 1), swapped: try swapped().heat(fromQubit: 0),
      rounding: max(flows.roundingOfHeat(fromQubit: 1), try swapped().roundingOfHeat(fromQubit: 0)))
  }

  func momentumRectification() throws(ObservableError) -> Rectification {
    Rectification(forward: flows.momentum(), swapped: try swapped().momentum(), rounding: 1e-10)
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
