import Foundation
import NESSKit

/// Formats of pictures.
enum PlotFormat: String {
  case svg, png

  init?(path: String) { self.init(rawValue: URL(filePath: path).pathExtension.lowercased()) }
}

/// A picture that is drawn of the result.
struct Plot {
  private let path: String
  private let format: PlotFormat
  private let gnuplot: ExternalProgram

  /// Checks, before anything is computed, that the result can be drawn and written.
  init(path: String, job: Job) throws {
    guard let format = PlotFormat(path: path) else {
      throw Failure(.usage, "--plot must end in .svg or .png, but is \(path)")
    }
    self.path = path
    self.format = format
    let axes = job.sweep.axes.count
    let indices = job.columns.count { $0.role == .index }
    guard (1...2).contains(axes + indices) else {
      let found =
        axes + indices == 0
        ? "neither a sweep nor observables with an index" : "\(axes) sweeps and \(indices) indices"
      throw Failure(
        .input, "\(job.input.document.name): a plot must have one or two axes, but the run has \(found)")
    }
    gnuplot = try ExternalProgram("gnuplot", purpose: "--plot")
    try OutputFile(path).check()
  }

  /// Draws and writes the picture.
  func draw(_ result: ResultDocument) throws {
    let picture = PlotData(result)
    guard picture.observables.contains(where: { series in series.points.contains { $0.value.isFinite } })
    else {
      StandardError.line("warning: \(path) was not drawn, since no observable has a value")
      return
    }
    let data = try gnuplot.run(input: PlotScript(picture, format: format).text)
    try OutputFile(path).write(data)
  }
}
