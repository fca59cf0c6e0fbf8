import Foundation

/// A program of the system that the command uses.
struct ExternalProgram {
  private let name: String
  private let url: URL

  /// Finds a program on the search path.
  /// - Throws: ``Failure`` that says what it is needed for and which package has it.
  init(_ name: String, purpose: String) throws(Failure) {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let found = folders.map { URL(filePath: $0, directoryHint: .isDirectory).appending(path: name) }.first {
      url in
      let type = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)[.type]
      return type as? FileAttributeType == .typeRegular
        && FileManager.default.isExecutableFile(atPath: url.path)
    }
    guard let found else {
      throw Failure(
        .missingProgram,
        "\(purpose) needs the program \(name), which is not on the search path (Debian: apt install gnuplot-nox)"
      )
    }
    self.name = name
    url = found
  }

  /// Runs the program with text on its standard input.
  /// - Returns: What it wrote to standard output.
  func run(_ arguments: [String] = [], input: String) throws(Failure) -> Data {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    let standardInput = Pipe()
    let standardOutput = Pipe()
    let standardError = Pipe()
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    process.standardError = standardError
    do {
      try process.run()
      // The program reads all of its input before it writes, but it may also stop early and close the pipe.
      let writer = Thread {
        try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? standardInput.fileHandleForWriting.close()
      }
      writer.start()
      let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
      let complaint = try standardError.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      guard process.terminationReason == .exit && process.terminationStatus == 0 else {
        let text = String(decoding: complaint, as: UTF8.self).split(separator: "\n").suffix(3).joined(
          separator: " ")
        throw Failure(.file, "\(name) failed (status \(process.terminationStatus)): \(text)")
      }
      return output
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.file, "cannot run \(name): \(systemReason(error))")
    }
  }
}
