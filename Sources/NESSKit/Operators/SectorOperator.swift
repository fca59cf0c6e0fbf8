package import Numerics

/// A Hermitian operator within a symmetry sector: one row per orbit of basis states, which stands for the normalized sum of its
/// members. Nothing of the size of a matrix on the full space is stored.
public struct SectorOperator: Sendable, Equatable {
  /// Matrix elements between the orbit sums; real ones are kept apart because they take half the memory and a quarter of the work.
  package enum Matrix: Sendable, Equatable {
    case real(RealSparseMatrix)
    case complex(SparseMatrix)
  }

  /// Full space.
  public let space: HilbertSpace
  /// Matrix elements, `dimension` x `dimension`.
  package let matrix: Matrix
  /// Row of every basis state of the full space, -1 for those outside the sector.
  package let rows: [Int]
  /// Amplitude 1/sqrt(members) of every member of an orbit in its normalized sum, one number per row.
  package let weights: [Double]

  /// Creates a sector from matrix elements between orbit sums that are already normalized.
  package init(space: HilbertSpace, matrix: Matrix, rows: [Int], weights: [Double]) {
    precondition(
      rows.count == space.dimension, "need a row for \(space.dimension) states, but got \(rows.count)")
    self.space = space
    self.matrix = matrix
    self.rows = rows
    self.weights = weights
  }

  /// Number of orbits.
  public var dimension: Int { weights.count }

  /// Stored matrix elements.
  public var nonzeros: Int {
    switch matrix {
    case .real(let matrix): matrix.nonzeros
    case .complex(let matrix): matrix.nonzeros
    }
  }

  /// Matrix elements as complex numbers.
  package var complexMatrix: SparseMatrix {
    switch matrix {
    case .real(let matrix): SparseMatrix(matrix)
    case .complex(let matrix): matrix
    }
  }

  /// The vector on the full space that has the given components along the orbit sums.
  package func expanded(_ components: [Complex<Double>]) -> StateVector {
    StateVector(
      space: space,
      amplitudes: rows.map { $0 < 0 ? .zero : components[$0].multiplied(by: weights[$0]) })
  }

  /// Interval that holds all eigenvalues in the sector (Gershgorin).
  /// - Complexity: O(nonzeros)
  package var spectralBounds: ClosedRange<Double> {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    func visit(_ starts: [Int], _ indices: [Int], _ value: (Int) -> (real: Double, length: Double)) {
      for column in 0..<dimension {
        var (centre, radius) = (0.0, 0.0)
        for entry in starts[column]..<starts[column + 1] {
          let number = value(entry)
          if indices[entry] == column { centre = number.real } else { radius += number.length }
        }
        lowest = min(lowest, centre - radius)
        highest = max(highest, centre + radius)
      }
    }
    switch matrix {
    case .real(let matrix):
      visit(matrix.starts, matrix.indices) { (matrix.values[$0], abs(matrix.values[$0])) }
    case .complex(let matrix):
      visit(matrix.starts, matrix.indices) { (matrix.values[$0].real, matrix.values[$0].length) }
    }
    return lowest...max(lowest, highest)
  }

  /// Whether Perron and Frobenius promise a unique lowest state with positive components: all off-diagonal elements real and
  /// <= 0, and every orbit reachable from every other.
  /// - Complexity: O(nonzeros)
  package var hasPositiveGroundState: Bool {
    guard case .real(let matrix) = matrix else { return false }
    for column in 0..<dimension {
      for entry in matrix.starts[column]..<matrix.starts[column + 1] {
        // A stored zero would connect nothing, but would count as a link below.
        if matrix.indices[entry] != column && !(matrix.values[entry] < 0) { return false }
      }
    }
    return matrix.components().count == 1
  }
}
