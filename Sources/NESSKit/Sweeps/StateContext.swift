/// One state of a machine with what its observables share, computed when first needed.
class StateContext {
  let generator: LindbladGenerator
  let state: any QuantumState
  /// Whether the state is a steady state of the generator.
  let stationary: Bool
  private var cachedThermodynamics: Thermodynamics?
  private var cachedDensity: DensityMatrix?
  private var cachedEigenvalues: [Double]?

  init(generator: LindbladGenerator, state: any QuantumState, stationary: Bool) {
    self.generator = generator
    self.state = state
    self.stationary = stationary
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

  /// Energy flows, bath by bath.
  func flows() throws(ObservableError) -> [Thermodynamics.Flow] { try thermodynamics().flows }

  func density() -> DensityMatrix {
    if let cachedDensity { return cachedDensity }
    let result = state.density()
    cachedDensity = result
    return result
  }

  func eigenvalues() throws(ObservableError) -> [Double] {
    if let cachedEigenvalues { return cachedEigenvalues }
    let result = try withObservableErrors { () throws(KernelError) in try density().eigenvalues() }
    cachedEigenvalues = result
    return result
  }

  func entropy() throws(ObservableError) -> Double {
    isPure ? 0 : shannonEntropy(of: try clipped(try eigenvalues()))
  }

  /// Smallest eigenvalue of the partial transpose over the first half.
  func smallestTransposedEigenvalue() throws(ObservableError) -> Double? {
    try withObservableErrors { () throws(KernelError) in
      try density().partialTranspose(over: halves.first).eigenvalues().first
    }
  }
}
