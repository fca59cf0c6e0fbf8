import ArgumentParser
import Foundation

/// Layouts of a result.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case json, csv, hdf5, table

  /// The format that a file name asks for; nil when it says nothing.
  init?(path: String) {
    switch URL(filePath: path).pathExtension.lowercased() {
    case "json": self = .json
    case "csv": self = .csv
    case "h5", "hdf5", "hdf": self = .hdf5
    case "txt": self = .table
    default: return nil
    }
  }
}

/// Where a result goes, and how it is laid out.
struct OutputTarget {
  /// Path; "-" is standard output.
  let path: String
  let format: OutputFormat

  init(path: String, format: OutputFormat?) {
    self.path = path
    let isTerminal = path == "-" && Terminal.isOutput
    self.format = format ?? OutputFormat(path: path) ?? (isTerminal ? .table : .json)
  }

  /// - Throws: ``Failure`` when the target cannot be written; called before anything is computed.
  func check() throws(Failure) {
    if path == "-" {
      if format == .hdf5 && Terminal.isOutput {
        throw Failure(
          .usage, "HDF5 must go to a file or a pipe, but standard output is a terminal: use --output FILE.h5")
      }
    } else {
      try OutputFile(path).check()
    }
  }

  func write(_ result: ResultDocument) throws(Failure) {
    let data: Data
    switch format {
    case .json: data = Data(JSONFormat.encode(result).utf8)
    case .csv: data = Data(CSVFormat.encode(result).utf8)
    case .table:
      let isStandard = path == "-"
      data = Data(
        TableFormat.encode(
          result, columns: Terminal.outputColumns, isStyled: isStandard && Terminal.isOutputStyled
        ).utf8)
    case .hdf5:
      do throws(HDF5File.WriteError) {
        data = Data(try HDF5Format.encode(result))
      } catch {
        throw Failure(
          .file, "cannot lay out \(path) as HDF5: memory is exhausted or a name is not allowed there")
      }
    }
    if path == "-" {
      try OutputFile.writeStandardOutput(data)
    } else {
      try OutputFile(path).write(data)
    }
  }
}
