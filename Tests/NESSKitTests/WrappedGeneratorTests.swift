import NESSKit
import Testing

@Suite("Generators given as matrices")
struct WrappedGeneratorTests {
  static let methods: [SteadyStateSolver.Method] = [.automatic, .dense, .direct, .banded]

  /// Two populations with rates up and down, and two more unknowns that nothing connects with them.
  static func generator(
    up: Double = 0.2, down: Double = 0.6, others: [[Double]] = [[-1, 0.5], [0.2, -1]], entryError: Double = 0
  ) -> Liouvillian {
    Liouvillian(
      matrix: RealSparseMatrix(
        rows: 4, columns: 4,
        entries: [
          (0, 0, -up), (0, 1, down), (1, 0, up), (1, 1, -down), (2, 2, others[0][0]), (2, 3, others[0][1]),
          (3, 2, others[1][0]), (3, 3, others[1][1]),
        ]),
      traceWeights: [1, 1, 0, 0], entryError: entryError)
  }

  @Test("populations by their rates, unknowns apart from them zero", arguments: methods)
  func regular(method: SteadyStateSolver.Method) throws {
    let (values, certificate) = try SteadyStateSolver(method: method).solve(Self.generator())
    #expect(
      abs(values[0] - 0.75) < 1e-15 && abs(values[1] - 0.25) < 1e-15 && values[2] == 0 && values[3] == 0)
    #expect(try #require(certificate.errorBound) < 1e-14)
  }

  @Test(
    "a singular part is found though the state found vanishes there and no pivot does", arguments: methods)
  func hidden(method: SteadyStateSolver.Method) {
    // In double precision 0.3/0.1*0.3 is not 0.9, which leaves a pivot of 1e-16.
    let error = #expect(throws: SolverError.self) {
      try SteadyStateSolver(method: method).solve(Self.generator(others: [[-0.1, -0.3], [-0.3, -0.9]]))
    }
    #expect(error?.several?.count == 2, "\(String(describing: error))")
  }

  @Test("populations that exchange nothing have several states", arguments: methods)
  func separate(method: SteadyStateSolver.Method) {
    let error = #expect(throws: SolverError.self) {
      try SteadyStateSolver(method: method).solve(
        Liouvillian(
          matrix: RealSparseMatrix(rows: 3, columns: 3, dense: [-1, 1, 0, 2, -2, 0, 0, 0, 0]),
          traceWeights: [1, 1, 1]))
    }
    #expect(error?.several?.count == 2, "\(String(describing: error))")
  }

  @Test("of classical states without a way back the closed ones hold the probability", arguments: methods)
  func classical(method: SteadyStateSolver.Method) throws {
    // 0 <- 1 <- 2 <- 3 with rates that leave nothing of the upper states; and a second exit, which makes two closed states.
    func chain(_ exit: Double) -> Liouvillian {
      Liouvillian(
        matrix: RealSparseMatrix(
          rows: 5, columns: 5,
          entries: [
            (0, 1, 1), (1, 1, -1), (1, 2, 1e-30), (2, 2, -1e-30), (2, 3, 0.3), (3, 3, -0.3 - exit),
            (4, 3, exit),
            (3, 4, exit == 0 ? 1 : 0), (4, 4, exit == 0 ? -1 : 0),
          ]),
        traceWeights: [1, 1, 1, 1, 1])
    }
    let (values, _) = try SteadyStateSolver(method: method).solve(chain(0))
    #expect(values == [1, 0, 0, 0, 0])
    let error = #expect(throws: SolverError.self) { try SteadyStateSolver(method: method).solve(chain(0.7)) }
    #expect(error?.several != nil, "\(String(describing: error))")
  }

  @Test("small elements are rates, unless the matrix says that they are rounding", arguments: methods)
  func errors(method: SteadyStateSolver.Method) throws {
    let solver = SteadyStateSolver(method: method)
    let (up, down) = (0.2e-13, 0.6e-13)
    let (values, certificate) = try solver.solve(Self.generator(up: up, down: down))
    #expect(abs(values[0] - 0.75) < 1e-15)
    #expect(try #require(certificate.errorBound) < 1e-14)
    let (_, known) = try solver.solve(Self.generator(up: up, down: down, entryError: 1e-18))
    #expect(try #require(known.errorBound) > 1e-6)
    let error = #expect(throws: SolverError.self) {
      try solver.solve(Self.generator(up: up, down: down, entryError: 1e-16))
    }
    guard case .singular(let bound)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(bound > 1e-4 && bound < 1)
  }
}
