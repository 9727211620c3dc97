import Foundation
import TestSupport
import Testing

/// Exactly what .ci/run asks of the release build, so that both fail together.
@Test func `the corpus's own check is content`() throws {
  let corpus = try Locations.shared("corpus")
  let check = URL(fileURLWithPath: Locations.package + "/.ci/corpus")
  let outcome = try BuiltProgram.run(check, [BuiltProgram().path, corpus], seconds: 600)
  #expect(outcome.status == 0, "\(outcome.output.suffix(2000)) \(outcome.errors.suffix(500))")
}
