import Foundation

/// How a quantity grows along a sweep.
enum Growth {
  /// Exponent p of y ~ x^p by least squares on logarithms; nil unless positive points differ in x by a tenth at least.
  static func exponent(_ points: [(x: Double, y: Double)]) -> Double? {
    let logs = points.filter { $0.x > 0 && $0.y > 0 }.map { (x: log($0.x), y: log($0.y)) }
    let count = Double(logs.count)
    let meanX = logs.reduce(0) { $0 + $1.x } / count
    let meanY = logs.reduce(0) { $0 + $1.y } / count
    let variance = logs.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
    guard let low = logs.map(\.x).min(), let high = logs.map(\.x).max(), high - low > log(1.1) else {
      return nil
    }
    return logs.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) } / variance
  }
}
