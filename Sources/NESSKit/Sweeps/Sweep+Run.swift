internal import Synchronization

extension Sweep {
  /// What became of a point.
  public typealias Outcome = Result<PointResult, ComputationError>

  /// Computes points of the grid, several at a time.
  ///
  /// A point that fails does not stop the others. When the surrounding task is cancelled no further point is
  /// started; the points that are under way are finished and kept.
  ///
  /// - Parameters:
  ///   - kind: Makes the machine of a point.
  ///   - fixed: Parameters that are the same at all points.
  ///   - request: What is computed at each point.
  ///   - indices: Points to compute, in the order in which they are started; nil means all.
  ///   - width: Points that are computed at the same time, at least 1. A point occupies a thread of the concurrency
  ///     runtime while it is computed, so a width beyond the number of processors gains nothing.
  ///   - didFinish: Called after each point, from the thread that computed it, possibly from several at once.
  /// - Returns: One entry per point of the grid; nil for points that were not computed.
  public func run(
    _ kind: MachineKind, fixed: [String: ParameterValue], request: PointRequest, indices: [Int]? = nil,
    width: Int = 1, didFinish: @escaping @Sendable (Int, Outcome) -> Void = { _, _ in }
  ) async -> [Outcome?] {
    precondition(width >= 1, "width must be at least 1, but is \(width)")
    var outcomes = [Outcome?](repeating: nil, count: count)
    var shared = request
    if shared.cache == nil { shared.cache = SymbolicCache() }
    let request = shared
    let points = indices ?? Array(0..<count)
    let next = Atomic(0)
    // Each task takes point after point: a task of its own for every point would cost more than the quickest of them.
    @Sendable func work() async -> [(Int, Outcome)] {
      var (finished, lastYield) = ([(Int, Outcome)](), ContinuousClock.now)
      while !Task.isCancelled {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < points.count else { break }
        let index = points[place]
        let outcome = compute(kind, parameters: parameters(at: index, fixed: fixed), request: request)
        didFinish(index, outcome)
        finished.append((index, outcome))
        if lastYield.duration(to: .now) > Self.longestTurn {
          await Task.yield()
          lastYield = .now
        }
      }
      return finished
    }
    await withTaskGroup(of: [(Int, Outcome)].self) { group in
      for _ in 0..<min(width, points.count) { group.addTask(operation: work) }
      for await finished in group {
        for (index, outcome) in finished { outcomes[index] = outcome }
      }
    }
    return outcomes
  }

  /// Other tasks of the host have their turn after the point during which this time is over.
  private static let longestTurn = Duration.milliseconds(10)

  private func compute(
    _ kind: MachineKind, parameters: [String: ParameterValue], request: PointRequest
  ) -> Outcome {
    do throws(ComputationError) {
      let machine: any Machine
      do throws(InputError) {
        machine = try kind.make(parameters)
      } catch {
        throw .input(error)
      }
      return .success(try machine.compute(request))
    } catch {
      return .failure(error)
    }
  }
}
