import FoundationEssentials
import Testing

/// Where tests find files that are not theirs.
public enum Locations {
  /// The root of the package.
  public static let package: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()

  public static var samples: String { package + "/samples" }

  /// The material that lies beside the package and is never part of it.
  public static var shared: String { environment("REUSESCOPE_SHARED") ?? package + "/../shared" }

  /// The path of something in ``shared``. Where it is missing, a test fails if it runs for CI, and is skipped if not.
  public static func shared(_ path: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let full = shared + "/" + path
    if exists(full) { return full }
    if environment("CI") == "true" {
      throw MissingFile(path: full)
    }
    try Test.cancel("not found: \(full)", sourceLocation: sourceLocation)
  }

  public static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  public static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }

  public static func contents(of path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else { throw MissingFile(path: path) }
    return [UInt8](data)
  }
}

public struct MissingFile: Error, CustomStringConvertible {
  public var path: String

  public var description: String { "not found: \(path)" }
}
