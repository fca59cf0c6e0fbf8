import Foundation

/// A progress bar on standard error; silent unless that is a terminal.
struct Progress {
  private let total: Int
  /// Whether there is a terminal to draw on.
  let isShown: Bool
  private let columns: Int
  private let start = Date()
  private var done: Int
  private let doneBefore: Int
  private var lastDrawn = Date.distantPast

  /// - Parameter done: Points that were there before the run.
  init(total: Int, done: Int, isQuiet: Bool) {
    self.total = total
    self.done = done
    doneBefore = done
    isShown = Terminal.isError && !isQuiet
    columns = isShown ? Terminal.errorColumns : 0
    draw()
  }

  /// Counts one point.
  mutating func advance() {
    done += 1
    // Ten times a second is all that an eye can use.
    guard isShown, Date().timeIntervalSince(lastDrawn) >= 0.1 || done == total else { return }
    lastDrawn = Date()
    draw()
  }

  /// Removes the bar, so that other text can be written.
  func clear() {
    if isShown { StandardError.write("\r\u{1B}[K") }
  }

  func draw() {
    guard isShown else { return }
    let text = Progress.line(
      done: done, total: total, computed: done - doneBefore, elapsed: Date().timeIntervalSince(start),
      columns: columns)
    StandardError.write("\r\u{1B}[K" + text)
  }

  /// The bar with counts, percentage, elapsed time and what is left at the mean time of the points computed so far.
  static func line(done: Int, total: Int, computed: Int, elapsed: TimeInterval, columns: Int) -> String {
    let share = total == 0 ? 1 : Double(done) / Double(total)
    var text =
      " \(done)/\(total)  \(Int(share * 100)) %  \(elapsed < 1 ? "0 s" : Readable.duration(elapsed.rounded(.down)))"
    if computed > 0 && done < total {
      let left = elapsed / Double(computed) * Double(total - done)
      text += ", \(Readable.duration(left.rounded(.up))) left"
    }
    let width = min(40, columns - text.count - 3)
    guard width >= 5 else { return String(text.prefix(max(0, columns - 1))) }
    let filled = Int(share * Double(width))
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
      + text
  }
}
