import CNESSKernels
import Testing

/// The exchange map from the whole unitary, by a Taylor series on all states.
private struct NaiveExchange {
  let diagonal: [Double]
  let hop: Double
  let couplings: [Double]
  let weights: [[Double]]

  var levels: Int { diagonal.count }
  var counts: [Int] { weights.map(\.count) }
  var order: Int { 4 * levels * counts[0] * counts[1] }

  func index(_ n1: Int, _ n2: Int, _ l: Int, _ k1: Int, _ k2: Int) -> Int {
    (((2 * n1 + n2) * levels + l) * counts[0] + k1) * counts[1] + k2
  }

  var matrix: Dense<ness_complex> {
    var a = Dense<ness_complex>(rows: order, columns: order)
    func couple(_ i: Int, _ j: Int, _ value: Double) {
      a[i, j] = ness_complex(re: value, im: 0)
      a[j, i] = ness_complex(re: value, im: 0)
    }
    for l in 0..<levels {
      for k1 in 0..<counts[0] {
        for k2 in 0..<counts[1] {
          for n in 0..<2 {
            for m in 0..<2 {
              let i = index(n, m, l, k1, k2)
              a[i, i] = ness_complex(re: diagonal[l], im: 0)
            }
            if k1 > 0 {
              couple(
                index(0, n, l, k1, k2), index(1, n, l, k1 - 1, k2), couplings[0] * Double(k1).squareRoot())
            }
            if k2 > 0 {
              couple(
                index(n, 0, l, k1, k2), index(n, 1, l, k1, k2 - 1), couplings[1] * Double(k2).squareRoot())
            }
          }
          if l + 1 < levels { couple(index(0, 1, l, k1, k2), index(1, 0, l + 1, k1, k2), hop) }
        }
      }
    }
    return a
  }

  /// exp(-iA) on a vector.
  func evolved(_ a: Sparse<ness_complex>, _ vector: [ness_complex]) -> [ness_complex] {
    // Steps so short that the series does not cancel.
    let steps = 8
    var sum = vector
    for _ in 0..<steps {
      var term = sum
      for n in 1...24 {
        var next = [ness_complex](repeating: .zero, count: order)
        for j in 0..<order where term[j] != .zero {
          for k in Int(a.starts[j])..<Int(a.starts[j + 1]) {
            let i = Int(a.indices[k])
            next[i] = next[i] + a.values[k] * term[j]
          }
        }
        let factor = ness_complex(re: 0, im: -1 / Double(n * steps))
        for i in 0..<order {
          term[i] = next[i] * factor
          sum[i] = sum[i] + term[i]
        }
      }
    }
    return sum
  }

  /// Images of the six inputs of a unit, as the kernel lays them out for a radius that covers all levels.
  func unit(_ l: Int, _ a: Sparse<ness_complex>, radius: Int) -> [Double] {
    var result: [Double] = []
    for input in 0..<6 {
      var numbers = [Double](repeating: 0, count: 6 * levels)
      let exists = input == 2 ? l + 1 < levels : input < 4 ? l >= 0 : l >= 0 && l + 1 < levels
      for k1 in 0..<counts[0] where exists {
        for k2 in 0..<counts[1] {
          func column(_ n1: Int, _ n2: Int, _ l: Int) -> [ness_complex] {
            var unit = [ness_complex](repeating: .zero, count: order)
            unit[index(n1, n2, l, k1, k2)] = .one
            return evolved(a, unit)
          }
          let phi = input < 4 ? column(input / 2, input % 2, input == 2 ? l + 1 : l) : column(0, 1, l)
          let chi = input < 4 ? phi : column(1, 0, l + 1)
          let factor = input == 5 ? ness_complex(re: 0, im: 1) : .one
          func element(_ i: Int, _ j: Int) -> ness_complex {
            let one = factor * phi[i] * chi[j].conjugate
            return input < 4 ? one : one + factor.conjugate * chi[i] * phi[j].conjugate
          }
          let weight = weights[0][k1] * weights[1][k2]
          for m in 0..<levels {
            for q1 in 0..<counts[0] {
              for q2 in 0..<counts[1] {
                for bits in 0..<4 {
                  let i = index(bits / 2, bits % 2, m, q1, q2)
                  numbers[6 * m + bits] += weight * element(i, i).re
                }
                if m + 1 < levels {
                  let c = element(index(0, 1, m, q1, q2), index(1, 0, m + 1, q1, q2))
                  numbers[6 * m + 4] += weight * c.re
                  numbers[6 * m + 5] += weight * c.im
                }
              }
            }
          }
        }
      }
      for m in (l - radius)...(l + radius + 1) {
        result += (0..<levels).contains(m) ? Array(numbers[(6 * m)..<(6 * m + 6)]) : [0, 0, 0, 0, 0, 0]
      }
    }
    return result
  }
}

@Suite("Exchange maps")
struct ExchangeTests {
  /// Calls the kernel for all units.
  private static func columns(
    _ map: NaiveExchange, radius: Int, range: Range<Int>? = nil, _ out: inout [Double]
  ) -> ness_status {
    let range = range ?? 0..<(map.levels + 1)
    return map.diagonal.withUnsafeBufferPointer { diagonal in
      map.weights[0].withUnsafeBufferPointer { first in
        map.weights[1].withUnsafeBufferPointer { second in
          guard let diagonal = diagonal.baseAddress, let first = first.baseAddress,
            let second = second.baseAddress
          else { return .invalidArgument }
          var kernel = ness_exchange(
            levels: Int64(map.levels), radius: Int64(radius), diagonal: diagonal, hop: map.hop,
            first_coupling: map.couplings[0], second_coupling: map.couplings[1],
            first_count: Int64(map.counts[0]), second_count: Int64(map.counts[1]), first_weights: first,
            second_weights: second)
          return ness_exchange_columns(&kernel, Int64(range.lowerBound), Int64(range.upperBound), &out)
        }
      }
    }
  }

  private static let small = NaiveExchange(
    diagonal: [0.3, -0.9, 1.4], hop: 0.8, couplings: [0.7, -1.1], weights: [[0.6, 0.3, 0.1], [0.8, 0.2]])

  @Test(
    "columns agree with the whole unitary",
    arguments: [
      (0.8, [0.7, -1.1], [0.3, -0.9, 1.4], 3, 2), (-1.9, [0.2, 2.4], [5.0, -4], 1, 17),
      (0.0, [0.0, 0.0], [0.2, 0.7], 2, 2), (1.3, [0.5, 0.0], [0.4], 4, 1),
    ])
  func agreement(hop: Double, couplings: [Double], diagonal: [Double], first: Int, second: Int) {
    func weights(_ count: Int) -> [Double] { (0..<count).map { 1 / Double($0 + 1) } }
    let map = NaiveExchange(
      diagonal: diagonal, hop: hop, couplings: couplings, weights: [weights(first), weights(second)])
    let radius = map.levels
    let a = Sparse(map.matrix)
    let size = Int(ness_exchange_unit(Int64(radius)))
    var out = [Double](repeating: .nan, count: size * (map.levels + 1))
    #expect(Self.columns(map, radius: radius, &out) == .ok)
    for unit in 0...map.levels {
      let expected = map.unit(unit - 1, a, radius: radius)
      // Sums of up to 18 terms of order one from amplitudes known to 1e-15.
      #expect(distance(Array(out[(unit * size)..<((unit + 1) * size)]), expected) < 1e-13)
    }
    // A part of the units is that part of the whole.
    var part = [Double](repeating: .nan, count: size)
    #expect(Self.columns(map, radius: radius, range: 1..<2, &part) == .ok)
    #expect(part == Array(out[size..<(2 * size)]))
  }

  @Test("levels beyond the radius are left out, and nothing else changes where the hop is small")
  func radius() {
    let map = NaiveExchange(
      diagonal: [0.1, 0.5, -0.2, 0.9, 0.3, 0.8], hop: 1e-3, couplings: [0.4, 0.6],
      weights: [[0.7, 0.3], [0.9, 0.1]])
    var wide = [Double](repeating: 0, count: Int(ness_exchange_unit(6)) * 7)
    var narrow = [Double](repeating: 0, count: Int(ness_exchange_unit(3)) * 7)
    #expect(Self.columns(map, radius: 6, &wide) == .ok)
    #expect(Self.columns(map, radius: 3, &narrow) == .ok)
    for unit in 0..<42 {
      // Level l - 3 of the narrow window is level number 3 of the wide one.
      let inner = Array(wide[(unit * 84 + 18)..<(unit * 84 + 66)])
      // Four hops take 1e-12, and probabilities their square.
      #expect(distance(inner, Array(narrow[(unit * 48)..<(unit * 48 + 48)])) < 1e-11)
    }
  }

  @Test("populations add up to the weights, coherences to none")
  func trace() {
    var out = [Double](repeating: 0, count: Int(ness_exchange_unit(3)) * 4)
    #expect(Self.columns(Self.small, radius: 3, &out) == .ok)
    for unit in 0..<4 {
      for input in 0..<6 {
        let column = out[((unit * 6 + input) * 48)..<((unit * 6 + input + 1) * 48)]
        let sum = column.enumerated().reduce(0) { $0 + ($1.offset % 6 < 4 ? $1.element : 0) }
        let exists = input == 2 ? unit < 3 : unit > 0
        #expect(abs(sum - (input < 4 && exists ? 1 : 0)) < 1e-14)
      }
    }
  }

  @Test("sizes and numbers out of range are refused")
  func arguments() {
    var out = [Double](repeating: 7, count: Int(ness_exchange_unit(3)) * 4)
    func status(
      hop: Double = 0.8, diagonal: [Double] = [0.3, -0.9, 1.4], radius: Int = 3, range: Range<Int> = 0..<4
    ) -> ness_status {
      let map = NaiveExchange(
        diagonal: diagonal, hop: hop, couplings: [0.7, 1.1], weights: [[0.6, 0.4], [0.8, 0.2]])
      return Self.columns(map, radius: radius, range: range, &out)
    }
    #expect(status(hop: .nan) == .invalidArgument)
    #expect(status(diagonal: [0, .infinity, 1]) == .invalidArgument)
    #expect(status(radius: -1) == .invalidArgument)
    #expect(status(range: 0..<5) == .invalidArgument)
    #expect(status(diagonal: [0, 1e12, 1]) == .invalidArgument)
    #expect(out.allSatisfy { $0 == 7 })
  }

  @Test("every allocation that fails is reported and leaves nothing behind", .enabled(if: faultInjection))
  func faults() {
    var out = [Double](repeating: 7, count: Int(ness_exchange_unit(3)) * 4)
    let failures = allocationsThatFailCleanly {
      let status = Self.columns(Self.small, radius: 3, &out)
      return status != .ok && !out.allSatisfy { $0 == 7 } ? .libraryFailure : status
    }
    #expect(failures == 6)
  }
}
