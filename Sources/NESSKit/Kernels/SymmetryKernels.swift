internal import CNESSKernels
internal import Numerics

extension SparseMatrix {
  /// Changes of the entries under P M P^+, P |a> = phases[a] |images[a]>; `images` must be a permutation. See `ness_zcsc_change`.
  func change(
    moving images: [Int], phases: [Complex<Double>]?, absolute: Double = 0, relative: Double = 0,
    scales: [Double]? = nil
  ) -> (largest: Double, exceeds: Bool) {
    var positions = [Int64](repeating: 0, count: rows)
    let change = unsafe withViewPointer { view in
      unsafe images.withKernelPointer { images in
        unsafe (phases ?? [.one]).withKernelPointer { phasePointer in
          unsafe (scales ?? [0]).withKernelPointer { scalePointer in
            unsafe ness_zcsc_change(
              view, images, phases == nil ? nil : phasePointer, absolute, relative,
              scales == nil ? nil : scalePointer, &positions)
          }
        }
      }
    }
    return (change.largest, change.exceeds)
  }
}

extension RealSparseMatrix {
  /// The same for entries that do not notice phases, such as rates.
  func change(moving images: [Int], relative: Double) -> (largest: Double, exceeds: Bool) {
    var positions = [Int64](repeating: 0, count: rows)
    let change = unsafe withViewPointer { view in
      unsafe images.withKernelPointer { images in
        unsafe ness_dcsc_change(view, images, 0, relative, &positions)
      }
    }
    return (change.largest, change.exceeds)
  }
}
