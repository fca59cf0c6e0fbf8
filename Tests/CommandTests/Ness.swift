import Foundation
import Synchronization
import Testing

/// The built command, run as a process.
enum Ness {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String

    /// The standard output as JSON.
    func json() throws -> [String: Any] {
      try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
    }
  }

  /// The executable beside the test runner.
  static let executable: URL = {
    let runner =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      ?? CommandLine.arguments[0]
    return URL(filePath: runner).deletingLastPathComponent().appending(path: "ness")
  }()

  /// Starts the command without waiting for it.
  static func start(
    _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:], output: Pipe,
    errors: Pipe,
    input: Pipe? = nil
  ) throws -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = input ?? FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return process
  }

  /// Runs the command to its end.
  static func run(
    _ arguments: [String], input: String? = nil, in folder: URL? = nil, environment: [String: String] = [:]
  ) throws -> Outcome {
    let (output, errors) = (Pipe(), Pipe())
    let inputPipe = input.map { _ in Pipe() }
    let process = try start(
      arguments, in: folder, environment: environment, output: output, errors: errors, input: inputPipe)
    if let input, let inputPipe {
      // A command that stops before it reads closes the pipe; its exit code tells the rest.
      try? inputPipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try? inputPipe.fileHandleForWriting.close()
    }
    // Both streams at once: a command blocks on a full pipe that nobody reads.
    let errorData = Mutex(Data())
    let errorsEnd = DispatchSemaphore(value: 0)
    let reader = Thread {
      let data = (try? errors.fileHandleForReading.readToEnd()) ?? Data()
      errorData.withLock { $0 = data }
      errorsEnd.signal()
    }
    reader.start()
    let outputData = try output.fileHandleForReading.readToEnd() ?? Data()
    errorsEnd.wait()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
      errors: String(decoding: errorData.withLock { $0 }, as: UTF8.self))
  }

  /// Calls `body` with a folder that is removed afterwards.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ness-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Names of the files in a folder, hidden ones included.
  static func files(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// A small ring: two rotors, so that a point takes milliseconds.
  static let ring = """
    model = "chiral-clock"
    observables = ["J_tun_T", "J_th_T", "S"]
    [parameters]
    M = 2
    Ns = 3
    phi = 1.0
    beta_o = 1.5

    """

  /// ``ring`` swept over f.
  static func swept(points: Int) -> String {
    ring + "[[sweep]]\nparameter = \"f\"\nfrom = 0.0\nto = 1.0\npoints = \(points)\n"
  }
}
