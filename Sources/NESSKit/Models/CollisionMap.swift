internal import Numerics

/// One collision of two qubits and a rotor with fresh ancillas, and the load that follows it, on the sector of zero charge.
///
/// The unitary of system and ancillas conserves n1 + k1 - l and n2 + k2 + l. In resonance a block of it has energies that depend on l alone,
/// 2 (B1 - B2) l + l^2/(2I) up to a constant, beside the couplings. Both maps are kept as their difference from the identity, so that short
/// times cancel nothing.
public struct CollisionMap: Sendable {
  /// The device.
  public let device: QubitRotor
  /// Collisions.
  public let collisions: QubitRotorCollisions
  /// Levels of the ancillas.
  public let ancillaLevels: (first: Int, second: Int)
  /// Phi - 1 on the unknowns of a ``QubitRotorState``.
  public let collision: RealSparseMatrix
  /// exp(L_r tau) - 1 on the same unknowns.
  public let load: RealSparseMatrix

  /// Computes the map.
  ///
  /// - Parameters:
  ///   - device: The device; its master equation is of no importance.
  ///   - collisions: Duration and ancillas.
  ///   - threads: Threads; the result does not depend on it.
  ///   - memoryLimit: Largest accepted memory in bytes; nil means what the machine has.
  /// - Throws: `unavailable` where an ancilla needs too many levels, `tooLarge`, or what a kernel reports.
  /// - Complexity: rotor levels x levels of both ancillas, times the square of the levels that one collision connects
  public init(
    of device: QubitRotor, by collisions: QubitRotorCollisions, threads: Int = 1, memoryLimit: Int? = nil
  ) throws(SolverError) {
    self.device = device
    self.collisions = collisions
    let kernel = try Self.kernel(device, collisions)
    ancillaLevels = (kernel.weights.first.count, kernel.weights.second.count)
    _ = try Self.predictedCost(of: device, by: collisions, memoryLimit: memoryLimit)
    let weights = Self.traceWeights(levels: device.levels.count)
    do {
      let map = try kernel.matrix(threads: threads)
      collision = (map - .identity(map.rows)).conserving(weights, within: 1e-12)
      load = try Self.load(on: device, for: collisions.duration).conserving(weights, within: 1e-12)
    } catch { throw .kernel(error) }
  }

  /// 1 for populations, 0 for coherences.
  static func traceWeights(levels: Int) -> [Double] {
    (0..<(6 * levels - 2)).map { $0 % 6 < 4 ? 1 : 0 }
  }

  static func kernel(
    _ device: QubitRotor, _ collisions: QubitRotorCollisions
  ) throws(SolverError) -> ExchangeKernel {
    let time = collisions.duration
    return ExchangeKernel(
      diagonal: device.levels.map {
        time * (2 * (device.first.field - device.second.field) * Double($0) + device.rotorEnergy($0))
      }, hop: time * device.interaction,
      couplings: (
        device.first.coupling * time.squareRoot(), device.second.coupling * time.squareRoot()
      ),
      weights: (try collisions.weights(of: device.first), try collisions.weights(of: device.second)))
  }

  /// The load moves all four populations of a level alike, and real and imaginary parts of coherences.
  private static func load(
    on device: QubitRotor, for time: Double
  ) throws(KernelError) -> RealSparseMatrix {
    let count = device.levels.count
    var entries: [(row: Int, column: Int, value: Double)] = []
    guard device.friction > 0 else { return .zero(rows: 6 * count - 2, columns: 6 * count - 2) }
    var rates = [Double](repeating: 0, count: count * count)
    for (place, level) in device.levels.enumerated() {
      let (up, down) = (device.raisingRate(of: level), device.loweringRate(of: level))
      if place + 1 < count { rates[place + 1 + place * count] = time * up }
      if place > 0 { rates[place - 1 + place * count] = time * down }
      rates[place * (count + 1)] = -time * (up + down)
    }
    let populations = try exponentialMinusOne(rates, order: count)
    let pairs = count - 1
    rates = [Double](repeating: 0, count: pairs * pairs)
    for (place, level) in device.levels.dropLast().enumerated() {
      let (up, down, loss) = device.coherenceRates(of: level)
      if place + 1 < pairs { rates[place + 1 + place * pairs] = time * up }
      if place > 0 { rates[place - 1 + place * pairs] = time * down }
      rates[place * (pairs + 1)] = -time * loss
    }
    let coherences = try exponentialMinusOne(rates, order: pairs)
    for (matrix, order, slots) in [(populations, count, 0..<4), (coherences, pairs, 4..<6)] {
      for column in 0..<order {
        for row in 0..<order where abs(matrix[row + column * order]) > Self.negligible {
          for slot in slots {
            entries.append((6 * row + slot, 6 * column + slot, matrix[row + column * order]))
          }
        }
      }
    }
    return RealSparseMatrix(rows: 6 * count - 2, columns: 6 * count - 2, entries: entries)
  }

  /// Probabilities per collision that are left out, which keeps the band of the generator.
  static let negligible = 1e-24

  /// The state after a collision, before the load acts.
  public func collided(_ state: QubitRotorState) -> QubitRotorState { changed(state, by: collision) }

  /// The state after the load has acted for the duration of a collision.
  public func loaded(_ state: QubitRotorState) -> QubitRotorState { changed(state, by: load) }

  private func changed(_ state: QubitRotorState, by matrix: RealSparseMatrix) -> QubitRotorState {
    QubitRotorState(
      of: device, unknowns: zip(state.unknowns, matrix.applied(to: state.unknowns)).map { $0 + $1 })
  }

  /// What rounding leaves of the elements of the generator, which are differences of elements of maps that are of order one.
  var generatorError: Double { 4 * Double.ulpOfOne / collisions.duration }

  /// (Phi_load Phi - 1)/tau, a generator with the fixed points of the map as its steady states.
  func generator() -> RealSparseMatrix {
    let order = collision.rows
    var entries: [(row: Int, column: Int, value: Double)] = []
    collision.forEachEntry { row, column, value in
      for entry in load.starts[row]..<load.starts[row + 1] {
        entries.append((load.indices[entry], column, load.values[entry] * value))
      }
    }
    let product = RealSparseMatrix(rows: order, columns: order, entries: entries)
    return ((product + collision + load) / collisions.duration)
      .dropping(below: Self.negligible / collisions.duration)
      .conserving(Self.traceWeights(levels: device.levels.count), within: 1e-12 / collisions.duration)
  }
}

extension CollisionMap {
  /// What a map costs: levels that it connects, bytes and rough seconds on one thread.
  /// - Throws: `tooLarge`, or `unavailable` where it would take days.
  static func predictedCost(
    of device: QubitRotor, by collisions: QubitRotorCollisions, memoryLimit: Int?
  ) throws(SolverError) -> (radius: Int, bytes: Int, seconds: Double) {
    let kernel = try kernel(device, collisions)
    let (radius, levels) = (kernel.radius, device.levels.count)
    // The dense matrices that the load takes, and the entries of all maps.
    let size = Double(levels)
    let bytes = Int(min(64 * size * size + 36 * 40 * size * (2 * Double(radius) + 2), 9e18))
    let limit = memoryLimit ?? SystemMemory.physical
    guard bytes <= limit else {
      throw .tooLarge(bytes: bytes, limit: limit, advice: "a window of fewer rotor levels would fit")
    }
    var (pairs, coupling, load) = (1.0, abs(kernel.hop), 0.0)
    for (weights, strength) in [
      (kernel.weights.first, kernel.couplings.first), (kernel.weights.second, kernel.couplings.second),
    ] {
      pairs *= Double(weights.count)
      coupling += strength * (Double(weights.count) / 3).squareRoot()
    }
    // Weights that fall to rounding leave out the corner of pairs whose product is negligible.
    if collisions.ancillaLevels == nil { pairs *= 0.7 }
    var work = 0.0
    for place in 0..<levels {
      let window = kernel.diagonal[max(0, place - radius)...min(levels - 1, place + radius)]
      let half = ((window.max() ?? 0) - (window.min() ?? 0)) / 2
      let terms = 25 + 1.1 * (half + coupling)
      work += 4 * pairs * terms * min(Double(window.count), terms / 3)
    }
    // Two dense exponentials.
    if device.friction > 0 { load = size * size * size * secondsOfLoad }
    let seconds = 1e-3 + work * secondsPerCell + load
    guard seconds <= longest else {
      throw .unavailable(
        reason:
          "collisions of duration \(collisions.duration) with \(kernel.weights.first.count) and \(kernel.weights.second.count) ancilla levels would take more than a day: shorter ones, fewer levels or a smaller window would not"
      )
    }
    return (radius, bytes, seconds)
  }

  /// Seconds of one term of the expansion on four matrix elements, measured on one core.
  private static let secondsPerCell = 1.5e-9
  /// Seconds of the exponentials of the load, times the cube of the number of levels; measured on one core.
  private static let secondsOfLoad = 8e-9
  /// Seconds beyond which a map is refused.
  private static let longest = 86_400.0
}

extension QubitRotor {
  /// What the load does to the coherence between level l of |01> and level l + 1 of |10>: rates to the next higher and the next lower
  /// pair, for both partners jump together, and its decay. Jumps of one partner out of the window do not happen.
  func coherenceRates(of level: Int) -> (up: Double, down: Double, loss: Double) {
    func factor(_ level: Int, _ sign: Double) -> Double { 1 + sign * kappa * Double(level) }
    let loss =
      raisingRate(of: level) + loweringRate(of: level) + raisingRate(of: level + 1)
      + loweringRate(of: level + 1)
    return (
      level + 1 < levels.upperBound ? loadRate * factor(level, -1) * factor(level + 1, -1) : 0,
      level > levels.lowerBound ? loadRate * factor(level, 1) * factor(level + 1, 1) : 0, loss / 2
    )
  }
}
