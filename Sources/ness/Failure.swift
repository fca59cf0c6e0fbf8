import NESSKit

/// Exit codes of the command.
enum ExitStatus: Int32 {
  /// Wrong usage of the command line.
  case usage = 64
  /// Bad input file or value.
  case input = 65
  /// A needed program is missing.
  case missingProgram = 69
  /// A computation failed its certificate.
  case certificate = 70
  /// Input or output error.
  case file = 74
  /// Interrupted by Ctrl-C.
  case interrupted = 130
  /// Terminated by SIGTERM.
  case terminated = 143
}

/// Why the command stops: what a user reads, and the exit code a script reads.
struct Failure: Error {
  let status: ExitStatus
  let message: String

  init(_ status: ExitStatus, _ message: String) {
    self.status = status
    self.message = message
  }
}
