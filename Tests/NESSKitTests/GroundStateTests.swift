import NESSKit
import Numerics
import Testing

@Suite("Ground states of rings")
struct GroundStateTests {
  static let phases = [0.4, -1.3, 2.1, 0.7, -0.2, 1.1]

  static func ring(
    _ rotors: Int, positions: Int = 3, f: Double, phases: [Double], _ picture: ChiralClockRing.Picture
  ) throws -> ChiralClockRing {
    try ChiralClockRing(
      rotors: rotors, positions: positions, f: f, phases: phases,
      inverseTemperatures: .init(repeating: 1, count: rotors),
      couplings: .init(repeating: 0.2, count: rotors),
      picture: picture)
  }

  /// The sector cut out of the Hamiltonian on the full space.
  static func projected(_ ring: ChiralClockRing) throws -> SectorOperator {
    switch ring.picture {
    case .clock: return try SectorOperator(of: ring.hamiltonian(), symmetries: [ring.clockShift()])
    case .rotated:
      let space = ring.space
      return try SectorOperator(
        of: ring.hamiltonian(),
        within: (0..<space.dimension).filter { space.digits(of: $0).reduce(0, +) % ring.positions == 0 })
    }
  }

  @Test(
    "the sector that a ring builds is the one cut out of its Hamiltonian",
    arguments: [(2, 2), (3, 2), (2, 3), (3, 3), (4, 3), (2, 4), (3, 5)], ChiralClockRing.Picture.allCases)
  func sector(size: (rotors: Int, positions: Int), picture: ChiralClockRing.Picture) throws {
    let ring = try Self.ring(
      size.rotors, positions: size.positions, f: 0.37, phases: Array(Self.phases.prefix(size.rotors)), picture
    )
    let (built, cut) = (ring.groundSector(), try Self.projected(ring))
    #expect(built.dimension == cut.dimension && built.space == cut.space)
    let (a, b) = (built.complexMatrix, cut.complexMatrix)
    for ket in 0..<ring.space.dimension {
      try #require((built.rows[ket] < 0) == (cut.rows[ket] < 0))
      guard built.rows[ket] >= 0 else { continue }
      #expect(abs(built.weights[built.rows[ket]] - cut.weights[cut.rows[ket]]) < 1e-15)
      for bra in 0..<ring.space.dimension where built.rows[bra] >= 0 {
        let difference = a[built.rows[ket], built.rows[bra]] - b[cut.rows[ket], cut.rows[bra]]
        // Sums of at most 2 M + 1 numbers below 2.
        try #require(difference.length < 1e-14)
      }
    }
  }

  @Test(
    "iteration and full diagonalization agree, and the state obeys its equation",
    arguments: [4, 5, 6], ChiralClockRing.Picture.allCases)
  func iteration(rotors: Int, picture: ChiralClockRing.Picture) throws {
    let ring = try Self.ring(rotors, f: 0.41, phases: Array(Self.phases.prefix(rotors)), picture)
    let sector = ring.groundSector()
    let levels = try DenseEigen.hermitian(
      sector.complexMatrix.dense, order: sector.dimension, vectors: false
    ).values
    let iterated = try GroundState(in: sector, diagonalizingUpTo: 0)
    let diagonalized = try GroundState(in: sector, diagonalizingUpTo: sector.dimension)
    #expect(iterated.certificate.method == (picture == .clock ? "lanczos(arpack)" : "arnoldi(arpack)"))
    #expect(iterated.certificate.iterations > 10 && diagonalized.certificate.iterations == 0)
    for ground in [iterated, diagonalized] {
      // The width is about 20: full diagonalization errs by 1e-14, the iteration by the square of its tolerance at most.
      #expect(abs(ground.energy - levels[0]) < 1e-12)
      #expect(abs(try #require(ground.gap) - (levels[1] - levels[0])) < 1e-12)
      #expect(ground.residual < 1e-11 && abs(ground.state.norm - 1) < 1e-13)
      let image = ring.hamiltonian().matrix.applied(to: ground.state.amplitudes)
      let worst = zip(image, ground.state.amplitudes).map { ($0 - $1 * Complex(ground.energy)).length }.max()
      #expect(abs(try #require(worst) - ground.residual) < 1e-13)
    }
    #expect(1 - iterated.state.overlap(with: diagonalized.state).real < 1e-12)
    // Perron and Frobenius: real and positive in the clock picture.
    if picture == .clock {
      #expect(sector.hasPositiveGroundState)
      #expect(iterated.state.amplitudes.allSatisfy { $0.real > 0 && $0.imaginary == 0 })
    }
    // Variational bounds: all rotors in the uniform superposition, all in one position.
    let cosines = ring.phases.reduce(0) { $0 + Double.cos($1) }
    #expect(iterated.energy <= -2 * 0.41 * Double(rotors) && iterated.energy <= -2 * 0.59 * cosines)
  }

  @Test("both pictures have the same levels, entanglement and order parameter", arguments: [3, 4])
  func pictures(positions: Int) throws {
    let rotors = positions == 3 ? 6 : 4
    let rings = try ChiralClockRing.Picture.allCases.map {
      try Self.ring(rotors, positions: positions, f: 0.44, phases: Array(Self.phases.prefix(rotors)), $0)
    }
    let grounds = try rings.map { try GroundState(in: $0.groundSector(), diagonalizingUpTo: 0) }
    #expect(abs(grounds[0].energy - grounds[1].energy) < 1e-11)
    #expect(abs(try #require(grounds[0].gap) - (try #require(grounds[1].gap))) < 1e-10)
    let schmidt = try grounds.map { try SchmidtDecomposition(of: $0.state, sites: [0, 1]).coefficients }
    for (a, b) in zip(schmidt[0], schmidt[1]) { #expect(abs(a - b) < 1e-10) }
    let moments = zip(rings, grounds).map { $0.orderParameterMoments(in: $1.state) }
    #expect(abs(moments[0].second - moments[1].second) < 1e-10)
    #expect(abs(moments[0].fourth - moments[1].fourth) < 1e-10)
  }

  @Test("observables from amplitudes are those of the operators", arguments: ChiralClockRing.Picture.allCases)
  func amplitudes(picture: ChiralClockRing.Picture) throws {
    for (rotors, positions) in [(2, 3), (3, 3), (2, 2), (3, 4)] {
      let ring = try Self.ring(
        rotors, positions: positions, f: 0.3, phases: Array(Self.phases.prefix(rotors)), picture)
      let state = genericVector(ring.space)
      let hamiltonian = ring.hamiltonian()
      for rotor in 0..<rotors {
        for position in 0..<positions {
          let (from, to) = (
            ring.projector(onPosition: position, ofRotor: rotor),
            ring.projector(onPosition: (position + 1) % positions, ofRotor: rotor)
          )
          let current = Currents.coherent(from: from, to: to, hamiltonian: hamiltonian)
          #expect(
            abs(
              ring.tunnellingCurrent(ofRotor: rotor, from: position, in: state)
                - state.expectation(of: current).real) < 1e-14)
          #expect(
            abs(
              ring.probability(ofPosition: position, ofRotor: rotor, in: state)
                - state.expectation(of: from).real) < 1e-14)
        }
      }
      let single: SparseMatrix =
        picture == .clock ? .clockPhase(positions: positions) : .clockShift(positions: positions)
      var m = Operator.zero(ring.space)
      for k in 0..<rotors {
        m = m + .local((1 / Double(rotors)) * (single + single.adjoint), at: k, in: ring.space)
      }
      let moments = ring.orderParameterMoments(in: state)
      #expect(abs(moments.second - state.expectation(of: m * m).real) < 1e-13)
      #expect(abs(moments.fourth - state.expectation(of: m * m * m * m).real) < 1e-13)
    }
  }

  @Test(
    "thermal currents at zero temperature are the limit of those of cold baths",
    arguments: ChiralClockRing.Picture.allCases)
  func zeroTemperature(picture: ChiralClockRing.Picture) throws {
    for (rotors, positions) in [(3, 3), (2, 2), (3, 4)] {
      // Uphill rates underflow, and steps without a change of energy happen at g/beta.
      let ring = try ChiralClockRing(
        rotors: rotors, positions: positions, f: 0.3, phases: Array(Self.phases.prefix(rotors)),
        inverseTemperatures: .init(repeating: 1e15, count: rotors),
        couplings: Array([0.2, 0.5, 0.3].prefix(rotors)), picture: picture)
      let state = genericVector(ring.space)
      let flows = ClockRingFlows(of: ring, hamiltonian: ring.hamiltonian(), in: state)
      for rotor in 0..<rotors {
        for position in 0..<positions {
          let current = ring.thermalCurrentAtZeroTemperature(ofRotor: rotor, from: position, in: state)
          #expect(abs(current - flows.thermal[rotor][position]) < 1e-13)
        }
      }
    }
  }

  @Test("the thermal current of a ground state at zero temperature vanishes in the sum only")
  func zeroTemperatureGroundState() throws {
    let values = try ChiralClockMachine(["f": .real(0.45)]).compute(
      PointRequest(state: "ground", observables: ["J_th_odd", "J_th_even", "J_th_T"])
    ).rows[0].map { try #require($0) }
    // An independent program: rotors.md section 11 gives two digits of it.
    for (value, expected) in zip(values, [0.00308616017616, -0.00308616017616, 0]) {
      #expect(abs(value - expected) < 1e-13)
    }
  }

  @Test(
    "deep in the ordered phase the ring is a superposition of Ns equal states, in the disordered one a product"
  )
  func limits() throws {
    func values(_ f: Double) throws -> [Double] {
      try ChiralClockMachine(["M": .integer(6), "f": .real(f), "phi": .real(0)]).compute(
        PointRequest(
          state: "ground", observables: ["B", "S_A", "I", "N_A", "C", "S", "purity", "lambda_min"])
      ).rows[0].map { try #require($0) }
    }
    let ln3 = Double.log(3)
    // Corrections are of first order in f for C and of second for the others.
    for (value, expected) in zip(try values(1e-4), [0.75, ln3, 2 * ln3, 1, 2, 0, 1, -1.0 / 3]) {
      #expect(abs(value - expected) < (expected == 2 ? 1e-2 : 1e-5))
    }
    // One product state: <m^2> = 2/M, <m^4> = 12/M^2 - 6/M^3 for one rotor's 0, 2, 6 at M = 6.
    let (m2, m4) = (2.0 / 6, (6.0 * 6 + 3 * 6 * 5 * 4) / 1296)
    for (value, expected) in zip(try values(1), [(3 - m4 / (m2 * m2)) / 2, 0, 0, 0, 728, 0, 1, 0]) {
      #expect(abs(value - expected) < 1e-6)
    }
  }

  @Test("orbits of different sizes need their norms in the matrix elements")
  func orbitNorms() throws {
    let ring = try Self.ring(4, f: 0.4, phases: [0, 0, 0, 0], .clock)
    let sector = try SectorOperator(of: ring.hamiltonian(), symmetries: ring.symmetries())
    #expect(Set(sector.weights).count > 1)
    let lowest = try ring.hamiltonian().eigenvalues()[0]
    #expect(abs(try GroundState(in: sector).energy - lowest) < 1e-12)
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    sector.complexMatrix.forEachEntry { row, column, value in
      entries.append((row, column, value.divided(by: sector.weights[row] * sector.weights[column])))
    }
    let wrong = SectorOperator(
      space: ring.space,
      matrix: .complex(SparseMatrix(rows: sector.dimension, columns: sector.dimension, entries: entries)),
      rows: sector.rows, weights: sector.weights)
    #expect(abs(try GroundState(in: wrong).energy - lowest) > 1)
  }

  @Test("a degenerate level, too little memory and rings that do not fit are errors")
  func errors() throws {
    let space = HilbertSpace([.levels(400)])
    let levels = (0..<400).map { Complex<Double>($0 < 2 ? -1 : Double($0) / 100) }
    let twins = Operator(space: space, matrix: SparseMatrix.diagonal(levels))
    for (hamiltonian, count) in [(twins, 2), (Self.rotated(twins), 2), (Operator.zero(space), 400)] {
      let error = #expect(throws: SolverError.self) { try GroundState(of: hamiltonian) }
      #expect(error?.several ?? (0, false) == (count, count == 400))
    }
    // Two levels only: the Krylov space closes after two steps.
    let projector = Operator(
      space: space, matrix: .diagonal([-1] + [Complex<Double>](repeating: 0, count: 399)))
    let ground = try GroundState(of: Self.rotated(projector))
    let gap = try #require(ground.gap)
    #expect(abs(ground.energy + 1) < 1e-13 && abs(gap - 1) < 1e-13)
    let sector = try Self.ring(6, f: 0.4, phases: Self.phases, .clock).groundSector()
    let error = #expect(throws: SolverError.self) { try GroundState(in: sector, memoryLimit: 1000) }
    if case .tooLarge(let bytes, 1000, _) = error { #expect(bytes > 243 * 13 * 16) } else { Issue.record() }
    let machine = try ChiralClockMachine(["M": .integer(18)])
    let request = PointRequest(
      state: "ground", observables: ["B"], solver: SteadyStateSolver(memoryLimit: 1 << 30))
    let refused = #expect(throws: ComputationError.self) { try machine.compute(request) }
    #expect("\(try #require(refused))".contains("M = 13 would fit"))
  }

  /// The same levels, with hopping between neighbours from a plane rotation of each pair (2 k, 2 k + 201).
  private static func rotated(_ operand: Operator) -> Operator {
    let order = operand.space.dimension
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    let (c, s) = (Complex<Double>(0.6), Complex<Double>(0.8))
    for k in stride(from: 0, to: order, by: 2) {
      let partner = (k + 201) % order
      entries.append((k, k, c))
      entries.append((partner, partner, c))
      entries.append((k, partner, s))
      entries.append((partner, k, -s))
    }
    let rotation = Operator(
      space: operand.space, matrix: SparseMatrix(rows: order, columns: order, entries: entries))
    return rotation * operand * rotation.adjoint
  }
}
