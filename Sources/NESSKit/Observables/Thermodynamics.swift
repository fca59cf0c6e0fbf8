internal import Numerics

/// Heat, work and entropy production of a state under a Lindblad generator.
///
/// Q_k = tr(H_0 D_k rho) and W_k = tr((H - H_0) D_k rho), positive into the system, with H_0 the bare Hamiltonian. The first law
/// reads d<H>/dt = sum_k (Q_k + W_k); the second law, for baths that thermalize H_0, Sigma = dS/dt - sum_k beta_k Q_k >= 0
/// (H. Spohn, J. Math. Phys. 19, 1227 (1978)).
public struct Thermodynamics: Sendable, Equatable {
  /// Energy flows of one bath.
  public struct Flow: Sendable, Equatable {
    /// The bath.
    public let bath: Bath
    /// Heat current tr(H_0 D_k rho), energy per time, positive into the system.
    public let heat: Double
    /// Power tr((H - H_0) D_k rho), energy per time, positive into the system.
    public let work: Double
  }

  /// Energy flows, in the order of the generator's baths.
  public let flows: [Flow]
  /// d<H>/dt = tr(H L rho), from all dissipators together; zero in a steady state.
  public let energyChange: Double
  /// dS/dt = -tr(L rho ln rho) in nats per time; zero in a steady state, nil when not computed.
  public let entropyChange: Double?

  /// Sum of heat and work minus the change of energy; zero up to rounding.
  public var firstLawResidual: Double { flows.reduce(-energyChange) { $0 + $1.heat + $1.work } }

  /// Entropy production rate Sigma = dS/dt - sum_k beta_k Q_k in nats per time, over the baths that have a temperature;
  /// nil when the change of entropy is not known.
  public var entropyProduction: Double? {
    entropyChange.map { change in
      flows.reduce(change) { $0 - ($1.bath.inverseTemperature ?? 0) * $1.heat }
    }
  }

  /// Evaluates the flows in a state.
  ///
  /// - Parameters:
  ///   - generator: Hamiltonian and baths.
  ///   - state: Any state; it need not be stationary.
  ///   - stationary: Whether the state is a steady state of the generator, for which dS/dt = 0. Otherwise the change of entropy
  ///     is computed from the full density matrix; it is infinite for a state without full rank whose kernel gains weight.
  public init(
    of generator: LindbladGenerator, in state: some QuantumState, stationary: Bool
  ) throws(ObservableError) {
    let bare = generator.bareHamiltonian
    let rest = Operator(
      space: bare.space, matrix: (generator.hamiltonian.matrix - bare.matrix).dropping(below: 0))
    flows = generator.baths.map { bath in
      Flow(
        bath: bath,
        heat: state.expectation(of: generator.adjointDissipator(of: bath, on: bare)).real,
        work: state.expectation(of: generator.adjointDissipator(of: bath, on: rest)).real)
    }
    // The Hamiltonian part of the generator does not change its own mean, and squaring H costs more than all the rest.
    let change = generator.dissipation().adjointApplied(to: generator.hamiltonian.matrix)
    energyChange = state.expectation(of: Operator(space: bare.space, matrix: change)).real
    if stationary {
      entropyChange = 0
    } else {
      do { entropyChange = try Self.entropyChange(generator.terms(), state.density()) } catch {
        throw .kernel(error)
      }
    }
  }

  private static func entropyChange(_ terms: GeneratorTerms, _ state: DensityMatrix) throws(KernelError)
    -> Double
  {
    let dimension = terms.dimension
    let change = try terms.applied(to: state.elements)
    let (values, vectors) = try DenseEigen.hermitian(state.elements, order: dimension, vectors: true)
    let rotated = try denseMultiply(change, vectors, rows: dimension, inner: dimension, columns: dimension)
    let scale = change.reduce(0) { max($0, $1.length) }
    var sum = 0.0
    for k in 0..<dimension {
      var weight = Complex<Double>.zero
      for a in 0..<dimension { weight += vectors[a + k * dimension].conjugate * rotated[a + k * dimension] }
      // Eigenvalues at rounding level stand for a kernel; where weight flows into it the derivative diverges.
      if values[k] > 1e-15 {
        sum -= weight.real * Double.log(values[k])
      } else if weight.real > 1e-12 * scale {
        return .infinity
      }
    }
    return sum
  }
}
