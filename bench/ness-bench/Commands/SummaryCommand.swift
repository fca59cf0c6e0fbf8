import ArgumentParser
import Foundation

/// Tables and growth exponents from records.
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary", abstract: "Print times, ratios and growth exponents from JSON lines.",
    discussion: "Exponents are those of seconds (least of the repeats) ~ unknowns^p, fitted per sweep.")

  @Argument(help: "Files with the output of sweep; standard input when there are none.")
  var files: [String] = []

  @Flag(help: "Show the least processor time instead of the least wall-clock time.")
  var processor = false

  func run() throws {
    let records = try JSONLines.records(in: files)
    guard !records.isEmpty else { throw BenchFailure("there must be at least one record, but there is none") }
    var sweeps: [(key: BenchPoint, records: [BenchRecord])] = []
    for record in records {
      let key = Self.common(record)
      if let index = sweeps.firstIndex(where: { $0.key == key && $0.records[0].axis == record.axis }) {
        sweeps[index].records.append(record)
      } else {
        sweeps.append((key, [record]))
      }
    }
    for sweep in sweeps { show(sweep.records) }
  }

  /// The point without the coordinate that the sweep varies.
  private static func common(_ record: BenchRecord) -> BenchPoint {
    var point = record.point
    switch record.axis {
    case "route": point.route = ""
    case "symmetries": point.symmetries = false
    case "threads": point.threads = 0
    case let name?: point.axes[name] = nil
    case nil: break
    }
    return point
  }

  private static func coordinate(_ record: BenchRecord) -> String {
    switch record.axis {
    case "route": record.point.route
    case "symmetries": record.point.symmetries ? "on" : "off"
    case "threads": "\(record.point.threads)"
    case let name?: (record.point.axes[name] ?? .nan).formatted()
    case nil: ""
    }
  }

  /// Phases in the order in which a computation meets them.
  static let phases = [
    "generator", "terms", "symmetries", "assemble", "normalize", "factorize", "refactorize", "solve",
    "blocks", "project", "observe", "steady", "point", "next",
  ]

  private func show(_ records: [BenchRecord]) {
    let first = records[0]
    let fixed = Self.common(first).axes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.formatted())" }
    var title = "\(first.point.model): \(fixed.joined(separator: " "))"
    if first.axis != "route" { title += ", route \(first.point.route)" }
    if first.axis != "symmetries" { title += ", symmetries \(first.point.symmetries ? "on" : "off")" }
    if first.axis != "threads" { title += ", threads \(first.point.threads)" }
    var table = TextTable(header: [first.axis ?? "point"] + records.map(Self.coordinate) + ["exponent"])
    func row(_ name: String, _ fitted: Bool = true, _ value: (BenchRecord) -> Double?) {
      let values = records.map(value)
      guard values.contains(where: { $0 != nil }) else { return }
      let points = zip(records, values).compactMap { record, value in
        value.map { (x: Double(record.counters.unknowns), y: $0) }
      }
      let exponent = fitted ? Growth.exponent(points).map { fixedText($0, digits: 2) } : nil
      table.add([name] + values.map { $0.map { shortText($0) } ?? "-" } + [exponent ?? ""])
    }
    row("unknowns full") { Double($0.counters.unknownsFull) }
    row("unknowns", false) { Double($0.counters.unknowns) }
    func factorization(_ name: String, _ value: (FactorizationWork) -> Double) {
      row(name) { $0.counters.work.factorization.map(value) }
    }
    func iteration(_ name: String, _ value: (IterationWork) -> Double?) {
      row(name, false) { $0.counters.work.iteration.flatMap(value) }
    }
    factorization("nonzeros") { Double($0.nonzeros) }
    factorization("factor nonzeros") { Double($0.factorNonzeros) }
    factorization("flops") { $0.flops }
    factorization("factor bytes") { Double($0.factorBytes) }
    factorization("factor peak bytes") { Double($0.factorPeakBytes) }
    iteration("group order") { Double($0.groupOrder) }
    iteration("orbits") { Double($0.orbits) }
    iteration("largest block") { Double($0.largestBlock) }
    iteration("iterations") { Double($0.iterations) }
    iteration("applications") { Double($0.applications) }
    iteration("bytes per application") { $0.bytesPerApplication.map(Double.init) }
    func seconds(_ record: BenchRecord, _ phase: String) -> Double? {
      processor ? record.seconds[phase]?.processor : record.seconds[phase]?.min
    }
    for phase in Self.phases { row("\(phase) s") { seconds($0, phase) } }
    row("assemble/(factorize+solve)", false) { record in
      guard let assemble = seconds(record, "assemble"), let factorize = seconds(record, "factorize"),
        let solve = seconds(record, "solve")
      else { return nil }
      return assemble / (factorize + solve)
    }
    row("peak RSS bytes", false) { Double($0.peakBytes) }
    row("(peak - base RSS)/factor bytes", false) { record in
      guard let base = record.baseBytes, let work = record.counters.work.factorization else { return nil }
      return Double(record.peakBytes - base) / Double(work.factorBytes)
    }
    row("GB/s of applications", false) { $0.bytesPerSecond.map { $0 / 1e9 } }
    row("of the copy bandwidth", false) { record in
      let copy = record.environment.copyBandwidth.bytesPerSecond
      return record.bytesPerSecond.flatMap { bytes in copy[record.point.threads].map { bytes / $0 } }
    }
    row("largest copy GB/s", false) {
      $0.environment.copyBandwidth.bytesPerSecond.values.max().map { $0 / 1e9 }
    }
    row("load", false) { $0.environment.load }
    row("residual", false) { $0.counters.residual }
    print(title)
    print("routes: \(records.map(\.counters.method).joined(separator: ", "))")
    print(table.text)
    if let environment = records.last?.environment {
      let core = environment.blasCore ?? "unknown BLAS"
      print(
        "\(environment.cpu ?? "unknown CPU"), \(core), \(environment.blasThreads ?? 0) BLAS thread(s), commit \(environment.commit ?? "unknown")\n"
      )
    }
  }
}

/// A number with `digits` places after the point.
func fixedText(_ value: Double, digits: Int) -> String {
  value.formatted(.number.precision(.fractionLength(digits)).locale(Locale(identifier: "en_US_POSIX")))
}

/// A whole number as it is, another one with three significant digits.
func shortText(_ value: Double) -> String {
  if let whole = Int(exactly: value), abs(whole) < 10_000_000 { return "\(whole)" }
  let exponent = value == 0 ? 0 : Int(log10(abs(value)).rounded(.down))
  if (-3...4).contains(exponent) { return fixedText(value, digits: max(0, 2 - exponent)) }
  return "\(fixedText(value / pow(10, Double(exponent)), digits: 2))e\(exponent)"
}
