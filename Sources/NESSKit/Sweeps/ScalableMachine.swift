/// A Lindblad machine made of any number of like parts: what does not fit is refused with the size that would.
protocol ScalableMachine: MasterEquationMachine {
  /// Name of the parameter that is the number of parts.
  static var sizeParameter: String { get }
  /// Dimension beyond which unknowns are estimated instead of counted.
  static var largestCounted: Int { get }
  /// Number of parts.
  var size: Int { get }
  /// Dimension of the Hilbert space.
  var dimension: Int { get }
  /// Prediction for this machine cut to its first `size` parts, whether it fits or not.
  /// - Throws: ``InputError`` or ``SolverError``
  func prediction(_ request: PointRequest, size: Int) throws -> PointPlan
  /// What would have to change when not even two parts fit.
  static var otherAdvice: String { get }
}

extension ScalableMachine {
  static var largestCounted: Int { 70_000 }

  /// Predicts one point: the reduced size is counted where that is cheap and estimated otherwise.
  /// - Throws: `tooLarge` with the largest smaller machine that fits.
  public func plan(_ request: PointRequest) throws(ComputationError) -> PointPlan {
    do {
      let selected = try ObservableDefinition.select(request, from: definitions, machine: description.name)
      let limit = request.solver.availableMemory
      let plan = try prediction(request, size: size)
      if plan.bytes <= limit {
        try ObservableDefinition.checkDensity(of: selected, dimension: dimension, request)
        return plan
      }
      for parts in (2..<size).reversed() {
        let smaller = try prediction(request, size: parts)
        if smaller.bytes <= limit {
          throw SolverError.tooLarge(
            bytes: plan.bytes, limit: limit,
            advice:
              "\(Self.sizeParameter) = \(parts) would fit, with \(smaller.unknowns) unknowns in \(smaller.bytes.readableBytes)"
          )
        }
      }
      throw SolverError.tooLarge(bytes: plan.bytes, limit: limit, advice: Self.otherAdvice)
    } catch let error as InputError {
      throw .input(error)
    } catch let error as SolverError {
      throw .solver(error)
    } catch {
      throw .solver(.unavailable(reason: "\(error)"))
    }
  }

  func checkSize(_ request: PointRequest) throws(ComputationError) {
    // Small problems fit, and planning them would take longer than solving them.
    if dimension > 2000 { _ = try plan(request) }
  }
}
