import NESSKit
import Numerics
import Testing

/// The symmetries that a clock ring declares, against its generator.
@Suite("Symmetries of the clock ring")
struct ClockRingSymmetryTests {
  /// A ring and the order of the group that its parameters promise.
  struct Sample: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var rotors = 4
    var positions = 3
    let phases: [Double]
    let betas: [Double]
    var couplings: [Double]?
    var picture = ChiralClockRing.Picture.clock
    let order: Int

    func ring(_ jumps: ChiralClockRing.Jumps = .configuration) throws -> ChiralClockRing {
      try ChiralClockRing(
        rotors: rotors, positions: positions, f: 0.4,
        phases: (0..<rotors).map { phases[$0 % phases.count] },
        inverseTemperatures: (0..<rotors).map { betas[$0 % betas.count] },
        couplings: couplings ?? Array(repeating: 0.2, count: rotors), picture: picture, jumps: jumps)
    }
  }

  static let generic = 0.7
  static let third = 2 * Double.pi / 3
  static let samples: [Sample] = [
    // Ns M: shift, translation by two, reflection about a site.
    Sample(testDescription: "staggered", phases: [-generic, generic], betas: [1.1, 1], order: 12),
    Sample(
      testDescription: "staggered, six rotors", rotors: 6, phases: [-generic, generic], betas: [1.1, 1],
      order: 18),
    Sample(
      testDescription: "staggered, Ns = 4", positions: 4, phases: [-generic, generic], betas: [1.1, 1],
      order: 16),
    Sample(
      testDescription:
        "staggered, Ns = 2: only cos phi matters, so reflections about bonds hold too where temperatures allow",
      positions: 2, phases: [-generic, generic], betas: [1, 1], order: 16),
    // Twice that: translation by one with reversed clocks.
    Sample(testDescription: "equal temperatures", phases: [-generic, generic], betas: [1], order: 24),
    Sample(testDescription: "one phase, one temperature", phases: [generic], betas: [1], order: 24),
    Sample(testDescription: "no phase, one temperature", phases: [0], betas: [1], order: 48),
    Sample(testDescription: "no phase, two temperatures", phases: [0], betas: [1.1, 1], order: 24),
    // phi = pi/Ns: equal to -phi up to a shift of every other clock.
    Sample(
      testDescription: "staggered pi/3", phases: [-third / 2, third / 2], betas: [1.1, 1], order: 24),
    Sample(
      testDescription: "one bond of 2 pi/3 frustrates a ring without phases", phases: [0, 0, 0, third],
      betas: [1], order: 24),
    Sample(
      testDescription: "no phase, all temperatures different", phases: [0], betas: [1, 1.1, 1.2, 1.3],
      order: 6),
    Sample(
      testDescription: "nothing but the shift", phases: [0.1, 0.5, -0.9, 1.4], betas: [1, 1.1, 1.2, 1.3],
      order: 3),
    Sample(
      testDescription: "couplings count", phases: [0], betas: [1], couplings: [0.2, 0.3, 0.2, 0.2], order: 12),
    Sample(testDescription: "three rotors", rotors: 3, phases: [generic], betas: [1], order: 18),
    Sample(
      testDescription: "two rotors", rotors: 2, phases: [-generic, generic], betas: [1.1, 1], order: 3),
    Sample(
      testDescription: "rotated, staggered", phases: [-generic, generic], betas: [1.1, 1], picture: .rotated,
      order: 4),
    Sample(
      testDescription: "rotated, pi/3: positions differ there", phases: [-third / 2, third / 2],
      betas: [1.1, 1],
      picture: .rotated, order: 4),
  ]

  /// Order of the group of all motions that leave the generator unchanged, found by trying them all.
  static func order(of ring: ChiralClockRing) throws -> Int {
    let terms = try ring.generator().terms()
    let (m, n) = (ring.rotors, ring.positions)
    var found: Set<[Int]> = []
    let shiftCount = (0..<m).reduce(1) { count, _ in count * n }
    for target in (0..<m).flatMap({ c in [(0..<m).map { ($0 + c) % m }, (0..<m).map { (c + m - $0) % m }] }) {
      for sign in [1, n - 1] {
        for code in 0..<(ring.picture == .clock ? shiftCount : 1) {
          var shifts: [Int] = []
          var rest = code
          for _ in 0..<m {
            shifts.append(rest % n)
            rest /= n
          }
          let candidate = PermutationSymmetry(name: "", on: ring.space) { digits in
            var moved = digits
            for k in 0..<m { moved[target[k]] = (sign * digits[k] + shifts[target[k]]) % n }
            return moved
          }
          if !found.contains(candidate.images), try !terms.defect(of: candidate).isViolation {
            found.insert(candidate.images)
          }
        }
      }
    }
    return found.count
  }

  @Test("declared symmetries hold in all readings and generate the whole group", arguments: samples)
  func groups(sample: Sample) throws {
    let ring = try sample.ring()
    let symmetries = ring.symmetries()
    #expect(try PermutationGroup(symmetries).count == sample.order, "\(symmetries.map(\.name))")
    let readings = sample.rotors > 4 ? [.configuration] : ChiralClockRing.Jumps.allCases
    for jumps in readings {
      let terms = try sample.ring(jumps).generator().terms()
      for symmetry in symmetries {
        #expect(try !terms.defect(of: symmetry).isViolation, "\(symmetry.name), \(jumps)")
      }
    }
  }

  @Test("trying all motions finds no other", arguments: samples.filter { $0.rotors <= 3 })
  func completeness(sample: Sample) throws {
    #expect(try Self.order(of: sample.ring()) == sample.order)
  }

  @Test("a permutation that is none of them is found out in all readings")
  func violation() throws {
    for jumps in ChiralClockRing.Jumps.allCases {
      let terms = try Self.samples[0].ring(jumps).generator().terms()
      let space = try Self.samples[0].ring().space
      let wrong = PermutationSymmetry(name: "translation by 1", on: space) { digits in
        [digits[3], digits[0], digits[1], digits[2]]
      }
      #expect(try terms.defect(of: wrong).isViolation)
    }
  }
}
