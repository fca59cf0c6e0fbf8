import NESSKit
import Numerics
import Testing

/// The boundary-driven chain against its exact solutions.
@Suite("Spin chain, exact solutions")
struct SpinChainExactTests {
  typealias End = SpinChain.End

  /// Observables in the steady state, row by row, without the index columns.
  static func compute(_ parameters: [String: ParameterValue], _ names: [String]) throws -> [[Double?]] {
    let result = try SpinChainMachine(parameters).compute(PointRequest(state: "steady", observables: names))
    return result.rows.map { Array($0.dropFirst(result.indexNames.count)) }
  }

  static func driven(_ sites: Int, anisotropy: Double, epsilon: Double) throws -> SpinChain {
    try SpinChain(
      sites: sites, anisotropy: anisotropy, left: End(coupling: 2 * epsilon, magnetization: 1),
      right: End(coupling: 2 * epsilon, magnetization: -1))
  }

  static func largestElement(_ elements: [Complex<Double>]) -> Double {
    elements.reduce(0) { max($0, $1.length) }
  }

  @Test(
    "maximal driving: the steady state is Prosen's matrix product, and no other anisotropy or coupling's",
    arguments: [2, 3, 4], [0.5, 1, 1.5, -0.7])
  func matrixProduct(sites: Int, anisotropy: Double) throws {
    for epsilon in [0.3, 1.2] {
      let chain = try Self.driven(sites, anisotropy: anisotropy, epsilon: epsilon)
      let exact = ProsenState(anisotropy: anisotropy, epsilon: epsilon).density(sites)
      // The reference itself, by sums over the definition: rates up to 2.4, sums of a few dozen terms.
      #expect(Self.largestElement(naiveLindblad(try chain.generator(), exact.elements)) < 1e-14)
      let steady = try SteadyStateSolver().solve(chain.generator(), symmetries: chain.symmetries())
      #expect(steady.certificate.unique == true)
      // The error bounds of these systems are below 1e-13.
      #expect(distance(steady.state.density().elements, exact.elements) < 1e-13)
      let other = ProsenState(anisotropy: anisotropy, epsilon: epsilon * 1.001).density(sites)
      #expect(distance(steady.state.density().elements, other.elements) > 1e-6)
      if sites > 2 {
        let third = ProsenState(anisotropy: anisotropy + 0.001, epsilon: epsilon).density(sites)
        #expect(distance(steady.state.density().elements, third.elements) > 1e-6)
      }
    }
  }

  @Test(
    "maximal driving: current gamma Z_{N-1}/Z_N on every bond and the profile of the matrix product",
    arguments: [2, 3, 4, 5], [0.5, 1, 1.5])
  func matrixProductCurrents(sites: Int, anisotropy: Double) throws {
    let epsilon = 0.6
    let exact = ProsenState(anisotropy: anisotropy, epsilon: epsilon)
    func norm(_ sites: Int) -> Double { exact.root(sites).reduce(0) { $0 + $1.lengthSquared } }
    let current = 2 * epsilon * norm(sites - 1) / norm(sites)
    let populations = exact.density(sites).populations
    let rows = try Self.compute(
      [
        "N": .integer(sites), "Delta": .real(anisotropy), "gamma_L": .real(2 * epsilon),
        "gamma_R": .real(2 * epsilon),
      ], ["M", "j_spin_l"])
    for (site, row) in rows.enumerated() {
      let profile = populations.enumerated().reduce(0.0) {
        $0 + ($1.offset >> (sites - 1 - site) & 1 == 1 ? $1.element : -$1.element)
      }
      #expect(abs(try #require(row[0]) - profile) < 1e-13)
      if site < sites - 1 { #expect(abs(try #require(row[1]) - current) < 1e-13) }
    }
    #expect(rows[sites - 1][1] == nil)
  }

  @Test("two spins under maximal driving carry 4 epsilon/(4 + epsilon^2) at any anisotropy")
  func twoSpins() throws {
    for (anisotropy, epsilon) in [(0.5, 0.3), (1, 1), (2, 1.7)] {
      let rows = try Self.compute(
        [
          "N": .integer(2), "Delta": .real(anisotropy), "gamma_L": .real(2 * epsilon),
          "gamma_R": .real(2 * epsilon),
        ], ["j_spin", "j_spin_L", "j_spin_R"])
      // gamma Z_1/Z_2 with Z_1 = 2, and Z_2 = 4 + epsilon^2 from the strings 00 and +-, of amplitude i epsilon.
      let expected = 4 * epsilon / (4 + epsilon * epsilon)
      #expect(abs(try #require(rows[0][0]) - expected) < 1e-13)
      #expect(abs(try #require(rows[0][1]) - expected) < 1e-13)
      #expect(abs(try #require(rows[0][2]) + expected) < 1e-13)
    }
  }

  /// A chain without any symmetry whose currents are those of free fermions.
  static func freeChain(_ sites: Int, dephased: Bool) throws -> SpinChain {
    try SpinChain(
      sites: sites, couplings: (0..<(sites - 1)).map { 0.8 + 0.15 * Double($0) },
      anisotropies: Array(repeating: 0, count: sites - 1),
      fields: (0..<sites).map { 0.3 - 0.2 * Double($0 * $0 % 3) },
      left: End(coupling: 0.7, magnetization: 0.6), right: End(coupling: 1.3, magnetization: -0.2),
      dephasing: (0..<sites).map { dephased ? 0.1 + 0.05 * Double($0) : 0 })
  }

  @Test(
    "Delta = 0: occupations and currents of the free-fermion equation, with fields and dephasing",
    arguments: [2, 3, 4, 5, 6], [false, true])
  func freeFermions(sites: Int, dephased: Bool) throws {
    let chain = try Self.freeChain(sites, dephased: dephased)
    let exact = freeFermionCorrelations(chain)
    let state = try SteadyStateSolver().solve(chain.generator(), symmetries: chain.symmetries()).state
    for site in 0..<sites {
      let found = state.expectation(of: chain.magnetization(ofSite: site)).real
      #expect(abs(found - (2 * exact[site][site].real - 1)) < 1e-13)
    }
    for bond in 0..<(sites - 1) {
      let found = state.expectation(of: chain.spinCurrent(ofBond: bond)).real
      let expected = -4 * chain.couplings[bond] * exact[bond][bond + 1].imaginary
      #expect(abs(found - expected) < 1e-13)
      #expect(expected > 1e-3)
      // The same current on every bond; a current of sz would be twice it.
      #expect(abs(expected - chain.left.spinFlow(magnetization: 2 * exact[0][0].real - 1)) < 1e-13)
    }
  }

  @Test(
    "Delta = 0: ballistic without and diffusive with dephasing, in closed form", arguments: [2, 3, 5],
    [0, 0.35])
  func diffusion(sites: Int, dephasing: Double) throws {
    let (left, right) = (End(coupling: 0.9, magnetization: 0.8), End(coupling: 1.6, magnetization: -0.3))
    let names = ["j_spin", "j_spin_L", "j_spin_R"]
    let row = try Self.compute(
      [
        "N": .integer(sites), "J": .real(0.7), "Delta": .real(0), "gamma_L": .real(0.9),
        "gamma_R": .real(1.6), "mu_L": .real(0.8), "mu_R": .real(-0.3), "gamma_phi": .real(dephasing),
      ], names)[0]
    let expected = diffusiveCurrent(sites, coupling: 0.7, left: left, right: right, dephasing: dephasing)
    #expect(abs(try #require(row[0]) - expected) < 1e-13)
    #expect(abs(try #require(row[1]) - expected) < 1e-13)
    #expect(abs(try #require(row[2]) + expected) < 1e-13)
    let wrong = diffusiveCurrent(sites, coupling: 0.7, left: left, right: right, dephasing: dephasing + 0.01)
    #expect(abs(expected - wrong) > 1e-4)
  }

  @Test("a spin that is coupled to its bath only relaxes to mu at the rate gamma")
  func relaxation() throws {
    let machine = try SpinChainMachine([
      "N": .integer(2), "J": .integer(0), "gamma_L": .real(0.8), "mu_L": .real(0.25), "gamma_R": .real(0.5),
      "mu_R": .real(-0.5), "initial": .list([.integer(0), .integer(1)]),
    ])
    let times = [0, 0.7, 3.0]
    let rows = try machine.compute(PointRequest(state: "dynamics", observables: ["M"], times: times)).rows
    for (k, time) in times.enumerated() {
      let left = 0.25 - 1.25 * Double.exp(-0.8 * time)
      let right = -0.5 + 1.5 * Double.exp(-0.5 * time)
      // The propagator's tolerance is 1e-10.
      #expect(abs(try #require(rows[2 * k][2]) - left) < 1e-9)
      #expect(abs(try #require(rows[2 * k + 1][2]) - right) < 1e-9)
      #expect(rows[2 * k][0] == time && rows[2 * k][1] == 1 && rows[2 * k + 1][1] == 2)
    }
  }
}
