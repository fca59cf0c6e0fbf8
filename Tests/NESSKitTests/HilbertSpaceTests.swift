import NESSKit
import Testing

@Suite("Hilbert spaces")
struct HilbertSpaceTests {
  @Test("site 0 is the slowest digit and indices invert digits")
  func digits() {
    let space = HilbertSpace([.clock(positions: 3), .qubit, .rotor(levels: -1...2)])
    #expect(space.dimension == 24)
    #expect(space.strides == [8, 4, 1])
    for index in 0..<space.dimension { #expect(space.index(of: space.digits(of: index)) == index) }
    #expect(space.digits(of: 13) == [1, 1, 1])
  }

  @Test("a restriction keeps exactly the states of its predicate")
  func restriction() {
    let space = HilbertSpace([.qubit, .qubit, .qubit, .qubit]).restricted { $0.reduce(0, +) == 2 }
    #expect(space.dimension == 6)
    for index in 0..<6 {
      #expect(space.digits(of: index).reduce(0, +) == 2)
      #expect(space.index(of: space.digits(of: index)) == index)
    }
    #expect(space.index(of: [1, 1, 1, 0]) == nil)
  }
}
