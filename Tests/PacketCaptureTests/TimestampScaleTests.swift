import Testing

@testable import PacketCapture

@Suite struct TimestampScaleTests {
  /// if_tsresol, if_tsoffset, time stamp, nanoseconds.
  struct Row {
    var resolution: UInt8
    var offset: Int64
    var ticks: UInt64
    var nanoseconds: Int64

    init(_ resolution: UInt8, _ offset: Int64, _ ticks: UInt64, _ nanoseconds: Int64) {
      self.resolution = resolution
      self.offset = offset
      self.ticks = ticks
      self.nanoseconds = nanoseconds
    }
  }

  private static let rows: [Row] = [
    Row(6, 0, 1_700_000_000_123_456, 1_700_000_000_123_456_000),
    Row(9, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456_789),
    Row(0, 0, 1_700_000_000, 1_700_000_000_000_000_000),
    Row(3, 0, 1_700_000_000_123, 1_700_000_000_123_000_000),
    Row(12, 0, 1_700_000_000_123_456_789, 1_700_000_000_123_456),
    Row(18, 0, 17_999_999_999_999_999_999, 17_999_999_999),
    Row(19, 0, 18_000_000_000_000_000_000, 1_800_000_000),
    Row(28, 0, .max, 1),
    Row(29, 0, .max, 0),
    Row(0x7F, 0, .max, 0),
    Row(0x80, 0, 1_700_000_000, 1_700_000_000_000_000_000),
    Row(0x80 | 10, 0, 1_700_000_000 << 10 | 512, 1_700_000_000_500_000_000),
    Row(0x80 | 20, 0, 1_700_000_000 << 20 | 1, 1_700_000_000_000_000_953),
    Row(0x80 | 30, 0, 1_700_000_000 << 30 | 1 << 29, 1_700_000_000_500_000_000),
    Row(0x80 | 63, 0, 3 << 62, 1_500_000_000),
    Row(0x80 | 64, 0, 1 << 63, 500_000_000),
    Row(0x80 | 70, 0, 1 << 63, 7_812_500),
    Row(0x80 | 127, 0, .max, 0),
    Row(6, 1_700_000_000, 5, 1_700_000_000_000_005_000),
    Row(9, -2, 1_000_000_000, -1_000_000_000),
    // What does not fit is clamped.
    Row(0, 0, .max, .max),
    Row(0, 0, 9_223_372_037, .max),
    Row(0, 0, 9_223_372_036, 9_223_372_036_000_000_000),
    Row(6, 0, .max, .max),
    Row(9, 0, .max, .max),
    Row(0x80, 0, .max, .max),
    Row(0x80 | 4, 0, .max, .max),
    Row(9, .max, 1, .max),
    Row(9, .min, 1, .min + 1),
    Row(9, .min, .max, -1),
    Row(9, 9_223_372_036, 9_223_372_036_854_775_807, .max),
  ]

  @Test func `resolutions and offsets`() {
    for row in Self.rows {
      let scale = TimestampScale(resolution: row.resolution, offsetSeconds: row.offset)
      #expect(scale.nanoseconds(row.ticks) == row.nanoseconds, "\(row)")
    }
  }

  @Test(arguments: [false, true])
  func `an interface's options reach its packets`(swapped: Bool) throws {
    var file = PcapngFile(swapped: swapped)
    file.section()
    file.interface(resolution: 0x80 | 10, offset: -100)
    file.packet(ticks: 200 << 10 | 256, [1])
    file.interface(resolution: 0, offset: .max)
    file.packet(interface: 1, ticks: .max, [2])
    let scratch = try Scratch()
    #expect(try read(scratch.write(file.all)).packets.map { $0.time } == [100_250_000_000, .max])
  }
}
