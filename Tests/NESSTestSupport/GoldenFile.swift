internal import Foundation
public import NESSKit
internal import Numerics

/// One case of a golden file: parameters, columns and rows of an independent computation, with its tolerances.
public struct GoldenCase: Sendable, CustomStringConvertible {
  /// Name, unique within the file.
  public let id: String
  /// Parameters as a user would give them.
  public let parameters: [String: ParameterValue]
  /// Names of the columns.
  public let columns: [String]
  /// Rows; nil is undefined.
  public let rows: [[Double?]]
  /// Accepted: |x - reference| <= tolerance |reference| + atol.
  public let tolerance: Double
  /// Absolute part of the tolerance.
  public let atol: Double
  /// Absolute part by column; empty where ``atol`` is that of all.
  public let columnTolerances: [Double]
  /// Further named numbers.
  public let scalars: [String: Double]

  public var description: String { id }

  /// Position of a column.
  public func position(of column: String) -> Int? { columns.firstIndex(of: column) }

  /// Distance of a value from its reference in units of the accepted one; at most 1 passes. Both undefined is 0.
  public func deviation(_ value: Double?, from reference: Double?, column: Int? = nil) -> Double {
    guard let value, let reference else { return (value == nil) == (reference == nil) ? 0 : .infinity }
    let absolute = column.flatMap { $0 < columnTolerances.count ? columnTolerances[$0] : nil } ?? atol
    let distance = abs(value - reference) / (tolerance * abs(reference) + absolute)
    return distance.isNaN ? .infinity : distance
  }
}

/// A file or case that is not there.
public enum GoldenFileError: Error {
  /// Its name.
  case missing(String)
}

/// Golden numbers in the test resources.
public struct GoldenFile: Sendable {
  /// All cases.
  public let cases: [GoldenCase]

  /// Reads `Fixtures/<name>.json`.
  public init(_ name: String) throws {
    guard let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures")
    else {
      throw GoldenFileError.missing(name)
    }
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any]
    cases = ((object?["cases"] as? [[String: Any]]) ?? []).map { entry in
      GoldenCase(
        id: entry["id"] as? String ?? "",
        parameters: ((entry["parameters"] as? [String: Any]) ?? [:]).mapValues(Self.value),
        columns: entry["columns"] as? [String] ?? [],
        rows: ((entry["rows"] as? [[Any]]) ?? []).map { $0.map { ($0 as? NSNumber)?.doubleValue } },
        tolerance: (entry["tolerance"] as? NSNumber)?.doubleValue ?? 0,
        atol: (entry["atol"] as? NSNumber)?.doubleValue ?? 0,
        columnTolerances: ((entry["abs_tolerance"] as? [NSNumber]) ?? []).map(\.doubleValue),
        scalars: ((entry["scalars"] as? [String: NSNumber]) ?? [:]).mapValues(\.doubleValue))
    }
  }

  /// The case with this name.
  public func callAsFunction(_ id: String) throws -> GoldenCase {
    guard let found = cases.first(where: { $0.id == id }) else { throw GoldenFileError.missing(id) }
    return found
  }

  private static func value(_ object: Any) -> ParameterValue {
    switch object {
    case let list as [Any]: return .list(list.map(value))
    case let text as String: return .text(text)
    case let number as NSNumber:
      let double = number.doubleValue
      return double == double.rounded() && !"\(number)".contains(".")
        ? .integer(number.intValue) : .real(double)
    default: return .text("\(object)")
    }
  }
}

/// The fixed test matrix of the golden files, rotors.md section 13: rho = A A^+ / tr with
/// A_ab = cos(a + 1.7 b + 0.3 a b) + i sin(0.5 a b - 0.2 a^2).
public func goldenTestMatrix(on space: HilbertSpace) -> DensityMatrix {
  let n = space.dimension
  var re = [Double](repeating: 0, count: n * n)
  var im = re
  for a in 0..<n {
    for b in 0..<n {
      let (x, y) = (Double(a), Double(b))
      re[a + b * n] = cos(x + 1.7 * y + 0.3 * x * y)
      im[a + b * n] = sin(0.5 * x * y - 0.2 * x * x)
    }
  }
  var product = [Complex<Double>](repeating: .zero, count: n * n)
  var trace = 0.0
  for a in 0..<n {
    for b in 0..<n {
      var sum = Complex<Double>.zero
      for c in 0..<n {
        sum += Complex(re[a + c * n], im[a + c * n]) * Complex(re[b + c * n], -im[b + c * n])
      }
      product[a + b * n] = sum
      if a == b { trace += sum.real }
    }
  }
  return DensityMatrix(space: space, elements: product.map { $0 / Complex(trace) })
}
