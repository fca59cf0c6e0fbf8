/// Number of places that steps lead to from one of them, that one counted.
///
/// - Parameter steps: Calls `visit` for every place that one step leads to.
/// - Complexity: proportional to the number of steps
func placesReached(
  from start: Int, of count: Int, steps: (_ place: Int, _ visit: (Int) -> Void) -> Void
) -> Int {
  var seen = [Bool](repeating: false, count: count)
  var (waiting, found) = ([start], 1)
  seen[start] = true
  while let place = waiting.popLast() {
    steps(place) { next in
      guard !seen[next] else { return }
      seen[next] = true
      found += 1
      waiting.append(next)
    }
  }
  return found
}
