internal import Numerics

/// A Hermitian operator with the elements of the sector: diagonal ones and those between |01,l> and |10,l+1>.
private struct PairedOperator {
  /// `diagonal[2 n1 + n2][l - lmin]`.
  var diagonal: [[Double]]
  /// <01,l| O |10,l+1>.
  var coherences: [Complex<Double>]

  /// The operator on the space of a device.
  func full(on device: QubitRotor) -> Operator {
    let count = device.levels.count
    var entries: [(row: Int, column: Int, value: Complex<Double>)] = []
    for (state, value) in diagonal.joined().enumerated() { entries.append((state, state, Complex(value))) }
    for (level, value) in coherences.enumerated() {
      let (ket, bra) = (count + level, 2 * count + level + 1)
      entries += [(ket, bra, value), (bra, ket, value.conjugate)]
    }
    return Operator(
      space: device.space, matrix: SparseMatrix(rows: 4 * count, columns: 4 * count, entries: entries))
  }
}

extension QubitRotorFlows {
  /// dS/dt = -tr(L rho ln rho), nats per time; infinite where a state without full rank gains rank. Zero in a steady state.
  ///
  /// Exact for states without coherence but ``coherences``. The unitary part changes no entropy and is left out.
  /// - Throws: ``ObservableError`` for a state that is not positive.
  public func entropyChange() throws(ObservableError) -> Double {
    _ = try clipped(sectorEigenvalues)
    // Eigenvalues at rounding level stand for a kernel. Where a share of all jumps leads into it the derivative diverges; what rounding
    // and the errors of an evolution feed it with is too little to matter.
    let kernel = function { $0 > Self.roundingEigenvalue ? 0 : 1 }
    let rates = [device.first, device.second].reduce(2 * device.loadRate) {
      $0 + $1.raisingRate + $1.loweringRate
    }
    if dissipated(kernel) > 1e-9 * rates { return .infinity }
    return -dissipated(function { .log(max($0, Self.roundingEigenvalue)) })
  }

  /// Entropy production rate in any state, dS/dt - beta_1 Q_1 - beta_2 Q_2 + tr(L_r rho ln pi), nats per time, with the distribution pi that the
  /// load leads to (``entropyProduction``). Never negative, since every bath alone leads to its own equilibrium (H. Spohn, J. Math. Phys. 19,
  /// 1227 (1978)); infinite where ``entropyChange()`` is.
  ///
  /// Levels that the load leaves in one direction only, as l = 1/kappa, count as if both jumps were alike.
  /// - Throws: ``ObservableError`` for a state that is not positive.
  public func transientEntropyProduction() throws(ObservableError) -> Double {
    try entropyChange() + entropyProduction
  }

  private static var roundingEigenvalue: Double { 1e-15 }

  /// Eigenvalues of the state, from blocks of one and two states.
  var sectorEigenvalues: [Double] {
    let last = device.levels.count - 1
    return populations[0] + populations[3] + [populations[1][last], populations[2][0]]
      + pairs.flatMap(\.eigenvalues)
  }

  /// The blocks of |01,l> and |10,l+1>.
  private var pairs: [HermitianPair] {
    coherences.enumerated().map { level, coherence in
      HermitianPair(
        first: populations[1][level], second: populations[2][level + 1], coherence: coherence)
    }
  }

  /// f(rho).
  private func function(_ f: (Double) -> Double) -> PairedOperator {
    let last = device.levels.count - 1
    let pairs = pairs.map { $0.function(f) }
    return PairedOperator(
      diagonal: [
        populations[0].map(f), pairs.map(\.first) + [f(populations[1][last])],
        [f(populations[2][0])] + pairs.map(\.second), populations[3].map(f),
      ], coherences: pairs.map(\.coherence))
  }

  /// tr(O D rho) with the dissipation D of both baths and the load.
  private func dissipated(_ observable: PairedOperator) -> Double {
    (0..<2).reduce(dissipatedByLoad(observable)) { sum, number in
      if let flow = secularFlow(of: observable.full(on: device), fromQubit: number) { return sum + flow }
      return sum + dissipatedLocally(observable, byQubit: number)
    }
  }

  /// 2 Re sum_l O_l^* c_l rates[l].
  private func decay(_ observable: PairedOperator, _ rate: (Int) -> Double) -> Double {
    coherences.indices.reduce(0) { sum, level in
      sum + 2 * rate(level) * (observable.coherences[level].conjugate * coherences[level]).real
    }
  }

  private func dissipatedLocally(_ observable: PairedOperator, byQubit number: Int) -> Double {
    let qubit = number == 0 ? device.first : device.second
    let bit = number == 0 ? 2 : 1
    var sum = decay(observable) { _ in -(qubit.raisingRate + qubit.loweringRate) / 2 }
    for ground in 0..<4 where ground & bit == 0 {
      for level in populations[ground].indices {
        let gain = observable.diagonal[ground + bit][level] - observable.diagonal[ground][level]
        sum +=
          gain
          * (qubit.raisingRate * populations[ground][level]
            - qubit.loweringRate * populations[ground + bit][level])
      }
    }
    return sum
  }

  private func dissipatedByLoad(_ observable: PairedOperator) -> Double {
    var sum = (0..<4).reduce(0) { $0 + loadFlow(observable.diagonal[$1], populations[$1]) }
    let rates = device.levels.dropLast().map(device.coherenceRates)
    sum += decay(observable) { -rates[$0].loss }
    for level in coherences.indices {
      // Both partners of a pair jump together, so that the coherence goes on to the next pair.
      if level + 1 < coherences.count {
        sum +=
          2 * rates[level].up * (observable.coherences[level + 1].conjugate * coherences[level]).real
      }
      if level > 0 {
        sum +=
          2 * rates[level].down * (observable.coherences[level - 1].conjugate * coherences[level]).real
      }
    }
    return sum
  }
}
