/// One of the files of a capture, which may be opened more than once: to see when it begins, and to read it.
final class CaptureInput {
  enum Place {
    case path(String)
    /// An open descriptor, which stays the caller's.
    case descriptor(Int32, name: String)
  }

  private enum Capacity {
    static let alone = 256 << 10
    /// With many files open at once, so much each.
    static let shared = 32 << 10
    static let probe = 16 << 10
  }

  private let place: Place
  private let allowance: SecretsAllowance
  private let mapping: Bool
  private let isStopping: (@Sendable () -> Bool)?
  private(set) var file: CaptureFile?
  private var reportOfClosed = CaptureFileReport()
  private(set) var firstPacket: PacketHeader?
  /// `nil` for what is no regular file.
  private(set) var size: Int?
  private(set) var identity: Identity?

  struct Identity: Hashable {
    var device, inode: UInt64
  }

  /// Opens the input, checks that it is a capture and finds its first packet.
  ///
  /// A regular file that is not alone is closed again until its turn comes: hundreds of files of a ring buffer must not
  /// hold hundreds of descriptors.
  init(
    _ place: Place, isAlone: Bool, mapping: Bool, _ allowance: SecretsAllowance, isStopping: (@Sendable () -> Bool)?
  ) throws(CaptureError) {
    self.place = place
    self.mapping = mapping
    self.allowance = allowance
    self.isStopping = isStopping
    let descriptor: Descriptor
    do {
      descriptor = try open()
    } catch {
      throw cannotOpen(error)
    }
    let status = descriptor.status()
    if let status, status.isDirectory {
      throw CaptureError(file: name, message: "is a directory", advice: "name the files in it")
    }
    size = status?.size
    if let status, status.size != nil { identity = Identity(device: status.device, inode: status.inode) }
    let willReopen = if case .path = place { !isAlone && size != nil } else { false }
    file = try read(descriptor, capacity: willReopen ? Capacity.probe : Capacity.alone, mapping: mapping && !willReopen)
    firstPacket = file?.peek()
    // A file without packets has said all that it has to say.
    if firstPacket == nil || willReopen { close() }
    if firstPacket != nil, willReopen {
      allowance.giveBack(reportOfClosed.secrets)
      reportOfClosed = CaptureFileReport(linkTypes: reportOfClosed.linkTypes)
    }
  }

  var name: String {
    switch place {
    case .path(let path): path
    case .descriptor(_, let name): name
    }
  }

  private func open() throws(SystemError) -> Descriptor {
    switch place {
    case .descriptor(let number, _): Descriptor(number, owned: false)
    case .path(let path): try Descriptor(path: path, isStopping: isStopping)
    }
  }

  private func read(
    _ descriptor: consuming Descriptor, capacity: Int, mapping: Bool
  ) throws(CaptureError) -> CaptureFile {
    try CaptureFile(
      name: name, descriptor: descriptor, capacity: capacity, mapping: mapping, allowance, isStopping: isStopping)
  }

  private func cannotOpen(_ error: SystemError) -> CaptureError {
    let advice = "raise the limit (ulimit -n), or merge files that overlap in time first: mergecap -w OUT FILE..."
    return CaptureError(
      file: name, message: "cannot be opened: \(error)", advice: error.isTooManyOpenFiles ? advice : nil)
  }

  /// Opens the file for reading through, unless it is open. A file that was there when its first packet was looked up
  /// and cannot be read now leaves a warning and gives no packets.
  func reopen(openFiles: Int) throws(CaptureError) {
    guard file == nil else { return }
    let descriptor: Descriptor
    do {
      descriptor = try open()
    } catch {
      if error.isTooManyOpenFiles { throw cannotOpen(error) }
      return giveUp(because: "cannot be opened: \(error)")
    }
    do {
      file = try read(descriptor, capacity: openFiles < 16 ? Capacity.alone : Capacity.shared, mapping: mapping)
    } catch {
      giveUp(because: error.message)
    }
  }

  private func giveUp(because reason: String) {
    let message = "changed while other files were read, its packets are missing: \(reason)"
    reportOfClosed.warnings.append(CaptureWarning(file: name, message: message, matters: true))
    reportOfClosed.isTruncated = true
  }

  func deliver(
    through limit: Int64, _ filter: inout PacketFilter?, _ body: (PacketHeader, Span<UInt8>) -> Bool
  ) -> CaptureFile.Progress {
    file?.deliver(through: limit, &filter, body) ?? .ended
  }

  func close() {
    reportOfClosed = report
    file = nil
  }

  /// All of it has been delivered.
  func end() {
    close()
    // Where it had been written further, a file that ends at the end of a packet looks complete.
    guard let size, reportOfClosed.octetsRead < size, !reportOfClosed.isTruncated else { return }
    let message = "became shorter while it was read: \(reportOfClosed.octetsRead) of \(size) octets were there"
    reportOfClosed.warnings.append(CaptureWarning(file: name, message: message, matters: true))
    reportOfClosed.isTruncated = true
  }

  var report: CaptureFileReport {
    file?.report ?? reportOfClosed
  }

  var isMapped: Bool { file?.isMapped ?? false }

  var octetsRead: Int {
    file?.octetsRead ?? reportOfClosed.octetsRead
  }
}
