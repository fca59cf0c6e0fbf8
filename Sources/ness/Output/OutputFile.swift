import Foundation

/// A file that is replaced as a whole: readers see the old content or the new, never a part.
struct OutputFile {
  private let path: String
  /// Where the bytes go: behind symbolic links, so that a link stays a link.
  private let url: URL

  init(_ path: String) {
    self.path = path
    url = URL(filePath: path).resolvingSymlinksInPath()
  }

  /// - Throws: ``Failure`` when the file cannot be written.
  func check() throws(Failure) {
    if let kind {
      if kind == .typeDirectory { throw failure("Is a directory") }
      if !FileManager.default.isWritableFile(atPath: url.path) { throw failure("Permission denied") }
      if isSpecial { return }
    }
    let probe = url.deletingLastPathComponent().appending(
      path: ".\(url.lastPathComponent).ness-\(ProcessInfo.processInfo.processIdentifier)")
    do {
      try Data().write(to: probe)
      try FileManager.default.removeItem(at: probe)
    } catch {
      throw failure(systemReason(error))
    }
  }

  /// Writes to a temporary file in the same folder and renames it; pipes and devices are written to as they are.
  func write(_ data: Data) throws(Failure) {
    do {
      if isSpecial {
        let handle = try FileHandle(forWritingTo: url)
        try handle.write(contentsOf: data)
        try handle.close()
      } else {
        try data.write(to: url, options: .atomic)
      }
    } catch {
      throw failure(systemReason(error))
    }
  }

  static func writeStandardOutput(_ data: Data) throws(Failure) {
    do {
      try FileHandle.standardOutput.write(contentsOf: data)
    } catch {
      throw Failure(.file, "cannot write standard output: \(systemReason(error))")
    }
  }

  /// What is there; nil when nothing is.
  private var kind: FileAttributeType? {
    (try? FileManager.default.attributesOfItem(atPath: url.path)[.type]) as? FileAttributeType
  }

  /// Whether there is something other than a file, which keeps nothing: a pipe or a device.
  var isSpecial: Bool { kind.map { $0 != .typeRegular } ?? false }

  /// Whether there is a file.
  var isRegular: Bool { kind == .typeRegular }

  private func failure(_ reason: String) -> Failure { Failure(.file, "cannot write \(path): \(reason)") }
}
