import Foundation

/// Where a measurement was made.
struct BenchEnvironment: Codable {
  let commit: String?
  let compiler: String?
  let build: String
  let system: String
  let cpu: String?
  let cores: Int
  let blasCore: String?
  let blas: String?
  let blasThreads: Int?
  /// Load of the machine in the last minute: what times on a shared machine are worth.
  let load: Double?
  let copyBandwidth: CopyBandwidth

  enum CodingKeys: String, CodingKey {
    case commit, compiler, build, system, cpu, cores, blas, load
    case blasCore = "blas_core"
    case blasThreads = "blas_threads"
    case copyBandwidth = "copy_bandwidth"
  }

  /// The environment of this process.
  static func current() -> BenchEnvironment {
    let commit = ChildProcess.firstLine(of: ["git", "rev-parse", "--short=12", "HEAD"])
    let changed = ChildProcess.firstLine(of: ["git", "status", "--porcelain", "--untracked-files=no"])
    return BenchEnvironment(
      commit: commit.map { changed == nil ? $0 : "\($0)+" },
      compiler: ChildProcess.firstLine(of: ["swift", "--version"]), build: build,
      system: ProcessInfo.processInfo.operatingSystemVersionString, cpu: cpuModel,
      cores: ProcessInfo.processInfo.processorCount, blasCore: OpenBLAS.coreName,
      blas: OpenBLAS.configuration, blasThreads: OpenBLAS.threads, load: load,
      copyBandwidth: .measured())
  }

  /// "debug" or "release".
  static var build: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  private static var load: Double? {
    var average = 0.0
    return unsafe getloadavg(&average, 1) == 1 ? average : nil
  }

  private static func cpuInfo(_ field: String) -> String? {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix(field) }
    return line?.split(separator: ":").dropFirst().first?.trimmingCharacters(in: .whitespaces)
  }

  private static var cpuModel: String? { cpuInfo("model name") }

  /// Core type to ask OpenBLAS for. Its own detection answers differently from run to run on processors it does not
  /// know, so that counters stay equal but times do not compare.
  static var coreType: String? {
    let flags = Set((cpuInfo("flags") ?? "").split(separator: " "))
    if flags.isSuperset(of: ["avx512f", "avx512bw", "avx512dq", "avx512vl"]) { return "SkylakeX" }
    return flags.isSuperset(of: ["avx2", "fma"]) ? "Haswell" : nil
  }
}
