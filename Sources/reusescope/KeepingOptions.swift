import ArgumentParser
import PacketCapture
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

  func validate() throws {
    if write == "" || write == "-" { throw ValidationError("--write takes a file's name.") }
    if write == nil, ringFiles != nil || ringSize != nil { throw ValidationError("A ring needs --write FILE.") }
    if (ringFiles == nil) != (ringSize == nil) {
      throw ValidationError("--ring-files and --ring-size make a ring together.")
    }
    if let ringFiles, !(2...100_000).contains(ringFiles) { throw ValidationError("--ring-files takes 2 to 100000.") }
    if let ringSize, !(1...1_048_576).contains(ringSize) {
      throw ValidationError("--ring-size takes 1 to 1048576 MiB.")
    }
  }

  func store(for capture: borrowing LiveCapture, snapLength: Int) throws(CaptureError) -> PacketStore? {
    guard let write else { return nil }
    var options = StoreOptions(path: write, isCompressed: write.hasSuffix(".zst"))
    options.ringFiles = ringFiles
    options.ringSize = ringSize.map { $0 << 20 }
    let stamps = Stamps()
    return try PacketStore(options, linkType: capture.linkType, snapLength: snapLength) { stamps.next() }
  }
}
