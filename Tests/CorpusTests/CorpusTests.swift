import Foundation
import TestSupport
import Testing

/// The corpus lies beside the package and is no part of it.
enum Corpus {
  static let folder = packageFolder.deletingLastPathComponent().appendingPathComponent("shared/corpus")
  static let isThere = FileManager.default.fileExists(atPath: folder.appendingPathComponent("check.py").path)

  static let captures: [URL] = {
    let captures = folder.appendingPathComponent("captures")
    let files = (try? FileManager.default.contentsOfDirectory(at: captures, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.lastPathComponent != "manifest.json" }.sorted { $0.path < $1.path }
  }()
}

@Suite(.enabled(if: Corpus.isThere || isContinuousIntegration, "needs ../shared/corpus"))
struct CorpusTests {
  /// Exactly what .ci/run asks of the release build, so that both fail together.
  @Test func `the corpus's own check is content`() throws {
    try #require(Corpus.isThere, "../shared/corpus is missing")
    let check = packageFolder.appendingPathComponent(".ci/corpus")
    let outcome = try BuiltProgram.run(check, [BuiltProgram().path], in: packageFolder, seconds: 600)
    #expect(outcome.status == 0, "\(outcome.output.suffix(2000)) \(outcome.errors.suffix(500))")
  }
}
