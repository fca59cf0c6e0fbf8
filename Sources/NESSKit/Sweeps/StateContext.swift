internal import Numerics

/// One state of a machine with what its observables share, computed when first needed.
class StateContext {
  let state: any QuantumState
  /// Whether the state is a steady state of the generator.
  let stationary: Bool
  private let masterEquation: LindbladGenerator?
  private var cachedThermodynamics: Thermodynamics?
  private var cachedBalance: Thermodynamics?
  private var cachedTransposedEigenvalues: [Double]?

  init(generator: LindbladGenerator, state: any QuantumState, stationary: Bool) {
    masterEquation = generator
    self.state = state
    self.stationary = stationary
  }

  /// A pure state whose observables need no master equation.
  init(pure state: StateVector) {
    masterEquation = nil
    self.state = state
    stationary = true
  }

  var generator: LindbladGenerator {
    guard let masterEquation else { preconditionFailure("this state must be read without baths") }
    return masterEquation
  }

  /// Whether the state is known to be pure.
  var isPure: Bool { false }

  /// The first floor(n/2) of the n sites, and the others.
  var halves: (first: [Int], second: [Int]) {
    let count = state.space.sites.count
    return (Array(0..<(count / 2)), Array((count / 2)..<count))
  }

  func thermodynamics() throws(ObservableError) -> Thermodynamics {
    if let cachedThermodynamics { return cachedThermodynamics }
    let result = try Thermodynamics(of: generator, in: state, stationary: stationary)
    cachedThermodynamics = result
    return result
  }

  /// Energy flows from the generator, without the change of entropy, which may need the spectrum of the state.
  func balance() throws(ObservableError) -> Thermodynamics {
    if let cachedBalance { return cachedBalance }
    let result = try Thermodynamics(of: generator, in: state, stationary: true)
    cachedBalance = result
    return result
  }

  /// Energy flows, bath by bath.
  func flows() throws(ObservableError) -> [Thermodynamics.Flow] { try balance().flows }

  func energy() -> Double { state.expectation(of: generator.hamiltonian).real }

  func entropy() throws(ObservableError) -> Double { isPure ? 0 : try state.entropy() }

  func entropyOfHalf() throws(ObservableError) -> Double { try state.entropy(of: halves.first) }

  func mutualInformation() throws(ObservableError) -> Double {
    try state.mutualInformation(between: halves.first, and: halves.second)
  }

  func coherence() -> Double { state.l1Coherence }

  func purity() -> Double { state.purity }

  /// Eigenvalues of the partial transpose over the first half, ascending.
  private func transposedEigenvalues() throws(ObservableError) -> [Double] {
    if let cachedTransposedEigenvalues { return cachedTransposedEigenvalues }
    let result = try withObservableErrors { () throws(KernelError) in
      try state.density().partialTranspose(over: halves.first).eigenvalues()
    }
    cachedTransposedEigenvalues = result
    return result
  }

  func negativity() throws(ObservableError) -> Double {
    withoutRounding(try transposedEigenvalues()).reduce(0) { $1 < 0 ? $0 - $1 : $0 }
  }

  /// Smallest eigenvalue of the partial transpose over the first half.
  func smallestTransposedEigenvalue() throws(ObservableError) -> Double? { try transposedEigenvalues().first }
}
