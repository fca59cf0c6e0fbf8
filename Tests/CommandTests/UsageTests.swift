import Foundation
import Testing

@Suite("Command line")
struct UsageTests {
  @Test(
    "wrong usage exits with 64 and says what is wrong",
    arguments: [
      (["run"], "<file>"),
      (["nonsense"], "nonsense"),
      (["run", "x.toml", "--colour"], "--colour"),
      (["run", "x.toml", "--threads", "0"], "from 1 to"),
      (["run", "x.toml", "--threads", "two"], "two"),
      (["run", "x.toml", "--quiet", "--verbose"], "exclude each other"),
      (["run", "x.toml", "--format", "xml"], "xml"),
      (["run", "x.toml", "--format", "csv", "--output", "a.csv", "--output", "b.csv"], "single --output"),
      (["run", "x.toml", "--output", "a.svg", "--plot", "a.svg"], "different files"),
      (["run", "x.toml", "--plot", "a.pdf"], ".svg or .png"),
      (["run", "x.toml", "--resume"], "--resume needs an --output"),
      (["run", "x.toml", "--resume", "--output", "a.csv"], "JSON"),
      (["models", "chiral-clock", "--format", "csv"], "csv"),
    ])
  func usage(arguments: [String], fragment: String) throws {
    let outcome = try Ness.run(arguments)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "--set must name a key and hold a TOML value",
    arguments: [
      ("parameters.f", "KEY=VALUE"),
      ("=3", "dotted path"),
      ("parameters..f=3", "dotted path"),
      ("model=chiral-clock", "text needs quotes"),
      ("sweep.7.points=3", "from 0 to 0"),
      ("model.name=\"x\"", "table or a list"),
      ("parameters.f=0.3\nstate = 1", "TOML value"),
    ])
  func assignments(assignment: String, fragment: String) throws {
    let outcome = try Ness.run(["run", "-", "--set", assignment], input: Ness.swept(points: 2))
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test("the version and help exit with 0 and write to standard output")
  func information() throws {
    let version = try Ness.run(["--version"])
    #expect(version.status == 0)
    #expect(version.output.wholeMatch(of: /ness \d+\.\d+\.\d+\n/) != nil)
    for arguments in [["help"], ["--help"], ["help", "run"], ["run", "--help"]] {
      let help = try Ness.run(arguments)
      #expect(help.status == 0)
      #expect(help.output.contains("USAGE: ness"))
      #expect(help.errors.isEmpty)
    }
  }

  @Test("shells get completions", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let outcome = try Ness.run(["--generate-completion-script", shell])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("--resume") || outcome.output.contains("resume"))
  }

  @Test("files that cannot be read exit with 74")
  func unreadable() throws {
    try Ness.withFolder { folder in
      for path in ["missing.toml", "."] {
        let outcome = try Ness.run(["run", path], in: folder)
        #expect(outcome.status == 74)
        #expect(outcome.errors.contains("cannot read \(path): "), "\(outcome.errors)")
      }
    }
  }

  @Test(
    "outputs that cannot be written are found before anything is computed",
    arguments: [["--output", "missing/a.json"], ["--output", "."], ["--plot", "missing/a.svg"]])
  func unwritable(arguments: [String]) throws {
    try Ness.withFolder { folder in
      // Computing all of these points would take longer than the test may.
      let input = Ness.swept(points: 20_000).replacing("M = 2", with: "M = 4")
      let outcome = try Ness.run(["run", "-"] + arguments, input: input, in: folder)
      #expect(outcome.status == 74)
      #expect(outcome.errors.contains("cannot write \(arguments[1]): "), "\(outcome.errors)")
      #expect(try Ness.files(in: folder).isEmpty)
    }
  }

  @Test("a plot without gnuplot exits with 69 before anything is written")
  func missingProgram() throws {
    try Ness.withFolder { folder in
      let outcome = try Ness.run(
        ["run", "-", "--output", "a.json", "--plot", "a.svg"], input: Ness.swept(points: 2), in: folder,
        environment: ["PATH": folder.path])
      #expect(outcome.status == 69)
      #expect(outcome.errors.contains("gnuplot"))
      #expect(try Ness.files(in: folder).isEmpty)
    }
  }
}
