extension GeneratorTerms {
  /// Classes of basis states between which a steady state has no coherence: the finest partition such that matrices without elements
  /// between classes stay so under the generator. Every symmetry that is diagonal in the basis is found this way.
  ///
  /// K keeps a state's class. A term A rho B^+ may take a class to another, but A and B must take all of it to the same one.
  /// - Returns: Classes with their states ascending, in the order of their first states.
  /// - Complexity: O(nonzeros × number of merging rounds)
  package func coherenceClasses() -> [[Int]] {
    var sets = coherenceSets()
    return sets.classes
  }

  /// Elements of a matrix without any between classes of ``coherenceClasses()``: the sum of the squares of their sizes.
  func coherentElements() -> Double {
    var sets = coherenceSets()
    return sets.sizes.reduce(0) { $0 + Double($1) * Double($1) }
  }

  private func coherenceSets() -> DisjointSets {
    var sets = DisjointSets(count: dimension)
    drift.forEachEntry { row, column, value in
      if value != .zero { sets.unite(row, column) }
    }
    var isStable = jumps.isEmpty
    while !isStable {
      isStable = true
      for pair in jumps {
        var targets = [Int](repeating: -1, count: dimension)
        for matrix in [pair.left, pair.right ?? pair.left] {
          matrix.forEachEntry { row, column, value in
            guard value != .zero else { return }
            let source = sets.representative(of: column)
            if targets[source] < 0 {
              targets[source] = row
            } else if sets.unite(targets[source], row) {
              isStable = false
            }
          }
        }
      }
    }
    return sets
  }
}

/// Union-find over 0..<count.
struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func representative(of element: Int) -> Int {
    var root = element
    while parents[root] != root {
      parents[root] = parents[parents[root]]
      root = parents[root]
    }
    return root
  }

  /// Size of the set of every first element, 0 for others.
  var sizes: [Int] {
    mutating get {
      var sizes = [Int](repeating: 0, count: parents.count)
      for element in parents.indices { sizes[representative(of: element)] += 1 }
      return sizes
    }
  }

  /// The sets one behind the other, each ascending, in the order of their first elements, and where each begins.
  var members: (starts: [Int], elements: [Int]) {
    mutating get {
      var starts = [0]
      var places = [Int](repeating: 0, count: parents.count)
      for (first, size) in sizes.enumerated() where size > 0 {
        places[first] = starts[starts.count - 1]
        starts.append(starts[starts.count - 1] + size)
      }
      var elements = [Int](repeating: 0, count: parents.count)
      for element in parents.indices {
        // The first element represents a set.
        let root = representative(of: element)
        elements[places[root]] = element
        places[root] += 1
      }
      return (starts, elements)
    }
  }

  /// The sets, each ascending, in the order of their first elements.
  var classes: [[Int]] {
    mutating get {
      let (starts, elements) = members
      return zip(starts, starts.dropFirst()).map { Array(elements[$0..<$1]) }
    }
  }

  /// Whether the two were apart.
  @discardableResult
  mutating func unite(_ first: Int, _ second: Int) -> Bool {
    let (a, b) = (representative(of: first), representative(of: second))
    // The smaller index leads, so that the result does not depend on the order of merging.
    parents[max(a, b)] = min(a, b)
    return a != b
  }
}
