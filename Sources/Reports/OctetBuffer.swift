/// Octets in the order in which they were appended, ready to be written out.
///
/// Not an array that grows octet by octet: the storage is there before it is filled, and text is stored by words of
/// eight octets, with one check of bounds each. That makes a row several times as cheap (``RowWriter``).
package struct OctetBuffer {
  /// The first ``count`` elements are the content.
  package private(set) var storage: [UInt8]
  package private(set) var count = 0

  package init(capacity: Int = 4096) {
    storage = [UInt8](repeating: 0, count: max(capacity, 64))
  }

  /// A copy of the content.
  package var octets: [UInt8] { Array(storage[..<count]) }

  /// Empties the buffer, and keeps its storage.
  package mutating func removeAll() {
    count = 0
  }

  // MARK: octets

  /// Makes room for `octets` more, and for the last of them to be stored as a word.
  @inline(__always)
  private mutating func reserve(_ octets: Int) {
    if storage.count &- count < octets &+ 8 { grow(by: octets &+ 8) }
  }

  @inline(never)
  private mutating func grow(by needed: Int) {
    storage.append(contentsOf: repeatElement(0, count: max(needed, storage.count)))
  }

  /// Appends the `length` least significant octets of `word`, 8 at most, the least significant first.
  private mutating func append(_ word: UInt64, length: Int) {
    reserve(8)
    let position = count
    var target = storage.mutableSpan
    target.store(word, at: position)
    count = position &+ length
  }

  package mutating func append(_ octet: UInt8) {
    reserve(1)
    storage[count] = octet
    count &+= 1
  }

  package mutating func append(_ text: String) {
    append(text.utf8.span)
  }

  package mutating func append(_ octets: Span<UInt8>) {
    reserve(octets.count)
    var rest = octets
    var position = count
    var target = storage.mutableSpan
    while rest.count >= 8 {
      target.store(rest.leadingWord, at: position)
      position &+= 8
      rest = rest.extracting(droppingFirst: 8)
    }
    for index in rest.indices {
      target[position] = rest[index]
      position &+= 1
    }
    count = position
  }

  /// Appends a fragment: five stores, whatever its length.
  mutating func append(_ fragment: borrowing Fragment) {
    reserve(Fragment.limit)
    let position = count
    var target = storage.mutableSpan
    target.store(fragment.words[0], at: position)
    target.store(fragment.words[1], at: position &+ 8)
    target.store(fragment.words[2], at: position &+ 16)
    target.store(fragment.words[3], at: position &+ 24)
    target.store(fragment.words[4], at: position &+ 32)
    count = position &+ fragment.count
  }

  // MARK: numbers

  /// Appends `value` in decimal.
  package mutating func appendDecimal(_ value: Int) {
    if value < 0 { append(UInt8(ascii: "-")) }
    appendDecimal(UInt64(value.magnitude))
  }

  /// Appends `value` in decimal.
  package mutating func appendDecimal(_ value: UInt64) {
    reserve(24)
    let position = count
    var target = storage.mutableSpan
    count = target.storeDecimal(value, at: position)
  }

  /// Appends the last `length` decimal digits of `value`, 8 at most, zeros in front included.
  mutating func appendDigits(_ value: UInt64, count length: Int) {
    append(Decimal.text(value % 100_000_000) &>> UInt64(truncatingIfNeeded: (8 &- length) &* 8), length: length)
  }

  /// Appends `nanoseconds` as seconds: exact, without trailing zeros.
  mutating func appendSeconds(_ nanoseconds: Int64) {
    reserve(32)
    var position = count
    var target = storage.mutableSpan
    if nanoseconds < 0 {
      target[position] = UInt8(ascii: "-")
      position &+= 1
    }
    let (whole, fraction) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    position = target.storeDecimal(whole, at: position)
    if fraction != 0 {
      let (first, others) = fraction.quotientAndRemainder(dividingBy: 100_000_000)
      target[position] = UInt8(ascii: ".")
      target[position &+ 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: first)
      target.store(Decimal.text(others), at: position &+ 2)
      position &+= 10 &- Decimal.digits(others).leadingZeroBitCount / 8
    }
    count = position
  }

  /// The same for a sum of any size.
  mutating func appendSeconds(sum nanoseconds: Int128) {
    if let few = Int64(exactly: nanoseconds) { return appendSeconds(few) }
    let (whole, fraction) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    append(whole.description)
    if fraction == 0 { return }
    var digits = String(fraction.magnitude + 1_000_000_000).dropFirst()
    while digits.last == "0" { digits.removeLast() }
    append(".\(digits)")
  }

  /// Appends the low four bits of `value` as a lowercase hexadecimal digit.
  mutating func appendHexDigit(_ value: UInt8) {
    let digit = value & 0x0F
    append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
  }
}

/// Eight decimal digits in the octets of a word, the first digit in the least significant octet.
enum Decimal {
  /// The digits of `value`, which must be below 100 000 000, as numbers.
  ///
  /// All at once: the value is split into two lanes of four digits, those into lanes of two, those into single ones. A
  /// lane is divided by 100, then 10, by multiplying with the reciprocal, exact for what can be in it.
  @inline(__always)
  static func digits(_ value: UInt64) -> UInt64 {
    let fours = value / 10_000 | (value % 10_000) &<< 32
    let hundreds = (fours &* 10_486) &>> 20 & 0x0000_007F_0000_007F
    let twos = hundreds | (fours &- hundreds &* 100) &<< 16
    let tens = (twos &* 103) &>> 10 & 0x000F_000F_000F_000F
    return tens | (twos &- tens &* 10) &<< 8
  }

  /// The digits of `value`, which must be below 100 000 000, as characters.
  @inline(__always)
  static func text(_ value: UInt64) -> UInt64 {
    digits(value) | 0x3030_3030_3030_3030
  }
}

/// A constant piece of output, of 40 octets at most, ready to be appended.
struct Fragment {
  static let limit = 40

  fileprivate var words: InlineArray<5, UInt64>
  fileprivate var count: Int

  init(_ text: some StringProtocol) {
    words = InlineArray(repeating: 0)
    count = 0
    for octet in text.utf8.prefix(Self.limit) {
      words[count / 8] |= UInt64(octet) &<< UInt64(count % 8 * 8)
      count += 1
    }
  }
}

extension Span<UInt8> {
  /// The first eight octets, the first one least significant. There must be eight.
  @inline(__always)
  fileprivate var leadingWord: UInt64 {
    let low = UInt64(self[0]) | UInt64(self[1]) &<< 8 | UInt64(self[2]) &<< 16 | UInt64(self[3]) &<< 24
    let high = UInt64(self[4]) | UInt64(self[5]) &<< 8 | UInt64(self[6]) &<< 16 | UInt64(self[7]) &<< 24
    return low | high &<< 32
  }

  /// Whether all octets are printable ASCII other than `"` and `\`, which stand for themselves in a JSON string.
  var isPlain: Bool {
    var rest = self
    while rest.count >= 8 {
      if rest.leadingWord.hasOddOctet { return false }
      rest = rest.extracting(droppingFirst: 8)
    }
    for index in rest.indices {
      let octet = rest[index]
      if octet &- 0x20 >= 0x5F || octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { return false }
    }
    return true
  }
}

extension MutableSpan<UInt8> {
  /// Stores `value` in decimal, and returns where it ends: at most 20 octets on. There must be 24.
  @inline(__always)
  fileprivate mutating func storeDecimal(_ value: UInt64, at position: Int) -> Int {
    if value < 10 {
      self[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value)
      return position &+ 1
    }
    if value >= 100_000_000 { return storeLongDecimal(value, at: position) }
    let zeros = Swift.min(Decimal.digits(value).trailingZeroBitCount / 8, 7)
    store(Decimal.text(value) &>> UInt64(truncatingIfNeeded: zeros &* 8), at: position)
    return position &+ 8 &- zeros
  }

  @inline(never)
  private mutating func storeLongDecimal(_ value: UInt64, at position: Int) -> Int {
    var end = position
    let (high, low) = value.quotientAndRemainder(dividingBy: 100_000_000)
    if high >= 100_000_000 {
      end = storeDecimal(high / 100_000_000, at: end)
      store(Decimal.text(high % 100_000_000), at: end)
      end &+= 8
    } else {
      end = storeDecimal(high, at: end)
    }
    store(Decimal.text(low), at: end)
    return end &+ 8
  }

  /// Stores the octets of `word`, the least significant first: one store after two checks once compiled.
  @inline(__always)
  fileprivate mutating func store(_ word: UInt64, at position: Int) {
    var target = _mutatingExtracting(position..<position &+ 8)
    target[0] = UInt8(truncatingIfNeeded: word)
    target[1] = UInt8(truncatingIfNeeded: word &>> 8)
    target[2] = UInt8(truncatingIfNeeded: word &>> 16)
    target[3] = UInt8(truncatingIfNeeded: word &>> 24)
    target[4] = UInt8(truncatingIfNeeded: word &>> 32)
    target[5] = UInt8(truncatingIfNeeded: word &>> 40)
    target[6] = UInt8(truncatingIfNeeded: word &>> 48)
    target[7] = UInt8(truncatingIfNeeded: word &>> 56)
  }
}

extension UInt64 {
  /// Whether one of the eight octets is below 0x20, above 0x7E, `"` or `\`.
  ///
  /// Each test sets the high bit of an octet that fits; below 0x80, no octet borrows from or carries into the next.
  @inline(__always)
  fileprivate var hasOddOctet: Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highBits = ones &* 0x80
    let low = self & ~highBits
    let printable = (low &+ ones &* 0x60) & ~(low &+ ones)
    let notQuote = (low ^ ones &* 0x22) &+ ones &* 0x7F
    let notBackslash = (low ^ ones &* 0x5C) &+ ones &* 0x7F
    return (printable & notQuote & notBackslash & ~self) & highBits != highBits
  }
}
