import Foundation
import Testing

@Suite("Files that a run reads and writes")
struct FileTests {
  static func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test(
    "an output that is an input of the run, however it is spelled, is refused with 64 and stays as it is",
    arguments: [
      ["in.toml", "--output", "in.toml"], ["in.toml", "--output", "./sub/../in.toml"],
      ["in.toml", "--output", "soft.json"], ["soft.json", "--output", "in.toml"],
      ["in.toml", "--output", "hard.json"], ["in.toml", "--plot", "soft.svg"],
    ])
  func ownInput(arguments: [String]) throws {
    try Ness.withFolder { folder in
      let input = folder.appending(path: "in.toml")
      let text = Ness.swept(points: 2)
      try Data(text.utf8).write(to: input)
      try FileManager.default.createDirectory(
        at: folder.appending(path: "sub"), withIntermediateDirectories: true)
      for name in ["soft.json", "soft.svg"] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: name).path, withDestinationPath: "in.toml")
      }
      try FileManager.default.linkItem(at: input, to: folder.appending(path: "hard.json"))
      let outcome = try Ness.run(["run"] + arguments, in: folder)
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("\(arguments[1]) must be a file that this run does not read"))
      #expect(try FileTests.text("in.toml", in: folder) == text)
    }
  }

  @Test("a matrix of a custom system is not overwritten by the result")
  func ownMatrix() throws {
    try Ness.withFolder { folder in
      let matrix = "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 1.0\n"
      for name in ["h.mtx", "down.mtx", "seen.mtx"] {
        try Data(matrix.replacing("1 2 1", with: name == "down.mtx" ? "1 2 1" : "2 2 1").utf8)
          .write(to: folder.appending(path: name))
      }
      let text = """
        model = "custom"
        [custom]
        dimensions = [2]
        hamiltonian = "h.mtx"
        [[custom.jump]]
        operator = "down.mtx"
        rate = 1.0
        [[custom.observable]]
        name = "seen"
        operator = "seen.mtx"
        """
      try Data(text.utf8).write(to: folder.appending(path: "in.toml"))
      for name in ["h.mtx", "down.mtx", "seen.mtx"] {
        let before = try FileTests.text(name, in: folder)
        let outcome = try Ness.run(["run", "in.toml", "--output", name], in: folder)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("but \(name) is \(name)"), "\(outcome.errors)")
        #expect(try FileTests.text(name, in: folder) == before)
      }
      #expect(try Ness.run(["run", "in.toml", "--output", "a.mtx"], in: folder).status == 0)
    }
  }

  @Test("when no point succeeds nothing is written, and what was there stays")
  func nothingGood() throws {
    try Ness.withFolder { folder in
      let input = Ness.ring + "g = 0.0\n[[sweep]]\nparameter = \"f\"\nvalues = [0.2, 0.3]\n"
      try Data("precious".utf8).write(to: folder.appending(path: "a.json"))
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--output", "b.csv", "--plot", "a.svg"], input: input, in: folder)
      #expect(outcome.status == 70)
      #expect(outcome.errors.contains("2 of 2 points failed"), "\(outcome.errors)")
      #expect(try FileTests.text("a.json", in: folder) == "precious")
      #expect(try Ness.files(in: folder) == ["a.json"])
    }
  }

  @Test("input is read from pipes and devices, too")
  func pipes() throws {
    try Ness.withFolder { folder in
      let pipe = folder.appending(path: "pipe")
      #expect(mkfifo(pipe.path, 0o600) == 0)
      let writer = Thread {
        try? FileHandle(forWritingTo: pipe).write(contentsOf: Data(Ness.ring.utf8))
      }
      writer.start()
      let outcome = try Ness.run(["run", pipe.path, "--format", "csv"], in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("J_tun_T,J_th_T,S,"))
      let empty = try Ness.run(["run", "/dev/null"], in: folder)
      #expect(empty.status == 65)
      #expect(empty.errors.contains("model must be"), "\(empty.errors)")
    }
  }

  @Test("times have a unit")
  func unitOfTime() throws {
    let input = "state = \"dynamics\"\n" + Ness.ring + "[time]\nvalues = [0.0, 1.0]\n"
    let json = try Ness.run(["run", "-", "--format", "json"], input: input).json()
    let columns = try #require(json["columns"] as? [[String: Any]])
    #expect(columns.first?["name"] as? String == "t")
    #expect(columns.first?["unit"] as? String == "time")
  }

  @Test(
    "a point with a cell that cannot be one of a result is computed again by --resume",
    arguments: ["\"x\"", "true"])
  func damagedCell(cell: String) throws {
    try Ness.withFolder { folder in
      let input = Ness.swept(points: 3)
      let arguments = ["run", "-", "--output", "a.json"]
      #expect(try Ness.run(arguments, input: input, in: folder).status == 0)
      let file = folder.appending(path: "a.json")
      func rows() throws -> [[Double]] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        return try #require(json?["rows"] as? [[Double]])
      }
      let before = try rows()
      // The last cell of the second row.
      let text = try FileTests.text("a.json", in: folder)
      let value = try #require(
        text.firstMatch(of: /"rows"[^\n]*\n[^\n]*\n\s*\[[^\]\n]*, ([^,\]\n]*)\]/))
      try Data(
        text.replacingCharacters(in: value.output.1.startIndex..<value.output.1.endIndex, with: cell).utf8
      )
      .write(to: file)
      let outcome = try Ness.run(arguments + ["--resume"], input: input, in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("2 of 3 points are there already"), "\(outcome.errors)")
      #expect(try rows() == before)
    }
  }
}
