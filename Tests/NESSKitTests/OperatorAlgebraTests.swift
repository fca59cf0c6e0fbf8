import NESSKit
import Numerics
import Testing

/// Products of a few numbers of order one.
private let rounding = 1e-13

@Suite("Operator algebra")
struct OperatorAlgebraTests {
  /// Operator of one site.
  private func on(_ site: Site, _ matrix: SparseMatrix) -> Operator {
    Operator.local(matrix, at: 0, in: HilbertSpace([site]))
  }

  @Test("products, adjoints and commutators are those of the dense matrices")
  func dense() {
    let space = HilbertSpace([.levels(4)])
    let a = Operator(space: space, matrix: OperatorTests.generic(4))
    let b = Operator(space: space, matrix: OperatorTests.generic(4, seed: 5))
    let ab = naiveProduct(a.matrix.dense, b.matrix.dense, 4)
    let ba = naiveProduct(b.matrix.dense, a.matrix.dense, 4)
    #expect((a * b).matrix.dense == ab)
    #expect(a.adjoint.matrix.dense == naiveAdjoint(a.matrix.dense, 4))
    #expect(a.commutator(with: b).matrix.dense == zip(ab, ba).map { $0 - $1 })
    #expect(a.anticommutator(with: b).matrix.dense == zip(ab, ba).map { $0 + $1 })
    #expect(a.power(0) == .identity(space))
    #expect(a.power(1) == a)
    #expect(a.power(5) == a * a * a * a * a)
  }

  @Test("commuting operators leave no entries behind")
  func commuting() {
    let space = HilbertSpace([.qubit, .clock(positions: 3)])
    let a = Operator.local(.pauliY, at: 0, in: space)
    let b = Operator.local(.clockShift(positions: 3), at: 1, in: space)
    #expect(a.commutator(with: b).matrix.nonzeros == 0)
  }

  @Test(
    "clock: sigma lowers the position, sigma^n = mu^n = 1, mu sigma = nu^-1 sigma mu",
    arguments: [2, 3, 4, 5, 12])
  func clock(positions: Int) {
    let site = Site.clock(positions: positions)
    let sigma = on(site, .clockShift(positions: positions))
    let mu = on(site, .clockPhase(positions: positions))
    for j in 0..<positions { #expect(sigma.element((j + positions - 1) % positions, j) == 1) }
    let one = Operator.identity(sigma.space)
    #expect(sigma.power(positions) == one)
    #expect(distance(mu.power(positions), one) < rounding)
    #expect(distance(sigma * sigma.adjoint, one) == 0)
    let angle = 2 * Double.pi / Double(positions)
    let nu = Complex(Double.cos(angle), Double.sin(angle))
    #expect((mu.element(1, 1) - nu).length < rounding)
    #expect(distance(mu * sigma, nu.conjugate * (sigma * mu)) < rounding)
    // Conjugate pairs and roots on the axes are exact.
    for j in 1..<positions { #expect(mu.element(j, j) == mu.element(positions - j, positions - j).conjugate) }
    if positions % 4 == 0 { #expect(mu.element(positions / 4, positions / 4) == .i) }
    for j in 0..<positions {
      let exact = Complex(Double.cos(angle * Double(j)), Double.sin(angle * Double(j)))
      #expect((mu.element(j, j) - exact).length < rounding)
    }
  }

  @Test("spin: [Sx, Sy] = i Sz and cyclic, S^2 = S(S + 1), level 0 has m = -S", arguments: 1...5)
  func spin(doubled: Int) {
    let site = Site.spin(doubled: doubled)
    let (x, y, z) = (
      on(site, .spinX(doubled: doubled)), on(site, .spinY(doubled: doubled)),
      on(site, .spinZ(doubled: doubled))
    )
    let i = Complex<Double>.i
    #expect(distance(x.commutator(with: y), i * z) < rounding)
    #expect(distance(y.commutator(with: z), i * x) < rounding)
    #expect(distance(z.commutator(with: x), i * y) < rounding)
    let spin = Double(doubled) / 2
    #expect(distance(x * x + y * y + z * z, spin * (spin + 1) * .identity(x.space)) < rounding)
    #expect(z.element(0, 0) == Complex(-spin))
    let raising = on(site, .spinRaising(doubled: doubled))
    #expect(distance(raising, x + i * y) < rounding)
    #expect(distance(z.commutator(with: raising), raising) < rounding)
    #expect(raising.adjoint == on(site, .spinLowering(doubled: doubled)))
    #expect(x.isHermitian() && y.isHermitian())
  }

  @Test("Pauli matrices: level 0 is down, sigma^x sigma^y = i sigma^z, sigma^+ raises")
  func pauli() {
    let (x, y, z) = (on(.qubit, .pauliX), on(.qubit, .pauliY), on(.qubit, .pauliZ))
    #expect(z.diagonal == [-1, 1])
    #expect(x.matrix.dense == [0, 1, 1, 0])
    #expect(x * y == Complex<Double>.i * z)
    #expect(x * x == .identity(x.space))
    #expect(on(.qubit, .pauliRaising) == .transition(from: 0, to: 1, in: x.space))
    #expect(on(.qubit, .pauliLowering) == on(.qubit, .pauliRaising).adjoint)
    #expect(distance(2 * on(.qubit, .pauliRaising), x + Complex<Double>.i * y) == 0)
  }

  @Test("boson: [a, a^+] = 1 except at the cutoff, a^+ a = n")
  func boson() {
    let site = Site.boson(cutoff: 5)
    let a = on(site, .bosonAnnihilation(cutoff: 5))
    #expect(a.adjoint == on(site, .bosonCreation(cutoff: 5)))
    #expect(distance(a.adjoint * a, on(site, .bosonNumber(cutoff: 5))) < rounding)
    let commutator = a.commutator(with: a.adjoint)
    for n in 0..<5 { #expect((commutator.element(n, n) - 1).length < rounding) }
    #expect((commutator.element(5, 5) + 5).length < rounding)
    #expect(a.element(2, 3) == Complex(3.0.squareRoot()))
  }

  @Test("rotor: exp(i phi) raises L_z by one and stops at hard walls")
  func rotor() {
    let levels = -2...3
    let site = Site.rotor(levels: levels)
    let momentum = on(site, .rotorMomentum(levels: levels))
    let raising = on(site, .rotorRaising(levels: levels))
    #expect(momentum.diagonal == [-2, -1, 0, 1, 2, 3])
    #expect(raising.element(3, 2) == 1)
    #expect(momentum.commutator(with: raising) == raising)
    #expect(raising.adjoint == on(site, .rotorLowering(levels: levels)))
    let one = Operator.identity(momentum.space)
    #expect(raising.adjoint * raising == one - .projector(on: 5, in: one.space))
    #expect(raising * raising.adjoint == one - .projector(on: 0, in: one.space))
    let (cosine, sine) = (on(site, .rotorCosine(levels: levels)), on(site, .rotorSine(levels: levels)))
    #expect(cosine + Complex<Double>.i * sine == raising)
    #expect(cosine.isHermitian() && sine.isHermitian())
    // cos^2 + sin^2 = 1 away from the walls, 1/2 at them.
    #expect((cosine * cosine + sine * sine).diagonal == [Complex(0.5), 1, 1, 1, 1, Complex(0.5)])
  }

  @Test("the four machines: conserved quantities commute with their Hamiltonians")
  func machines() {
    // Clock ring: the global shift.
    let ring = HilbertSpace([Site](repeating: .clock(positions: 3), count: 3))
    var clockRing = Operator.zero(ring)
    for k in 0..<3 {
      let sigma = Operator.local(.clockShift(positions: 3), at: k, in: ring)
      let mu = Operator.local(.clockPhase(positions: 3), at: k, in: ring)
      let next = Operator.local(.clockPhase(positions: 3), at: (k + 1) % 3, in: ring)
      let phase = Double(k) * 0.7 - 0.4
      let bond = Complex(Double.cos(phase), Double.sin(phase)) * (mu * next.adjoint)
      clockRing -= 0.4 * (sigma + sigma.adjoint) + 0.6 * (bond + bond.adjoint)
    }
    let shift = (0..<3).map { Operator.local(.clockShift(positions: 3), at: $0, in: ring) }
    #expect(clockRing.isHermitian())
    #expect(
      distance(clockRing * (shift[0] * shift[1] * shift[2]), shift[0] * shift[1] * shift[2] * clockRing)
        < rounding)
    // The diagonal of the specification: -2 (1 - f) sum_k cos(2 pi (j_k - j_{k+1}) / Ns + phi_k).
    for state in 0..<ring.dimension {
      let j = ring.digits(of: state)
      let energy = (0..<3).reduce(0.0) { sum, k in
        let angle = 2 * Double.pi * Double(j[k] - j[(k + 1) % 3]) / 3 + Double(k) * 0.7 - 0.4
        return sum - 1.2 * Double.cos(angle)
      }
      #expect((clockRing.element(state, state) - Complex(energy)).length < rounding)
    }

    // Two qubits and a rotor: n1 - L_z and n2 + L_z.
    let levels = -1...2
    let hybrid = HilbertSpace([.qubit, .qubit, .rotor(levels: levels)])
    let hop =
      Operator.local(.pauliRaising, at: 0, in: hybrid) * Operator.local(.pauliLowering, at: 1, in: hybrid)
      * Operator.local(.rotorRaising(levels: levels), at: 2, in: hybrid)
    let momentum = Operator.local(.rotorMomentum(levels: levels), at: 2, in: hybrid)
    for (site, sign) in [(0, -1.0), (1, 1.0)] {
      let charge = Operator.local(.projector(on: 1, levels: 2), at: site, in: hybrid) + sign * momentum
      #expect((hop + hop.adjoint).commutator(with: charge).matrix.nonzeros == 0)
    }
    // |01, l> goes to |10, l + 1>.
    #expect(hop.element(hybrid.index(of: [1, 0, 2])!, hybrid.index(of: [0, 1, 1])!) == 1)

    // Spin ring in a sector: a hop has amplitude 2 J.
    let full = HilbertSpace([.qubit, .qubit, .qubit])
    let sector = full.restricted { $0.reduce(0, +) == 1 }
    let exchange = (on2(.pauliX) + on2(.pauliY)).matrix
    let bond = Operator.local(exchange, at: [0, 2], in: sector)
    #expect(bond.element(sector.index(of: [0, 0, 1])!, sector.index(of: [1, 0, 0])!) == 2)
    #expect(bond.matrix.nonzeros == 2)

    // Engine: <a - 1| S_- |a> = sqrt(a (N + 1 - a)).
    let lowering = SparseMatrix.spinLowering(doubled: 4)
    for a in 1...4 { #expect(lowering[a - 1, a] == Complex(Double(a * (5 - a)).squareRoot())) }
  }

  private func on2(_ matrix: SparseMatrix) -> Operator {
    Operator.tensor(on(.qubit, matrix), on(.qubit, matrix))
  }
}
