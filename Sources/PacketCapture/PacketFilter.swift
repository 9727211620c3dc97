import CPcap

/// A libpcap filter expression, compiled once for each link type that it meets.
struct PacketFilter {
  let expression: String
  private var programs: [Program] = []
  private var places: [UInt32: Int] = [:]
  private var current = 0

  private struct Program {
    var linkType: UInt32
    /// Empty when the expression has no meaning on this link type: then no packet matches.
    var instructions: [bpf_insn]
  }

  /// Why an expression does not compile, in libpcap's words.
  struct Problem: Error {
    var message: String
  }

  /// Compiles the expression for a first link type, so that one with a fault is refused before any packet.
  init(_ expression: String, for linkType: UInt32) throws(Problem) {
    self.expression = expression
    programs.append(Program(linkType: linkType, instructions: try compile(expression, for: linkType)))
    places[linkType] = 0
  }

  /// The link types met on which the expression has no meaning.
  var linkTypesWithoutMeaning: [UInt32] {
    programs.filter { $0.instructions.isEmpty }.map { $0.linkType }
  }

  /// Whether a packet passes.
  mutating func accepts(_ header: PacketHeader, _ octets: Span<UInt8>) -> Bool {
    if programs[current].linkType != header.linkType { select(header.linkType) }
    let length = UInt32(clamping: header.originalLength)
    return unsafe programs[current].instructions.withUnsafeBufferPointer { instructions in
      guard !instructions.isEmpty else { return false }
      return unsafe octets.withUnsafeBufferPointer { octets in
        unsafe bpf_filter(instructions.baseAddress, octets.baseAddress, length, UInt32(clamping: octets.count)) != 0
      }
    }
  }

  @inline(never)
  private mutating func select(_ linkType: UInt32) {
    if let known = places[linkType] {
      current = known
      return
    }
    let instructions: [bpf_insn]
    do {
      instructions = try compile(expression, for: linkType)
    } catch {
      instructions = []
    }
    programs.append(Program(linkType: linkType, instructions: instructions))
    current = programs.count - 1
    places[linkType] = current
  }
}

private func compile(_ expression: String, for linkType: UInt32) throws(PacketFilter.Problem) -> [bpf_insn] {
  guard !expression.utf8.contains(0) else { throw PacketFilter.Problem(message: "the filter contains a NUL") }
  guard let handle = unsafe pcap_open_dead(Int32(clamping: dataLinkType(of: linkType)), 262_144) else {
    throw PacketFilter.Problem(message: "libpcap does not start")
  }
  defer { unsafe pcap_close(handle) }
  var program = unsafe bpf_program()
  // The netmask is only needed for `ip broadcast`, and a file does not know it.
  guard unsafe pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
    throw PacketFilter.Problem(message: unsafe String(cString: pcap_geterr(handle)))
  }
  defer { unsafe pcap_freecode(&program) }
  return unsafe [bpf_insn](UnsafeBufferPointer(start: program.bf_insns, count: Int(program.bf_len)))
}
