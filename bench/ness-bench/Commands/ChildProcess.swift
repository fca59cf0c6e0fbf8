import Foundation

/// Programs that the benchmark starts.
enum ChildProcess {
  /// Runs this program again with other arguments, one BLAS thread and a fixed kernel type, and returns what it prints.
  /// Its standard error goes to ours.
  static func runSelf(_ arguments: [String]) throws -> Data {
    guard let program = Bundle.main.executableURL else {
      throw BenchFailure("this program must know its own path")
    }
    var environment = ProcessInfo.processInfo.environment
    environment["OPENBLAS_NUM_THREADS"] = environment["OPENBLAS_NUM_THREADS"] ?? "1"
    environment["OPENBLAS_CORETYPE"] = environment["OPENBLAS_CORETYPE"] ?? BenchEnvironment.coreType
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = environment
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchFailure(
        "a measuring process must end with status 0, but ended with \(process.terminationStatus)")
    }
    return data
  }

  /// First line that a program prints; nil when it cannot be run, fails or prints nothing.
  static func firstLine(of command: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init)
  }
}
