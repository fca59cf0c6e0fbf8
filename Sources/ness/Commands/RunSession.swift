import CNESSFiles
import Foundation
import NESSKit
import Synchronization

/// A run while it lasts: collects finished points, shows progress, and saves what there is when a signal ends it.
final class RunSession: Sendable {
  private struct State {
    var points: [Int: ResultDocument.Point]
    var failures: [(index: Int, error: ComputationError)] = []
    var progress: Progress
    /// Set when the points are being written: from then on they are complete, or a signal has taken them.
    var isConcluded = false
  }

  private let job: Job
  private let targets: [OutputTarget]
  private let isVerbose: Bool
  private let state: Mutex<State>

  init(
    job: Job, targets: [OutputTarget], earlier: [Int: ResultDocument.Point], isQuiet: Bool, isVerbose: Bool
  ) {
    self.job = job
    self.targets = targets
    self.isVerbose = isVerbose
    state = Mutex(
      State(
        points: earlier, progress: Progress(total: job.sweep.count, done: earlier.count, isQuiet: isQuiet)))
  }

  /// Keeps a point; called from any thread.
  func finish(_ index: Int, _ outcome: Sweep.Outcome) {
    let point = record(index, outcome)
    state.withLock { state in
      guard !state.isConcluded else { return }
      state.points[index] = point
      if case .failure(let error) = outcome { state.failures.append((index, error)) }
      if isVerbose {
        state.progress.clear()
        StandardError.line(RunSession.line(job, index, point))
        state.progress.draw()
      }
      state.progress.advance()
    }
  }

  /// Ends the run: no signal takes the points any more.
  /// - Throws: ``Failure`` when no point was computed because the input does not allow any.
  func conclude() throws(Failure) -> ResultDocument {
    let (points, failures) = state.withLock { state in
      state.isConcluded = true
      state.progress.clear()
      return (state.points, state.failures)
    }
    if let first = failures.first, failures.count == points.count, failures.allSatisfy({ $0.error.isInput }) {
      throw failure(first.index, first.error)
    }
    return document(points)
  }

  /// What the exit code has to tell after everything is written; nil when all points are good.
  var failure: Failure? {
    let (points, failures) = state.withLock { ($0.points, $0.failures.sorted { $0.index < $1.index }) }
    let failed = points.filter { $0.value.certificate.failure != nil }
    guard let first = failed.keys.min() else { return nil }
    // A certificate that failed weighs more than a point that could not be asked for.
    let isInput = failed.keys.allSatisfy { index in
      failures.contains { $0.index == index && $0.error.isInput }
    }
    let reason = failed[first]?.certificate.failure ?? ""
    return Failure(
      isInput ? .input : .certificate,
      "\(failed.count) of \(points.count) points failed: \(RunSession.place(job, first))\(reason)")
  }

  /// Lets the elapsed time of the progress bar tick while points take long.
  func showTime() {
    guard state.withLock({ $0.progress.isShown }) else { return }
    Thread.detachNewThread {
      while true {
        Thread.sleep(forTimeInterval: 0.5)
        let isOver = self.state.withLock { state in
          if !state.isConcluded { state.progress.draw() }
          return state.isConcluded
        }
        if isOver { return }
      }
    }
  }

  /// Waits for SIGINT or SIGTERM on a thread of its own: the points may keep every other thread busy. METIS replaces the
  /// handler of SIGTERM while it orders a matrix; one that arrives then ends the process without saving. SIGINT is safe.
  func watchSignals() {
    guard ness_hold_signals() else { return }
    Thread.detachNewThread {
      while true {
        let signal = ness_next_signal()
        if signal == 0 { return }
        let status = signal == SIGTERM ? ExitStatus.terminated : .interrupted
        let points = self.state.withLock { state -> [Int: ResultDocument.Point]? in
          if state.isConcluded { return nil }
          state.isConcluded = true
          state.progress.clear()
          return state.points
        }
        // The first signal while the result is being written lets that end; the second does not.
        guard let points else {
          if ness_next_signal() != 0 { _exit(status.rawValue) }
          continue
        }
        self.save(points)
        _exit(status.rawValue)
      }
    }
  }

  private func save(_ points: [Int: ResultDocument.Point]) {
    var message = "interrupted: \(points.count) of \(job.sweep.count) points are finished"
    if points.contains(where: { $0.value.certificate.failure == nil }) {
      let result = document(points)
      for target in targets {
        do throws(Failure) {
          try target.write(result)
        } catch {
          StandardError.line(error.message)
          _exit(error.status.rawValue)
        }
      }
      let files = targets.map(\.path).filter { $0 != "-" }
      if !files.isEmpty { message += " and written to \(files.joined(separator: ", ")); --resume continues" }
    }
    StandardError.line(message)
  }

  private func document(_ points: [Int: ResultDocument.Point]) -> ResultDocument {
    ResultDocument(
      model: job.kind.description.name, version: Version.text, state: job.request.state,
      parameters: job.fixed,
      columns: job.columns, points: points.sorted { $0.key < $1.key }.map(\.value))
  }

  /// The point as it is written; a point without a certificate holds one row of nulls.
  private func record(_ index: Int, _ outcome: Sweep.Outcome) -> ResultDocument.Point {
    let width = job.columns.count { $0.role != .parameter }
    var certificate: Certificate
    var rows: [[Double?]] = []
    switch outcome {
    case .success(let result):
      certificate = result.certificate
      rows = result.rows
      if rows.isEmpty || rows.contains(where: { $0.count != width }) {
        certificate.failure =
          "internal error: every row must have \(width) numbers, for \(job.columns.suffix(width).map(\.name))"
      }
    case .failure(let error):
      certificate = failedCertificate(index, error)
    }
    if certificate.failure != nil { rows = [[Double?](repeating: nil, count: width)] }
    return ResultDocument.Point(parameters: job.sweep.values(at: index), rows: rows, certificate: certificate)
  }

  /// A certificate for a point that has none of its own; what was not measured is not a number.
  private func failedCertificate(_ index: Int, _ error: ComputationError) -> Certificate {
    var certificate = Certificate(
      method: "none", residual: .nan, rateScale: .nan, traceDefect: .nan, hermiticityDefect: .nan,
      seconds: .nan,
      failure: error.description)
    if case .solver(.residual(let found, _, let scale)) = error {
      certificate.residual = found
      certificate.rateScale = scale
    }
    if case .solver(.notUnique) = error { certificate.unique = false }
    if case .solver(.singular(let bound)) = error { certificate.errorBound = bound }
    return certificate
  }

  private func failure(_ index: Int, _ error: ComputationError) -> Failure {
    if case .input(let error) = error { return job.input.document.failure(error) }
    return Failure(.input, "\(job.input.document.name): \(RunSession.place(job, index))\(error.description)")
  }

  private static func place(_ job: Job, _ index: Int) -> String {
    let values = zip(job.sweep.parameters, job.sweep.values(at: index)).map { "\($0) = \($1)" }
    return values.isEmpty ? "" : "at \(values.joined(separator: ", ")): "
  }

  private static func line(_ job: Job, _ index: Int, _ point: ResultDocument.Point) -> String {
    let certificate = point.certificate
    let head = "point \(index + 1) of \(job.sweep.count), \(place(job, index))"
    if let failure = certificate.failure { return head + "failed: \(failure)" }
    return head
      + "\(certificate.method), \(certificate.unknowns) unknowns, residual \(Readable.number(certificate.residual, digits: 2)), \(Readable.duration(certificate.seconds))"
  }
}

extension ComputationError {
  /// Whether the request itself cannot be fulfilled: a bad value rather than a computation that went wrong.
  var isInput: Bool {
    switch self {
    case .input, .solver(.tooLarge), .solver(.unavailable): return true
    default: return false
    }
  }
}
