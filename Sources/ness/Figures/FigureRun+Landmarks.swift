import NESSKit

extension FigureLandmark {
  /// Landmarks along one parameter of one device: their points are the same.
  struct Family: Hashable, Sendable {
    let model: String
    let state: String
    let parameter: String
    let fixed: [String: ParameterValue]
  }

  var family: Family { Family(model: model, state: state, parameter: axis.parameter, fixed: fixed) }

  /// What is needed at its points.
  func observables(reading observable: String?) -> [String] {
    terms.keys.sorted() + (observable.map { [$0] } ?? [])
  }
}

extension FigureRun {
  /// Landmarks of figures, each once, and what their points must hold. What no machine offers is left out.
  static func landmarkDemand(
    _ contents: [FigureContent], _ catalog: MachineCatalog
  ) -> ([FigureLandmark], [FigureLandmark.Family: [String]]) {
    var order: [FigureLandmark] = []
    var demand: [FigureLandmark.Family: [String]] = [:]
    for (landmark, observable) in contents.flatMap(\.quantities).flatMap(\.landmarks) {
      let needed = landmark.observables(reading: observable)
      guard
        needed.allSatisfy({
          reasonAgainst($0, model: landmark.model, state: landmark.state, catalog) == nil
        })
      else { continue }
      if !order.contains(landmark) { order.append(landmark) }
      let known = demand[landmark.family] ?? []
      demand[landmark.family] = known + needed.filter { !known.contains($0) }
    }
    return (order, demand)
  }

  /// Finds the landmarks of a figure that are not there yet.
  ///
  /// One after another: each evaluation depends on those before, and a landmark finds most of its grid computed by its family.
  mutating func findLandmarks(of content: FigureContent, didFinish: () -> Void) {
    let own = Set(content.quantities.flatMap(\.landmarks).map(\.landmark))
    for landmark in landmarks where own.contains(landmark) && evaluated[landmark] == nil {
      var visited: [FigurePoint] = []
      // An extremum cannot be located to more than about 1e-8 of its width.
      let finder = LandmarkFinder(tolerance: 1e-9)
      let found = finder.landmarks([landmark.kind], on: landmark.grid) { position -> Double? in
        let point = landmark.point(at: position)
        visited.append(point)
        return landmark.value(computed(point, landmarkDemand[landmark.family] ?? []))
      }
      values.landmarks[landmark] = found.first
      evaluated[landmark] = visited
      didFinish()
    }
  }

  /// A point with these observables, computed unless it is known.
  private mutating func computed(_ point: FigurePoint, _ observables: [String]) -> ComputedPoint {
    let known = values.points[point]
    if let known, observables.allSatisfy({ known.values[$0] != nil }) { return known }
    let all = Set(observables).union(known.map { Array($0.values.keys) } ?? []).sorted()
    let result = FigureRun.record(all, outcome(of: point, all))
    // A point that a sweep of the figure has already keeps what it has when more cannot be had.
    if result.certificate.failure == nil || known == nil { values.points[point] = result }
    return result
  }

  private func outcome(of point: FigurePoint, _ observables: [String]) -> Sweep.Outcome {
    do throws(ComputationError) {
      let machine: any Machine
      do throws(InputError) {
        machine = try catalog.kind(named: point.model).make(point.parameters)
      } catch { throw .input(error) }
      return .success(try machine.compute(PointRequest(state: point.state, observables: observables)))
    } catch { return .failure(error) }
  }
}
