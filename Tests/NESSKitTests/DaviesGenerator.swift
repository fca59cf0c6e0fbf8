import NESSKit
import Numerics

// The secular equation from its definition, on full matrices: nothing goes through eigenoperators, classes or groups under test.

/// A Hamiltonian given by its levels and eigenvectors.
struct Levels {
  let space: HilbertSpace
  /// Energies; equal ones are exactly equal.
  let energies: [Double]
  /// Eigenvectors, column-major.
  let vectors: [Complex<Double>]

  /// Given energies and random eigenvectors.
  init(_ energies: [Double], _ random: inout RandomNumbers) throws {
    let order = energies.count
    space = HilbertSpace([.levels(order)])
    self.energies = energies
    vectors = try DenseEigen.hermitian(random.hermitian(space).matrix.dense, order: order).vectors
  }

  /// Those of an operator, energies that differ by rounding made equal.
  init(of hamiltonian: Operator) throws {
    space = hamiltonian.space
    let system = try DenseEigen.hermitian(hamiltonian.matrix.dense, order: space.dimension)
    vectors = system.vectors
    var known: [Double] = []
    energies = system.values.map { value in
      if let same = known.first(where: { abs($0 - value) < 1e-9 }) { return same }
      known.append(value)
      return value
    }
  }

  /// sum_j f(E_j) |j><j|.
  func function(_ f: (Double) -> Double) -> Operator {
    let order = energies.count
    var elements = [Complex<Double>](repeating: .zero, count: order * order)
    for j in 0..<order {
      for b in 0..<order {
        for a in 0..<order {
          elements[a + b * order] +=
            Complex(f(energies[j])) * vectors[a + j * order] * vectors[b + j * order].conjugate
        }
      }
    }
    return Operator(space: space, matrix: SparseMatrix(rows: order, columns: order, dense: elements))
  }

  var hamiltonian: Operator {
    // Rounding of the sum must not make it less Hermitian.
    let sum = function { $0 }
    return 0.5 * (sum + sum.adjoint)
  }

  /// A(omega) = sum over E' - E = omega of P_E A P_E', for every omega.
  func eigenoperators(_ a: Operator) -> [(frequency: Double, operator: Operator)] {
    var found: [(frequency: Double, operator: Operator)] = []
    for low in Set(energies).sorted() {
      for high in Set(energies).sorted() {
        let part = function { $0 == low ? 1 : 0 } * a * function { $0 == high ? 1 : 0 }
        if let place = found.firstIndex(where: { abs($0.frequency - (high - low)) < 1e-9 }) {
          found[place].operator += part
        } else {
          found.append((high - low, part))
        }
      }
    }
    return found
  }

  /// The Davies generator as jump operators A(omega), one per bath and frequency, and the Hamiltonian with the Lamb shift.
  func davies(
    _ couplings: [BathCoupling], _ rule: SpectralDensity.NegativeFrequencies, others: [Dissipator] = [],
    lambShift: Bool = false
  ) throws -> LindbladGenerator {
    var dissipators = others
    var hamiltonian = hamiltonian
    for coupling in couplings {
      let beta = coupling.bath.inverseTemperature!
      let isHermitian = coupling.operator.isHermitian()
      for (frequency, a) in eigenoperators(coupling.operator) {
        guard a.matrix.values.contains(where: { $0.length > 1e-13 }) else { continue }
        let rates = coupling.density.rates(
          at: frequency, inverseTemperature: beta, rule: isHermitian ? .odd : rule)
        dissipators.append(.jump(a, rate: rates.emission, bath: coupling.bath))
        if !isHermitian { dissipators.append(.jump(a.adjoint, rate: rates.absorption, bath: coupling.bath)) }
        if lambShift {
          let shifts = try coupling.density.shifts(
            at: frequency, inverseTemperature: beta, rule: isHermitian ? .odd : rule)
          hamiltonian += shifts.emission * (a.adjoint * a)
          if !isHermitian { hamiltonian += shifts.absorption * (a * a.adjoint) }
        }
      }
    }
    return try LindbladGenerator(
      hamiltonian: hamiltonian, dissipators: dissipators, bareHamiltonian: self.hamiltonian)
  }
}

extension SecularEquation {
  /// L rho in the basis of the space, from the lowered terms.
  func applied(to rho: DensityMatrix) -> [Complex<Double>] {
    let order = space.dimension
    let v = eigenbasis.vectors.dense
    let inside = naiveProduct(naiveProduct(naiveAdjoint(v, order), rho.elements, order), v, order)
    let matrix = superoperator(terms())
    var image = [Complex<Double>](repeating: .zero, count: order * order)
    for column in image.indices where inside[column] != .zero {
      for row in image.indices { image[row] += matrix[row + column * image.count] * inside[column] }
    }
    return naiveProduct(naiveProduct(v, image, order), naiveAdjoint(v, order), order)
  }
}
