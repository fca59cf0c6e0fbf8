/// Help for a name that is not known.
public enum Suggestion {
  /// The candidate that `name` was probably meant to be; nil when none is near.
  ///
  /// Near means: one differs from the other by letter case only, or by at most a third of the letters
  /// (at least one) inserted, removed, replaced or exchanged with their neighbour.
  public static func nearest(to name: String, among candidates: [String]) -> String? {
    if let same = candidates.first(where: { $0.lowercased() == name.lowercased() }) { return same }
    let limit = max(1, name.count / 3)
    let measured = candidates.map { (name: $0, distance: distance($0, name)) }
    guard let best = measured.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
      return nil
    }
    return best.name
  }

  /// The phrase "one of a, b, c" with a question after it when one of them is near `name`.
  public static func allowed(_ candidates: [String], near name: String) -> String {
    if candidates.isEmpty { return "absent, since there is nothing to choose from" }
    let list = candidates.count == 1 ? candidates[0] : "one of " + candidates.joined(separator: ", ")
    guard let near = nearest(to: name, among: candidates), candidates.count > 1 else { return list }
    return "\(list) (did you mean \(near)?)"
  }

  /// Optimal string alignment distance of two words.
  private static func distance(_ first: String, _ second: String) -> Int {
    let a = Array(first)
    let b = Array(second)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
        row.append(best)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
