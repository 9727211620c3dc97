import CPcap

/// The name that libpcap gives a link-layer header type ("EN10MB", "LINUX_SLL2"), or "LINKTYPE 147" when it has none.
public func linkTypeName(_ linkType: UInt32) -> String {
  guard let dlt = Int32(exactly: dataLinkType(of: linkType)), let name = unsafe pcap_datalink_val_to_name(dlt) else {
    return "LINKTYPE \(linkType)"
  }
  return unsafe String(cString: name)
}

/// The DLT_ value under which libpcap knows a LINKTYPE_ value on Linux: the same but for a few old ones, whose DLT_
/// values differ between systems.
func dataLinkType(of linkType: UInt32) -> UInt32 {
  switch linkType {
  case 100: 11  // ATM_RFC1483
  case 101: 12  // RAW
  case 102: 15  // SLIP_BSDOS
  case 103: 16  // PPP_BSDOS
  case 106: 19  // ATM_CLIP
  default: linkType
  }
}

/// The LINKTYPE_ value meant by a value found in a file. Old writers put their system's DLT_ value there; libpcap
/// understands those of Linux, and 14 is raw IP on OpenBSD and nothing else anywhere.
func linkType(fromFile value: UInt32) -> UInt32 {
  switch value {
  case 11: 100
  case 12, 14: 101
  case 15: 102
  case 16: 103
  case 19: 106
  default: value
  }
}

/// The longest packet that is believed, as in libpcap.
func maximumPacketLength(for linkType: UInt32) -> Int {
  switch linkType {
  case 231: 128 << 20  // DBUS
  case 279: 8 << 20  // EBHSCR
  case 249: 1 << 20  // USBPCAP
  default: 262_144
  }
}

/// The snapshot length to go by, given the one in a file: none there, or one that makes no sense, is no limit.
func effectiveSnapLength(_ recorded: UInt32, for linkType: UInt32) -> Int {
  recorded == 0 || recorded > UInt32(Int32.max) ? maximumPacketLength(for: linkType) : Int(recorded)
}
