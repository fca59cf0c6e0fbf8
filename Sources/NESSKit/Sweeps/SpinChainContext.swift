internal import Numerics

/// One state of a spin chain with what its observables share.
final class SpinChainContext: StateContext {
  /// The ends of a chain.
  enum Side: String, CaseIterable, CustomStringConvertible {
    case left = "L"
    case right = "R"
    /// The bath's name.
    var description: String { self == .left ? SpinChain.leftBath.name : SpinChain.rightBath.name }
  }

  let chain: SpinChain
  private var cachedMagnetizations: [Double]?

  init(chain: SpinChain, generator: LindbladGenerator, state: any QuantumState, stationary: Bool) {
    self.chain = chain
    super.init(generator: generator, state: state, stationary: stationary)
  }

  /// <sz> of every site.
  func magnetizations() -> [Double] {
    if let cachedMagnetizations { return cachedMagnetizations }
    var result = [Double](repeating: 0, count: chain.sites)
    for (index, population) in state.populations.enumerated() {
      for (site, level) in chain.space.digits(of: index).enumerated() {
        result[site] += level == 1 ? population : -population
      }
    }
    cachedMagnetizations = result
    return result
  }

  func spinCurrent(_ bond: Int) -> Double {
    state.expectation(of: chain.spinCurrent(ofBond: bond)).real
  }

  /// Mean over the bonds.
  func spinCurrent() -> Double {
    (0..<(chain.sites - 1)).reduce(0) { $0 + spinCurrent($1) } / Double(chain.sites - 1)
  }

  func energyCurrent(_ site: Int) -> Double {
    state.expectation(of: chain.energyCurrent(ofSite: site)).real
  }

  func spinFlow(_ side: Side) -> Double {
    let (end, site) = side == .left ? (chain.left, 0) : (chain.right, chain.sites - 1)
    return end.spinFlow(magnetization: magnetizations()[site])
  }

  /// Energy flows from a bath; nil for a bath without dissipators.
  func flow(from bath: Bath) throws(ObservableError) -> Thermodynamics.Flow? {
    try flows().first { $0.bath.name == bath.name }
  }

  func flow(_ side: Side) throws(ObservableError) -> Thermodynamics.Flow? {
    try flow(from: side == .left ? SpinChain.leftBath : SpinChain.rightBath)
  }

  /// <sz_a sz_b>
  func alignment(_ a: Int, _ b: Int) -> Double {
    state.expectation(of: chain.alignment(ofSites: a, b)).real
  }

  /// dS/dt - sum_k tr(D_k[rho] ln pi_k), pi_k the state that bath k alone leaves stationary; undefined for a bath whose pi_k is pure.
  func entropyProduction() throws(ObservableError) -> Double? {
    guard let change = try thermodynamics().entropyChange else { return nil }
    var sum = change
    for (side, end) in [(Side.left, chain.left), (.right, chain.right)] where end.coupling > 0 {
      guard abs(end.magnetization) < 1 else { return nil }
      // pi = (1 + mu sz)/2 = exp(atanh(mu) sz) up to normalization, and tr(D[rho] sz) is twice the flow of up spins.
      sum += 2 * Double.atanh(end.magnetization) * spinFlow(side)
    }
    return sum
  }
}
