import Foundation
import Testing

@Suite("Resuming and interrupting")
struct ResumeTests {
  /// Far more points than can be computed before a signal comes.
  static let endless = Ness.swept(points: 5000).replacing("M = 2", with: "M = 4")

  @Test("points that are there already are kept, the others are added in order")
  func resume() throws {
    try Ness.withFolder { folder in
      let file = folder.appending(path: "a.json")
      let first = try Ness.run(["run", "-", "--output", "a.json"], input: Ness.swept(points: 3), in: folder)
      #expect(first.status == 0, "\(first.errors)")
      // A mark in a computed number shows that the point was not computed again.
      let text = try String(contentsOf: file, encoding: .utf8)
      let number = try #require(try JSONFile(file).rows[1][1])
      try text.replacing("\(number)", with: "0.123456789").write(to: file, atomically: true, encoding: .utf8)
      let second = try Ness.run(
        ["run", "-", "--output", "a.json", "--resume", "--verbose"], input: Ness.swept(points: 5), in: folder)
      #expect(second.status == 0, "\(second.errors)")
      #expect(second.errors.contains("3 of 5 points are there already"))
      let rows = try JSONFile(file).rows
      #expect(rows.map(\.[0]) == [0, 0.25, 0.5, 0.75, 1])
      #expect(rows[2][1] == 0.123456789)
      _ = try Ness.run(["run", "-", "--output", "b.json"], input: Ness.swept(points: 5), in: folder)
      let fresh = try JSONFile(folder.appending(path: "b.json")).rows
      for index in [0, 1, 3, 4] {
        #expect(rows[index] == fresh[index], "kept and computed numbers agree bit for bit")
      }
    }
  }

  @Test("a failed point is computed again")
  func failedPoint() throws {
    try Ness.withFolder { folder in
      let file = folder.appending(path: "a.json")
      _ = try Ness.run(["run", "-", "--output", "a.json"], input: Ness.swept(points: 2), in: folder)
      let text = try String(contentsOf: file, encoding: .utf8)
      let range = try #require(text.range(of: "\"failure\": null"))
      try text.replacingCharacters(in: range, with: "\"failure\": \"gone wrong\"").write(
        to: file, atomically: true, encoding: .utf8)
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--resume"], input: Ness.swept(points: 2), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.errors.contains("1 of 2 points are there already"))
      #expect(!(try String(contentsOf: file, encoding: .utf8)).contains("gone wrong"))
    }
  }

  @Test(
    "points whose values are undefined are kept, since they were computed",
    arguments: [
      // The global equation does no work, and WQ = 0 leaves the coefficient of performance undefined.
      ["parameters.master_equation=\"global\"", "observables=[\"COP\", \"Lz\"]"],
      // dS/dt of a pure state is infinite at time 0.
      [
        "state=\"dynamics\"", "time.values=[0.0, 1.0]", "observables=[\"Sdot\"]",
        "parameters.initial_state=\"|0 0 0>\"",
      ],
      // Without interaction no heat passes through qubit 2.
      ["parameters.lambda=0", "observables=[\"eta\"]"],
    ])
  func undefinedValues(changes: [String]) throws {
    let input = """
      model = "qubit-rotor"
      [parameters]
      lmin = -3
      lmax = 4
      [[sweep]]
      parameter = "I"
      values = [1.0, 2.0, 3.0]
      """
    let options = changes.flatMap { ["--set", $0] }
    try Ness.withFolder { folder in
      let file = folder.appending(path: "a.json")
      let first = try Ness.run(["run", "-", "--output", "a.json"] + options, input: input, in: folder)
      #expect(first.status == 0, "\(first.errors)")
      let before = try Data(contentsOf: file)
      #expect(try JSONFile(file).rows.contains { $0.contains(nil) }, "something is undefined")
      let second = try Ness.run(
        ["run", "-", "--output", "a.json", "--resume"] + options, input: input, in: folder)
      #expect(second.status == 0, "\(second.errors)")
      #expect(second.errors.contains("3 of 3 points are there already"), "\(second.errors)")
      #expect(try Data(contentsOf: file) == before)
    }
  }

  @Test("a point with a damaged cell is computed again, and so is one with an index that is null")
  func damagedCells() throws {
    let input = "model = \"qubit-rotor\"\nparameters.lmin = -2\nparameters.lmax = 2\n"
    let damages: [(column: Int, cell: Any)] = [(0, NSNull()), (1, "gone")]
    for damage in damages {
      try Ness.withFolder { folder in
        let file = folder.appending(path: "a.json")
        let run = ["run", "-", "--output", "a.json", "--set", "observables=[\"p_l\"]"]
        let first = try Ness.run(run, input: input, in: folder)
        #expect(first.status == 0, "\(first.errors)")
        var json = try #require(
          try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        var rows = try #require(json["rows"] as? [[Any]])
        rows[3][damage.column] = damage.cell
        json["rows"] = rows
        try JSONSerialization.data(withJSONObject: json).write(to: file)
        let second = try Ness.run(run + ["--resume"], input: input, in: folder)
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("0 of 1 points are there already"), "\(second.errors)")
        #expect(try JSONFile(file).rows.allSatisfy { !$0.contains(nil) })
      }
    }
  }

  @Test(
    "a file of another computation is refused and left as it is",
    arguments: [
      (["--set", "parameters.g=0.3"], "parameter g must agree"),
      (["--set", "observables=[\"S\"]"], "the list of columns must agree"),
      (["--set", "state=\"ground\"", "--set", "observables=[\"E0\"]"], "state must agree"),
      (["--set", "sweep.0.points=4"], "must be one of this run"),
      (["--set", "sweep.0.parameter=\"phi\""], "parameter"),
    ])
  func refusal(arguments: [String], fragment: String) throws {
    try Ness.withFolder { folder in
      let file = folder.appending(path: "a.json")
      _ = try Ness.run(["run", "-", "--output", "a.json"], input: Ness.swept(points: 3), in: folder)
      let before = try Data(contentsOf: file)
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--resume"] + arguments, input: Ness.swept(points: 3), in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
      #expect(outcome.errors.contains("left as it was"))
      #expect(try Data(contentsOf: file) == before)
    }
  }

  @Test(
    "a file that is no result is refused and left as it is",
    arguments: ["", "{}", "[1, 2", "{\"schema\": \"x\"}"])
  func damaged(text: String) throws {
    try Ness.withFolder { folder in
      let file = folder.appending(path: "a.json")
      try Data(text.utf8).write(to: file)
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--resume"], input: Ness.swept(points: 3), in: folder)
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("a.json"))
      #expect(try Data(contentsOf: file) == Data(text.utf8))
    }
  }

  /// A result of ``Ness/swept(points:)`` whose certificates were changed, as text.
  private func result(in folder: URL, changed change: (inout [String: Any]) -> Void) throws -> Data {
    let file = folder.appending(path: "a.json")
    let outcome = try Ness.run(["run", "-", "--output", "a.json"], input: Ness.swept(points: 2), in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    var json = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    var certificates = try #require(json["certificates"] as? [[String: Any]])
    for index in certificates.indices { change(&certificates[index]) }
    json["certificates"] = certificates
    let data = try JSONSerialization.data(withJSONObject: json)
    try data.write(to: file)
    return data
  }

  @Test("results of earlier versions, which lack some fields, are continued")
  func earlierVersion() throws {
    try Ness.withFolder { folder in
      // Commit 545e12a and those before it wrote neither.
      _ = try result(in: folder) { certificate in
        certificate["applications"] = nil
        certificate["bytes_per_application"] = nil
        certificate["seconds"] = 1234.5
      }
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--resume"], input: Ness.swept(points: 3), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let json = try JSONFile(folder.appending(path: "a.json"))
      #expect(json.rows.map(\.[0]) == [0, 0.5, 1])
      let seconds = json.certificates.map { $0["seconds"]?.number == 1234.5 }
      #expect(seconds == [true, false, true], "the points that were there are kept")
      #expect(json.certificates.allSatisfy { $0["bytes_per_application"] != nil })
    }
  }

  @Test(
    "a certificate with a field that is missing or of another kind is refused by name, and the file is left as it is",
    arguments: [
      "method", "unknowns_full", "unknowns", "nonzeros", "factor_nonzeros", "iterations", "applications",
      "bytes_per_application", "residual", "min_eigenvalue", "unique", "uniqueness_method", "seconds",
      "peak_bytes",
      "failure",
    ])
  func unreadableField(name: String) throws {
    try Ness.withFolder { folder in
      for isMissing in [true, false] {
        let data = try result(in: folder) { $0[name] = isMissing ? nil : [1] }
        let outcome = try Ness.run(
          ["run", "-", "--output", "a.json", "--resume"], input: Ness.swept(points: 2), in: folder)
        if outcome.status == 0 {
          #expect(isMissing, "what is there must not be dropped")
          #expect(try JSONFile(folder.appending(path: "a.json")).rows.count == 2)
        } else {
          #expect(outcome.status == 65)
          #expect(outcome.errors.contains("a certificate has no readable \"\(name)\""), "\(outcome.errors)")
          #expect(try Data(contentsOf: folder.appending(path: "a.json")) == data)
        }
      }
    }
  }

  @Test("--resume leaves an HDF5 file alone that it cannot read, whatever its name")
  func hdf5() throws {
    try Ness.withFolder { folder in
      let run = ["run", "-", "--resume"]
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.h5"], input: Ness.swept(points: 2), in: folder)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let file = folder.appending(path: "a.h5")
      let before = try Data(contentsOf: file)
      try before.write(to: folder.appending(path: "b.json"))
      for (outputs, status, fragment) in [
        (["a.h5"], 64, "--resume needs an --output that is a JSON file"),
        (["new.json", "a.h5"], 64, "--resume must find new.json, which is not there, while a.h5 is"),
        (["b.json", "a.h5"], 65, "b.json: the file to resume must be a result in JSON, but is none"),
      ] {
        let outcome = try Ness.run(
          run + outputs.flatMap { ["--output", $0] }, input: Ness.swept(points: 3), in: folder)
        #expect(outcome.status == Int32(status))
        #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
        #expect(try Data(contentsOf: file) == before)
        #expect(try Data(contentsOf: folder.appending(path: "b.json")) == before)
        #expect(try Ness.files(in: folder) == ["a.h5", "b.json"])
      }
    }
  }

  @Test(
    "a signal keeps all finished points, and the run can go on",
    arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
  func signal(number: Int32, status: Int32) throws {
    try Ness.withFolder { folder in
      try Data(ResumeTests.endless.utf8).write(to: folder.appending(path: "a.toml"))
      let (output, errors) = (Pipe(), Pipe())
      let process = try Ness.start(
        ["run", "a.toml", "--output", "a.json", "--verbose"], in: folder, output: output, errors: errors)
      var log = ""
      while !log.contains("point 3 of") {
        let data = errors.fileHandleForReading.availableData
        if data.isEmpty { break }
        log += String(decoding: data, as: UTF8.self)
      }
      #expect(kill(process.processIdentifier, number) == 0)
      log += String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == status)
      #expect(log.contains("interrupted: "))
      let kept = try JSONFile(folder.appending(path: "a.json"))
      #expect(kept.rows.count >= 3 && kept.rows.count < 5000)
      #expect(kept.certificates.count == kept.rows.count)
      #expect(try Ness.files(in: folder) == ["a.json", "a.toml"])
    }
  }

  @Test("an interrupted run without --output writes its points to standard output")
  func signalToStandardOutput() throws {
    try Ness.withFolder { folder in
      try Data(ResumeTests.endless.utf8).write(to: folder.appending(path: "a.toml"))
      let (output, errors) = (Pipe(), Pipe())
      let process = try Ness.start(
        ["run", "a.toml", "--format", "json", "--verbose"], in: folder, output: output, errors: errors)
      while true {
        let data = errors.fileHandleForReading.availableData
        if data.isEmpty || String(decoding: data, as: UTF8.self).contains("point 3 of") { break }
      }
      #expect(kill(process.processIdentifier, SIGINT) == 0)
      // The pipe of diagnostics must not fill up while the result is read.
      let drain = Thread { _ = try? errors.fileHandleForReading.readToEnd() }
      drain.start()
      let data = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      #expect((json["rows"] as? [Any])?.isEmpty == false)
    }
  }
}
