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
    await withTaskGroup(of: (Int, Outcome)?.self) { group in
      var waiting = (indices ?? Array(0..<count)).makeIterator()
      func startNext() {
        guard let index = waiting.next() else { return }
        group.addTask {
          // Checked where the work starts: a cancelled group still runs the tasks that were added before.
          if Task.isCancelled { return nil }
          let outcome = compute(kind, parameters: parameters(at: index, fixed: fixed), request: request)
          didFinish(index, outcome)
          return (index, outcome)
        }
      }
      for _ in 0..<width { startNext() }
      while let finished = await group.next() {
        if let (index, outcome) = finished { outcomes[index] = outcome }
        if !Task.isCancelled { startNext() }
      }
    }
    return outcomes
  }

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
