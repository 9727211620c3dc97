// swift-tools-version:6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]

// What an `Analyzer` or a `PacketRedactor` is made of. A module that holds one depends on it directly: SwiftPM does not compile a
// module again when the size of such a part changes two modules away, and a program with two opinions on it crashes.
let parts: [Target.Dependency] = ["Wire", "TCPStreams", "HTTP1"]

let package = Package(
  name: "reusescope",
  products: [
    .executable(name: "reusescope", targets: ["reusescope"]),
    .library(name: "ReuseAnalysis", targets: ["ReuseAnalysis"]),
    .library(name: "PacketCapture", targets: ["PacketCapture"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    // The documentation's builder: a command of the package manager, nothing that is built into the products.
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: [
    .target(name: "Wire", swiftSettings: settings),
    .target(
      name: "TCPStreams", dependencies: ["Wire", .product(name: "BasicContainers", package: "swift-collections")],
      swiftSettings: settings),
    .target(name: "HTTP1", swiftSettings: settings),
    .target(
      name: "ReuseAnalysis",
      dependencies: [
        "Wire", "TCPStreams", "HTTP1", .product(name: "BasicContainers", package: "swift-collections"),
      ], swiftSettings: settings),
    .target(
      name: "PacketRedaction",
      dependencies: ["Wire", "TCPStreams", "HTTP1", .product(name: "DequeModule", package: "swift-collections")],
      swiftSettings: settings),
    .target(name: "Reports", dependencies: ["ReuseAnalysis", "HTTP1", "Wire"], swiftSettings: settings),
    .target(name: "Comparison", dependencies: ["Reports", "ReuseAnalysis"], swiftSettings: settings),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(
      name: "SQLiteReport", dependencies: ["CSQLite", "Reports", "ReuseAnalysis", "Wire"], swiftSettings: settings),
    .target(
      name: "PageAssets",
      resources: [
        .embedInCode("page.css"), .embedInCode("page.js"), .embedInCode("waterfall.js"),
      ], swiftSettings: settings),
    .target(
      name: "HTMLReport",
      dependencies: ["PageAssets", "Reports", "ReuseAnalysis", "Wire"], swiftSettings: settings),
    .target(
      name: "Service",
      dependencies: [
        "HTMLReport", "PageAssets", "Reports", "ReuseAnalysis", "Screen",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .target(name: "Screen", dependencies: ["Reports", "ReuseAnalysis"], swiftSettings: settings),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "PacketCapture", dependencies: ["CPcap", "CZlib", "CZstd"], swiftSettings: settings),
    .executableTarget(
      name: "reusescope",
      dependencies: [
        "CMalloc", "Comparison", "HTMLReport", "Reports", "SQLiteReport", "ReuseAnalysis", "PacketCapture",
        "PacketRedaction", "Screen", "Service",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SystemPackage", package: "swift-system"),
      ] + parts,
      swiftSettings: settings),
    .executableTarget(
      name: "reusescope-bench",
      dependencies: [
        "Reports", "ReuseAnalysis", "PacketCapture", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ] + parts,
      path: "Sources/Benchmarks/reusescope-bench",
      swiftSettings: settings),
    .target(name: "TestSupport", dependencies: ["Wire"], path: "Tests/TestSupport", swiftSettings: settings),
    .target(
      name: "Oracles", dependencies: ["HTTP1", "TCPStreams", "Wire"], path: "Tests/Oracles", swiftSettings: settings),
    .testTarget(name: "WireTests", dependencies: ["Wire", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "TCPStreamsTests", dependencies: ["TCPStreams", "Wire", "Oracles", "TestSupport"], swiftSettings: settings),
    .testTarget(name: "HTTP1Tests", dependencies: ["HTTP1", "Oracles", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ReuseAnalysisTests", dependencies: ["ReuseAnalysis", "TestSupport"] + parts,
      swiftSettings: settings),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "ReuseAnalysis", "Wire", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ComparisonTests", dependencies: ["Comparison", "Reports", "ReuseAnalysis", "Wire"], swiftSettings: settings
    ),
    .testTarget(
      name: "HTMLReportTests",
      dependencies: ["HTMLReport", "PageAssets", "Reports", "ReuseAnalysis", "Wire", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "PacketRedactionTests",
      dependencies: ["PacketRedaction", "PacketCapture", "ReuseAnalysis", "TestSupport"] + parts,
      swiftSettings: settings),
    .testTarget(name: "PacketCaptureTests", dependencies: ["PacketCapture", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Service", "Screen", "ReuseAnalysis", "Wire", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ScreenTests", dependencies: ["Screen", "Reports", "ReuseAnalysis", "Wire", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "CommandTests", dependencies: ["reusescope", "Oracles", "SQLiteReport", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "CorpusTests", dependencies: ["Comparison", "PacketCapture", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "LibraryTests", dependencies: ["PacketCapture", "ReuseAnalysis", "TestSupport"] + parts,
      swiftSettings: settings),
    .testTarget(name: "LabTests", dependencies: ["TestSupport"], swiftSettings: settings),
  ]
)

// The fuzzers, which .ci/fuzz builds. They link with a runtime that comes with `-sanitize=fuzzer` only, unless the variable
// is "plain"; then they take broken files, as .ci/broken gives them.
if let fuzz = Context.environment["REUSESCOPE_FUZZ"] {
  package.targets += [
    .systemLibrary(name: "CLibFuzzer", path: "Tests/Fuzzing/CLibFuzzer"),
    .executableTarget(
      name: "reusescope-fuzz",
      dependencies: [
        "CLibFuzzer", "Oracles", "HTTP1", "PacketCapture", "Reports", "ReuseAnalysis", "TCPStreams", "Wire",
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "Tests/Fuzzing/reusescope-fuzz",
      swiftSettings: settings + (fuzz == "plain" ? [] : [.define("LIBFUZZER")])),
  ]
}
