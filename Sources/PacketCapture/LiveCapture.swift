import CPcap
import Glibc

/// How to capture on an interface.
public struct LiveOptions: Sendable {
  /// The name of an interface, or "any".
  public var interface: String
  /// A libpcap filter expression, which the kernel applies.
  public var filter: String?
  /// Octets kept of a packet.
  public var snapLength = 262_144
  /// Octets of the kernel's buffer: what may wait while the reader is busy.
  public var bufferSize = 64 << 20
  /// Frames to other stations as well.
  public var isPromiscuous = false
  /// The name of a source of time stamps that the interface offers; `nil` is its default.
  public var timestampSource: String?

  public init(interface: String) {
    self.interface = interface
  }
}

/// Packets that were lost while capturing, since its begin.
public struct LiveDrops: Hashable, Sendable {
  /// By the kernel, its buffer being full: the reader was too slow.
  public var kernel = 0
  /// By the interface or its driver.
  public var interface = 0

  public init() {}

  public var total: Int { kernel + interface }
}

/// A running capture on an interface.
///
/// The kernel writes packets into a ring that this process shares; `deliver` hands out what is there and never waits, `wait`
/// waits. One thread does both: the ring is what decouples it from the traffic.
@safe
public struct LiveCapture: ~Copyable {
  public let interface: String
  /// The LINKTYPE_ value of every packet.
  public let linkType: UInt32
  /// The odd things that libpcap said when it opened the interface.
  public let warnings: [String]
  /// Time stamps have nanoseconds, else microseconds.
  public let hasNanoseconds: Bool
  private let handle: OpaquePointer
  private let descriptor: Int32
  private let index: UInt32
  private var drops = LiveDrops()
  private var lastKernel: UInt32 = 0
  private var lastInterface: Int?

  /// Opens the interface. It captures from now on, so read soon.
  public init(_ options: LiveOptions) throws(CaptureError) {
    interface = options.interface
    var errors = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard !options.interface.utf8.contains(0), let handle = unsafe pcap_create(options.interface, &errors) else {
      throw CaptureError(file: options.interface, message: text(errors))
    }
    do {
      let opened = try unsafe Self.open(handle, options)
      linkType = opened.linkType
      warnings = opened.warnings
      hasNanoseconds = opened.hasNanoseconds
    } catch {
      unsafe pcap_close(handle)
      throw error
    }
    unsafe self.handle = handle
    descriptor = unsafe pcap_get_selectable_fd(handle)
    index = unsafe if_nametoindex(options.interface)
    lastInterface = Self.interfaceDrops(of: options.interface)
  }

  deinit {
    unsafe pcap_close(handle)
  }

  private struct Opened {
    var linkType: UInt32
    var warnings: [String] = []
    var hasNanoseconds: Bool
  }

  @unsafe
  private static func open(_ handle: OpaquePointer, _ options: LiveOptions) throws(CaptureError) -> Opened {
    func failure(_ message: String, _ advice: String? = nil) -> CaptureError {
      CaptureError(file: options.interface, message: message, advice: advice)
    }
    unsafe pcap_set_snaplen(handle, Int32(clamping: options.snapLength))
    unsafe pcap_set_buffer_size(handle, Int32(clamping: options.bufferSize))
    unsafe pcap_set_promisc(handle, options.isPromiscuous ? 1 : 0)
    // How long the kernel may collect packets before it hands them over. Not immediate mode: that costs several times as much
    // processor time for each packet.
    unsafe pcap_set_timeout(handle, 100)
    let hasNanoseconds = unsafe pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) == 0
    if let source = options.timestampSource {
      let offered = unsafe offeredTimestampSources(handle)
      let type = unsafe pcap_tstamp_type_name_to_val(source)
      guard type >= 0, offered.contains(source) || source == "host" else {
        let choice = offered.isEmpty ? "it offers no choice" : "it offers \(offered.joined(separator: ", "))"
        throw failure("no time stamps from \"\(shownName(of: source))\"; \(choice)")
      }
      unsafe pcap_set_tstamp_type(handle, type)
    }

    var warnings: [String] = []
    let status = unsafe pcap_activate(handle)
    let message = unsafe String(cString: pcap_geterr(handle))
    let meaning = unsafe String(cString: pcap_statustostr(status))
    switch status {
    case 0: break
    case 1...: warnings.append(message.isEmpty ? meaning : message)
    case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED:
      throw failure("this user may not capture on it", "allow it: \(Interface.permissionCommand)")
    case PCAP_ERROR_NO_SUCH_DEVICE:
      throw failure("there is no such interface", "see reusescope interfaces")
    case PCAP_ERROR_IFACE_NOT_UP:
      throw failure("the interface is down", "take it up: ip link set \(shownName(of: options.interface)) up")
    default:
      throw failure(message.isEmpty ? meaning : "\(meaning): \(message)")
    }

    if options.interface == "any" { unsafe pcap_set_datalink(handle, cookedLinkType) }

    if let filter = options.filter {
      guard !filter.utf8.contains(0) else { throw failure("the filter contains a NUL") }
      var program = unsafe bpf_program()
      guard unsafe pcap_compile(handle, &program, filter, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
        throw CaptureError(
          file: nil, message: "filter \"\(shownName(of: filter))\": \(unsafe String(cString: pcap_geterr(handle)))")
      }
      defer { unsafe pcap_freecode(&program) }
      guard unsafe pcap_setfilter(handle, &program) == 0 else {
        throw failure("the filter cannot be set: \(unsafe String(cString: pcap_geterr(handle)))")
      }
    }
    var errors = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard unsafe pcap_setnonblock(handle, 1, &errors) == 0 else { throw failure(text(errors)) }
    let precision = unsafe pcap_get_tstamp_precision(handle)
    return Opened(
      linkType: PacketCapture.linkType(fromFile: UInt32(bitPattern: unsafe pcap_datalink(handle))), warnings: warnings,
      hasNanoseconds: hasNanoseconds && precision == PCAP_TSTAMP_PRECISION_NANO)
  }

  // MARK: Packets

  /// Waits until there are packets, until `also` can be read, until a signal comes, or for so long.
  ///
  /// - Returns: Whether `also` can be read.
  public func wait(milliseconds: Int, also: Int32? = nil) -> Bool {
    var requests = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
    if let also { requests.append(pollfd(fd: also, events: Int16(POLLIN), revents: 0)) }
    let count = requests.count
    guard unsafe poll(&requests, nfds_t(count), Int32(clamping: milliseconds)) > 0 else { return false }
    return requests.count > 1 && requests[1].revents != 0
  }

  /// Hands packets to `body`, as many as are there and `limit` at most, without waiting. The octets belong to the kernel's
  /// ring and are gone when `body` returns.
  ///
  /// - Returns: The number of packets; 0 when there were none.
  /// - Throws: When the capture has ended by itself: the interface went down or vanished.
  public mutating func deliver(
    atMost limit: Int, _ body: (PacketHeader, Span<UInt8>) -> Void
  ) throws(CaptureError) -> Int {
    guard limit > 0 else { return 0 }
    let handle = unsafe self.handle
    let (linkType, unit) = (self.linkType, hasNanoseconds ? Int64(1) : 1000)
    let status = withoutActuallyEscaping(body) { body in
      var delivery = Delivery(body: body, linkType: linkType, unit: unit)
      return unsafe withUnsafeMutablePointer(to: &delivery) { delivery in
        unsafe delivery.withMemoryRebound(to: UInt8.self, capacity: MemoryLayout<Delivery>.size) { user in
          unsafe pcap_dispatch(handle, Int32(clamping: limit), take, user)
        }
      }
    }
    if status >= 0 { return Int(status) }
    // -2, pcap_breakloop, is not used.
    let message = unsafe String(cString: pcap_geterr(handle))
    throw CaptureError(file: interface, message: isThere ? message : "the interface has vanished")
  }

  // MARK: State

  /// The interface is still the one that was opened.
  public var isThere: Bool {
    guard index != 0 else { return true }
    let now = unsafe if_nametoindex(interface)
    // For want of a descriptor it cannot be told.
    return now == index || now == 0 && errno != ENODEV && errno != ENXIO
  }

  /// What has become of the interface when nothing more is to be expected from it; `nil` when all is well.
  public var trouble: CaptureError? {
    guard index != 0 else { return nil }
    if !isThere { return CaptureError(file: interface, message: "the interface has vanished") }
    if flags(ofInterface: interface).map({ $0 & UInt16(truncatingIfNeeded: IFF_UP) == 0 }) == true {
      return CaptureError(file: interface, message: "the interface went down")
    }
    return nil
  }

  /// Packets lost so far.
  public mutating func readDrops() -> LiveDrops {
    var statistics = pcap_stat()
    if unsafe pcap_stats(handle, &statistics) == 0 {
      // 32 bits that go round: read often, only differences count.
      drops.kernel += Int(statistics.ps_drop &- lastKernel)
      lastKernel = statistics.ps_drop
    }
    if let now = Self.interfaceDrops(of: interface) {
      if let lastInterface, now > lastInterface { drops.interface += now - lastInterface }
      lastInterface = now
    }
    return drops
  }

  /// Packets that the interface had no room for, since it is there. libpcap counts them in promiscuous mode only.
  private static func interfaceDrops(of name: String) -> Int? {
    guard name != "any", !name.contains("/") else { return nil }
    let counts = ["rx_missed_errors", "rx_fifo_errors"].compactMap { counter -> Int? in
      guard let file = unsafe fopen("/sys/class/net/\(name)/statistics/\(counter)", "re") else { return nil }
      defer { unsafe fclose(file) }
      var line = [CChar](repeating: 0, count: 32)
      guard unsafe fgets(&line, Int32(line.count), file) != nil else { return nil }
      return Int(text(line).prefix { $0.isNumber })
    }
    return counts.isEmpty ? nil : counts.reduce(0, &+)
  }
}

/// What the callback below needs for each packet.
private struct Delivery {
  let body: (PacketHeader, Span<UInt8>) -> Void
  let linkType: UInt32
  /// Nanoseconds of a unit of `tv_usec`.
  let unit: Int64
}

@unsafe
private let take: pcap_handler = { user, header, octets in
  guard let user = unsafe user, let header = unsafe header?.pointee, let octets = unsafe octets else { return }
  unsafe user.withMemoryRebound(to: Delivery.self, capacity: 1) { delivery in
    let captured = Int(header.caplen)
    let described = unsafe PacketHeader(
      timestamp: Int64(header.ts.tv_sec) &* 1_000_000_000 &+ Int64(header.ts.tv_usec) &* delivery.pointee.unit,
      capturedLength: captured, originalLength: max(captured, Int(header.len)), linkType: delivery.pointee.linkType)
    unsafe delivery.pointee.body(described, UnsafeBufferPointer(start: octets, count: captured).span)
  }
}

/// The IFF_ flags of an interface; `nil` when the system does not say.
private func flags(ofInterface name: String) -> UInt16? {
  let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var request = unsafe ifreq()
  let octets = Array(name.utf8.prefix(Int(IFNAMSIZ) - 1))
  unsafe withUnsafeMutableBytes(of: &request.ifr_ifrn) { target in unsafe target.copyBytes(from: octets) }
  guard unsafe ioctl(descriptor, UInt(SIOCGIFFLAGS), &request) == 0 else { return nil }
  return unsafe UInt16(bitPattern: request.ifr_ifru.ifru_flags)
}

/// LINUX_SLL2, which "any" gives when asked for it: it says on which interface a packet came. Where libpcap does not offer it,
/// LINUX_SLL stays.
let cookedLinkType: Int32 = 276
