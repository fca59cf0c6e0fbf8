import Foundation

/// Files that a run reads.
enum InputFile {
  /// Everything that can be read from a path: files, pipes and devices alike.
  static func read(_ url: URL) throws -> Data {
    // Foundation's own reader refuses what is no regular file.
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    return try handle.readToEnd() ?? Data()
  }

  /// Whether two paths lead to the same file, however they are spelled.
  static func isSame(_ first: URL, _ second: URL) -> Bool {
    if let (one, other) = pair(identity(first), identity(second)) { return one == other }
    return first.resolvingSymlinksInPath().standardizedFileURL.path
      == second.resolvingSymlinksInPath().standardizedFileURL.path
  }

  private static func pair<Value>(_ first: Value?, _ second: Value?) -> (Value, Value)? {
    guard let first, let second else { return nil }
    return (first, second)
  }

  /// Device and number of a regular file: hard links share them.
  private static func identity(_ url: URL) -> [Int]? {
    guard
      let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path),
      let device = attributes[.systemNumber] as? Int, let number = attributes[.systemFileNumber] as? Int
    else { return nil }
    return [device, number]
  }
}
