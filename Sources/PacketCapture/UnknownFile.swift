/// What a file that is no readable capture looks like, by its first octets, and what to do with it.
struct UnknownFile {
  var name: String
  var advice: String?

  init(firstOctets octets: Span<UInt8>) {
    if octets.isEmpty {
      self.init("an empty file")
    } else if let known = knownKinds.first(where: { octets.starts(with: $0.magic, at: $0.offset) }) {
      self.init(known.name, known.advice)
    } else if octets.isZero {
      self.init("zero octets, a file that was made but never written")
    } else if octets.looksLikeERF {
      self.init("an ERF capture (Endace)", toPcap)
    } else if octets.looksLikeEventTrace {
      self.init("a Windows event trace (ETL)", "convert it: etl2pcapng IN OUT")
    } else if let text = octets.kindOfText {
      self = text
    } else {
      self.init("binary data of an unknown kind (it begins \(octets.hexadecimalStart))")
    }
  }

  private init(_ name: String, _ advice: String? = nil) {
    self.name = name
    self.advice = advice
  }

  /// What begins like text, from what the text begins with.
  fileprivate init(text name: String, _ advice: String? = nil) {
    self.init(name, advice)
  }
}

private struct KnownKind {
  var magic: [UInt8]
  var offset = 0
  var name: String
  var advice: String?

  init(_ magic: [UInt8], at offset: Int = 0, _ name: String, _ advice: String? = nil) {
    self.magic = magic
    self.offset = offset
    self.name = name
    self.advice = advice
  }

  init(_ magic: String, at offset: Int = 0, _ name: String, _ advice: String? = nil) {
    self.init(Array(magic.utf8), at: offset, name, advice)
  }
}

private let toPcap = "convert it: editcap -F pcap IN OUT"

private func decompress(with tool: String) -> String { "decompress it first: \(tool) -dc FILE | reusescope -" }

private let knownKinds = [
  KnownKind("snoop\0\0\0", "a snoop capture (Solaris)", toPcap),
  KnownKind("GMBU", "a Microsoft Network Monitor 2 capture", toPcap),
  KnownKind("RTSS", "a Microsoft Network Monitor 1 capture", toPcap),
  KnownKind("iptrace ", "an AIX iptrace capture", toPcap),
  KnownKind("TRSNIFF data", "a Sniffer capture", toPcap),
  KnownKind("XCP\0", "a NetXRay or Sniffer capture", toPcap),
  KnownKind("btsnoop\0", "a Bluetooth capture (btsnoop)"),
  KnownKind([0x54, 0x52, 0x00, 0x64, 0x00], "an HP-UX nettl trace", toPcap),
  KnownKind([0x1C, 0x00, 0x01, 0xAC], "an IXIA capture (lcap)", toPcap),
  KnownKind([0x1C, 0x00, 0x01, 0xAB], "an IXIA capture (lcap)", toPcap),
  KnownKind([0xAC, 0x01, 0x00, 0x1C], "an IXIA capture (lcap)", toPcap),
  KnownKind([0xAB, 0x01, 0x00, 0x1C], "an IXIA capture (lcap)", toPcap),
  KnownKind([0xA1, 0xB2, 0x34, 0xCD], "a patched variant of pcap that nobody reads"),
  KnownKind([0xCD, 0x34, 0xB2, 0xA1], "a patched variant of pcap that nobody reads"),
  KnownKind([0xA1, 0x2B, 0x3C, 0x4D], "a Navtel capture"),
  KnownKind([0x4D, 0x3C, 0x2B, 0xA1], "a Navtel capture"),
  KnownKind([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file", decompress(with: "xz")),
  KnownKind("BZh", "a bzip2 file", decompress(with: "bzip2")),
  KnownKind([0x04, 0x22, 0x4D, 0x18], "an lz4 file", decompress(with: "lz4")),
  KnownKind([0x1F, 0x9D], "a compress (.Z) file", decompress(with: "gzip")),
  KnownKind([0x1F, 0x8B], "gzip, twice or damaged", decompress(with: "gzip")),
  KnownKind([0x28, 0xB5, 0x2F, 0xFD], "zstd, compressed twice", decompress(with: "zstd")),
  KnownKind("PK\u{3}\u{4}", "a zip archive", "unpack it first: unzip FILE"),
  KnownKind([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7-Zip archive", "unpack it first: 7z x FILE"),
  KnownKind("ustar", at: 257, "a tar archive", "unpack it first: tar -xf FILE"),
  KnownKind("\u{7F}ELF", "an ELF program"),
  KnownKind("MZ", "a Windows program"),
  KnownKind("%PDF", "a PDF document"),
  KnownKind([0x89, 0x50, 0x4E, 0x47], "a PNG picture"),
  KnownKind("SQLite format 3\0", "an SQLite database"),
]

extension Span<UInt8> {
  fileprivate func starts(with magic: [UInt8], at offset: Int) -> Bool {
    guard count >= offset + magic.count else { return false }
    return magic.indices.allSatisfy { self[offset + $0] == magic[$0] }
  }

  fileprivate var isZero: Bool {
    indices.allSatisfy { self[$0] == 0 }
  }

  fileprivate var hexadecimalStart: String {
    (0..<Swift.min(count, 8)).map { index in
      let digits = String(self[index], radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }.joined(separator: " ")
  }

  /// ERF has no magic number. Each record says its type and length, and the times of neighbours are close.
  ///
  ///      0  time, 64 bits, little-endian, seconds in the upper half
  ///      8  type, flags, record length (16 bits), loss counter (16 bits), wire length (16 bits)
  fileprivate var looksLikeERF: Bool {
    var position = 0
    var previousSeconds: UInt32?
    var records = 0
    while records < 4, position + 16 <= count {
      let seconds = uint32(at: position + 4, swapped: false)
      let type = self[position + 8] & 0x7F
      let length = Int(uint16(at: position + 10, swapped: true))
      guard (1...48).contains(type), length >= 16 else { return false }
      if let previousSeconds, seconds < previousSeconds || seconds - previousSeconds > 86_400 { return false }
      previousSeconds = seconds
      position += length
      records += 1
    }
    return records >= 2
  }

  /// The first buffer of an event trace begins with its size; its first record, at 72, is a system trace header.
  fileprivate var looksLikeEventTrace: Bool {
    guard count >= 76 else { return false }
    let bufferSize = uint32(at: 0, swapped: false)
    return bufferSize >= 1024 && bufferSize % 1024 == 0 && self[75] == 0xC0 && (1...2).contains(self[74])
  }

  /// The kind of text that this is the beginning of; `nil` when it is no text.
  fileprivate var kindOfText: UnknownFile? {
    let length = Swift.min(count, 512)
    var start = ""
    for index in 0..<length {
      let octet = self[index]
      if octet < 0x20, octet != 0x09, octet != 0x0A, octet != 0x0D, octet != 0x1B { return nil }
      if octet == 0x7F { return nil }
      start.unicodeScalars.append(Unicode.Scalar(octet))
    }
    // As ISO-8859-1: text in UTF-8 has octets above 0x7F, but binary data has more of them.
    let foreign = start.unicodeScalars.reduce(0) { $1.value >= 0x80 ? $0 + 1 : $0 }
    guard foreign * 2 <= length else { return nil }

    if let end = start.unicodeScalars.firstIndex(where: { $0.value < 0x80 && !$0.properties.isWhitespace }) {
      start = String(start[end...])
    }
    let lowered = start.lowercased()
    if lowered.hasPrefix("<!doctype html") || lowered.hasPrefix("<html") {
      return UnknownFile(text: "an HTML page", "a failed download?")
    }
    if lowered.hasPrefix("<?xml") { return UnknownFile(text: "an XML document") }
    if start.hasPrefix("{") || start.hasPrefix("[") {
      return lowered.contains("\"log\"") && lowered.contains("\"version\"")
        ? UnknownFile(text: "a HAR file (JSON)", "HAR is written by reusescope, not read")
        : UnknownFile(text: "JSON")
    }
    if start.hasPrefix("#!") { return UnknownFile(text: "a script") }
    if start.isHexDump { return UnknownFile(text: "a hex dump in text", "convert it: text2pcap IN OUT") }
    if start.isTcpdumpOutput {
      return UnknownFile(text: "the text that tcpdump prints", "capture with tcpdump -w FILE")
    }
    return UnknownFile(text: "text")
  }
}

extension String {
  /// An offset, then octets: "0000  45 00" as of tshark -x, "0x0000:  4500" as of tcpdump -x, "00000000: 4500" as of xxd.
  fileprivate var isHexDump: Bool {
    let words = prefix(80).split(whereSeparator: { $0.isWhitespace })
    guard words.count >= 3 else { return false }
    var offset = words[0]
    if offset.hasPrefix("0x") { offset = offset.dropFirst(2) }
    if offset.hasSuffix(":") { offset = offset.dropLast() }
    let isZero = offset.count >= 4 && offset.allSatisfy { $0 == "0" }
    let isHexadecimal = words[1...2].allSatisfy { word in
      (word.count == 2 || word.count == 4) && word.allSatisfy { $0.isHexDigit }
    }
    return isZero && isHexadecimal
  }

  /// A line that begins with a time of day and the name of a protocol.
  fileprivate var isTcpdumpOutput: Bool {
    let words = prefix(80).split(whereSeparator: { $0.isWhitespace })
    guard words.count >= 2 else { return false }
    let time = Array(words[0].utf8)
    let hasTime = time.count >= 8 && time[2] == 0x3A && time[5] == 0x3A && (0x30...0x39).contains(time[0])
    return hasTime && ["IP", "IP6", "ARP,"].contains(words[1])
  }
}
