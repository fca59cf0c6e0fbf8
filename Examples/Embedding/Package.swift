// swift-tools-version: 6.2
import PackageDescription

// A package of your own needs the same two lines: the dependency and the product. The product brings swift-numerics and the system
// libraries UMFPACK and OpenBLAS, and nothing else.
let package = Package(
  name: "Embedding",
  dependencies: [.package(name: "NESSKit", path: "../..")],
  targets: [
    .executableTarget(
      name: "HeatTransport",
      dependencies: [.product(name: "NESSKit", package: "NESSKit")])
  ],
  swiftLanguageModes: [.v6]
)
