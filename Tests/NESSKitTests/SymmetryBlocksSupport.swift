import NESSKit
import Numerics

/// Systems with symmetries of different kinds, and the textbook counterpart of the reduction.
struct BlockExample: CustomStringConvertible, Sendable {
  let description: String
  let space: HilbertSpace
  let terms: GeneratorTerms
  let symmetries: [PermutationSymmetry]

  init(
    _ name: String, _ generator: LindbladGenerator, _ symmetries: [PermutationSymmetry]
  ) {
    description = name
    space = generator.space
    terms = generator.terms()
    self.symmetries = symmetries
  }

  /// Clock ring with different temperatures of odd and even rotors.
  static func ring(
    _ rotors: Int, positions: Int = 3, phi: Double = 0.7, equal: Bool = false,
    picture: ChiralClockRing.Picture = .clock
  ) throws -> BlockExample {
    let ring = try ChiralClockRing(
      rotors: rotors, positions: positions, f: 0.4, staggeredPhase: phi, oddInverseTemperature: 1.1,
      evenInverseTemperature: equal ? 1.1 : 0.7, coupling: 0.3, picture: picture)
    return BlockExample(
      "ring M=\(rotors) Ns=\(positions) \(picture)\(equal ? " equal" : "")", try ring.generator(),
      ring.symmetries())
  }

  /// XXZ chain with particles injected and extracted at both ends; reflection with spin flip exchanges the ends.
  static func xxz(_ sites: Int, symmetric: Bool = true) throws -> BlockExample {
    let space = qubits(sites)
    let bath = Bath(name: "bath")
    var hamiltonian = Operator.zero(space)
    for k in 0..<(sites - 1) {
      for pauli in [SparseMatrix.pauliX, .pauliY, 0.6 * .pauliZ] {
        hamiltonian += .local(pauli, at: k, in: space) * .local(pauli, at: k + 1, in: space)
      }
    }
    let generator = try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: thermalJumps(0, space, up: 0.9, down: 0.2, bath: bath)
        + thermalJumps(sites - 1, space, up: 0.2, down: 0.9, bath: bath))
    let exchange = PermutationSymmetry(name: "reflection with flip", on: space) { levels in
      levels.reversed().map { 1 - $0 }
    }
    return BlockExample("XXZ N=\(sites)", generator, symmetric ? [exchange] : [])
  }

  /// Ring of qubits with loss and coherent drive on every site: the group permutes the jump operators.
  static func drivenRing(_ sites: Int) throws -> BlockExample {
    let space = qubits(sites)
    let bath = Bath(name: "bath")
    var hamiltonian = Operator.zero(space)
    for k in 0..<sites {
      hamiltonian += 0.3 * .local(.pauliX, at: k, in: space)
      for pauli in [SparseMatrix.pauliX, .pauliY, 0.6 * .pauliZ] {
        hamiltonian += .local(pauli, at: k, in: space) * .local(pauli, at: (k + 1) % sites, in: space)
      }
    }
    let generator = try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: (0..<sites).flatMap { thermalJumps($0, space, up: 0.4, down: 0.9, bath: bath) })
    return BlockExample(
      "driven ring N=\(sites)", generator,
      [
        PermutationSymmetry(name: "translation", on: space) { [$0.last!] + $0.dropLast() },
        PermutationSymmetry(name: "reflection", on: space) { $0.reversed() },
      ])
  }

  /// Ising chain in a field with loss sigma^- on every site: the rotation by pi about z, and reflection. The rotation is made
  /// a product of exp(i angle) per flipped spin with a global phase that means nothing.
  static func phases(_ sites: Int) throws -> BlockExample {
    let space = qubits(sites)
    var hamiltonian = Operator.zero(space)
    for k in 0..<sites {
      hamiltonian += 0.8 * .local(.pauliZ, at: k, in: space)
      if k + 1 < sites {
        hamiltonian += .local(.pauliX, at: k, in: space) * .local(.pauliX, at: k + 1, in: space)
      }
    }
    let generator = try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: (0..<sites).flatMap {
        thermalJumps($0, space, up: 0.1, down: 0.9, bath: Bath(name: "bath"))
      })
    return BlockExample(
      "phases N=\(sites)", generator,
      [
        PermutationSymmetry(
          name: "rotation", on: space, withAngle: { ($0, 0.3 + Double.pi * Double($0.reduce(0, +))) }),
        PermutationSymmetry(name: "reflection", on: space) { $0.reversed() },
      ])
  }

  /// Heisenberg pairs with dephasing along all axes: rotations by pi about x and z anticommute on every odd number of spins, so
  /// the group is represented projectively.
  static func projective(_ sites: Int) throws -> BlockExample {
    let space = qubits(sites)
    var hamiltonian = Operator.zero(space)
    for k in 0..<(sites - 1) {
      for (pauli, coupling) in zip([SparseMatrix.pauliX, .pauliY, .pauliZ], [1, 0.7, 0.4]) {
        hamiltonian +=
          coupling * .local(pauli, at: k, in: space) * .local(pauli, at: k + 1, in: space)
      }
    }
    let generator = try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: [SparseMatrix.pauliX, .pauliY, .pauliZ].enumerated().map { number, pauli in
        .jump(.local(pauli, at: 0, in: space), rate: 0.2 + 0.1 * Double(number), bath: Bath(name: "bath"))
      })
    return BlockExample(
      "projective N=\(sites)", generator,
      [
        PermutationSymmetry(
          name: "z", on: space, withAngle: { ($0, Double.pi * (Double($0.reduce(0, +)) + 0.17)) }),
        PermutationSymmetry(name: "x", on: space) { $0.map { 1 - $0 } },
      ])
  }

  /// Sites all alike, all coupled to all: the symmetric group on `sites` letters, which for five is not solvable.
  static func complete(_ sites: Int, driven: Bool) throws -> BlockExample {
    let space = qubits(sites)
    var hamiltonian = Operator.zero(space)
    for k in 0..<sites {
      if driven { hamiltonian += 0.3 * .local(.pauliX, at: k, in: space) }
      for l in 0..<k {
        for pauli in [SparseMatrix.pauliX, .pauliY, 0.6 * .pauliZ] {
          hamiltonian += .local(pauli, at: k, in: space) * .local(pauli, at: l, in: space)
        }
      }
    }
    let generator = try LindbladGenerator(
      hamiltonian: hamiltonian,
      dissipators: (0..<sites).flatMap {
        thermalJumps($0, space, up: 0.4, down: 0.9, bath: Bath(name: "bath"))
      })
    return BlockExample(
      "complete N=\(sites)\(driven ? " driven" : "")", generator,
      [
        PermutationSymmetry(name: "cycle", on: space) { [$0.last!] + $0.dropLast() },
        PermutationSymmetry(name: "swap", on: space) { [$0[1], $0[0]] + $0.dropFirst(2) },
      ])
  }

  /// Terms A rho B^+ with A != B, as of a Redfield equation.
  static func pairs() throws -> BlockExample {
    let ring = try drivenRing(3)
    let terms = ring.terms
    let second = terms.jumps.map { GeneratorTerms.JumpPair(left: $0.left.adjoint, right: 2 * $0.left) }
    return BlockExample(
      name: "unequal pairs", space: ring.space, symmetries: ring.symmetries,
      terms: GeneratorTerms(
        dimension: terms.dimension, drift: terms.drift,
        jumps: second + second.map { .init(left: $0.right!, right: $0.left) }))
  }

  init(name: String, space: HilbertSpace, symmetries: [PermutationSymmetry], terms: GeneratorTerms) {
    description = name
    self.space = space
    self.terms = terms
    self.symmetries = symmetries
  }

  static func all() throws -> [BlockExample] {
    try [
      ring(2), ring(3, phi: 0), ring(4), ring(3, positions: 2), ring(2, positions: 4), ring(4, positions: 2),
      ring(2, positions: 4, equal: true), ring(4, positions: 2, equal: true), ring(3, picture: .rotated),
      xxz(3), xxz(4), xxz(3, symmetric: false), drivenRing(3), drivenRing(4), phases(3), projective(2),
      projective(3), complete(3, driven: false), complete(4, driven: true), complete(5, driven: false),
      pairs(),
    ]
  }
}

/// Element-wise sum.
func sum(_ a: [Complex<Double>], _ b: [Complex<Double>]) -> [Complex<Double>] { zip(a, b).map { $0 + $1 } }

/// A rho B^+ of dense matrices by the definition; A and B are n x m, rho m x m.
func sandwich(_ a: SparseMatrix, _ rho: [Complex<Double>], _ b: SparseMatrix) -> [Complex<Double>] {
  var result = [Complex<Double>](repeating: .zero, count: a.rows * a.rows)
  a.forEachEntry { row, column, x in
    b.forEachEntry { otherRow, otherColumn, y in
      result[row + otherRow * a.rows] += x * rho[column + otherColumn * a.columns] * y.conjugate
    }
  }
  return result
}

extension BlockTerms {
  /// The generator applied to blocks by its definition.
  func naivelyApplied(to blocks: [[Complex<Double>]]) -> [[Complex<Double>]] {
    var result = zip(self.blocks, blocks).map { block, rho in
      let identity = SparseMatrix.identity(block.order)
      return sum(sandwich(block.drift, rho, identity), sandwich(identity, rho, block.drift))
    }
    for jump in jumps {
      let term = sandwich(jump.left, blocks[jump.source], jump.right ?? jump.left)
      result[jump.target] = sum(result[jump.target], term.map { Complex(jump.weight) * $0 })
    }
    if let rates {
      var populations = [Double](repeating: 0, count: rates.matrix.rows)
      for (block, matrix) in zip(self.blocks, rates.populations).enumerated() {
        let diagonal = (0..<matrix.0.order).map { blocks[block][$0 * (matrix.0.order + 1)].real }
        for (orbit, value) in matrix.1.applied(to: diagonal).enumerated() { populations[orbit] += value }
      }
      let gains = rates.matrix.applied(to: populations)
      for (block, matrix) in rates.sources.enumerated() {
        for (k, gain) in matrix.applied(to: gains).enumerated() {
          result[block][k * (self.blocks[block].order + 1)] += Complex(gain)
        }
      }
    }
    return result
  }
}

/// The full generator of an example.
struct BlockEquation: MasterEquation {
  let example: BlockExample
  var space: HilbertSpace { example.space }
  var preservesPositivity: Bool { true }
  func terms() -> GeneratorTerms { example.terms }
}

extension BlockExample {
  var equation: BlockEquation { BlockEquation(example: self) }
}

/// A monomial matrix as lists of images and phases.
struct Monomial {
  var images: [Int]
  var phases: [Complex<Double>]

  /// Equal for matrices that differ by a global phase only.
  var key: [Int] {
    images
      + phases.map { phase in
        let ratio = phase / phases[0]
        return Int((ratio.real * 1e6).rounded()) * 4_000_003 + Int((ratio.imaginary * 1e6).rounded())
      }
  }

  func after(_ first: Monomial) -> Monomial {
    Monomial(
      images: first.images.map { images[$0] },
      phases: first.images.indices.map { first.phases[$0] * phases[first.images[$0]] })
  }
}

extension BlockExample {
  /// All elements of the group, up to global phases, by multiplication until nothing new appears.
  var group: [Monomial] {
    let ones = [Complex<Double>](repeating: .one, count: space.dimension)
    let generators = symmetries.map { Monomial(images: $0.images, phases: $0.phases ?? ones) }
    var elements = [Monomial(images: Array(0..<space.dimension), phases: ones)]
    var known = Set(elements.map(\.key))
    var position = 0
    while position < elements.count {
      for generator in generators {
        let product = generator.after(elements[position])
        if known.insert(product.key).inserted { elements.append(product) }
      }
      position += 1
    }
    return elements
  }

  /// Average over the group of a random Hermitian matrix that vanishes where `allowed` does not hold.
  func invariantMatrix(_ random: inout RandomNumbers, allowed: (Int, Int) -> Bool) -> [Complex<Double>] {
    let order = space.dimension
    let rho = random.hermitian(space).matrix.dense
    var average = [Complex<Double>](repeating: .zero, count: order * order)
    let group = group
    for element in group {
      for b in 0..<order {
        for a in 0..<order where allowed(a, b) {
          average[element.images[a] + element.images[b] * order] +=
            element.phases[a] * rho[a + b * order] * element.phases[b].conjugate
        }
      }
    }
    return average.map { $0 / Complex(Double(group.count)) }
  }
}
