/// Reads whole heads of requests, and remembers field lines that come again and again.
///
/// A client sends the same field lines with most of its requests: to compare them with those read before costs a fraction
/// of reading them. Compared are all octets; a hash only says with which. What is remembered is bounded.
public struct HeadMemory: ~Copyable, Sendable {
  private struct Entry {
    var hash: UInt64 = 0
    /// The field lines and the empty line; empty when only their hash has been seen so far.
    var text: [UInt8] = []
    var facts = HeadFields()
    /// From the first field line on.
    var host: OctetRange?
  }

  private var entries = [Entry](repeating: Entry(), count: 256)
  private static let shortest = 24
  private static let longest = 2048

  public init() {}

  /// The head that stands whole at the beginning of `octets`, whatever follows it: what `MessageParser.next` and
  /// `parseRequestHead` come to together, in one pass. `nil` when its start line is not the usual one, when its end is not
  /// there, or a limit is exceeded: then it takes those two.
  public mutating func wholeRequest(_ octets: Span<UInt8>, limits: HTTPLimits) -> RequestHead? {
    var scan = LineScan(octets, from: 0)
    let lineEnd = scan.next(in: octets)
    guard lineEnd >= 0, lineEnd < limits.startLineOctets, let line = RequestLine(usual: octets, lineEnd: lineEnd) else {
      return nil
    }
    let start = lineEnd &+ 1
    let rest = octets.extracting(start...)
    let hash = rest.count >= Self.shortest && rest.count <= Self.longest ? Self.hash(rest) : 0
    let place = Int(truncatingIfNeeded: hash & 255)
    if hash != 0, entries[place].hash == hash, octets.count <= limits.headOctets {
      let text = entries[place].text
      if text.span.isEqual(to: rest) {
        let host = entries[place].host.map {
          OctetRange(
            start: $0.start &+ Int32(truncatingIfNeeded: start), end: $0.end &+ Int32(truncatingIfNeeded: start))
        }
        return RequestHead(line, entries[place].facts, host: host, octets, length: octets.count)
      }
    }
    var fields = FieldReader()
    let end = fields.readLines(octets, from: start, &scan, stopping: true)
    guard end >= 0, end <= limits.headOctets else { return nil }
    fields.finish(versionMajor: line.versionMajor, minor: line.versionMinor, limits: limits)
    if hash != 0, end == octets.count { remember(rest, hash, fields, from: start) }
    return RequestHead(line, fields.facts, host: fields.host, octets, length: end)
  }

  /// Only what came twice is worth a copy, and only what means the same after every request line.
  @inline(never)
  private mutating func remember(_ rest: Span<UInt8>, _ hash: UInt64, _ fields: FieldReader, from start: Int) {
    guard fields.facts.oddities.isEmpty, fields.facts.transferEncoding == .none else { return }
    let place = Int(truncatingIfNeeded: hash & 255)
    guard entries[place].hash == hash else {
      entries[place] = Entry(hash: hash)
      return
    }
    var text: [UInt8] = []
    text.reserveCapacity(rest.count)
    for i in rest.indices { text.append(rest[i]) }
    let offset = Int32(truncatingIfNeeded: start)
    let host = fields.host.map { OctetRange(start: $0.start &- offset, end: $0.end &- offset) }
    entries[place] = Entry(hash: hash, text: text, facts: fields.facts, host: host)
  }

  /// Of the length, the beginning, the middle and the end of at least 24 octets; never 0.
  @inline(__always)
  private static func hash(_ octets: Span<UInt8>) -> UInt64 {
    guard octets.count >= shortest else { return 0 }
    let middle = octets.extracting((octets.count &>> 1)...)
    let last = octets.extracting(last: 16)
    guard middle.count >= 8, last.count >= 16 else { return 0 }
    var hash = octets.word(at: 0) ^ UInt64(truncatingIfNeeded: octets.count) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash &>> 32) &* 0xD6E8_FEB8_6659_FD93 ^ octets.word(at: 8)
    hash = (hash ^ hash &>> 32) &* 0xD6E8_FEB8_6659_FD93 ^ middle.word(at: 0)
    hash = (hash ^ hash &>> 32) &* 0xD6E8_FEB8_6659_FD93 ^ last.word(at: 4)
    hash = (hash ^ hash &>> 32) &* 0xD6E8_FEB8_6659_FD93
    return (hash ^ hash &>> 32) | 1 &<< 63
  }
}
