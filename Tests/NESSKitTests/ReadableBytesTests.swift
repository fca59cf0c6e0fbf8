import NESSKit
import Testing

@Suite("Numbers of bytes in messages")
struct ReadableBytesTests {
  @Test(
    "three significant digits and a binary unit",
    arguments: [
      (0, "0 B"), (1, "1 B"), (1000, "1000 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"),
      (114_688, "112 KiB"), (1_023_400, "999 KiB"), (1_024_000, "0.98 MiB"), (4_225_000, "4.03 MiB"),
      (10_480_000, "9.99 MiB"), (10_485_000, "10 MiB"), (25_227_436_032, "23.5 GiB"),
      (5_264_000_000, "4.9 GiB"), (1 << 60, "1 EiB"), (Int.max, "8 EiB"),
    ])
  func spelling(bytes: Int, text: String) { #expect(bytes.readableBytes == text) }
}
