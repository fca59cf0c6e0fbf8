import Foundation

/// A folder with recomputed figures.
struct Gallery {
  private let path: String
  private let folder: URL

  init(_ path: String) {
    self.path = path
    folder = URL(filePath: path, directoryHint: .isDirectory)
  }

  /// Makes the folder and refuses, before anything is computed, what would replace files of somebody else.
  func prepare(for figures: [Figure]) throws(Failure) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw Failure(.file, "cannot make the folder \(path): \(systemReason(error))")
    }
    if let index = text("index.html"), !index.contains("content=\"\(GalleryPage.generator)\"") {
      throw refusal("index.html")
    }
    for figure in figures where record(figure.id) == nil {
      if let file = names(figure.id).first(where: { exists($0) }) { throw refusal(file) }
    }
    for file in figures.flatMap({ names($0.id) }) + ["index.html"] { try OutputFile(place(file)).check() }
  }

  /// Writes a figure and renews the list of all figures.
  ///
  /// The record comes first: from then on the files of this id are known to be ours.
  func write(_ result: FigureResult, order: [String], gnuplot: ExternalProgram) throws(Failure) {
    let id = result.figure.id
    let plot = PanelPlot(
      title: "\(result.figure.number), \(result.figure.title)\(result.scale.isQuick ? " (quick)" : "")",
      panels: result.content.panels, curves: result.curves)
    let pictures: [(String, Data)] = [
      ("\(id).svg", try gnuplot.run(input: plot.script(.svg))),
      ("\(id).png", try gnuplot.run(input: plot.script(.png))),
    ]
    let record = FigureRecord(result)
    try write("\(id).json", record.json.pretty(depth: 3) + "\n")
    try write("\(id).csv", FigureData.curves(result))
    try write("\(id)-points.csv", FigureData.points(result))
    for (name, data) in pictures { try OutputFile(place(name)).write(data) }
    try write("\(id).html", GalleryPage.figure(record))
    try write("index.html", GalleryPage.index(records(order)))
  }

  /// Files of a figure.
  private func names(_ id: String) -> [String] {
    ["\(id).json", "\(id).csv", "\(id)-points.csv", "\(id).svg", "\(id).png", "\(id).html"]
  }

  /// Records of all figures in the folder, in the order of the catalogue.
  private func records(_ order: [String]) -> [FigureRecord] { order.compactMap(record) }

  /// The record of a figure that an earlier run wrote.
  private func record(_ id: String) -> FigureRecord? {
    guard let text = text("\(id).json"),
      let json = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)),
      let record = FigureRecord(json), record.id == id
    else { return nil }
    return record
  }

  private func refusal(_ file: String) -> Failure {
    Failure(
      .usage,
      "\(place(file)) was not written by ness reproduce and would be replaced: choose another --output, or move it away"
    )
  }

  private func place(_ file: String) -> String { folder.appending(path: file).relativePath }
  private func exists(_ file: String) -> Bool { FileManager.default.fileExists(atPath: place(file)) }
  private func text(_ file: String) -> String? { try? String(contentsOfFile: place(file), encoding: .utf8) }
  private func write(_ file: String, _ text: String) throws(Failure) {
    try OutputFile(place(file)).write(Data(text.utf8))
  }
}
