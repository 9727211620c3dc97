/// Where targets and hosts may hold what is nobody else's business. A range never holds the delimiter that ends it, so that
/// what hides ranges leaves the parts where they were.
package enum SecretRanges {
  /// Of a request target (RFC 9112 §3.2): the user-info of every authority (RFC 3986 §3.2.1), which follows `//` or a scheme
  /// or stands in front, and all behind the first octet that ends the path.
  package static func ofTarget(_ text: Span<UInt8>, isEnd: (UInt8) -> Bool = isEndOfPath) -> [Range<Int>] {
    let end = text.firstIndex(in: text.indices, where: isEnd) ?? text.count
    var ranges: [Range<Int>] = []
    var start = 0
    var isAuthority = true
    while true {
      var partEnd = text.firstIndex(in: start..<end) { $0 == Octet.slash } ?? end
      if isAuthority, let secret = userInfo(of: start..<partEnd, text, pathEnd: end) {
        ranges.append(secret)
        partEnd = text.firstIndex(in: max(partEnd, secret.upperBound)..<end) { $0 == Octet.slash } ?? end
      }
      guard partEnd < end else { break }
      isAuthority = start == partEnd ? start > 0 : text[partEnd - 1] == Octet.colon
      start = partEnd + 1
    }
    if end < text.count { ranges.append(end + 1..<text.count) }
    return ranges
  }

  /// Of a Host value: user-info and query, which it must not have (RFC 9110 §4.2.4) and sometimes has.
  package static func ofHost(_ text: Span<UInt8>) -> [Range<Int>] {
    let at = text.lastIndex(in: text.indices) { $0 == commercialAt }
    let name = at.map { $0 + 1 } ?? 0
    var ranges: [Range<Int>] = []
    if let at { ranges.append(0..<at) }
    if let end = text.firstIndex(in: name..<text.count, where: isEndOfPath) { ranges.append(end + 1..<text.count) }
    return ranges
  }

  package static func isEndOfPath(_ octet: UInt8) -> Bool { octet == UInt8(ascii: "?") || octet == UInt8(ascii: "#") }

  package static let commercialAt = UInt8(ascii: "@")

  private static func userInfo(of part: Range<Int>, _ text: Span<UInt8>, pathEnd: Int) -> Range<Int>? {
    // A password may hold what ends a path: of such an authority nothing is certain.
    let isFollowed = text.firstIndex(in: pathEnd..<text.count, where: { $0 == commercialAt }) != nil
    if part.upperBound == pathEnd, isFollowed { return part }
    if let at = text.lastIndex(in: part, where: { $0 == commercialAt }) { return part.lowerBound..<at }
    // It may hold slashes, too: what stands behind a host's colon is a number.
    guard !part.isEmpty, text[part.lowerBound] != UInt8(ascii: "["),
      let colon = text.firstIndex(in: part, where: { $0 == Octet.colon }),
      text.firstIndex(in: colon + 1..<part.upperBound, where: { !$0.isDigit }) != nil
    else { return nil }
    if let at = text.lastIndex(in: part.upperBound..<pathEnd, where: { $0 == commercialAt }) {
      return part.lowerBound..<at
    }
    return isFollowed ? part.lowerBound..<pathEnd : nil
  }
}

extension Span<UInt8> {
  fileprivate func firstIndex(in range: Range<Int>, where isIt: (UInt8) -> Bool) -> Int? {
    range.first { isIt(self[$0]) }
  }

  fileprivate func lastIndex(in range: Range<Int>, where isIt: (UInt8) -> Bool) -> Int? {
    range.last { isIt(self[$0]) }
  }
}
