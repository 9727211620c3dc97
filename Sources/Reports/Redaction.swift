import HTTP1

/// What `--redact` cuts from the octets that a client sent.
package enum Redaction {
  /// A request target (RFC 9112 §3.2) less the content of its query and fragment, and the user-info of every authority in it.
  package static func target(_ octets: [UInt8]) -> [UInt8] {
    without(SecretRanges.ofTarget(octets.span), octets)
  }

  /// A Host value less user-info and query.
  package static func host(_ octets: [UInt8]) -> [UInt8] {
    Array(without(SecretRanges.ofHost(octets.span), octets).prefix { !SecretRanges.isEndOfPath($0) })
  }

  /// Nor the `@` behind user-info.
  private static func without(_ secrets: [Range<Int>], _ octets: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    var next = 0
    for secret in secrets {
      kept += octets[next..<secret.lowerBound]
      next = secret.upperBound
      if next < octets.count, octets[next] == SecretRanges.commercialAt { next += 1 }
    }
    return kept + octets[next...]
  }
}
