import NESSKit
import Numerics

/// Density matrix without symmetry and of full rank: A A^+ / tr with
/// A_ab = cos(a + 1.7 b + 0.3 a b + shift) + i sin(0.5 a b - 0.2 a^2), the test matrix of the rotor paper's golden data.
func genericState(_ space: HilbertSpace, shift: Double = 0) -> DensityMatrix {
  let order = space.dimension
  var factor: [Complex<Double>] = []
  for b in 0..<order {
    for a in 0..<order {
      let (x, y) = (Double(a), Double(b))
      let (real, imaginary) = (x + 1.7 * y + 0.3 * x * y + shift, 0.5 * x * y - 0.2 * x * x)
      factor.append(Complex(Double.cos(real), Double.sin(imaginary)))
    }
  }
  let elements = naiveProduct(factor, naiveAdjoint(factor, order), order)
  let trace = (0..<order).reduce(0) { $0 + elements[$1 * (order + 1)].real }
  return DensityMatrix(space: space, elements: elements.map { $0 / Complex(trace) })
}

/// Normalized vector without symmetry.
func genericVector(_ space: HilbertSpace, shift: Double = 0) -> StateVector {
  let amplitudes = (0..<space.dimension).map { index -> Complex<Double> in
    let x = Double(index)
    return Complex(Double.cos(1.3 * x + shift), Double.sin(0.7 * x * x + 0.4 - shift))
  }
  return StateVector(space: space, amplitudes: amplitudes).normalized!
}

/// Product of two square column-major matrices.
func naiveProduct(_ a: [Complex<Double>], _ b: [Complex<Double>], _ order: Int) -> [Complex<Double>] {
  var product = [Complex<Double>](repeating: .zero, count: order * order)
  for column in 0..<order {
    for inner in 0..<order {
      for row in 0..<order {
        product[row + column * order] += a[row + inner * order] * b[inner + column * order]
      }
    }
  }
  return product
}

/// Adjoint of a square column-major matrix.
func naiveAdjoint(_ a: [Complex<Double>], _ order: Int) -> [Complex<Double>] {
  (0..<(order * order)).map { a[$0 / order + $0 % order * order].conjugate }
}

/// Largest absolute difference between the elements of two states.
func distance(_ a: DensityMatrix, _ b: DensityMatrix) -> Double {
  zip(a.elements, b.elements).reduce(0) { max($0, ($1.0 - $1.1).length) }
}

/// U rho U^+.
func rotated(_ state: DensityMatrix, by unitary: Operator) -> DensityMatrix {
  let order = state.space.dimension
  let u = unitary.matrix.dense
  let elements = naiveProduct(naiveProduct(u, state.elements, order), naiveAdjoint(u, order), order)
  return DensityMatrix(space: state.space, elements: elements)
}

/// Householder reflection 1 - 2 |v><v| along a generic vector: a dense unitary, exact up to rounding.
func reflection(_ order: Int, shift: Double = 0) -> SparseMatrix {
  let space = HilbertSpace([.levels(order)])
  return .identity(order) - 2
    * SparseMatrix(
      rows: order, columns: order, dense: genericVector(space, shift: shift).density().elements)
}

/// Independent generic unitaries on all sites.
func localUnitary(_ space: HilbertSpace) -> Operator {
  space.sites.indices.reduce(.identity(space)) { product, site in
    product * .local(reflection(space.sites[site].dimension, shift: Double(site) + 0.5), at: site, in: space)
  }
}
