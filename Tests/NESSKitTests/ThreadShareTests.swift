import NESSKit
import Testing

@Suite("Shares of threads")
struct ThreadShareTests {
  @Test(
    "points side by side as far as memory allows, the rest inside each",
    arguments: [
      // threads, points, bytes per point, memory, width, threads per point
      (4, 51, 10, 1000, 4, 1), (4, 1, 10, 1000, 1, 4), (4, 2, 10, 1000, 2, 2), (4, 51, 400, 1000, 2, 2),
      (3, 51, 600, 1000, 1, 3), (2, 51, 5000, 1000, 1, 2), (1, 51, 0, 1000, 1, 1), (2, 0, 0, 1000, 1, 2),
      (8, 3, 0, 1000, 3, 2),
    ])
  func shares(_ given: (Int, Int, Int, Int, Int, Int)) {
    let share = ThreadShare(threads: given.0, points: given.1, bytesPerPoint: given.2, memory: given.3)
    #expect(share.width == given.4)
    #expect(share.threadsPerPoint == given.5)
  }
}
