/// What `--redact` cuts from the octets that a client sent.
package enum Redaction {
  /// A request target (RFC 9112 §3.2) less the content of its query and the user-info of its authority.
  package static func target(_ octets: [UInt8]) -> [UInt8] {
    var kept: ArraySlice<UInt8> = octets[...]
    if let question = octets.firstIndex(of: UInt8(ascii: "?")) { kept = octets[...question] }
    guard kept.first != UInt8(ascii: "/") else { return Array(kept) }
    return withoutUserInfo(kept)
  }

  /// A Host value less user-info, which it must not have (RFC 9110 §4.2.4) and sometimes has.
  package static func host(_ octets: [UInt8]) -> [UInt8] {
    withoutUserInfo(octets[...])
  }

  /// Cuts `user:password@` from an authority (RFC 3986 §3.2.1), which follows `//` or, without it, is at the front.
  private static func withoutUserInfo(_ octets: ArraySlice<UInt8>) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    var start = octets.startIndex
    for index in octets.indices.dropLast() where octets[index] == slash && octets[index + 1] == slash {
      start = index + 2
      break
    }
    let end = octets[start...].firstIndex { $0 == slash || $0 == UInt8(ascii: "?") } ?? octets.endIndex
    guard let at = octets[start..<end].lastIndex(of: UInt8(ascii: "@")) else { return Array(octets) }
    return Array(octets[..<start] + octets[(at + 1)...])
  }
}
