import ArgumentParser
import PacketCapture
import PacketRedaction
import Reports

/// Which packets to store, and where.
struct KeepingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Store what is analysed as pcap, compressed where the name ends in .zst.", valueName: "file"),
    completion: .file())
  var write: String?

  @Option(
    help: ArgumentHelp(
      "Store in a ring of so many files, with the time of their begin in their names.", valueName: "n"))
  var ringFiles: Int?

  @Option(help: ArgumentHelp("Begin the ring's next file at this size, in MiB.", valueName: "mib"))
  var ringSize: Int?

  @Flag(
    help: ArgumentHelp(
      "Store heads of HTTP/1 only: packets are cut where their last head ends, and bodies before it are zeros.",
      discussion: """
        Nothing else of any packet's content is stored, whatever it carries. Analysed again, such a file gives the same \
        connections and exchanges. --redact does this, too, and blanks the secrets in heads: queries, user information and \
        the value of every field that is not known to be harmless.
        """))
  var headsOnly = false

  @Flag(help: "Zeros for what --heads-only or --redact leaves out, rather than shorter packets.")
  var zeroBodies = false

  func validate() throws {
    if write == "" || write == "-" { throw ValidationError("--write takes a file's name.") }
    if write == nil, ringFiles != nil || ringSize != nil { throw ValidationError("A ring needs --write FILE.") }
    if write == nil, headsOnly || zeroBodies { throw ValidationError("--heads-only needs --write FILE.") }
    if (ringFiles == nil) != (ringSize == nil) {
      throw ValidationError("--ring-files and --ring-size make a ring together.")
    }
    if let ringFiles, !(2...100_000).contains(ringFiles) { throw ValidationError("--ring-files takes 2 to 100000.") }
    if let ringSize, !(1...1_048_576).contains(ringSize) {
      throw ValidationError("--ring-size takes 1 to 1048576 MiB.")
    }
  }

  /// - Parameter redacts: what is stored must hold no secrets.
  func keeper(
    for capture: borrowing LiveCapture, snapLength: Int, redacts: Bool
  ) throws(CaptureError) -> PacketKeeper? {
    guard let write else { return nil }
    var options = StoreOptions(path: write, isCompressed: write.hasSuffix(".zst"))
    options.ringFiles = ringFiles
    options.ringSize = ringSize.map { $0 << 20 }
    let stamps = Stamps()
    let store = try PacketStore(options, linkType: capture.linkType, snapLength: snapLength) { stamps.next() }
    guard headsOnly || redacts else { return PacketKeeper(store, nil) }
    var policy = RedactionPolicy()
    policy.hidesValues = redacts
    policy.keepsLengths = zeroBodies
    return PacketKeeper(store, policy)
  }
}
