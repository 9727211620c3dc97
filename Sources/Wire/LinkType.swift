/// A link-layer header type, as capture files number them (the LINKTYPE_ values of the tcpdump group).
public struct LinkType: RawRepresentable, Hashable, Sendable {
  public let rawValue: UInt32

  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}
