import CPcap
import Glibc

/// Something that packets can be captured on: a network interface, or all of them ("any").
public struct Interface: Hashable, Sendable {
  public enum State: String, Sendable {
    case up
    /// Up, but nothing is connected to it.
    case noCarrier = "no-carrier"
    case down
  }

  /// Whether this process may capture on it.
  public enum Permission: Hashable, Sendable {
    case granted
    case denied
    /// It could not be tried, for this reason.
    case unknown(String)
  }

  public var name: String
  public var description: String?
  /// IPv4 and IPv6 addresses, as text.
  public var addresses: [String]
  public var state: State
  public var isLoopback: Bool
  /// The LINKTYPE_ value of its packets; `nil` when it cannot be known without opening it.
  public var linkType: UInt32?
  /// Where its time stamps may come from, besides the default; empty when it offers no choice.
  public var timestampSources: [String]
  public var permission: Permission

  /// Every interface of this system (of this network namespace), in the order of the system. What libpcap knows besides and
  /// what carries no network traffic (USB, D-Bus, Bluetooth) is left out.
  public static func all() throws(CaptureError) -> [Interface] {
    var errors = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    var list: UnsafeMutablePointer<pcap_if_t>?
    guard unsafe pcap_findalldevs(&list, &errors) == 0 else {
      throw CaptureError(file: nil, message: "the interfaces cannot be listed: \(text(errors))")
    }
    defer { unsafe pcap_freealldevs(list) }
    var found: [Interface] = []
    var next = unsafe list
    while let device = unsafe next {
      unsafe next = device.pointee.next
      let name = unsafe String(cString: device.pointee.name)
      if unsafe if_nametoindex(name) != 0 || name == "any" {
        unsafe found.append(Interface(device.pointee, name: name))
      }
    }
    return found
  }

  @unsafe
  private init(_ device: pcap_if_t, name: String) {
    self.name = name
    description = unsafe device.description.map { unsafe String(cString: $0) }
    addresses = unsafe shownAddresses(device.addresses)
    let flags = unsafe device.flags
    func has(_ flag: Int32) -> Bool { flags & UInt32(flag) != 0 }
    state = has(PCAP_IF_UP) ? (has(PCAP_IF_RUNNING) ? .up : .noCarrier) : .down
    isLoopback = has(PCAP_IF_LOOPBACK)
    linkType = PacketCapture.linkType(ofHardware: hardwareType(of: name))
    timestampSources = []
    permission = .granted
    probe()
  }

  /// Opens it for a moment: only that tells for certain what it gives and whether this user may have it.
  private mutating func probe() {
    var errors = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = unsafe pcap_create(name, &errors) else {
      permission = .unknown(text(errors))
      return
    }
    defer { unsafe pcap_close(handle) }
    timestampSources = unsafe offeredTimestampSources(handle)
    unsafe pcap_set_snaplen(handle, 64)
    unsafe pcap_set_buffer_size(handle, 64 << 10)
    let status = unsafe pcap_activate(handle)
    switch status {
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      permission = .denied
    case PCAP_ERROR_IFACE_NOT_UP:
      // The question of permission comes before that of the state.
      permission = .granted
    case ..<0:
      permission = .unknown(unsafe String(cString: pcap_geterr(handle)))
    default:
      if name == "any" { unsafe pcap_set_datalink(handle, cookedLinkType) }
      linkType = PacketCapture.linkType(fromFile: UInt32(bitPattern: unsafe pcap_datalink(handle)))
    }
  }

  /// The command that lets everybody who may run this program capture with it.
  public static var permissionCommand: String {
    "sudo setcap cap_net_raw=ep \(quoted(executablePath ?? "reusescope"))"
  }

  private static var executablePath: String? {
    guard let resolved = unsafe realpath("/proc/self/exe", nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }

  /// A word as a shell reads it back.
  private static func quoted(_ word: String) -> String {
    let plain = word.utf8.allSatisfy { octet in
      (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet)
        || "/._-+@%,:".utf8.contains(octet)
    }
    guard !plain else { return word }
    var result = "'"
    for character in word.unicodeScalars {
      if character == "'" { result += "'\\''" } else { result.unicodeScalars.append(character) }
    }
    return result + "'"
  }
}

/// The text in one of libpcap's error buffers.
func text(_ errors: [CChar]) -> String {
  String(decoding: errors.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The names under which a capture handle offers sources of time stamps.
@unsafe
func offeredTimestampSources(_ handle: OpaquePointer) -> [String] {
  var types: UnsafeMutablePointer<Int32>?
  let count = unsafe pcap_list_tstamp_types(handle, &types)
  guard count > 0, let types = unsafe types else { return [] }
  defer { unsafe pcap_free_tstamp_types(types) }
  return unsafe UnsafeBufferPointer(start: types, count: Int(count)).compactMap { type in
    unsafe pcap_tstamp_type_val_to_name(type).map { unsafe String(cString: $0) }
  }
}

@unsafe
private func shownAddresses(_ first: UnsafeMutablePointer<pcap_addr_t>?) -> [String] {
  var shown: [String] = []
  var next = unsafe first
  while let entry = unsafe next {
    unsafe next = entry.pointee.next
    guard let address = unsafe entry.pointee.addr else { continue }
    let family = Int32(unsafe address.pointee.sa_family)
    let size: Int
    switch family {
    case AF_INET: size = MemoryLayout<sockaddr_in>.size
    case AF_INET6: size = MemoryLayout<sockaddr_in6>.size
    default: continue
    }
    var host = [CChar](repeating: 0, count: 128)
    if unsafe getnameinfo(address, socklen_t(size), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST) == 0 {
      shown.append(text(host))
    }
  }
  return shown
}

/// The ARPHRD_ value of an interface.
private func hardwareType(of name: String) -> Int? {
  guard name != "any", !name.contains("/"),
    let file = unsafe fopen("/sys/class/net/\(name)/type", "re")
  else { return nil }
  defer { unsafe fclose(file) }
  var line = [CChar](repeating: 0, count: 32)
  guard unsafe fgets(&line, Int32(line.count), file) != nil else { return nil }
  return Int(text(line).prefix { $0.isNumber })
}

/// What the common kinds of interface give; `nil` for the others, which must be asked.
private func linkType(ofHardware type: Int?) -> UInt32? {
  switch type {
  case 1, 772: 1  // Ethernet; loopback looks like it
  case 768, 769, 776, 778, 65534: 101  // tunnels over IP, TUN devices: raw IP
  default: nil
  }
}
