import Foundation
import NESSKit

/// Heat through two coupled qubits: the whole route from operators to a certified steady state.
@main
struct HeatTransport {
  static func main() throws {
    let model = TwoQubits()
    let generator = try model.generator()

    // One call: reduction to the elements that matter, factorization, verification. It throws when the steady state is not
    // unique, and when the result misses its certificate.
    let steady = try SteadyStateSolver().solve(generator)
    let thermodynamics = try Thermodynamics(of: generator, in: steady.state, stationary: true)

    let expected = model.closedForm()
    var worst = 0.0
    func report(_ name: String, _ value: Double, closedForm: Double) {
      worst = max(worst, abs(value - closedForm))
      print("  \(name)  \(value)  closed form \(closedForm)")
    }
    print("populations")
    for (state, population) in steady.state.populations.enumerated() {
      let levels = generator.space.digits(of: state).map(String.init).joined()
      report("|\(levels)>", population, closedForm: expected.populations[state])
    }
    print("heat currents into the qubits")
    for (flow, heat) in zip(thermodynamics.flows, expected.heat) {
      report(flow.bath.name, flow.heat, closedForm: heat)
    }
    print("entropy production  \(thermodynamics.entropyProduction ?? .nan)")
    print("first law residual  \(thermodynamics.firstLawResidual)")
    show(steady.certificate)

    // Rounding of 1e-16, times the condition number of about 10 that the certificate shows, with room for another BLAS.
    let tolerance = 1e-13
    guard worst <= tolerance else {
      FileHandle.standardError.write(
        Data("the closed form must hold to \(tolerance), but is missed by \(worst)\n".utf8))
      exit(1)
    }
    print("closed form holds to \(worst)")
  }

  private static func show(_ certificate: Certificate) {
    print("certificate")
    print("  method               \(certificate.method)")
    print("  unknowns             \(certificate.unknowns) of \(certificate.unknownsFull)")
    print("  max |L rho|          \(certificate.residual)")
    print("  trace defect         \(certificate.traceDefect)")
    print("  smallest eigenvalue  \(certificate.minEigenvalue ?? .nan)")
    print("  reciprocal condition \(certificate.reciprocalCondition ?? .nan)")
    let unique = certificate.unique.map { $0 ? "yes" : "no" } ?? "not examined"
    print("  unique               \(unique) (\(certificate.uniquenessMethod))")
  }
}
