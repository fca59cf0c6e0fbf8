import ArgumentParser
import CNESSFiles
import Foundation
import NESSKit

/// `ness run`
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Computes what an input file describes.",
    discussion: """
      Results go to standard output unless --output is given; progress and diagnostics go to standard error. \
      Ctrl-C keeps all finished points, and --resume continues. What needs more memory than solver.memory_limit \
      (in bytes; default: what the machine has) is refused before it is computed.
      """)

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "json, csv, hdf5 or table.",
      discussion:
        "Default: by the extension of --output (.json, .csv, .h5, .hdf5, .txt), else a table on a terminal and JSON otherwise."
    ))
  var format: OutputFormat?

  @Option(
    help: ArgumentHelp("Where the result goes; - is standard output (repeatable).", valueName: "path"),
    completion: .file())
  var output: [String] = []

  @Option(
    help: ArgumentHelp("Draws the result as .svg or .png (repeatable; needs gnuplot).", valueName: "path"),
    completion: .file(extensions: ["svg", "png"]))
  var plot: [String] = []

  @Option(
    help: ArgumentHelp(
      "Threads: points computed at the same time, or shared by one large point.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Skips points that the JSON file named by --output holds already.")
  var resume = false

  @Flag(help: "No progress and no summary; errors only.")
  var quiet = false

  @Flag(help: "Reports every point on standard error.")
  var verbose = false

  func validate() throws {
    if let threads, !(1...RunInput.mostThreads).contains(threads) {
      throw ValidationError(
        "--threads must be a whole number from 1 to \(RunInput.mostThreads), but is \(threads).")
    }
    if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other.") }
    if format != nil && output.count > 1 {
      throw ValidationError(
        "--format needs a single --output; with several, each is written as its extension says.")
    }
    if Set(output + plot).count < output.count + plot.count {
      throw ValidationError("--output and --plot must name different files.")
    }
    for path in plot where PlotFormat(path: path) == nil {
      throw ValidationError("--plot must end in .svg or .png, but is \(path).")
    }
    if resume && resumable == nil {
      throw ValidationError("--resume needs an --output that is a JSON file, since that is what it reads.")
    }
  }

  private var targets: [OutputTarget] {
    (output.isEmpty ? ["-"] : output).map { OutputTarget(path: $0, format: format) }
  }

  /// The output that `--resume` reads.
  private var resumable: OutputTarget? { targets.first { $0.format == .json && $0.path != "-" } }

  func run() async throws {
    let job = try Job(try input.read(), models: .standard)
    if resume && job.input.custom != nil {
      throw Failure(
        .usage, "--resume cannot tell whether the matrices of model = \"custom\" are still the same")
    }
    try refuseInputs(of: job)
    let plots = try plot.map { path in try Plot(path: path, job: job) }
    let targets = self.targets
    for target in targets { try target.check() }
    let earlier =
      resume
      ? try resumable.flatMap { target throws(Failure) in try EarlierResult.read(target.path, for: job) }
      : nil
    if resume && earlier == nil { try refuseReplacement() }
    if let earlier {
      report("\(earlier.points.count) of \(job.sweep.count) points are there already")
      if earlier.version != Version.text {
        report("warning: they were computed by version \(earlier.version), this is \(Version.text)")
      }
    }
    // Solvers share their work out themselves; threads inside BLAS would only get in each other's way.
    ness_blas_set_threads(1)
    let session = RunSession(
      job: job, targets: targets, earlier: earlier?.points ?? [:], isQuiet: quiet, isVerbose: verbose)
    session.watchSignals()
    session.showTime()
    let missing = (0..<job.sweep.count).filter { earlier?.points[$0] == nil }
    let share = share(of: job, missing: missing)
    var request = job.request
    request.solver.threads = share.threadsPerPoint
    _ = await job.sweep.run(
      job.kind, fixed: job.input.parameters, request: request, indices: missing, width: share.width
    ) { index, outcome in
      session.finish(index, outcome)
    }
    let result = try session.conclude()
    // Without a single good point files stay as they are: what an earlier run computed is worth more.
    let isEmpty = result.points.allSatisfy { $0.certificate.failure != nil }
    for target in targets where !isEmpty || target.path == "-" { try target.write(result) }
    if !isEmpty {
      for plot in plots { try plot.draw(result) }
      if !quiet { summarize(result) }
    }
    if let failure = session.failure { throw failure }
  }

  /// Points side by side and threads inside each, so that all of it fits into memory.
  private func share(of job: Job, missing: [Int]) -> ThreadShare {
    let threads = threads ?? job.request.solver.threads
    let memory = job.request.solver.memoryLimit ?? Int(clamping: ProcessInfo.processInfo.physicalMemory)
    var bytes = 0
    // Along a sweep sizes grow towards one of its ends; planning all points would cost more than small ones themselves.
    for index in Set([missing.first, missing.last].compactMap { $0 }) where threads > 1 && missing.count > 1 {
      let parameters = job.sweep.parameters(at: index, fixed: job.input.parameters)
      if let plan = try? job.kind.make(parameters).plan(job.request) { bytes = max(bytes, plan.bytes) }
    }
    return ThreadShare(threads: threads, points: missing.count, bytesPerPoint: bytes, memory: memory)
  }

  /// Without the file that `--resume` reads, what another output holds would be replaced by a run from the beginning.
  private func refuseReplacement() throws(Failure) {
    guard let missing = resumable else { return }
    for target in targets where target.path != "-" && OutputFile(target.path).isRegular {
      throw Failure(
        .usage,
        "--resume must find \(missing.path), which is not there, while \(target.path) is and would be replaced; it was left as it was"
      )
    }
  }

  /// A result must not replace what it was computed from.
  private func refuseInputs(of job: Job) throws(Failure) {
    let inputs = job.input.document.files + (job.input.custom?.files ?? [])
    for (option, paths) in [("--output", output), ("--plot", plot)] {
      for path in paths where path != "-" {
        let url = URL(filePath: path)
        if OutputFile(path).isSpecial { continue }
        if let input = inputs.first(where: { InputFile.isSame($0, url) }) {
          throw Failure(
            .usage,
            "\(option) must be a file that this run does not read, but \(path) is \(input.relativePath)")
        }
      }
    }
  }

  private func report(_ text: String) {
    if !quiet { StandardError.line(text) }
  }

  private func summarize(_ result: ResultDocument) {
    let files = (output + plot).filter { $0 != "-" }
    guard !files.isEmpty else { return }
    report("\(TableFormat.summary(result)); written to \(files.joined(separator: ", "))")
  }
}
