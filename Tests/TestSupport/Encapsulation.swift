import Testing
import Wire

/// A way in which an IP packet can reach a capture.
public struct Encapsulation: Sendable, CustomTestStringConvertible {
  public var name: String
  public var link: LinkType
  /// Puts an IPv4 or IPv6 packet into a frame of `link`.
  public var wrap: @Sendable ([UInt8]) -> [UInt8]

  public init(_ name: String, _ link: LinkType = .ethernet, _ wrap: @escaping @Sendable ([UInt8]) -> [UInt8]) {
    self.name = name
    self.link = link
    self.wrap = wrap
  }

  public var testDescription: String { name }
}
