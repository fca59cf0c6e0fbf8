import Foundation
import Testing

@Suite("Progress")
struct ProgressTests {
  /// Whether this machine hands out pseudo-terminals; a bare chroot does not.
  static let hasTerminals: Bool = {
    var (terminal, end): (Int32, Int32) = (-1, -1)
    guard openpty(&terminal, &end, nil, nil, nil) == 0 else { return false }
    close(terminal)
    close(end)
    return true
  }()

  @Test(
    "the elapsed time of a single long point ticks on a terminal",
    .enabled(if: hasTerminals, "needs a pseudo-terminal"))
  func ticks() throws {
    var (terminal, end): (Int32, Int32) = (-1, -1)
    #expect(openpty(&terminal, &end, nil, nil, nil) == 0)
    let process = Process()
    process.executableURL = Ness.executable
    // Half a minute, of which the test waits for the second one.
    process.arguments = [
      "run", "-", "--format", "csv", "--set", "parameters.M=5", "--set", "solver.method=\"direct\"",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(["TERM": "xterm"]) { $1 }
    let input = Pipe()
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle(fileDescriptor: end, closeOnDealloc: false)
    try process.run()
    close(end)
    try input.fileHandleForWriting.write(contentsOf: Data(Ness.ring.utf8))
    try input.fileHandleForWriting.close()
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 4096)
    var isEnding = false
    while true {
      let count = read(terminal, &buffer, buffer.count)
      guard count > 0 else { break }
      data.append(contentsOf: buffer.prefix(count))
      if !isEnding, String(decoding: data, as: UTF8.self).contains("0/1  0 %  1 s") {
        isEnding = true
        // Not SIGTERM: while METIS orders, it catches that signal itself, for whatever thread gets it.
        process.interrupt()
      }
    }
    process.waitUntilExit()
    close(terminal)
    #expect(process.terminationStatus == 130)
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("0/1  0 %  0 s"), "\(text)")
    #expect(text.contains("0/1  0 %  1 s"), "\(text)")
  }
}
