import ArgumentParser
import CNESSFiles
import Foundation
import NESSKit
import Synchronization

/// `ness reproduce`
struct ReproduceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Recomputes figures of the papers and checks what the papers say about them.",
    discussion: """
      Writes data (CSV), picture (SVG and PNG) and a page with the paper's statements, each marked by what was \
      computed, into a gallery that a browser opens at index.html. A statement that is not reproduced is a result, \
      not an error. Figures that share points compute them once; finished figures stay when Ctrl-C ends the run. \
      `ness figures` lists the ids.
      """)

  @Argument(
    help: ArgumentHelp("Ids of figures.", valueName: "id"),
    completion: .list(FigureCatalog.standard.figures.map(\.id)))
  var ids: [String] = []

  @Flag(help: "All figures.")
  var all = false

  @Option(help: ArgumentHelp("Folder of the gallery.", valueName: "dir"), completion: .directory)
  var output = "figures"

  @Option(help: ArgumentHelp("Points that are computed at the same time.", valueName: "n"))
  var threads = 1

  @Flag(help: "Coarser grids and smaller systems: seconds instead of minutes.")
  var quick = false

  @Option(help: ArgumentHelp("Points of the main sweeps (default: as the figure needs).", valueName: "n"))
  var points: Int?

  @Flag(help: "No progress and no summary; errors only.")
  var quiet = false

  func validate() throws {
    if all != ids.isEmpty { throw ValidationError("Give either ids of figures or --all.") }
    if Set(ids).count != ids.count {
      throw ValidationError("Every id must be given once, but they are \(ids).")
    }
    if !(1...RunInput.mostThreads).contains(threads) {
      throw ValidationError(
        "--threads must be a whole number from 1 to \(RunInput.mostThreads), but is \(threads).")
    }
    if let points, !ReproduceCommand.allowedPoints.contains(points) {
      throw ValidationError(
        "--points must be a whole number from \(ReproduceCommand.allowedPoints.lowerBound) to \(ReproduceCommand.allowedPoints.upperBound), but is \(points)."
      )
    }
  }

  /// Fewer points show no peak, more are a mistake.
  private static let allowedPoints = 5...10_001

  func run() async throws {
    let catalog = FigureCatalog.standard
    let figures =
      all ? catalog.figures : try ids.map { id throws(Failure) in try catalog.figure(id) }
    let gnuplot = try ExternalProgram("gnuplot", purpose: "ness reproduce")
    let gallery = Gallery(output)
    try gallery.prepare(for: figures)
    // The points are computed side by side, so that each of them gets one thread.
    ness_blas_set_threads(1)
    let scale = FigureScale(isQuick: quick, points: points)
    let contents = figures.map { $0.content(scale) }
    var run = FigureRun(contents, catalog: .standard)
    let progress = Mutex(Progress(total: run.count, done: 0, isQuiet: quiet))
    var complaints: [String] = []
    for (figure, content) in zip(figures, contents) {
      await run.compute(content, width: threads) { progress.withLock { $0.advance() } }
      let result = FigureResult(figure, scale, content, run)
      progress.withLock { $0.clear() }
      try gallery.write(result, order: catalog.figures.map(\.id), gnuplot: gnuplot)
      if !quiet { try OutputFile.writeStandardOutput(Data(ReproduceCommand.summary(result).utf8)) }
      complaints += result.complaints
    }
    if !quiet { StandardError.line("written to \(output); open \(output)/index.html") }
    guard complaints.isEmpty else { throw Failure(.certificate, complaints.joined(separator: "\nness: ")) }
  }

  /// The statements with verdicts and numbers.
  private static func summary(_ result: FigureResult) -> String {
    var lines = ["\(result.figure.id)  \(result.figure.number): \(result.figure.title)"]
    for (statement, finding) in zip(result.content.statements, result.findings) {
      lines += TextBlock.wrapped(statement.text, head: "  \(finding.verdict.rawValue): ", indent: "    ")
      var found = finding.measured.map { "\($0.name) = \(Readable.number($0.value, digits: 4))" }
      if !finding.remark.isEmpty { found.append(finding.remark) }
      if !found.isEmpty {
        lines += TextBlock.wrapped(found.joined(separator: "; "), head: "    ", indent: "    ")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
