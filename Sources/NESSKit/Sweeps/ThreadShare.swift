/// How the threads of a run are shared between points computed at the same time and the work inside each of them.
public struct ThreadShare: Sendable, Equatable {
  /// Points computed at the same time, at least 1.
  public let width: Int
  /// Threads of each point, at least 1.
  public let threadsPerPoint: Int

  /// Independent points come first, since they need no synchronization; what memory does not allow side by side gets several
  /// threads inside each point instead.
  ///
  /// - Parameters:
  ///   - threads: Threads of the whole run.
  ///   - points: Points to compute.
  ///   - bytesPerPoint: Predicted peak memory of the largest point.
  ///   - memory: Memory of the whole run in bytes.
  public init(threads: Int, points: Int, bytesPerPoint: Int, memory: Int) {
    let fitting = bytesPerPoint > 0 ? max(1, memory / bytesPerPoint) : Int.max
    width = max(1, min(threads, points, fitting))
    threadsPerPoint = max(1, threads / width)
  }
}
