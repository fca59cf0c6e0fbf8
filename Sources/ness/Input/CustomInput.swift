import Foundation
import NESSKit

/// The system of `model = "custom"`: texts of Matrix Market files and what they mean.
struct CustomInput {
  struct Jump {
    let path: String
    let text: String
    let rate: Double
    let bath: String?
  }
  struct Bath {
    let name: String
    let beta: Double
  }
  struct Observable {
    let name: String
    let path: String
    let text: String
  }

  let dimensions: [Int]
  let hamiltonian: String
  let jumps: [Jump]
  let baths: [Bath]
  let observables: [Observable]
  /// Files of the matrices that do not stand in the input file, by key.
  private let sources: [String: URL]
  var files: [URL] { Array(sources.values) }

  init(_ document: InputDocument, _ node: TOMLNode) throws(Failure) {
    let section = try Section(
      document, "custom", node, keys: ["dimensions", "hamiltonian", "jump", "bath", "observable"])
    let sizes = "a list of whole numbers of at least 1, the dimension of each site"
    guard let list = try section.list("dimensions", sizes), !list.isEmpty else {
      throw section.wrong("dimensions", sizes)
    }
    var dimensions: [Int] = []
    for node in list {
      guard case .integer(let value) = node, value >= 1 else { throw section.wrong("dimensions", sizes) }
      dimensions.append(value)
    }
    self.dimensions = dimensions
    hamiltonian = try CustomInput.matrix(section, "hamiltonian")
    var sources: [String: URL] = [:]
    sources["custom.hamiltonian"] = try CustomInput.file(section, "hamiltonian")
    var jumps: [Jump] = []
    for (number, node) in try section.tables("jump").enumerated() {
      let jump = try Section(document, "custom.jump.\(number)", node, keys: ["operator", "rate", "bath"])
      sources[jump.path(of: "operator")] = try CustomInput.file(jump, "operator")
      let rates = "a number of at least 0"
      guard let rate = try jump.number("rate", rates), rate >= 0 else { throw jump.wrong("rate", rates) }
      jumps.append(
        Jump(
          path: jump.path, text: try CustomInput.matrix(jump, "operator"), rate: rate,
          bath: try jump.text("bath", "the name of a bath in quotes")))
    }
    var baths: [Bath] = []
    for (number, node) in try section.tables("bath").enumerated() {
      let bath = try Section(document, "custom.bath.\(number)", node, keys: ["name", "beta"])
      guard let name = try bath.text("name", "text") else { throw bath.wrong("name", "text") }
      guard let beta = try bath.number("beta", "a finite number") else {
        throw bath.wrong("beta", "a finite number")
      }
      if baths.contains(where: { $0.name == name }) {
        throw bath.wrong("name", "different from the other baths")
      }
      baths.append(Bath(name: name, beta: beta))
    }
    for jump in jumps {
      if let name = jump.bath, !baths.contains(where: { $0.name == name }) {
        throw document.failure(
          "\(jump.path).bath",
          "\(jump.path).bath must be \(Suggestion.allowed(baths.map(\.name), near: name)), but is \(ParameterValue.text(name))"
        )
      }
    }
    var observables: [Observable] = []
    for (number, node) in try section.tables("observable").enumerated() {
      let observable = try Section(document, "custom.observable.\(number)", node, keys: ["name", "operator"])
      sources[observable.path(of: "operator")] = try CustomInput.file(observable, "operator")
      guard let name = try observable.text("name", "text") else { throw observable.wrong("name", "text") }
      if observables.contains(where: { $0.name == name }) {
        throw observable.wrong("name", "different from the other observables")
      }
      observables.append(
        Observable(
          name: name, path: observable.path(of: "operator"),
          text: try CustomInput.matrix(observable, "operator")))
    }
    self.sources = sources
    self.jumps = jumps
    self.baths = baths
    self.observables = observables
  }

  /// The system with its matrices parsed and checked.
  func system(_ document: InputDocument) throws(Failure) -> CustomSystem {
    let energy = try parse(hamiltonian, "custom.hamiltonian", document)
    var jumpList: [CustomSystem.Jump] = []
    for jump in jumps {
      jumpList.append((try parse(jump.text, "\(jump.path).operator", document), jump.rate, jump.bath))
    }
    var observableList: [(name: String, operator: SparseMatrix)] = []
    for observable in observables {
      observableList.append((observable.name, try parse(observable.text, observable.path, document)))
    }
    do throws(InputError) {
      return try CustomSystem(
        dimensions: dimensions, hamiltonian: energy, jumps: jumpList,
        baths: baths.map { (name: $0.name, beta: $0.beta) }, observables: observableList)
    } catch {
      throw document.failure(error)
    }
  }

  private func parse(_ text: String, _ path: String, _ document: InputDocument) throws(Failure)
    -> SparseMatrix
  {
    do throws(MatrixMarketError) {
      return try MatrixMarket.parse(text)
    } catch {
      let file = sources[path].map { "\($0.relativePath), " } ?? ""
      throw document.failure(path, "\(path) must be a Matrix Market file: \(file)\(error.description)")
    }
  }

  /// File of a matrix; nil when the value is the matrix itself.
  private static func file(_ section: Section, _ key: String) throws(Failure) -> URL? {
    guard let value = try section.text(key, "text"), !value.hasPrefix("%%MatrixMarket") else { return nil }
    return URL(filePath: value, relativeTo: section.document.folder)
  }

  /// Text of a matrix: that of the named file beside the input file, or the value itself when it is a matrix.
  private static func matrix(_ section: Section, _ key: String) throws(Failure) -> String {
    let allowed = "the path of a Matrix Market file, or its text"
    guard let value = try section.text(key, allowed) else { throw section.wrong(key, allowed) }
    guard let url = try file(section, key) else { return value }
    do {
      return String(decoding: try InputFile.read(url), as: UTF8.self)
    } catch {
      throw Failure(
        .file, "cannot read \(section.path(of: key)) = \(ParameterValue.text(value)): \(systemReason(error))")
    }
  }
}
