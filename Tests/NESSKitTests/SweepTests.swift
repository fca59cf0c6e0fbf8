import Dispatch
import NESSKit
import Synchronization
import Testing

/// Reports twice its parameter x; fails where x is negative.
private struct DoublingMachine: Machine {
  static let kind = MachineKind(
    description: MachineDescription(
      name: "doubling", summary: "", source: "",
      parameters: [
        ParameterDescription(name: "x", unit: "1", defaultValue: nil, allowed: "a number", meaning: "")
      ],
      observables: [ObservableDescription(name: "y", unit: "1", meaning: "", source: "", states: ["steady"])],
      states: ["steady"])
  ) { parameters throws(InputError) in
    guard let x = parameters["x"]?.number else {
      throw InputError(field: "parameters.x", value: "missing", allowed: "a number")
    }
    return DoublingMachine(x: x)
  }

  let x: Double
  var description: MachineDescription { Self.kind.description }
  var parameters: [(name: String, value: ParameterValue)] { [("x", .real(x))] }

  func compute(_ request: PointRequest) throws(ComputationError) -> PointResult {
    if x < 0 { throw .solver(.unavailable(reason: "x is negative")) }
    return PointResult(indexNames: [], rows: [[2 * x]], certificate: Certificate(method: "doubling"))
  }

  func plan(_ request: PointRequest) throws(ComputationError) -> PointPlan {
    PointPlan(unknownsFull: 1, unknowns: 1, route: "doubling", stateBytes: 8, stateSeconds: 0)
  }
}

/// Holds a thread until it is opened.
private final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)
  func wait() { semaphore.wait() }
  func open() { semaphore.signal() }
}

/// Counts calls from any thread.
private final class Counter: Sendable {
  private let count = Mutex(0)
  func add() { count.withLock { $0 += 1 } }
  var value: Int { count.withLock { $0 } }
}

@Suite("Sweeps")
struct SweepTests {
  private let request = PointRequest(state: "steady", observables: ["y"])

  @Test("the first axis varies slowest, and parameters of one axis change together")
  func grid() throws {
    let sweep = try Sweep(axes: [
      SweepAxis(parameters: ["a", "b"], values: [[.integer(1), .text("p")], [.integer(2), .text("q")]]),
      SweepAxis("c", [.flag(false), .flag(true), .list([.integer(0)])]),
    ])
    #expect(sweep.count == 6)
    #expect(sweep.parameters == ["a", "b", "c"])
    #expect(sweep.values(at: 0) == [.integer(1), .text("p"), .flag(false)])
    #expect(sweep.values(at: 1) == [.integer(1), .text("p"), .flag(true)])
    #expect(sweep.values(at: 5) == [.integer(2), .text("q"), .list([.integer(0)])])
    #expect(Set((0..<6).map(sweep.values(at:))).count == 6)
    #expect(
      sweep.parameters(at: 3, fixed: ["a": .integer(9), "d": .integer(8)]) == [
        "a": .integer(2), "b": .text("q"), "c": .flag(false), "d": .integer(8),
      ])
  }

  @Test("without axes there is the one point that changes nothing")
  func empty() throws {
    let sweep = try Sweep(axes: [])
    #expect(sweep.count == 1)
    #expect(sweep.values(at: 0).isEmpty)
  }

  @Test("a parameter swept twice and a grid too large to count are errors")
  func errors() throws {
    let axis = SweepAxis("x", [.integer(1), .integer(2)])
    #expect(throws: InputError.self) { try Sweep(axes: [axis, axis]) }
    let many = (0..<64).map { SweepAxis("x\($0)", [.integer(1), .integer(2)]) }
    #expect(throws: InputError.self) { try Sweep(axes: many) }
  }

  @Test("linear spacing meets its ends and the decimal fractions between them")
  func linear() {
    #expect(
      SweepAxis.linear(from: 0, to: 1, points: 11) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    #expect(SweepAxis.linear(from: 2, to: -2, points: 5) == [2, 1, 0, -1, -2])
    #expect(SweepAxis.linear(from: 0.1, to: 0.7, points: 1) == [0.1])
    let huge = SweepAxis.linear(from: -1e308, to: 1e308, points: 4)
    #expect(huge.allSatisfy { $0.isFinite })
    #expect(huge.first == -1e308 && huge.last == 1e308)
    #expect(zip(huge, huge.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("logarithmic spacing meets its ends and has a constant ratio")
  func logarithmic() {
    let values = SweepAxis.logarithmic(from: 1e-3, to: 10, points: 5)
    #expect(values.first == 1e-3 && values.last == 10)
    // exp and log are good to an ulp, and the logarithms here are below 8.
    for (low, high) in zip(values, values.dropFirst()) { #expect(abs(high / low - 10) < 1e-13) }
  }

  @Test("outcomes come in the order of the grid, whatever the width", arguments: [1, 2, 7])
  func order(width: Int) async throws {
    let sweep = try Sweep(axes: [SweepAxis("x", (0..<40).map { .integer($0) })])
    let reports = Counter()
    let outcomes = await sweep.run(DoublingMachine.kind, fixed: [:], request: request, width: width) { _, _ in
      reports.add()
    }
    #expect(outcomes.count == 40 && reports.value == 40)
    for (index, outcome) in outcomes.enumerated() {
      #expect(try outcome?.get().rows == [[2 * Double(index)]])
    }
  }

  @Test("a point that fails leaves the others alone, and bad parameters are failures of their point")
  func failures() async throws {
    let sweep = try Sweep(axes: [SweepAxis("x", [.real(1), .real(-1), .text("no"), .real(3)])])
    let outcomes = await sweep.run(DoublingMachine.kind, fixed: [:], request: request, width: 2)
    #expect(try outcomes[0]?.get().rows == [[2]])
    #expect(try outcomes[3]?.get().rows == [[6]])
    guard case .failure(.solver(.unavailable)) = outcomes[1] else { throw outcomeError(outcomes[1]) }
    guard case .failure(.input(let error)) = outcomes[2] else { throw outcomeError(outcomes[2]) }
    #expect(error.field == "parameters.x")
  }

  @Test("only the chosen points are computed")
  func subset() async throws {
    let sweep = try Sweep(axes: [SweepAxis("x", (0..<6).map { .integer($0) })])
    let outcomes = await sweep.run(DoublingMachine.kind, fixed: [:], request: request, indices: [4, 1])
    #expect(outcomes.map { $0 == nil } == [true, false, true, true, false, true])
    #expect(try outcomes[4]?.get().rows == [[8]])
  }

  @Test("a cancelled sweep keeps what is finished and starts nothing more")
  func cancellation() async throws {
    let sweep = try Sweep(axes: [SweepAxis("x", (0..<1000).map { .integer($0) })])
    let request = self.request
    let (signals, signal) = AsyncStream.makeStream(of: Void.self)
    let gate = Gate()
    let task = Task {
      await sweep.run(DoublingMachine.kind, fixed: [:], request: request) { index, _ in
        guard index == 10 else { return }
        // The eleventh point ends only after the cancellation.
        signal.yield()
        gate.wait()
      }
    }
    for await _ in signals { break }
    task.cancel()
    gate.open()
    let outcomes = await task.value
    #expect(outcomes.count { $0 != nil } == 11)
    #expect(outcomes.prefix(11).allSatisfy { $0 != nil })
  }

  private struct Unexpected: Error { let text: String }
  private func outcomeError(_ outcome: Sweep.Outcome?) -> Unexpected {
    Unexpected(text: "\(String(describing: outcome))")
  }
}

@Suite("Catalogue and names")
struct MachineCatalogTests {
  @Test("a kind is found by its exact name, and a near miss is suggested")
  func lookup() throws {
    let catalog = MachineCatalog([DoublingMachine.kind])
    #expect(try catalog.kind(named: "doubling").description.name == "doubling")
    #expect(throws: InputError.self) { try catalog.kind(named: "Doubling") }
  }

  @Test(
    "the nearest name is suggested only when it is near",
    arguments: [
      ("beta_x", "beta_e"), ("M ", "M"), ("PHI", "phi"), ("bteas", "betas"), ("temperature", nil), ("x", "M"),
    ])
  func suggestion(name: String, expected: String?) {
    #expect(Suggestion.nearest(to: name, among: ["M", "phi", "beta_e", "betas"]) == expected)
  }

  @Test("values are written as TOML reads them")
  func text() {
    #expect(ParameterValue.real(0.1).description == "0.1")
    #expect(ParameterValue.real(4).description == "4.0")
    #expect(ParameterValue.list([.integer(1), .flag(true)]).description == "[1, true]")
    #expect(ParameterValue.text("a\"b\\c\nd\u{1}").description == #""a\"b\\c\nd\u0001""#)
  }
}
