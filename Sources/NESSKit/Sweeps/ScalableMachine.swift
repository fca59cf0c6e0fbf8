/// A Lindblad machine made of any number of like parts: what does not fit is refused with the size that would.
protocol ScalableMachine: MasterEquationMachine {
  /// Name of the parameter that is the number of parts.
  static var sizeParameter: String { get }
  /// Dimension beyond which unknowns are estimated instead of counted.
  static var largestCounted: Int { get }
  /// Number of parts.
  var size: Int { get }
  /// Levels of one part.
  var levels: Int { get }
  /// Dimension of the Hilbert space.
  var dimension: Int { get }
  /// Prediction for this machine cut to its first `size` parts, whether it fits or not.
  /// - Throws: ``InputError`` or ``SolverError``
  func prediction(_ request: PointRequest, size: Int) throws -> PointPlan
  /// What would have to change when not even two parts fit; nil when nothing would help.
  static var otherAdvice: String? { get }
}

extension ScalableMachine {
  static var largestCounted: Int { 70_000 }

  /// Predicts one point: the reduced size is counted where that is cheap and estimated otherwise.
  /// - Throws: `tooLarge` with the largest smaller machine that fits.
  public func plan(_ request: PointRequest) throws(ComputationError) -> PointPlan {
    do {
      return try fittingPlan(request, size: size)
    } catch .solver(.tooLarge(let bytes, let limit, let advice)) {
      throw refusal(of: request, bytes: bytes, limit: limit, advice: advice)
    }
  }

  /// Predicts one point for the first `size` parts.
  /// - Throws: `tooLarge`, which says nothing of other sizes.
  private func fittingPlan(_ request: PointRequest, size: Int) throws(ComputationError) -> PointPlan {
    do {
      let selected = try ObservableDefinition.select(request, from: definitions, machine: description.name)
      let limit = request.solver.availableMemory
      var plan = try prediction(request, size: size)
      guard plan.bytes <= limit else {
        throw SolverError.tooLarge(bytes: plan.bytes, limit: limit, advice: "")
      }
      plan.observables = try ObservableDefinition.plans(
        of: selected, dimension: dimension(ofSize: size), levelSum: size * levels, request)
      return plan
    } catch let error as InputError {
      throw .input(error)
    } catch let error as SolverError {
      throw .solver(error)
    } catch {
      throw .solver(.unavailable(reason: "\(error)"))
    }
  }

  /// The refusal of this size, with the largest smaller one that fits.
  private func refusal(of request: PointRequest, bytes: Int, limit: Int, advice: String) -> ComputationError {
    var parts = advice.isEmpty ? [] : [advice]
    let smaller = (2..<size).reversed().lazy.compactMap { size in
      (try? fittingPlan(request, size: size)).map { (size: size, plan: $0) }
    }.first
    if let (size, plan) = smaller {
      parts.append(
        "\(Self.sizeParameter) = \(size) would fit, with \(plan.unknowns) unknowns in \(plan.bytes.readableBytes)"
      )
    } else {
      if size > 2 { parts.append("not even \(Self.sizeParameter) = 2 would fit") }
      if let other = Self.otherAdvice { parts.append(other) }
    }
    if parts.isEmpty { parts = ["there is no smaller machine"] }
    return .solver(.tooLarge(bytes: bytes, limit: limit, advice: parts.joined(separator: "; ")))
  }

  private func dimension(ofSize size: Int) -> Int {
    (0..<size).reduce(1) { product, _ in product * levels }
  }

  func checkSize(_ request: PointRequest) throws(ComputationError) {
    // Small problems fit, and planning them would take longer than solving them.
    if dimension > 2000 { _ = try plan(request) }
  }

  func advised(_ refused: SolverError, of request: PointRequest) -> ComputationError {
    guard case .tooLarge(let bytes, let limit, let advice) = refused else { return .solver(refused) }
    do { _ = try plan(request) } catch .solver(.tooLarge(let bytes, let limit, let advice)) {
      return .solver(.tooLarge(bytes: bytes, limit: limit, advice: advice))
    } catch {}
    // The prediction fell short of what the solver found.
    return refusal(of: request, bytes: bytes, limit: limit, advice: advice)
  }
}
