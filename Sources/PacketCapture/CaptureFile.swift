/// One capture file while it is read.
struct CaptureFile: ~Copyable {
  let name: String
  private var source: ByteSource
  private var format: Format
  private var packets = 0
  private var packetsFilteredOut = 0
  private var endWarning: CaptureWarning?
  private var isTruncated = false
  private var isEnded = false

  private enum Format {
    case pcap(PcapFormat)
    case pcapng(PcapngFormat)
    /// While the format is taken out to be changed: a copy would cost its arrays' buffers.
    case taken
  }

  /// How far `deliver` came.
  enum Progress: Equatable {
    /// The next packet is later than was asked for.
    case paused(nextTime: Int64)
    /// The body wants no more.
    case stopped
    case ended
  }

  /// Reads the file header, or says why this is no capture.
  init(
    name: String, descriptor: consuming Descriptor, capacity: Int, mapping: Bool, _ allowance: SecretsAllowance,
    isStopping: (@Sendable () -> Bool)?
  ) throws(CaptureError) {
    self.name = name
    source = ByteSource(descriptor, capacity: capacity)
    source.isStopping = isStopping
    format = .taken
    format = try Self.readHeader(of: name, from: &source, allowance)
    if mapping { source.mapIfLarge() }
  }

  private static func readHeader(
    of name: String, from source: inout ByteSource, _ allowance: SecretsAllowance
  ) throws(CaptureError) -> Format {
    do {
      try source.detectCompression()
    } catch {
      throw CaptureError(file: name, message: error.message)
    }
    if !source.require(4) {
      if let failure = source.failure { throw CaptureError(file: name, message: describe(failure)) }
      throw unknownFile(name, source)
    }

    if PcapngFormat.looksLikeStart(source) {
      do {
        return .pcapng(try PcapngFormat(from: &source, allowance))
      } catch {
        switch error {
        case .notPcapng: throw unknownFile(name, source)
        case .cut: throw headerCut(name, source, "pcapng")
        case .version(let major, let minor): throw unknownVersion(name, "pcapng", major, minor)
        }
      }
    }
    guard source.withOctets({ PcapMagic($0) }) != nil else { throw unknownFile(name, source) }
    guard source.require(PcapFormat.fileHeaderLength) else { throw headerCut(name, source, "pcap") }
    do {
      let format = try source.withOctets { octets throws(PcapFormat.HeaderProblem) in try PcapFormat(fileHeader: octets)
      }
      source.consume(PcapFormat.fileHeaderLength)
      return .pcap(format)
    } catch {
      switch error {
      case .notPcap: throw unknownFile(name, source)
      case .version(let major, let minor): throw unknownVersion(name, "pcap", major, minor)
      }
    }
  }

  /// The next packet's header, without taking the packet.
  mutating func peek() -> PacketHeader? {
    if isEnded { return nil }
    let record: Record?
    switch takeFormat() {
    case .pcap(var format):
      record = format.next(in: &source)
      self.format = .pcap(format)
      if record == nil { finish(format.ending) }
    case .pcapng(var format):
      record = format.next(in: &source)
      if record == nil { finish(format.ending) }
      self.format = .pcapng(format)
    case .taken:
      record = nil
    }
    return record?.header
  }

  /// Hands packets that pass the filter to `body`, in the order of the file, up to the first one later than `limit`.
  mutating func deliver(
    through limit: Int64, _ filter: inout PacketFilter?, _ body: (PacketHeader, Span<UInt8>) -> Bool
  ) -> Progress {
    if isEnded { return .ended }
    switch takeFormat() {
    case .pcap(var format):
      let progress = deliver(from: &format, through: limit, &filter, body)
      self.format = .pcap(format)
      return progress
    case .pcapng(var format):
      let progress = deliver(from: &format, through: limit, &filter, body)
      self.format = .pcapng(format)
      return progress
    case .taken:
      return .ended
    }
  }

  private mutating func takeFormat() -> Format {
    let taken = format
    format = .taken
    return taken
  }

  /// The loop over every packet: nothing in it allocates or counts references.
  @inline(__always)
  private mutating func deliver<SomeFormat: CaptureFormat>(
    from format: inout SomeFormat, through limit: Int64, _ filter: inout PacketFilter?,
    _ body: (PacketHeader, Span<UInt8>) -> Bool
  ) -> Progress {
    while let record = format.next(in: &source) {
      if source.endIfDamaged() || record.header.capturedLength == 0 && source.endIfShorter() { break }
      if record.header.timestamp > limit { return .paused(nextTime: record.header.timestamp) }
      packets &+= 1
      // The next packet, while this one is worked on.
      source.prefetch(record.length)
      let reaction =
        if format.isSwapped, record.header.linkType == netfilterLog {
          Self.handSwapped(record, in: source, &filter, body)
        } else {
          Self.hand(record, in: source, &filter, body)
        }
      source.consume(record.length)
      // Of those after it nothing is known but that they may be as long as this one.
      source.prefetch(record.length &* 4)
      switch reaction {
      case .taken: break
      case .filteredOut: packetsFilteredOut &+= 1
      case .enough: return .stopped
      }
    }
    if case .interrupted? = source.failure { return .stopped }
    if case .damaged = format.ending { _ = source.endIfShorter() }
    finish(format.ending)
    return .ended
  }

  private enum Reaction {
    case taken, filteredOut, enough
  }

  @inline(__always)
  private static func hand(
    _ record: Record, in source: borrowing ByteSource, _ filter: inout PacketFilter?,
    _ body: (PacketHeader, Span<UInt8>) -> Bool
  ) -> Reaction {
    source.withOctets(from: record.dataStart, count: record.header.capturedLength) { octets in
      hand(record.header, octets, &filter, body)
    }
  }

  @inline(__always)
  private static func hand(
    _ header: PacketHeader, _ octets: Span<UInt8>, _ filter: inout PacketFilter?,
    _ body: (PacketHeader, Span<UInt8>) -> Bool
  ) -> Reaction {
    if filter != nil, filter?.accepts(header, octets) == false { return .filteredOut }
    return body(header, octets) ? .taken : .enough
  }

  @inline(never)
  private static func handSwapped(
    _ record: Record, in source: borrowing ByteSource, _ filter: inout PacketFilter?,
    _ body: (PacketHeader, Span<UInt8>) -> Bool
  ) -> Reaction {
    var octets = source.withOctets(from: record.dataStart, count: record.header.capturedLength) { $0.copy }
    swapNetfilterLog(&octets)
    return hand(record.header, octets.span, &filter, body)
  }

  private mutating func finish(_ ending: Ending) {
    isEnded = true
    let what: String
    if let failure = source.failure {
      what = Self.describe(failure)
    } else {
      switch ending {
      case .end: return
      case .cut(let needed, let available): what = "cut short, \(available) of \(needed) octets are there"
      case .damaged(let why): what = "damaged: \(why)"
      }
    }
    isTruncated = true
    let rest =
      switch packets {
      case 0: "no packet was read"
      case 1: "the packet before was read"
      default: "the \(packets) packets before were read"
      }
    let message = "packet \(packets + 1) at byte \(source.offset): \(what); \(rest)"
    endWarning = CaptureWarning(file: name, message: message, matters: true)
  }

  var octetsRead: Int { source.octetsRead }
  var isMapped: Bool { source.isMapped }

  /// What can be said about the file so far.
  var report: CaptureFileReport {
    var report = CaptureFileReport(
      warnings: [], linkTypes: [], isTruncated: isTruncated, octetsRead: source.octetsRead,
      packetsFilteredOut: packetsFilteredOut)
    switch format {
    case .pcap(let format):
      report.linkTypes = [format.linkType]
    case .pcapng(let format):
      report.linkTypes = format.linkTypes
      report.drops = format.drops
      report.secrets = format.secrets
      report.warnings += format.warnings(about: name)
    case .taken:
      break
    }
    if let endWarning { report.warnings.append(endWarning) }
    return report
  }
}

/// What one file had to say besides its packets. It outlives the open file.
struct CaptureFileReport {
  var warnings: [CaptureWarning] = []
  var linkTypes: [UInt32] = []
  var drops: Int?
  var secrets: [DecryptionSecrets] = []
  var isTruncated = false
  var octetsRead = 0
  var packetsFilteredOut = 0
}

extension PcapngFormat {
  fileprivate func warnings(about name: String) -> [CaptureWarning] {
    var warnings: [CaptureWarning] = []
    if packetsOfUnknownInterfaces > 0 {
      let message =
        "packets of an interface that the file does not describe were passed over: \(packetsOfUnknownInterfaces)"
      warnings.append(CaptureWarning(file: name, message: message, matters: true))
    }
    if sawPacketsWithoutTime {
      let message = "packets without a time (simple packet blocks) were given the time of the packet before them"
      warnings.append(CaptureWarning(file: name, message: message, matters: true))
    }
    if droppedSecrets {
      let message = "decryption secrets beyond the limit were left out"
      warnings.append(CaptureWarning(file: name, message: message, matters: false))
    }
    if droppedLinkTypes {
      let message = "of its link types no more than \(linkTypes.count) are listed"
      warnings.append(CaptureWarning(file: name, message: message, matters: true))
    }
    return warnings
  }
}

extension CaptureFile {
  private static func describe(_ failure: ByteSource.Failure) -> String {
    switch failure {
    case .unreadable(let error): "cannot be read: \(error)"
    case .compressedStreamCut(let compression): "the \(compression) stream is cut short"
    case .compressedStreamDamaged(let compression, let why): "the \(compression) stream cannot be decompressed (\(why))"
    case .interrupted: "interrupted"
    case .changed: "became shorter while it was read, or cannot be read here"
    }
  }

  private static func headerCut(_ name: String, _ source: borrowing ByteSource, _ format: String) -> CaptureError {
    let why = source.failure.map { describe($0) } ?? "the file ends after \(source.available) octets"
    return CaptureError(
      file: name, message: "a \(format) capture cut short inside its file header: \(why)",
      advice: "there is no packet in it")
  }

  private static func unknownVersion(_ name: String, _ format: String, _ major: Int, _ minor: Int) -> CaptureError {
    CaptureError(
      file: name, message: "unsupported \(format) version \(major).\(minor)",
      advice: "try to convert it: editcap -F pcap IN OUT")
  }

  private static func unknownFile(_ name: String, _ source: borrowing ByteSource) -> CaptureError {
    let kind = source.withOctets { UnknownFile(firstOctets: $0) }
    var message = "is not a capture: "
    message += source.available == 0 && source.compression == nil ? "\(kind.name)" : "looks like \(kind.name)"
    if let compression = source.compression { message += ", compressed with \(compression)" }
    return CaptureError(file: name, message: message, advice: kind.advice)
  }
}

/// LINKTYPE_NFLOG.
private let netfilterLog: UInt32 = 239

/// Puts the type and length of each TLV of a netfilter log packet into little-endian order, the one its decoder expects:
/// they are in the order of the machine that captured. The other link types whose host-order fields libpcap swaps have
/// none that leads to an IP packet.
private func swapNetfilterLog(_ octets: inout [UInt8]) {
  // Family, version (0), resource id; then the TLVs, each padded to a multiple of 4.
  guard octets.count >= 4, octets[1] == 0 else { return }
  var position = 4
  while position + 4 <= octets.count {
    octets.swapAt(position, position + 1)
    octets.swapAt(position + 2, position + 3)
    let length = Int(octets[position]) | Int(octets[position + 1]) << 8
    guard length >= 4 else { return }
    position += (length + 3) & ~3
  }
}
