/// What `--redact` cuts from the octets that a client sent.
package enum Redaction {
  /// A request target (RFC 9112 §3.2) less the content of its query and fragment, and the user-info of every authority in it.
  package static func target(_ octets: [UInt8]) -> [UInt8] {
    guard let end = octets.firstIndex(where: isEndOfPath) else { return withoutUserInfo(octets[...]) }
    // A password may hold what ends a path: of such an authority nothing is certain.
    let last = octets[..<end].lastIndex(of: slash).map { $0 + 1 } ?? 0
    let isAuthority = last == 0 || last > 1 && octets[last - 2] == slash
    let kept = isAuthority && octets[end...].contains(at) ? octets[..<last] : octets[..<end]
    return withoutUserInfo(kept) + [octets[end]]
  }

  /// A Host value less user-info and query, which it must not have (RFC 9110 §4.2.4) and sometimes has.
  package static func host(_ octets: [UInt8]) -> [UInt8] {
    let name = octets.lastIndex(of: at).map { octets[($0 + 1)...] } ?? octets[...]
    return Array(name.prefix { !isEndOfPath($0) })
  }

  /// Cuts `user:password@` from authorities (RFC 3986 §3.2.1): what follows `//` or a scheme, or stands in front.
  private static func withoutUserInfo(_ octets: ArraySlice<UInt8>) -> [UInt8] {
    let parts = octets.split(separator: slash, omittingEmptySubsequences: false)
    var kept: [UInt8] = []
    for (i, part) in parts.enumerated() {
      if i > 0 { kept.append(slash) }
      let isAuthority = i == 0 || i > 1 && parts[i - 1].isEmpty || parts[i - 1].last == UInt8(ascii: ":")
      if isAuthority, let at = part.lastIndex(of: at) { kept += part[(at + 1)...] } else { kept += part }
    }
    return kept
  }

  private static let slash = UInt8(ascii: "/")
  private static let at = UInt8(ascii: "@")
  private static func isEndOfPath(_ octet: UInt8) -> Bool { octet == UInt8(ascii: "?") || octet == UInt8(ascii: "#") }
}
