/// A part of a head, as offsets into its octets. Smaller than `Range<Int>`.
public struct OctetRange: Hashable, Sendable {
  public var start: Int32
  public var end: Int32

  @inlinable
  public init(start: Int32, end: Int32) {
    self.start = start
    self.end = end
  }

  @inlinable
  init(_ range: Range<Int>) {
    start = Int32(clamping: range.lowerBound)
    end = Int32(clamping: range.upperBound)
  }

  @inlinable public var count: Int { Int(end) - Int(start) }
  @inlinable public var isEmpty: Bool { end <= start }

  /// Never negative: an inverted range is empty.
  @inlinable public var range: Range<Int> {
    Int(start)..<max(Int(start), Int(end))
  }
}
