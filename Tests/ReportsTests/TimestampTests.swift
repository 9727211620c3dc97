import Testing

@testable import Reports

@Test(
  arguments: [
    (0, "1970-01-01T00:00:00.000000000Z"),
    (-1, "1969-12-31T23:59:59.999999999Z"),
    (1_795_224_761_123_456_789, "2026-11-21T01:32:41.123456789Z"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00.000000000Z"),
    (951_868_800_000_000_000, "2000-03-01T00:00:00.000000000Z"),
    (-2_203_891_200_000_000_000, "1900-03-01T00:00:00.000000000Z"),
    (4_107_542_399_000_000_001, "2100-02-28T23:59:59.000000001Z"),
    (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000000Z"),
    (.max, "2262-04-11T23:47:16.854775807Z"),
    (.min, "1677-09-21T00:12:43.145224192Z"),
  ] as [(Int64, String)])
func `times are RFC 3339 in UTC`(_ time: Int64, _ expected: String) {
  var buffer = OctetBuffer()
  buffer.appendTimestamp(nanosecondsSince1970: time)
  #expect(String(decoding: buffer.octets, as: UTF8.self) == expected)
}

@Test func `every day from 1600 to 2400 follows the one before`() {
  func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
  var (year, month, day): (Int64, Int64, Int64) = (1600, 1, 1)
  var number: Int64 = -135_140
  while year < 2400 {
    let date = CivilDate(daysSince1970: number)
    #expect((date.year, date.month, date.day) == (year, month, day))
    let lengths: [Int64] = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    day += 1
    if day > lengths[Int(month) - 1] { (month, day) = (month + 1, 1) }
    if month > 12 { (year, month) = (year + 1, 1) }
    number += 1
  }
}

@Test(
  arguments: [
    (0, "19700101T000000.000Z"),
    (1_795_224_761_123, "20261121T013241.123Z"),
    (951_782_399_999, "20000228T235959.999Z"),
    (4_107_542_400_007, "21000301T000000.007Z"),
  ] as [(Int64, String)])
func `stamps of files sort by time`(_ milliseconds: Int64, _ expected: String) {
  #expect(fileStamp(millisecondsSince1970: milliseconds) == expected)
}
