import Foundation
import Testing

private struct WrongResult: Error {}

@Suite("Results")
struct OutputTests {
  @Test("JSON holds schema, parameters with defaults, columns with roles and units, rows and certificates")
  func json() throws {
    let outcome = try Ness.run(["run", "-", "--format", "json"], input: Ness.swept(points: 3))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json()
    #expect(json["schema"] as? String == "ness-result/1")
    #expect(json["model"] as? String == "chiral-clock")
    #expect(json["state"] as? String == "steady")
    let parameters = try #require(json["parameters"] as? [String: Any])
    #expect(parameters["M"] as? Int == 2)
    #expect(parameters["phi"] as? Double == 1)
    #expect(parameters["beta_e"] as? Double == 1, "defaults are included")
    #expect(parameters["H"] as? String == "ccm", "text stays text")
    #expect(parameters["f"] == nil, "what is swept is not fixed")
    let columns = try #require(json["columns"] as? [[String: Any]])
    #expect(columns.map { $0["name"] as? String } == ["f", "J_tun_T", "J_th_T", "S"])
    #expect(columns.map { $0["role"] as? String } == ["parameter", "observable", "observable", "observable"])
    #expect(columns.allSatisfy { $0["unit"] is String })
    #expect(columns.dropFirst().allSatisfy { ($0["source"] as? String)?.contains("043066") == true })
    let rows = try #require(json["rows"] as? [[Double]])
    #expect(rows.map(\.[0]) == [0, 0.5, 1])
    // All states are equally likely at f = 1: S = ln 9 with two rotors of three positions.
    #expect(abs(rows[2][3] - log(9)) < 1e-10)
    let certificates = try #require(json["certificates"] as? [[String: Any]])
    #expect(certificates.map { $0["rows"] as? [Int] } == [[0, 1], [1, 1], [2, 1]])
    for certificate in certificates {
      #expect(certificate["unknowns_full"] as? Int == 81)
      #expect((certificate["residual"] as? Double).map { $0 < 1e-10 } == true)
      #expect(certificate["failure"] is NSNull)
      for key in [
        "method", "unknowns", "iterations", "applications", "bytes_per_application", "trace_defect",
        "hermiticity_defect", "min_eigenvalue", "unique",
        "seconds", "peak_bytes",
      ] {
        #expect(certificate[key] != nil, "\(key)")
      }
    }
  }

  @Test("the first of several sweeps varies slowest, zipped parameters change together")
  func grid() throws {
    let text =
      Ness.ring + """
        [[sweep]]
        parameters = ["f", "H"]
        values = [[0.2, "ccm"], [0.4, "rotated"]]
        [[sweep]]
        parameter = "g"
        from = 0.01
        to = 1.0
        points = 3
        spacing = "log"
        """
    let json = try Ness.run(["run", "-", "--format", "json"], input: text).json()
    let rows = try #require(json["rows"] as? [[Any]])
    #expect(rows.map { $0[0] as? Double } == [0.2, 0.2, 0.2, 0.4, 0.4, 0.4])
    #expect(rows.map { $0[1] as? String } == ["ccm", "ccm", "ccm", "rotated", "rotated", "rotated"])
    let couplings = rows.compactMap { $0[2] as? Double }
    #expect(
      couplings.count == 6 && couplings[0] == 0.01 && couplings[2] == 1 && abs(couplings[1] - 0.1) < 1e-15)
    let columns = try #require(json["columns"] as? [[String: Any]])
    #expect(columns[1]["type"] as? String == "string")
  }

  @Test("whole ends with whole steps sweep a parameter that counts")
  func wholeNumbers() throws {
    let text =
      "model = \"chiral-clock\"\nobservables = [\"S\"]\n[parameters]\nf = 1.0\n[[sweep]]\nparameter = \"M\"\nfrom = 2\nto = 3\npoints = 2\n"
    let json = try Ness.run(["run", "-", "--format", "json"], input: text).json()
    let rows = try #require(json["rows"] as? [[Double]])
    #expect(rows.map(\.[0]) == [2, 3])
    #expect(abs(rows[0][1] - 2 * log(3)) < 1e-10 && abs(rows[1][1] - 3 * log(3)) < 1e-10)
  }

  @Test("observables with indices expand into rows, counted as in the specification")
  func indices() throws {
    let text = Ness.ring.replacing("[\"J_tun_T\", \"J_th_T\", \"S\"]", with: "[\"p_j\"]")
    let json = try Ness.run(["run", "-", "--format", "json"], input: text).json()
    let rows = try #require(json["rows"] as? [[Double]])
    #expect(rows.map { [$0[0], $0[1]] } == [[1, 0], [1, 1], [1, 2], [2, 0], [2, 1], [2, 2]])
    // The global shift makes every position equally likely.
    #expect(rows.allSatisfy { abs($0[2] - 1.0 / 3) < 1e-10 })
    let columns = try #require(json["columns"] as? [[String: Any]])
    #expect(columns.map { $0["role"] as? String } == ["index", "index", "observable"])
    #expect((json["certificates"] as? [[String: Any]])?.map { $0["rows"] as? [Int] } == [[0, 6]])
  }

  @Test("dynamics has one row per time and starts where it should")
  func dynamics() throws {
    let text =
      Ness.ring.replacing("observables", with: "state = \"dynamics\"\nobservables").replacing(
        "J_th_T\", \"S", with: "S\", \"C")
      + "[time]\nvalues = [0.0, 0.5, 2.0]\n"
    let outcome = try Ness.run(["run", "-", "--format", "json"], input: text)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json()
    let rows = try #require(json["rows"] as? [[Double]])
    #expect(rows.map(\.[0]) == [0, 0.5, 2])
    // A basis state: no current, no entropy, no coherence.
    #expect(rows[0].dropFirst().allSatisfy { abs($0) < 1e-9 })
    #expect(rows[1][2] > 0.1)
  }

  @Test("CSV holds the numbers of JSON, digit for digit, and the certificates")
  func csv() throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--output", "a.csv"], input: Ness.swept(points: 5), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.isEmpty)
      let json = try JSONFile(folder.appending(path: "a.json"))
      let lines = try String(contentsOf: folder.appending(path: "a.csv"), encoding: .utf8).split(
        separator: "\n")
      let header = lines[0].split(separator: ",").map(String.init)
      #expect(Array(header.prefix(4)) == json.columns)
      #expect(lines.count == 6)
      for (line, (row, certificate)) in zip(lines.dropFirst(), zip(json.rows, json.certificates)) {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        // The method names its options behind commas, so it stands in quotes or not; what precedes it does not.
        #expect(cells.prefix(4).map { Double($0) } == row)
        #expect(line.contains(",\(try #require(certificate["residual"]?.number)),"))
      }
      #expect(header.contains("cert_residual") && header.contains("cert_failure"))
      #expect(header.contains("fixed_beta_e") && header.contains("run_model"))
    }
  }

  @Test("HDF5 holds the numbers of JSON, bit for bit, and the certificates")
  func hdf5() throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--output", "a.h5"], input: Ness.swept(points: 5), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let json = try JSONFile(folder.appending(path: "a.json"))
      let file = HDF5Reader(file: folder.appending(path: "a.h5"))
      #expect(try file.doubles("/rows") == json.rows.flatMap { $0.map { $0 ?? .nan } })
      #expect(
        try file.doubles("/certificates/residual")
          == json.certificates.map { $0["residual"]?.number ?? .nan })
      guard case .text(let method)? = json.certificates[0]["method"] else { throw WrongResult() }
      #expect(try file.text("/certificates/method").contains("\"\(method)\""))
      let columns = try file.attribute("/rows/columns")
      for name in json.columns { #expect(columns.contains("\"\(name)\"")) }
      #expect(try file.attribute("/rows/units").contains("\"1/time\""))
      #expect(try file.attribute("/model").contains("\"chiral-clock\""))
      #expect(try file.attribute("/parameters/H").contains("\"ccm\""))
      #expect(try file.attribute("/parameters/M").contains("(0): 2"))
    }
  }

  @Test(
    "what an application of the generator moves stands in the certificate of every format, and survives --resume"
  )
  func bytesPerApplication() throws {
    try Ness.withFolder { folder in
      // Two routes: one that applies a matrix-free generator, one that does not.
      for (method, isCounted) in [("krylov", true), ("dense", false)] {
        let outputs = ["json", "csv", "h5"].flatMap { ["--output", "\(method).\($0)"] }
        let arguments = ["run", "-", "--set", "solver.method=\"\(method)\""] + outputs
        for options in [[], ["--resume"]] {
          let outcome = try Ness.run(arguments + options, input: Ness.swept(points: 2), in: folder)
          #expect(outcome.status == 0, "\(outcome.errors)")
          let json = try JSONFile(folder.appending(path: "\(method).json"))
          let bytes = json.certificates.map { $0["bytes_per_application"]?.number }
          // Seven vectors of at least one double per orbit: 27 of them with two rotors of three positions.
          #expect(bytes.allSatisfy { isCounted ? ($0 ?? 0) >= 7 * 8 * 27 : $0 == nil }, "\(bytes)")
          let lines = try String(contentsOf: folder.appending(path: "\(method).csv"), encoding: .utf8).split(
            separator: "\n")
          let position = try #require(
            lines[0].split(separator: ",").firstIndex(of: "cert_bytes_per_application"))
          for (line, number) in zip(lines.dropFirst(), bytes) {
            // The method in front of it may hold commas, so the place is counted from the end.
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            let fromEnd = lines[0].split(separator: ",").count - position
            #expect(Double(cells[cells.count - fromEnd]) == number)
          }
          let file = HDF5Reader(file: folder.appending(path: "\(method).h5"))
          let text = try file.text("/certificates/bytes_per_application")
          let written = bytes.map { String(Int($0 ?? -1)) }.joined(separator: ", ")
          #expect(text.contains("(0): \(written)"), "\(text)")
        }
      }
    }
  }

  @Test("HDF5 goes through a pipe as it goes into a file")
  func hdf5Pipe() throws {
    try Ness.withFolder { folder in
      let (output, errors) = (Pipe(), Pipe())
      try Data(Ness.swept(points: 3).utf8).write(to: folder.appending(path: "a.toml"))
      let process = try Ness.start(
        ["run", "a.toml", "--format", "hdf5", "--quiet"], in: folder, output: output, errors: errors)
      let data = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      try data.write(to: folder.appending(path: "a.h5"))
      #expect(try HDF5Reader(file: folder.appending(path: "a.h5")).doubles("/rows").count == 12)
    }
  }

  @Test("the table shows units, fits 80 columns and sums up the certificates", arguments: [80, 40])
  func table(columns: Int) throws {
    let outcome = try Ness.run(
      ["run", "-", "--format", "table"], input: Ness.swept(points: 3),
      environment: ["COLUMNS": String(columns)])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= columns }, "\(outcome.output)")
    #expect(outcome.output.contains("[1/time]"))
    #expect(outcome.output.contains("3 points: "))
    #expect(outcome.output.contains("unique"))
    #expect(!outcome.output.contains("\u{1B}"), "no escape codes outside a terminal")
  }

  @Test("results go to standard output as JSON when that is no terminal, and nothing else does")
  func standardOutput() throws {
    let outcome = try Ness.run(["run", "-", "--verbose"], input: Ness.swept(points: 2))
    #expect(try outcome.json()["schema"] as? String == "ness-result/1")
    #expect(outcome.errors.contains("point 1 of 2"))
    let quiet = try Ness.run(["run", "-", "--quiet"], input: Ness.swept(points: 2))
    #expect(quiet.errors.isEmpty)
  }

  @Test("threads change nothing but the time")
  func threads() throws {
    func rows(_ threads: String) throws -> [[Double]] {
      let outcome = try Ness.run(
        ["run", "-", "--threads", threads, "--format", "json"], input: Ness.swept(points: 9))
      return try #require(try outcome.json()["rows"] as? [[Double]])
    }
    #expect(try rows("1") == rows("4"))
  }

  @Test("an existing file is replaced as a whole, a symbolic link stays one, and nothing is left beside it")
  func replacement() throws {
    try Ness.withFolder { folder in
      try Data("old".utf8).write(to: folder.appending(path: "target.json"))
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "a.json"), withDestinationURL: folder.appending(path: "target.json"))
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json"], input: Ness.swept(points: 2), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try Ness.files(in: folder) == ["a.json", "target.json"])
      #expect(try JSONFile(folder.appending(path: "target.json")).rows.count == 2)
      let type = try FileManager.default.attributesOfItem(atPath: folder.appending(path: "a.json").path)[
        .type]
      #expect(type as? FileAttributeType == .typeSymbolicLink)
    }
  }
}
