import ArgumentParser
import Foundation
import NESSKit

/// `ness plan`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Predicts size, route, memory and rough time of every point.",
    discussion: "Computes nothing. Exits with 65 when a point cannot fit, and says what would.")

  @OptionGroup var input: InputOptions

  @Option(help: "table or json.")
  var format = ListFormat.table

  func run() throws {
    let job = try Job(try input.read(), models: .standard)
    let memory = job.request.solver.memoryLimit ?? Int(clamping: ProcessInfo.processInfo.physicalMemory)
    var rows: [Row] = []
    for index in 0..<job.sweep.count { rows.append(try plan(job, index, memory: memory)) }
    let text =
      format == .json
      ? PlanCommand.json(job, rows, memory: memory) : PlanCommand.table(job, rows, memory: memory)
    try OutputFile.writeStandardOutput(Data(text.utf8))
    if let refused = rows.first(where: { $0.refusal != nil }) {
      let count = rows.count { $0.refusal != nil }
      throw Failure(
        .input,
        "\(job.input.document.name): \(count) of \(rows.count) points cannot fit: \(refused.refusal ?? "")")
    }
  }

  /// The prediction for one point.
  private struct Row {
    let parameters: [ParameterValue]
    let plan: PointPlan?
    /// Memory that is needed, when known.
    let bytes: Int?
    /// Why it cannot fit, and what would.
    let refusal: String?

    /// Whether the table would show the same in all columns but those of the parameters.
    func isLike(_ other: Row) -> Bool {
      plan?.unknownsFull == other.plan?.unknownsFull && plan?.unknowns == other.plan?.unknowns
        && plan?.route == other.plan?.route && bytes == other.bytes
        && (refusal == nil) == (other.refusal == nil)
    }
  }

  private func plan(_ job: Job, _ index: Int, memory: Int) throws(Failure) -> Row {
    let values = job.sweep.values(at: index)
    do throws(ComputationError) {
      let machine: any Machine
      do throws(InputError) {
        machine = try job.kind.make(job.sweep.parameters(at: index, fixed: job.input.parameters))
      } catch {
        throw .input(error)
      }
      let plan = try machine.plan(job.request)
      // Not every machine refuses what it predicts, since what it solves may turn out to be smaller.
      let refusal: SolverError? =
        plan.bytes > memory
        ? .tooLarge(
          bytes: plan.bytes, limit: memory,
          advice: "\(plan.route) with \(plan.unknowns) unknowns is the route") : nil
      return Row(parameters: values, plan: plan, bytes: plan.bytes, refusal: refusal?.description)
    } catch {
      if case .input(let error) = error { throw job.input.document.failure(error) }
      var bytes: Int?
      if case .solver(.tooLarge(let needed, _, _)) = error { bytes = needed }
      return Row(parameters: values, plan: nil, bytes: bytes, refusal: error.description)
    }
  }

  private static func json(_ job: Job, _ rows: [Row], memory: Int) -> String {
    let points = rows.map { row in
      var entries = zip(job.sweep.parameters, row.parameters).map { (key: $0, value: JSONValue($1)) }
      if !entries.isEmpty { entries = [("parameters", .object(entries))] }
      if let plan = row.plan {
        entries += [
          ("unknowns_full", .integer(plan.unknownsFull)), ("unknowns", .integer(plan.unknowns)),
          ("route", .text(plan.route)), ("seconds", JSONValue(plan.seconds)),
          ("state_seconds", JSONValue(plan.stateSeconds)), ("state_bytes", .integer(plan.stateBytes)),
          ("observables", .list(plan.observables.map(observable))),
          ("alternatives", .list(plan.alternatives.map { alternative($0, memory: memory) })),
        ]
      }
      if let bytes = row.bytes { entries.append(("bytes", .integer(bytes))) }
      entries += [("fits", .flag(row.refusal == nil)), ("refusal", row.refusal.map(JSONValue.text) ?? .null)]
      return JSONValue.object(entries)
    }
    return JSONValue.object([
      ("model", .text(job.kind.description.name)), ("state", .text(job.request.state)),
      ("memory_limit", .integer(memory)), ("points", .list(points)),
    ]).pretty(depth: 2) + "\n"
  }

  private static func observable(_ plan: ObservablePlan) -> JSONValue {
    .object([
      ("names", .list(plan.names.map(JSONValue.text))), ("bytes", .integer(plan.bytes)),
      ("seconds", JSONValue(plan.seconds)),
    ])
  }

  private static func alternative(_ route: RoutePlan, memory: Int) -> JSONValue {
    .object([
      ("route", .text(route.method.rawValue)), ("unknowns", .integer(route.unknowns)),
      ("bytes", .integer(route.bytes)), ("seconds", JSONValue(route.seconds)),
      ("fits", .flag(route.bytes <= memory)),
    ])
  }

  /// The point that takes longest.
  private static func longest(_ rows: [Row]) -> PointPlan? {
    rows.compactMap(\.plan).max { $0.seconds < $1.seconds }
  }

  /// What the observables of the point that takes longest cost beside its state.
  private static func observables(_ rows: [Row]) -> [String] {
    guard let plan = longest(rows), !plan.observables.isEmpty else { return [] }
    let parts =
      [ObservablePlan(names: ["state"], bytes: plan.stateBytes, seconds: plan.stateSeconds)]
      + plan.observables
    let columns = [
      TextTable.Column("of which", isText: true, parts.map { $0.names.joined(separator: ", ") }),
      TextTable.Column("memory", parts.map(\.bytes.readableBytes)),
      TextTable.Column("time", parts.map { Readable.duration($0.seconds) }),
    ]
    let head = rows.count > 1 ? ["at the point that takes longest:"] : []
    return [""] + head
      + TextTable(columns: columns).lines(
        limit: Terminal.outputColumns, keys: 1, isStyled: Terminal.isOutputStyled)
  }

  /// The routes that would not be taken, for the point that takes longest.
  private static func alternatives(_ rows: [Row], memory: Int) -> [String] {
    guard let plan = longest(rows), !plan.alternatives.isEmpty else { return [] }
    let columns = [
      TextTable.Column("other routes", isText: true, plan.alternatives.map { $0.method.rawValue }),
      TextTable.Column("memory", plan.alternatives.map { $0.bytes.readableBytes }),
      TextTable.Column("time", plan.alternatives.map { Readable.duration($0.seconds) }),
      TextTable.Column("fits", isText: true, plan.alternatives.map { $0.bytes <= memory ? "yes" : "no" }),
    ]
    let head =
      rows.count > 1
      ? "instead of \(plan.route), at the point that takes longest:" : "instead of \(plan.route):"
    return ["", head]
      + TextTable(columns: columns).lines(
        limit: Terminal.outputColumns, keys: 1, isStyled: Terminal.isOutputStyled)
  }

  /// Points beyond which equal lines of the table are put together.
  private static let mostLines = 100

  private static func table(_ job: Job, _ all: [Row], memory: Int) -> String {
    var runs = all.map { (row: $0, count: 1) }
    if all.count > mostLines {
      runs = all.reduce(into: []) { runs, row in
        if let last = runs.last, last.row.isLike(row) {
          runs[runs.count - 1].count += 1
        } else {
          runs.append((row, 1))
        }
      }
    }
    let rows = runs.map(\.row)
    var columns = job.sweep.parameters.enumerated().map { position, name in
      TextTable.Column(
        runs.count < all.count ? "\(name) from" : name,
        rows.map { row in
          let value = row.parameters[position]
          return value.number.map { Readable.number($0, digits: 6) } ?? value.description
        })
    }
    let keys = columns.count
    if runs.count < all.count { columns.append(TextTable.Column("points", runs.map { String($0.count) })) }
    func column(_ title: String, isText: Bool = false, _ cell: (PointPlan) -> String) {
      columns.append(TextTable.Column(title, isText: isText, rows.map { $0.plan.map(cell) ?? "-" }))
    }
    column("full") { String($0.unknownsFull) }
    column("unknowns") { String($0.unknowns) }
    column("route", isText: true) { $0.route }
    columns.append(TextTable.Column("memory", rows.map { $0.bytes?.readableBytes ?? "-" }))
    column("time") { Readable.duration($0.seconds) }
    columns.append(TextTable.Column("fits", isText: true, rows.map { $0.refusal == nil ? "yes" : "no" }))
    let lines = TextTable(columns: columns).lines(
      limit: Terminal.outputColumns, keys: keys, isStyled: Terminal.isOutputStyled)
    return
      (lines + observables(all) + alternatives(all, memory: memory) + ["", summary(job, all, memory: memory)])
      .joined(
        separator: "\n") + "\n"
  }

  private static func summary(_ job: Job, _ rows: [Row], memory: Int) -> String {
    let fitting = rows.filter { $0.refusal == nil }
    let count = "\(fitting.count) of \(rows.count) point\(rows.count == 1 ? "" : "s") fit"
    guard !fitting.isEmpty else { return "\(count) into \(memory.readableBytes)" }
    let seconds = fitting.compactMap(\.plan?.seconds).reduce(0, +)
    let width = min(fitting.count, job.request.solver.threads)
    let peak = (fitting.compactMap(\.bytes).max() ?? 0).multipliedReportingOverflow(by: width)
    let bytes = (peak.overflow ? Int.max : peak.partialValue).readableBytes
    return
      "\(count): about \(Readable.duration(seconds)) on one thread; at most \(bytes) of \(memory.readableBytes) with \(width) at a time"
  }
}
