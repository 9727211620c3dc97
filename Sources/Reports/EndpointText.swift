import ReuseAnalysis
import Wire

extension OctetBuffer {
  /// Appends `192.0.2.1:80` or `[2001:db8::1]:80`.
  package mutating func append(_ endpoint: Endpoint) {
    if endpoint.address.isV4 {
      append(endpoint.address)
    } else {
      append(UInt8(ascii: "["))
      append(endpoint.address)
      append(UInt8(ascii: "]"))
    }
    append(UInt8(ascii: ":"))
    appendDecimal(UInt64(endpoint.port))
  }

  /// Appends an address: IPv4 in dotted decimal, IPv6 as RFC 5952 §4 recommends.
  package mutating func append(_ address: IPAddress) {
    if address.isV4 {
      for shift in [24 as UInt64, 16, 8, 0] {
        if shift != 24 { append(UInt8(ascii: ".")) }
        appendDecimal(address.low >> shift & 0xFF)
      }
      return
    }
    let zeros = address.longestZeroRun
    var group = 0
    while group < 8 {
      if zeros.count > 1, group == zeros.start {
        append("::")
        group += zeros.count
        continue
      }
      if group > 0, group != zeros.start + zeros.count || zeros.count < 2 { append(UInt8(ascii: ":")) }
      let value = address.group(group)
      for shift in [12 as UInt16, 8, 4] where value >> shift != 0 {
        appendHexDigit(UInt8(truncatingIfNeeded: value >> shift))
      }
      appendHexDigit(UInt8(truncatingIfNeeded: value))
      group += 1
    }
  }
}

extension IPAddress {
  fileprivate func group(_ index: Int) -> UInt16 {
    let half = index < 4 ? high : low
    return UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * (index & 3)))
  }

  /// The longest run of zero groups, the first of equals (RFC 5952 §4.2.3).
  fileprivate var longestZeroRun: (start: Int, count: Int) {
    var longest = (start: 0, count: 0)
    var current = (start: 0, count: 0)
    for index in 0..<8 {
      if group(index) == 0 {
        if current.count == 0 { current.start = index }
        current.count += 1
        if current.count > longest.count { longest = current }
      } else {
        current.count = 0
      }
    }
    return longest
  }
}

/// An endpoint as rows and tables write it.
package func endpointText(_ endpoint: Endpoint) -> String {
  var buffer = OctetBuffer()
  buffer.append(endpoint)
  return String(decoding: buffer.octets, as: UTF8.self)
}
