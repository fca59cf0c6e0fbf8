import CNESSKernels
import Testing

/// Generator, symmetry and the connected component by brute force.
private struct Example: CustomTestStringConvertible {
  let name: String
  let charges: [Int]
  let generators: [[Int]]
  var testDescription: String { name }

  /// Permutations that keep the charges, so that the averaged generator keeps them too.
  static let all = [
    Example(name: "no symmetry, one charge", charges: [0, 0, 0, 0], generators: []),
    Example(name: "no symmetry, charges", charges: [0, 1, 1, 2, 0, 2], generators: []),
    Example(name: "cycle of 6", charges: [0, 0, 0, 0, 0, 0], generators: [[1, 2, 3, 4, 5, 0]]),
    Example(
      name: "reflection with fixed points", charges: [0, 1, 1, 2, 0, 0], generators: [[0, 2, 1, 3, 5, 4]]),
    Example(
      name: "S_3 and charges", charges: [0, 0, 0, 1, 1, 1, 2],
      generators: [[1, 2, 0, 4, 5, 3, 6], [1, 0, 2, 4, 3, 5, 6]]),
  ]

  var order: Int { charges.count }
  var elements: Set<[Int]> { closure(generators, order: order) }

  var group: Group? { generators.isEmpty ? nil : Group(generators, order: order) }

  func terms(hermitian: Bool, density: Double = 1, rates: Bool = true) -> Terms {
    var random = Random(seed: 31)
    return Terms(charges: charges, jumps: 3, density: density, rates: rates, hermitian: hermitian, &random)
      .averaged(over: elements)
  }

  /// Orbits connected with the seeds, by flooding all pairs.
  func component(_ terms: Terms, seeds: [Pair]) -> [Pair] {
    let full = terms.superoperator()
    let pairs = allPairs(order)
    var found: Set<Pair> = []
    var pending = seeds
    while let pair = pending.popLast() {
      guard found.insert(pair).inserted else { continue }
      let position = pair.ket + pair.bra * order
      pending += pairs.indices.filter { full[position, $0] != .zero || full[$0, position] != .zero }.map {
        pairs[$0]
      }
      pending.append(pair.transposed)
      pending += pair.orbit(elements)
    }
    return Set(found.map { $0.orbit(elements).min()! }).sorted()
  }
}

@Suite("Reduced index spaces")
struct SectorTests {
  @Test(
    "closure, order, weights, partners and unknowns agree with flooding", arguments: Example.all, [1.0, 0.25])
  private func closed(example: Example, density: Double) throws {
    let terms = example.terms(hermitian: true, density: density, rates: density == 1)
    let group = example.group
    let populations = (0..<example.order).map { Pair(ket: $0, bra: $0) }
    for seeds in [nil, [Pair(ket: 0, bra: 1)], [Pair(ket: 2, bra: 2), Pair(ket: 1, bra: 3)]] as [[Pair]?] {
      let sector = try #require(Sector.create(terms, group: group, seeds: seeds).sector)
      let expected = example.component(terms, seeds: seeds ?? populations)
      #expect(sector.pairs == expected)
      let canonical = { (pair: Pair) in pair.orbit(example.elements).min()! }
      #expect(sector.weights == expected.map { $0.orbit(example.elements).count })
      #expect(sector.partners == expected.map { expected.firstIndex(of: canonical($0.transposed))! })
      var unknown = 0
      for (slot, partner) in sector.partners.enumerated() {
        #expect(sector.kinds[slot] == (partner == slot ? 0 : partner > slot ? 1 : -1))
        #expect(sector.unknowns[slot] == (partner < slot ? sector.unknowns[partner] : unknown))
        if partner >= slot { unknown += partner == slot ? 1 : 2 }
      }
      #expect(sector.realCount == unknown)
      let pairs = allPairs(example.order)
      #expect(sector.find(pairs) == pairs.map { expected.firstIndex(of: canonical($0)) ?? -1 })
      #expect(ness_sector_bytes(sector.handle) > 41 * expected.count)
    }
  }

  @Test("the complex form is the superoperator summed over orbits", arguments: Example.all)
  private func complexForm(example: Example) throws {
    let terms = example.terms(hermitian: false)
    let group = example.group
    let sector = try #require(Sector.create(terms, group: group).sector)
    let full = terms.superoperator()
    let position = { (pair: Pair) in pair.ket + pair.bra * example.order }
    var expected = Matrix(rows: sector.pairs.count, columns: sector.pairs.count)
    for (row, ket) in sector.pairs.enumerated() {
      for (column, pair) in sector.pairs.enumerated() {
        for member in pair.orbit(example.elements) {
          expected[row, column] = expected[row, column] + full[position(ket), position(member)]
        }
      }
    }
    let found = sector.assembled(terms, .complex)
    #expect(found.status == .ok)
    // Sums of at most 6 * 2 * 7 + 7 products of numbers below 6 * 2: 100 * 12^2 roundings.
    #expect(distance(try #require(found.matrix).elements, expected.elements) < 100 * 144 * 0x1p-53)
    #expect(found.entries == expected.elements.count { $0.length > 1e-10 })
  }

  @Test("the Hermitian form is the superoperator on Hermitian symmetric matrices", arguments: Example.all)
  private func hermitianForm(example: Example) throws {
    let terms = example.terms(hermitian: true)
    let group = example.group
    let sector = try #require(Sector.create(terms, group: group).sector)
    let found = try #require(sector.assembled(terms, .hermitian).matrix)
    #expect(found.rows == sector.realCount)
    let full = terms.superoperator()
    for unknown in 0..<sector.realCount {
      var rho = Matrix(rows: example.order, columns: example.order)
      for (slot, pair) in sector.pairs.enumerated() {
        var value = ness_complex.zero
        if sector.unknowns[slot] == unknown { value = .one }
        if sector.kinds[slot] != 0, sector.unknowns[slot] + 1 == unknown {
          value = ness_complex(re: 0, im: Double(sector.kinds[slot]))
        }
        for member in pair.orbit(example.elements) { rho[member.ket, member.bra] = value }
      }
      #expect(rho == rho.transposed(conjugating: true))
      let image = full.times(Matrix(rows: rho.elements.count, columns: 1, elements: rho.elements))
      for (slot, pair) in sector.pairs.enumerated() where sector.kinds[slot] >= 0 {
        let element = image[pair.ket + pair.bra * example.order, 0]
        let row = sector.unknowns[slot]
        #expect(abs(found[row, unknown].re - element.re) < 100 * 144 * 0x1p-53)
        if sector.kinds[slot] == 1 {
          #expect(abs(found[row + 1, unknown].re - element.im) < 100 * 144 * 0x1p-53)
        }
      }
    }
  }

  @Test("sums that cancel to rounding leave no entry", arguments: [0.1, 0.3, 0.7, 1.9, 3.3])
  func cancellation(rate: Double) throws {
    // Dephasing: -rate/2 - rate/2 + sqrt(rate)^2 is a few 1e-17, not 0.
    let root = rate.squareRoot()
    let terms = Terms(
      drift: Matrix(
        rows: 2, columns: 2,
        elements: [.init(re: -rate / 2, im: 0), .zero, .zero, .init(re: -rate / 2, im: 0)]))
    terms.left = [
      Matrix(rows: 2, columns: 2, elements: [.init(re: root, im: 0), .zero, .zero, .init(re: -root, im: 0)])
    ]
    terms.right = terms.left
    let sector = try #require(Sector.create(terms, seeds: allPairs(2)).sector)
    #expect(sector.assembled(terms, .hermitian).entries == 2)
    #expect(sector.assembled(terms, .complex).entries == 2)
  }

  @Test("a small entry beside large ones stays")
  func smallEntries() throws {
    let terms = Terms(
      drift: Matrix(
        rows: 2, columns: 2, elements: [.init(re: -0.5e-13, im: 3), .zero, .zero, .init(re: -0.5, im: -5)]))
    terms.rates = Dense(rows: 2, columns: 2, elements: [0, 1e-13, 1, 0])
    let sector = try #require(Sector.create(terms).sector)
    #expect(sector.assembled(terms, .hermitian).entries == 4)
    // What is left of a difference stays as well: escape at 1e-13 beside dephasing at 1.
    let half = ness_complex(re: -0.5 - 0.5e-13, im: 0)
    let dephased = Terms(drift: Matrix(rows: 2, columns: 2, elements: [half, .zero, .zero, half]))
    dephased.left = [Matrix(rows: 2, columns: 2, elements: [.one, .zero, .zero, .init(re: -1, im: 0)])]
    dephased.right = dephased.left
    dephased.rates = Dense(rows: 2, columns: 2, elements: [0, 1e-13, 1e-13, 0])
    #expect(try #require(Sector.create(dephased).sector).assembled(dephased, .hermitian).entries == 4)
  }

  @Test("terms that lead out of a sector, limits and bad arguments are errors")
  func errors() throws {
    let example = Example.all[1]
    let terms = example.terms(hermitian: true)
    let sector = try #require(Sector.create(terms).sector)
    let other = Terms(drift: terms.drift)
    other.drift[0, 1] = .one
    for form in [ness_form.complex, .hermitian] {
      #expect(sector.assembled(other, form).status == .notClosed)
      #expect(sector.assembled(Example.all[0].terms(hermitian: true), form).status == .invalidArgument)
    }
    #expect(Sector.create(terms, limit: Int64(sector.pairs.count)).status == .ok)
    #expect(Sector.create(terms, limit: Int64(sector.pairs.count) - 1).status == .limitExceeded)
    #expect(Sector.create(terms, limit: 0).status == .invalidArgument)
    #expect(Sector.create(terms, seeds: [Pair(ket: 6, bra: 0)]).status == .invalidArgument)
    #expect(Sector.create(terms, seeds: [Pair(ket: 0, bra: -1)]).status == .invalidArgument)
    #expect(Sector.create(terms, seeds: []).status == .invalidArgument)
    #expect(Sector.create(terms, group: Group([[1, 0]], order: 2)).status == .invalidArgument)
    #expect(sector.find([Pair(ket: 0, bra: 6)]) == [])
  }

  @Test("more than one growth of the tables keeps all pairs")
  func growth() throws {
    // A chain of 40 states: 1600 pairs, found from one seed.
    var drift = Matrix(rows: 40, columns: 40)
    for a in 1..<40 { (drift[a, a - 1], drift[a - 1, a]) = (.init(re: 0, im: 1), .init(re: 0, im: 1)) }
    let sector = try #require(Sector.create(Terms(drift: drift), seeds: [Pair(ket: 0, bra: 0)]).sector)
    #expect(sector.pairs == allPairs(40).sorted())
    #expect(sector.find(allPairs(40).sorted()) == Array(0..<1600))
  }

  @Test("every allocation that fails is reported and leaves nothing behind", .enabled(if: faultInjection))
  func faults() throws {
    var random = Random(seed: 33)
    let terms = Terms(
      charges: .init(repeating: 0, count: 30), jumps: 1, density: 0.05, hermitian: true, &random)
    let group = try #require(Group([Array(0..<30)], order: 30))
    for used in [nil, group] {
      let count = allocationsThatFailCleanly {
        let (status, sector) = Sector.create(terms, group: used)
        return (sector == nil) == (status != .ok) ? status : .libraryFailure
      }
      #expect(try #require(count) > 30)
      let sector = try #require(Sector.create(terms, group: used).sector)
      #expect(sector.pairs.count > 256)
      for form in [ness_form.complex, .hermitian] {
        let count = allocationsThatFailCleanly {
          let (status, matrix, _) = sector.assembled(terms, form)
          return (matrix == nil) == (status != .ok) ? status : .libraryFailure
        }
        #expect(try #require(count) > 20)
      }
    }
  }
}
