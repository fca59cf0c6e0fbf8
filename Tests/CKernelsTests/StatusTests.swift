import CNESSKernels
import Testing

@Suite("Status codes")
struct StatusTests {
  @Test("every status has a message of its own")
  func messages() {
    let statuses: [ness_status] = [
      .ok, .invalidArgument, .outOfMemory, .singularMatrix, .sizeOverflow, .noConvergence, .limitExceeded,
      .notClosed, .notPermutation, .libraryFailure, .notFinite,
    ]
    let texts = Set(statuses.map { String(cString: ness_status_message($0)) })
    #expect(texts.count == statuses.count)
    #expect(!texts.contains("unknown status"))
  }
}
