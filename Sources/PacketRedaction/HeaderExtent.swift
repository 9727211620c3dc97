/// The headers of the link, of IP and of UDP, of packets of which nothing else is known: what they carry is not stored.
/// Nothing of headers that are not whole, and for links other than these.
func outerHeaders(_ octets: Span<UInt8>, linkType: UInt32) -> [UInt8] {
  let (extent, isUDP) = headerExtent(octets, linkType: linkType)
  var headers = [UInt8](capacity: extent) { output in
    for index in 0..<extent { output.append(octets[index]) }
  }
  // A checksum would tell something of what it is of.
  if isUDP { for index in max(0, extent - 2)..<extent { headers[index] = 0 } }
  return headers
}

private func headerExtent(_ octets: Span<UInt8>, linkType: UInt32) -> (extent: Int, isUDP: Bool) {
  func uint16(_ index: Int) -> Int { index + 1 < octets.count ? Int(octets[index]) << 8 | Int(octets[index + 1]) : 0 }
  var offset = 0
  switch linkType {
  case 1:  // Ethernet, with tags
    offset = 14
    while offset + 4 <= octets.count, [0x8100, 0x88A8, 0x9100].contains(uint16(offset - 2)) { offset += 4 }
    guard [0x0800, 0x86DD].contains(uint16(offset - 2)) else { return (offset <= octets.count ? offset : 0, false) }
  case 113:  // Linux cooked
    offset = 16
    guard [0x0800, 0x86DD].contains(uint16(14)) else { return (offset <= octets.count ? offset : 0, false) }
  case 276:
    offset = 20
    guard [0x0800, 0x86DD].contains(uint16(0)) else { return (offset <= octets.count ? offset : 0, false) }
  case 0, 108: offset = 4  // BSD loopback
  case 12, 14, 101, 228, 229: offset = 0  // raw IP
  default: return (0, false)
  }
  guard offset < octets.count else { return (offset == octets.count ? offset : 0, false) }
  let transport: Int
  var next: UInt8 = 0
  switch octets[offset] >> 4 {
  case 4:
    transport = offset + max(20, Int(octets[offset] & 15) * 4)
    if offset + 9 < octets.count, uint16(offset + 6) & 0x1FFF == 0 { next = octets[offset + 9] }
  case 6:
    transport = offset + 40
    if offset + 6 < octets.count { next = octets[offset + 6] }
  default: return (offset, false)
  }
  guard transport <= octets.count else { return (offset, false) }
  let isUDP = next == 17 && transport + 8 <= octets.count
  return (isUDP ? transport + 8 : transport, isUDP)
}
