import CNESSKernels
import Testing

// FFTW's planner must not run twice at a time, and the facade's lock does not reach this target: transforms are compared with sums in
// `FourierTransformTests`, and nothing here gets as far as the planner.
@Suite("Fourier transforms: failures")
struct FFTTests {
  @Test("bad lengths are refused")
  func lengths() {
    var fft: OpaquePointer?
    for (count, status) in [(0, ness_status.invalidArgument), (-1, .invalidArgument), (.max, .sizeOverflow)] {
      #expect(ness_fft_create(Int64(count), false, &fft) == status && fft == nil)
    }
    ness_fft_destroy(nil)
  }

  @Test("failing allocations are reported, and nothing is left behind", .enabled(if: faultInjection))
  func allocations() {
    for failing in 1...2 {
      var fft: OpaquePointer?
      let before = ness_fault_live_blocks()
      _ = ness_fault_set(Int64(failing))
      let status = ness_fft_create(12, true, &fft)
      _ = ness_fault_set(0)
      #expect(status == .outOfMemory && fft == nil && ness_fault_live_blocks() == before)
    }
  }
}
