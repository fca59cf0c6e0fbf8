public import Numerics

/// What observables need of a state, whatever its representation.
///
/// A dense ``DensityMatrix`` and a state in a reduced space both answer these questions; only
/// ``density()`` builds the full matrix.
public protocol QuantumState: Sendable {
  /// Space of the state.
  var space: HilbertSpace { get }
  /// Matrix element <ket| rho |bra>, zero where a reduction proves it to vanish.
  func element(_ ket: Int, _ bra: Int) -> Complex<Double>
  /// Diagonal <a| rho |a>, `space.dimension` numbers.
  var populations: [Double] { get }
  /// tr(rho O); real when `operator` is Hermitian.
  func expectation(of operator: Operator) -> Complex<Double>
  /// State of the sites `sites` (in that order), the others traced out.
  func reduced(to sites: [Int]) -> DensityMatrix
  /// The full matrix. - Complexity: O(D^2) memory
  func density() -> DensityMatrix
}
