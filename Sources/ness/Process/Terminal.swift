import CNESSFiles
import Foundation

/// What is known about the terminals behind the standard streams.
enum Terminal {
  static var isOutput: Bool { ness_terminal_columns(1) != 0 }
  static var isError: Bool { ness_terminal_columns(2) != 0 }

  /// Columns that text on standard output may use: those of the terminal, else `COLUMNS`, else 80.
  static var outputColumns: Int {
    let columns = Int(ness_terminal_columns(1))
    if columns > 0 { return columns }
    let environment = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 0
    return environment > 0 ? environment : 80
  }

  /// Columns of the terminal behind standard error; 80 when it does not tell.
  static var errorColumns: Int {
    let columns = Int(ness_terminal_columns(2))
    return columns > 0 ? columns : 80
  }

  /// Whether standard output may be styled: a terminal that can, and a user who has not asked for none (no-color.org).
  static var isOutputStyled: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isOutput && environment["NO_COLOR", default: ""].isEmpty
      && environment["TERM", default: "dumb"] != "dumb"
  }
}
