/// Reads capture files as one capture, packet by packet in time order.
///
/// The files are pcap or pcapng, each plain or compressed with gzip or zstd, told apart by their first octets. They are
/// put in the order of their first packets and merged by time as they are read; a file that begins after the end of
/// others is not open before. The order of packets inside one file is never changed, even where its times step back.
///
/// Whatever is wrong inside a file ends the reading of that file, keeps the packets before it, and leaves a warning. Only
/// what cannot be read at all is an error.
///
/// ```swift
/// var reader = try CaptureReader(paths: ["a.pcap", "b.pcapng.gz"], filter: "tcp port 80")
/// try reader.forEachPacket { header, octets in
///   print(header.timestamp, octets.count)
///   return true
/// }
/// ```
public struct CaptureReader: ~Copyable {
  /// Octets of decryption secrets that are kept at most.
  static let secretsLimit = 1 << 20

  /// In the order of their first packets, those without packets last.
  private let files: [CaptureInput]
  private var queue: MergeQueue
  private var filter: PacketFilter?
  private let openingWarnings: [CaptureWarning]
  private var openFiles: Int

  /// Opens capture files and checks that each is one.
  ///
  /// - Parameters:
  ///   - paths: Files to read; "-" is standard input.
  ///   - filter: A libpcap filter expression. Packets it does not match are counted and not delivered.
  ///   - mapping: Whether large files are mapped into memory, a part at a time, instead of read: faster where they are in the
  ///     page cache. It sets a handler for SIGBUS, which takes the place of octets that vanish from a file meanwhile.
  ///   - isStopping: Asked when a signal interrupts the reading of a pipe; `true` ends it as if the body had stopped it.
  public init(
    paths: [String], filter: String? = nil, mapping: Bool = false, isStopping: (@Sendable () -> Bool)? = nil
  ) throws(CaptureError) {
    if paths.count(where: { $0 == "-" }) > 1 {
      throw CaptureError(file: "-", message: "is named more than once and can be read only once")
    }
    let places = paths.map { path in
      path == "-" ? CaptureInput.Place.descriptor(0, name: path) : .path(path)
    }
    try self.init(places: places, filter: filter, mapping: mapping, isStopping: isStopping)
  }

  init(
    places: [CaptureInput.Place], filter: String? = nil, mapping: Bool = false,
    isStopping: (@Sendable () -> Bool)? = nil
  ) throws(CaptureError) {
    let allowance = SecretsAllowance(octets: Self.secretsLimit)
    var inputs: [CaptureInput] = []
    var seen: Set<CaptureInput.Identity> = []
    var warnings: [CaptureWarning] = []
    for place in places {
      let input = try CaptureInput(
        place, isAlone: places.count == 1, mapping: mapping, allowance, isStopping: isStopping)
      if let identity = input.identity, !seen.insert(identity).inserted {
        let message = "is given more than once: its packets are read each time"
        warnings.append(CaptureWarning(file: input.name, message: message, matters: false))
      }
      inputs.append(input)
    }
    let files = Self.sorted(inputs)
    let filter = try Self.compile(filter, for: files)
    self.files = files
    self.filter = filter
    openingWarnings = warnings
    openFiles = files.count { $0.file != nil }
    queue = MergeQueue()
    for (index, file) in files.enumerated() {
      if let first = file.firstPacket { queue.insert(MergeQueue.Entry(time: first.timestamp, file: index)) }
    }
  }

  private static func sorted(_ inputs: [CaptureInput]) -> [CaptureInput] {
    func key(_ place: Int) -> (Int, Int64, Int) {
      let first = inputs[place].firstPacket
      return (first == nil ? 1 : 0, first?.timestamp ?? 0, place)
    }
    return inputs.indices.sorted { key($0) < key($1) }.map { inputs[$0] }
  }

  /// Compiles the filter for the link type of the first packet, else of the first interface, else Ethernet.
  private static func compile(_ filter: String?, for files: [CaptureInput]) throws(CaptureError) -> PacketFilter? {
    guard let filter else { return nil }
    let described = files.lazy.flatMap { $0.report.linkTypes }.first
    do {
      return try PacketFilter(filter, for: files.first?.firstPacket?.linkType ?? described ?? 1)
    } catch {
      throw CaptureError(file: nil, message: "filter \"\(shownName(of: filter))\": \(error.message)")
    }
  }

  /// Hands every packet that passes the filter to `body`, until `body` returns `false`.
  ///
  /// The octets belong to the reader's buffer and are gone when `body` returns.
  ///
  /// - Returns: `true` when everything is read. After `false` a further call goes on behind the last packet: a caller may
  ///   stop now and then to look at `bytesRead`.
  /// - Throws: Only when so many files overlap in time that they cannot all be open. What is wrong inside a file is a
  ///   warning.
  @discardableResult
  public mutating func forEachPacket(
    _ body: (PacketHeader, Span<UInt8>) -> Bool
  ) throws(CaptureError) -> Bool {
    while let entry = queue.removeFirst() {
      let file = files[entry.file]
      if file.file == nil {
        try file.reopen(openFiles: openFiles)
        openFiles += 1
      }
      switch file.deliver(through: limit(of: entry.file), &filter, body) {
      case .paused(let nextTime):
        queue.insert(MergeQueue.Entry(time: nextTime, file: entry.file))
      case .stopped:
        // Its next time is not known, and to look might wait for a pipe. First in the queue, it is looked at next time.
        queue.insert(MergeQueue.Entry(time: .min, file: entry.file))
        return false
      case .ended:
        file.end()
        openFiles -= 1
      }
    }
    return true
  }

  /// The last time up to which a file's packets come before those of all others.
  private func limit(of file: Int) -> Int64 {
    guard let next = queue.first else { return .max }
    if file < next.file { return next.time }
    return next.time == .min ? .min : next.time - 1
  }

  /// What was odd, complete when everything is read.
  public var warnings: [CaptureWarning] {
    var warnings = openingWarnings
    for file in files { warnings += file.report.warnings }
    // A file may have tens of thousands of them.
    let strange = filter?.linkTypesWithoutMeaning ?? []
    if let first = strange.first {
      let others = strange.count > 1 ? " and \(strange.count - 1) more" : ""
      let message = "the filter means nothing on link type \(linkTypeName(first))\(others): none of its packets match"
      warnings.append(CaptureWarning(file: files.first?.name ?? "", message: message, matters: true))
    }
    return warnings
  }

  /// Packets dropped while capturing, as the interface statistics of pcapng files say; `nil` when no file says.
  public var drops: Int? {
    files.reduce(nil) { sum, file in
      guard let drops = file.report.drops else { return sum }
      let (total, overflow) = (sum ?? 0).addingReportingOverflow(drops)
      return overflow ? .max : total
    }
  }

  /// The link types of the interfaces that the files describe, in the order met.
  public var linkTypes: [UInt32] {
    var linkTypes: [UInt32] = []
    for linkType in files.flatMap({ $0.report.linkTypes }) where !linkTypes.contains(linkType) {
      linkTypes.append(linkType)
    }
    return linkTypes
  }

  /// A file ends in the middle of a packet, or is damaged.
  public var truncated: Bool { files.contains { $0.report.isTruncated } }

  /// Octets read so far of the files as they are stored.
  public var bytesRead: Int { files.reduce(0) { $0 + $1.octetsRead } }

  /// The first file is looked at in memory, which holds until its last part is read.
  var isMapped: Bool { files.first?.isMapped ?? false }

  /// Octets that the files have, as they are stored; `nil` when one of them is no regular file, such as a pipe.
  public var totalBytes: Int? {
    var total = 0
    for file in files {
      guard let size = file.size else { return nil }
      total += size
    }
    return total
  }

  /// Packets that did not pass the filter.
  public var packetsFilteredOut: Int { files.reduce(0) { $0 + $1.report.packetsFilteredOut } }

  /// The decryption secrets blocks of pcapng files, 1 MiB in all at most.
  public var secrets: [DecryptionSecrets] { files.flatMap { $0.report.secrets } }
}
