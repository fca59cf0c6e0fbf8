import CNESSKernels
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Fourier transforms")
struct FFTTests {
  // Lengths that are a power of two, composite, prime, and one.
  @Test(
    "transforms agree with the sum, in both directions, and leave their input alone",
    arguments: [1, 2, 8, 60, 97, 257])
  func sum(count: Int) throws {
    var random = Random(seed: 3)
    let x = random.complexes(count)
    for positive in [false, true] {
      var fft: OpaquePointer?
      #expect(ness_fft_create(Int64(count), positive, &fft) == .ok)
      var (input, y) = (x, [ness_complex](repeating: .zero, count: count))
      ness_fft_execute(try #require(fft), &input, &y)
      ness_fft_destroy(fft)
      #expect(input == x)
      let sign = positive ? 1.0 : -1
      for k in 0..<count {
        var sum = ness_complex.zero
        for j in 0..<count {
          let angle = sign * 2 * Double.pi * Double(j * k % count) / Double(count)
          sum = sum + x[j] * ness_complex(re: cos(angle), im: sin(angle))
        }
        // Both sums round within count units in the last place of numbers below sqrt 2.
        #expect((sum - y[k]).length < Double(count) * 1e-15)
      }
    }
  }

  @Test("arrays may be aligned in any way")
  func alignment() throws {
    var random = Random(seed: 4)
    var padded = random.complexes(17)
    var fft: OpaquePointer?
    #expect(ness_fft_create(16, false, &fft) == .ok)
    let plan = try #require(fft)
    var (aligned, shifted) = (Array(padded.dropFirst()), [ness_complex](repeating: .zero, count: 17))
    var expected = [ness_complex](repeating: .zero, count: 16)
    ness_fft_execute(plan, &aligned, &expected)
    padded.withUnsafeMutableBytes { input in
      shifted.withUnsafeMutableBytes { output in
        // Eight bytes beyond the start: aligned for a double and nothing more.
        for k in 0..<256 { input[k + 8] = input[k + 16] }
        ness_fft_execute(
          plan, (input.baseAddress! + 8).assumingMemoryBound(to: ness_complex.self),
          (output.baseAddress! + 8).assumingMemoryBound(to: ness_complex.self))
        for k in 0..<256 { output[k] = output[k + 8] }
      }
    }
    ness_fft_destroy(fft)
    #expect(distance(Array(shifted.prefix(16)), expected) < 1e-14)
  }

  @Test("bad lengths and failing allocations are reported, and nothing is left behind")
  func failures() {
    var fft: OpaquePointer?
    #expect(ness_fft_create(0, false, &fft) == .invalidArgument)
    #expect(ness_fft_create(.max, false, &fft) == .sizeOverflow)
    if faultInjection {
      let allocations = allocationsThatFailCleanly {
        var fft: OpaquePointer?
        defer { ness_fft_destroy(fft) }
        return ness_fft_create(12, true, &fft)
      }
      #expect(allocations == 2)
    }
    ness_fft_destroy(nil)
  }
}
