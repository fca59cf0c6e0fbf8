internal import Numerics

/// A Hermitian 2 x 2 matrix [[first, coherence], [coherence^*, second]].
struct HermitianPair {
  let first: Double
  let second: Double
  let coherence: Complex<Double>

  /// Half the distance of the eigenvalues.
  private var radius: Double { .hypot((first - second) / 2, coherence.length) }

  /// Eigenvalues, the lower one first.
  var eigenvalues: [Double] {
    let mean = (first + second) / 2
    return [mean - radius, mean + radius]
  }

  /// The matrix with the same eigenvectors and the eigenvalues f(r).
  func function(_ f: (Double) -> Double) -> HermitianPair {
    let (low, high) = (f(eigenvalues[0]), f(eigenvalues[1]))
    let mean = (low + high) / 2
    guard radius > 0 else { return HermitianPair(first: mean, second: mean, coherence: .zero) }
    let scale = (high - low) / 2 / radius
    let shift = scale * (first - second) / 2
    return HermitianPair(first: mean + shift, second: mean - shift, coherence: Complex(scale) * coherence)
  }
}
