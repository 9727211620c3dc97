import Testing

@testable import Reports

/// What `write` appends, behind `offset` octets that are there before.
private func appended(after offset: Int = 0, _ write: (inout OctetBuffer) -> Void) -> String {
  var buffer = OctetBuffer(capacity: 64)
  for _ in 0..<offset { buffer.append(UInt8(ascii: "#")) }
  write(&buffer)
  return String(decoding: buffer.octets.dropFirst(offset), as: UTF8.self)
}

@Test(arguments: [
  0, 1, 7, 8, 9, 10, 99, 100, 12_345_678, 99_999_999, 100_000_000, 100_000_001, 123_456_789_012_345_678,
])
func `numbers are written as Swift describes them`(_ value: Int) {
  for number in [value, -value] {
    #expect(appended { $0.appendDecimal(number) } == number.description)
  }
}

@Test func `the largest numbers are written`() {
  for number in [Int.min, Int.max, Int.min + 1] {
    #expect(appended { $0.appendDecimal(number) } == number.description)
  }
  for number in [UInt64.max, UInt64.max / 10, 9_999_999_999_999_999, 10_000_000_000_000_000] {
    #expect(appended { $0.appendDecimal(number) } == number.description)
  }
}

@Test func `every length of number is written at every place of the storage`() {
  var number: UInt64 = 0
  for digit in 1...19 {
    number = number &* 10 &+ UInt64(digit % 10)
    for offset in 0..<70 {
      #expect(appended(after: offset) { $0.appendDecimal(number) } == number.description)
    }
  }
}

@Test(arguments: [
  (0 as UInt64, 2, "00"), (7, 2, "07"), (59, 2, "59"), (123, 2, "23"), (42, 8, "00000042"), (1_234, 4, "1234"),
])
func `digits keep the zeros in front`(_ value: UInt64, _ count: Int, _ expected: String) {
  #expect(appended { $0.appendDigits(value, count: count) } == expected)
}

@Test(arguments: [
  (0 as Int64, "0"), (1, "0.000000001"), (10, "0.00000001"), (420_000, "0.00042"), (1_000_000_000, "1"),
  (1_234_567_891, "1.234567891"), (1_500_000_000, "1.5"), (100_000_000, "0.1"), (10_000_000, "0.01"),
  (999_999_999, "0.999999999"), (-1, "-0.000000001"), (-1_500_000_000, "-1.5"), (60_000_000_000, "60"),
  (Int64.max, "9223372036.854775807"), (Int64.min, "-9223372036.854775808"),
])
func `nanoseconds become exact seconds`(_ nanoseconds: Int64, _ expected: String) {
  #expect(appended { $0.appendSeconds(nanoseconds) } == expected)
}

@Test func `random nanoseconds become exact seconds`() {
  let seed = UInt64.random(in: 0 ... .max)
  var generator = SplitMix(state: seed)
  for _ in 0..<20_000 {
    let few = Int64(bitPattern: generator.next()) >> Int64(generator.next() % 64)
    let value = Int128(few) * Int128(1 + generator.next() % 2 * 999_999_937)
    let text = appended { $0.appendSeconds(sum: value) }
    if value == few { #expect(appended { $0.appendSeconds(few) } == text) }
    // The naive way: nine digits of fraction, then trailing zeros and point cut.
    let magnitude = String(value.magnitude)
    let padded = String(repeating: "0", count: max(0, 10 - magnitude.count)) + magnitude
    var expected = (value < 0 ? "-" : "") + padded.dropLast(9) + "." + padded.suffix(9)
    while expected.last == "0" { expected.removeLast() }
    if expected.last == "." { expected.removeLast() }
    #expect(text == expected, "seed \(seed)")
  }
}

@Test func `text of every length is appended at every place of the storage`() {
  let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
  for length in 0...letters.count {
    let text = String(letters.prefix(length))
    for offset in 0..<70 {
      #expect(appended(after: offset) { $0.append(text) } == text)
      if length <= Fragment.limit {
        let fragment = Fragment(text)
        #expect(appended(after: offset) { $0.append(fragment) } == text)
      }
    }
  }
}

@Test func `what follows covers what a word stored beyond the end`() {
  let text = appended {
    $0.append(Fragment("a"))
    $0.appendDecimal(1_234)
    $0.append(Fragment("bc"))
    $0.appendSeconds(2_500_000_000)
    $0.append("d")
  }
  #expect(text == "a1234bc2.5d")
}

@Test func `an emptied buffer starts anew`() {
  var buffer = OctetBuffer(capacity: 8)
  buffer.append(String(repeating: "x", count: 1_000))
  #expect(buffer.count == 1_000)
  buffer.removeAll()
  #expect(buffer.count == 0)
  buffer.append("y")
  #expect(buffer.octets == [UInt8(ascii: "y")])
}

@Test func `template fragments fit their words`() {
  let templates: [RowTemplate] = [.exchange, .request, .response, .connection, .handshake, .keepAlive, .retry]
  #expect(templates.map(\.longest).allSatisfy { $0 <= Fragment.limit })
}

/// A small generator of random numbers that starts from a seed a failure can print.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
