import ArgumentParser

/// The input file and what overrides it.
struct InputOptions: ParsableArguments {
  @Argument(help: "Input file in TOML; - is standard input.", completion: .file(extensions: ["toml"]))
  var file: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Overrides a key of the file, for instance --set parameters.f=0.3 (repeatable).",
      discussion:
        "The key is a dotted path, elements of lists are numbered from 0; the value is TOML, so text needs quotes.",
      valueName: "key=value"))
  var assignments: [String] = []

  /// Reads the file and applies what overrides it.
  func read() throws(Failure) -> RunInput {
    var document = try InputDocument(path: file)
    for assignment in assignments { try document.set(assignment) }
    return try RunInput(document)
  }
}
