import Testing

@testable import PacketCapture

@Suite struct `Live capture` {
  @Test func `the loopback interface is listed, and what it gives is known`() throws {
    let loopback = try #require(try Interface.all().first { $0.isLoopback })
    #expect(loopback.name == "lo")
    #expect(loopback.linkType == 1)
    #expect(loopback.state == .up)
    #expect(loopback.addresses.contains("127.0.0.1"))
  }

  @Test(arguments: ["no-such-if0", "", "a\0b", "lo/../lo", "\u{1B}[31m"])
  func `what is no interface is refused`(name: String) {
    #expect(throws: CaptureError.self) { _ = try LiveCapture(LiveOptions(interface: name)) }
  }

  @Test func `the command that allows captures names this program`() {
    #expect(Interface.permissionCommand.hasPrefix("sudo setcap cap_net_raw=ep "))
    #expect(Interface.permissionCommand.contains("/"))
  }
}
