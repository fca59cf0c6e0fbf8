import CNESSKernels
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

private let amd = ness_lu_options(strategy: .symmetric, ordering: .amd, refinement_steps: 0)

private func propagate(_ matrix: Dense<Double>, _ y0: [Double], _ times: [Double], _ tolerance: Double)
  -> (status: ness_status, states: Dense<Double>, info: ness_propagator_info)
{
  var handle: OpaquePointer?
  var options = amd
  var info = ness_propagator_info()
  var states = Dense<Double>(rows: matrix.rows, columns: times.count)
  var status = Sparse(matrix).withView { ness_dpropagator_create($0, &options, &handle) }
  if status == .ok, let handle {
    status = ness_dpropagate(handle, y0, Int64(times.count), times, tolerance, &states.elements, &info)
  }
  ness_dpropagator_destroy(handle)
  return (status, states, info)
}

/// Markov generator of the given transitions.
private func markov(_ order: Int, _ rates: [(from: Int, to: Int, rate: Double)]) -> Dense<Double> {
  var a = Dense<Double>(rows: order, columns: order)
  for (from, to, rate) in rates {
    a[to, from] += rate
    a[from, from] -= rate
  }
  return a
}

@Suite("Propagator")
struct PropagatorTests {
  static let tolerances = [1e-3, 1e-6, 1e-9, 1e-12]
  /// What rounding adds to the tolerance, per unit of the state: see ness_dpropagate.
  static let rounding = 2e-14

  @Test("decay and rotation follow the analytic exponential within the tolerance", arguments: tolerances)
  func analytic(tolerance: Double) {
    // y0: decay with rate 3. (y1, y2): damped rotation, 0.1 and 5. (y3, y4): defective pair, rate 1.
    var a = Dense<Double>(rows: 5, columns: 5)
    a[0, 0] = -3
    (a[1, 1], a[2, 2], a[2, 1], a[1, 2]) = (-0.1, -0.1, 5, -5)
    (a[3, 3], a[4, 4], a[3, 4]) = (-1, -1, 1)
    let times = [0, 0, 0.001, 0.3, 0.3, 0.7, 1, 3.14159, 7.5]
    let (status, states, info) = propagate(a, [1, 1, 0, 0, 1], times, tolerance)
    #expect(status == .ok)
    for (j, t) in times.enumerated() {
      let exact = [
        exp(-3 * t), exp(-0.1 * t) * cos(5 * t), exp(-0.1 * t) * sin(5 * t), t * exp(-t), exp(-t),
      ]
      #expect(
        distance(Array(states.elements[5 * j..<5 * (j + 1)]), exact) < tolerance + Self.rounding, "t = \(t)")
    }
    #expect(info.error > 0 && info.error <= tolerance)
    #expect(info.steps > 0 && info.factorizations % 3 == 0 && info.peak_bytes > 0)
  }

  @Test("tighter tolerances cost more steps, and the error bound is honest but not absurd")
  func order() {
    var a = Dense<Double>(rows: 2, columns: 2)
    (a[0, 1], a[1, 0]) = (-1, 1)
    var steps: [Int64] = []
    for tolerance in Self.tolerances {
      let (_, states, info) = propagate(a, [1, 0], [20], tolerance)
      let error = distance(states.elements, [cos(20), sin(20)])
      #expect(error <= info.error + Self.rounding)
      // Errors of a rotation add up in phase; the bound overestimates by the safety factor 2 and damping.
      if tolerance > 1e-10 { #expect(error > info.error / 20) }
      steps.append(info.steps)
    }
    #expect(steps == steps.sorted() && steps.last! > steps.first!)
    // Order nine: nine digits more cost a factor 10 in steps, whatever the rounding to powers of two.
    #expect(steps.last! <= 32 * steps.first!)
  }

  @Test("a chain with rates a million apart keeps its accuracy at all its times", arguments: tolerances)
  func stiff(tolerance: Double) {
    let (fast, slow) = (1e6, 1.0)
    let a = markov(3, [(0, 1, fast), (1, 2, slow)])
    let times = (-8...1).map { pow(10, Double($0)) }
    let (status, states, info) = propagate(a, [1, 0, 0], times, tolerance)
    #expect(status == .ok)
    for (j, t) in times.enumerated() {
      let first = exp(-fast * t)
      let second = fast / (fast - slow) * (exp(-slow * t) - first)
      let exact = [first, second, 1 - first - second]
      #expect(
        distance(Array(states.elements[3 * j..<3 * (j + 1)]), exact) < tolerance + Self.rounding, "t = \(t)")
    }
    // An explicit method needs a step per 1e-6.
    #expect(info.steps < 400)
  }

  @Test("probability is conserved although rates differ by ten orders", arguments: [1e-6, 1e-12])
  func conservation(tolerance: Double) {
    // Two pairs, each equilibrating fast, exchanging slowly: quasi-equilibria with large cancelling flows.
    // The slow rates are dyadic so that sums with the fast ones are exact: a diagonal that is rounded leaks by itself.
    let a = markov(4, [(0, 1, 3e8), (1, 0, 1e9), (2, 3, 7e8), (3, 2, 2e8), (1, 2, 0.0625), (2, 1, 0.03125)])
    let times = [1e-9, 1e-3, 1, 10, 100, 1e4]
    let (status, states, _) = propagate(a, [1, 0, 0, 0], times, tolerance)
    #expect(status == .ok)
    for j in times.indices {
      let state = states.elements[4 * j..<4 * (j + 1)]
      // Independent of the tolerance: every rational step conserves the sum, only rounding does not.
      #expect(abs(state.reduce(0, +) - 1) < Self.rounding)
    }
    // The pair's occupation leaks with the rate 3/13 / 16 and returns with 2/9 / 32, up to 1e-9 corrections.
    let (out, back) = (0.0625 * 3 / 13, 0.03125 * 2 / 9)
    for (j, t) in times.enumerated() where t >= 1 {
      let pair = states[0, j] + states[1, j]
      let exact = (back + out * exp(-(out + back) * t)) / (out + back)
      #expect(abs(pair - exact) < tolerance + 1e-8)
      #expect(abs(states[1, j] / states[0, j] - 0.3) < 1e-5)
    }
  }

  @Test("random Markov chains agree with a Taylor series", arguments: [1e-5, 1e-10])
  func randomChain(tolerance: Double) {
    var random = Random(seed: 31)
    let order = 12
    var rates: [(from: Int, to: Int, rate: Double)] = []
    for i in 0..<order {
      for j in 0..<order where i != j && random.real() < 0 {
        rates.append((i, j, pow(10, 2 * random.real())))
      }
    }
    let a = markov(order, rates)
    var y = [Double](repeating: 0, count: order)
    y[0] = 1
    let start = y
    // Steps small enough for the series to converge without cancellation.
    let interval = 0.5
    let pieces = 1024
    for _ in 0..<pieces {
      var term = y
      for k in 1...12 {
        term = a.times(Dense(rows: order, columns: 1, elements: term)).elements.map {
          $0 * interval / Double(pieces * k)
        }
        y = zip(y, term).map { $0 + $1 }
      }
    }
    let (status, states, _) = propagate(a, start, [interval], tolerance)
    #expect(status == .ok)
    // 1024 pieces round the reference by up to 1024 times a few units of 2^-53.
    #expect(distance(states.elements, y) < tolerance + 5e-13)
  }

  @Test("output times cost no factorizations of their own")
  func outputGrid() {
    let a = markov(3, [(0, 1, 1), (1, 2, 2), (2, 0, 3), (1, 0, 0.5)])
    let coarse = propagate(a, [1, 0, 0], [10], 1e-9)
    var random = Random(seed: 32)
    let times = (0..<500).map { _ in 5 + 5 * random.real() }.sorted() + [10]
    let fine = propagate(a, [1, 0, 0], times, 1e-9)
    #expect(fine.info.factorizations == coarse.info.factorizations)
    #expect(fine.info.steps == coarse.info.steps)
    #expect(Array(fine.states.elements.suffix(3)) == coarse.states.elements)
    // Neighbouring outputs obey y' = A y: a jump between steps would show.
    for j in 1..<times.count where times[j] - times[j - 1] < 1e-3 {
      let h = times[j] - times[j - 1]
      let slope = a.times(
        Dense(
          rows: 3, columns: 1, elements: (0..<3).map { (fine.states[$0, j] + fine.states[$0, j - 1]) / 2 }))
      let expected = (0..<3).map { fine.states[$0, j - 1] + h * slope.elements[$0] }
      #expect(distance(expected, (0..<3).map { fine.states[$0, j] }) < 1e-8)
    }
  }

  @Test("steady, zero and trivial cases come out unchanged")
  func trivial() {
    let a = markov(2, [(0, 1, 3), (1, 0, 1)])
    let steady = propagate(a, [0.25, 0.75], [1, 1e9], 1e-12)
    #expect(steady.status == .ok)
    #expect(distance(steady.states.elements, [0.25, 0.75, 0.25, 0.75]) < 1e-15)
    let still = propagate(Dense(rows: 2, columns: 2), [1, -2], [5], 1e-12)
    #expect(still.status == .ok && still.states.elements == [1, -2])
    #expect(propagate(a, [0, 0], [5], 1e-12).states.elements == [0, 0])
    #expect(propagate(a, [1, 2], [0], 1e-12).states.elements == [1, 2])
    #expect(propagate(a, [1, 2], [], 1e-12).status == .ok)
  }

  @Test("long times lead to the steady state in few steps")
  func longTimes() {
    let a = markov(2, [(0, 1, 3), (1, 0, 1)])
    let (status, states, info) = propagate(a, [1, 0], [1e9], 1e-10)
    #expect(status == .ok)
    #expect(distance(states.elements, [0.25, 0.75]) < 1e-10)
    #expect(info.steps < 200)
  }

  @Test("growing solutions are followed, and their overflow is reported")
  func growth() {
    let a = Dense<Double>(rows: 1, columns: 1, elements: [2])
    let (status, states, _) = propagate(a, [1], [3], 1e-9)
    #expect(status == .ok)
    // Local errors grow with the solution: tolerance times exp(6).
    #expect(abs(states.elements[0] - exp(6)) < 1e-9 * exp(6))
    #expect(propagate(a, [1], [1e4], 1e-9).status != .ok)
  }

  @Test("malformed arguments are refused and outputs left alone")
  func refusals() {
    let a = markov(2, [(0, 1, 3), (1, 0, 1)])
    for times in [[-1.0], [2, 1], [.nan], [.infinity]] {
      #expect(propagate(a, [1, 0], times, 1e-6).status == .invalidArgument)
    }
    for tolerance in [0, -1, Double.nan, .infinity] {
      #expect(propagate(a, [1, 0], [1], tolerance).status == .invalidArgument)
    }
    // A NaN in front must not be overwritten by what follows.
    for y0 in [[1, .nan], [.nan, 1], [.infinity, 1]] {
      #expect(propagate(a, y0, [1], 1e-6).status == .invalidArgument)
    }
    #expect(propagate(Dense(rows: 2, columns: 3), [1, 0], [1], 1e-6).status == .invalidArgument)
    #expect(propagate(Dense(rows: 0, columns: 0), [], [1], 1e-6).status == .invalidArgument)
    #expect(
      propagate(Dense(rows: 1, columns: 1, elements: [.nan]), [1], [1], 1e-6).status == .invalidArgument)
  }

  @Test("a failing allocation is reported and leaves nothing behind", .enabled(if: faultInjection))
  func allocationFailure() throws {
    let a = Sparse(markov(3, [(0, 1, 1), (1, 2, 2), (2, 0, 3)]))
    var handle: OpaquePointer?
    var options = amd
    let made = allocationsThatFailCleanly {
      let status = a.withView { ness_dpropagator_create($0, &options, &handle) }
      if status != .ok, handle != nil { return .libraryFailure }
      ness_dpropagator_destroy(handle)
      return status
    }
    #expect(made == 13)
    #expect(a.withView { ness_dpropagator_create($0, &options, &handle) } == .ok)
    let propagator = try #require(handle)
    var info = ness_propagator_info()
    var y: [Double] = [7, 7, 7]
    // A loose tolerance keeps the number of allocations, all of which fail in turn, small.
    let steps = try #require(
      allocationsThatFailCleanly { ness_dpropagate(propagator, [1, 0, 0], 1, [0.5], 1e-2, &y, &info) })
    #expect(steps > 20)
    ness_dpropagator_destroy(propagator)
  }
}
