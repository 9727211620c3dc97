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
  init(_ place: Place, isAlone: Bool, isStopping: (@Sendable () -> Bool)?) throws(CaptureError) {
    self.place = place
    self.isStopping = isStopping
    let descriptor = try open()
    let status = descriptor.status()
    if let status, status.isDirectory {
      throw CaptureError(file: name, message: "is a directory", advice: "name the files in it")
    }
    size = status?.size
    if let status, status.size != nil { identity = Identity(device: status.device, inode: status.inode) }
    let willReopen = if case .path = place { !isAlone && size != nil } else { false }
    file = try CaptureFile(
      name: name, descriptor: descriptor, capacity: willReopen ? Capacity.probe : Capacity.alone,
      secretsAllowance: CaptureReader.secretsLimit, isStopping: isStopping)
    firstPacket = file?.peek()
    // A file without packets has said all that it has to say.
    if firstPacket == nil {
      close()
    } else if willReopen {
      close()
      reportOfClosed = CaptureFileReport(linkTypes: reportOfClosed.linkTypes)
    }
  }

  var name: String {
    switch place {
    case .path(let path): path
    case .descriptor(_, let name): name
    }
  }

  private func open() throws(CaptureError) -> Descriptor {
    switch place {
    case .descriptor(let number, _): return Descriptor(number, owned: false)
    case .path(let path):
      do {
        return try Descriptor(path: path)
      } catch {
        throw CaptureError(
          file: name, message: "cannot be opened: \(error)",
          advice: error.isTooManyOpenFiles
            ? "raise the limit (ulimit -n), or merge files that overlap in time first: mergecap -w OUT FILE..." : nil)
      }
    }
  }

  /// Opens the file for reading through, unless it is open.
  func reopen(openFiles: Int, secretsAllowance: Int) throws(CaptureError) {
    guard file == nil else { return }
    file = try CaptureFile(
      name: name, descriptor: try open(), capacity: openFiles < 16 ? Capacity.alone : Capacity.shared,
      secretsAllowance: secretsAllowance, isStopping: isStopping)
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

  var report: CaptureFileReport {
    file?.report ?? reportOfClosed
  }

  var octetsRead: Int {
    file?.octetsRead ?? reportOfClosed.octetsRead
  }

  /// The file was there when its first packet was looked up, and cannot be read now.
  func giveUp(because error: CaptureError) {
    let message = "changed while other files were read, its packets are missing: \(error.message)"
    reportOfClosed.warnings.append(CaptureWarning(file: name, message: message, matters: true))
    reportOfClosed.isTruncated = true
  }
}
