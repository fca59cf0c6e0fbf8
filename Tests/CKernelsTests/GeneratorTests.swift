import CNESSKernels
import Testing

@Suite("Generators on dense matrices")
struct GeneratorTests {
  @Test(
    "L rho is the definition, for pairs A != B, with and without classical rates",
    arguments: [(1, 1), (2, 0), (5, 1), (5, 3), (9, 2)], [false, true])
  func apply(shape: (order: Int, jumps: Int), rates: Bool) {
    var random = Random(seed: 21)
    let terms = Terms(
      charges: .init(repeating: 0, count: shape.order), jumps: 1, density: 0.7, rates: rates,
      hermitian: false, &random)
    // All charges equal admit the shift 0 only, so further pairs are made one by one.
    (terms.left, terms.right) = ([], [])
    for _ in 0..<shape.jumps {
      terms.left.append(Matrix(rows: shape.order, columns: shape.order, density: 0.7, &random))
      terms.right.append(Matrix(rows: shape.order, columns: shape.order, density: 0.7, &random))
    }
    let rho = Matrix(rows: shape.order, columns: shape.order, density: 1, &random)
    var out = Matrix(rows: shape.order, columns: shape.order, density: 1, &random)
    #expect(terms.withTerms { ness_terms_apply($0, rho.elements, &out.elements) } == .ok)
    let expected = terms.applied(to: rho)
    // At most 2 * 9 + 2 * 81 + 9 products of numbers below 3 in modulus.
    #expect(distance(out.elements, expected.elements) < 200 * 9 * 0x1p-52)
    #expect(expected.elements.contains { $0.length > 0.1 })

    let vectors = (0..<4).map { _ in random.complexes(shape.order) }
    var value = ness_complex.zero
    #expect(
      terms.withTerms { ness_terms_form($0, vectors[0], vectors[1], vectors[2], vectors[3], &value) } == .ok)
    var outer = Matrix(rows: shape.order, columns: shape.order)
    for a in 0..<shape.order {
      for b in 0..<shape.order { outer[a, b] = vectors[1][a] * vectors[2][b].conjugate }
    }
    let image = terms.applied(to: outer)
    var form = ness_complex.zero
    for a in 0..<shape.order {
      for b in 0..<shape.order { form = form + vectors[0][a].conjugate * image[a, b] * vectors[3][b] }
    }
    #expect((value - form).length < 81 * 200 * 9 * 0x1p-52)
    #expect(form.length > 1e-3)
  }

  @Test("matrices of another order are refused")
  func shapes() {
    var random = Random(seed: 22)
    let terms = Terms(charges: [0, 0, 0], jumps: 1, hermitian: false, &random)
    var out = [ness_complex](repeating: .one, count: 9)
    for broken in 0..<4 {
      let status = terms.withTerms { pointer in
        var copy = pointer.pointee
        var wrong = copy.drift
        wrong.rows = 2
        var wrongRates = copy.rates!.pointee
        wrongRates.columns = 2
        return withUnsafePointer(to: wrong) { wrong in
          withUnsafePointer(to: wrongRates) { wrongRates in
            switch broken {
            case 0: copy.drift = wrong.pointee
            case 1: copy.left = wrong
            case 2: copy.right = wrong
            default: copy.rates = wrongRates
            }
            return ness_terms_apply(&copy, [ness_complex](repeating: .one, count: 9), &out)
          }
        }
      }
      #expect(status == .invalidArgument)
    }
    #expect(out.allSatisfy { $0 == .one })
  }

  @Test("a failing workspace is reported", .enabled(if: faultInjection))
  func faults() throws {
    var random = Random(seed: 23)
    let terms = Terms(charges: [0, 0, 0], jumps: 1, hermitian: false, &random)
    var out = [ness_complex](repeating: .zero, count: 9)
    let rho = random.complexes(9)
    let count = allocationsThatFailCleanly { terms.withTerms { ness_terms_apply($0, rho, &out) } }
    #expect(try #require(count) == 1)
  }
}
