// swift-tools-version: 6.2
import PackageDescription

let warnings: [CSetting] = [
  .enableWarning("all"), .enableWarning("extra"), .enableWarning("shadow"),
  .enableWarning("conversion"), .enableWarning("strict-prototypes"),
  .enableWarning("missing-prototypes"), .enableWarning("vla"),
  .treatAllWarnings(as: .error),
]
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "NESSKit",
  // Executables stay out of `products`: a package that embeds NESSKit then fetches swift-numerics only.
  products: [.library(name: "NESSKit", targets: ["NESSKit"])],
  dependencies: [
    // Complex numbers in the public interface of the library.
    .package(url: "https://github.com/apple/swift-numerics.git", from: "1.1.0"),
    // The two below serve the executables only.
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
    .package(url: "https://github.com/LebJe/TOMLKit.git", from: "0.6.0"),
    // `swift package generate-documentation`; a plugin, never linked.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin.git", from: "1.4.0"),
  ],
  targets: [
    .target(
      name: "CNESSKernels",
      path: "CKernels",
      exclude: ["README.md"],
      sources: ["src"],
      publicHeadersPath: "include",
      cSettings: warnings + [
        .define("NESS_FAULT_INJECTION", .when(configuration: .debug))
      ],
      linkerSettings: [
        .linkedLibrary("umfpack"), .linkedLibrary("openblas"),
        // Ground states by Lanczos, and the optimizer behind the global discord.
        .linkedLibrary("arpack"), .linkedLibrary("nlopt"),
        // Fourier transforms: bath correlation functions, distributions of rotor angles.
        .linkedLibrary("fftw3"),
        .linkedLibrary("m", .when(platforms: [.linux])),
      ]),
    .target(
      name: "NESSKit",
      dependencies: ["CNESSKernels", .product(name: "Numerics", package: "swift-numerics")],
      exclude: ["README.md"],
      swiftSettings: strict),
    .systemLibrary(
      name: "CHDF5", path: "Sources/CHDF5", pkgConfig: "hdf5-serial",
      providers: [.apt(["libhdf5-dev"])]),
    // HDF5 files and process settings for the executables; hosts of the library never link HDF5.
    .target(
      name: "CNESSFiles", dependencies: ["CHDF5"], path: "Sources/CNESSFiles", cSettings: warnings,
      linkerSettings: [.linkedLibrary("openblas")]),
    .executableTarget(
      name: "ness",
      dependencies: [
        "NESSKit", "CNESSFiles",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "TOMLKit", package: "TOMLKit"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "ness-bench",
      dependencies: [
        "NESSKit", "CNESSFiles", .product(name: "Numerics", package: "swift-numerics"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "bench/ness-bench",
      swiftSettings: strict),
    .target(
      name: "NESSTestSupport",
      dependencies: ["NESSKit", .product(name: "Numerics", package: "swift-numerics")],
      path: "Tests/NESSTestSupport", resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(name: "CKernelsTests", dependencies: ["CNESSKernels"]),
    .testTarget(
      name: "NESSKitTests",
      dependencies: [
        "NESSKit", "NESSTestSupport", .product(name: "Numerics", package: "swift-numerics"),
      ]),
    // Runs the built command as a process; depends on it so that it is built first.
    .testTarget(name: "CommandTests", dependencies: ["ness", "NESSKit", "NESSTestSupport"]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c17
)
