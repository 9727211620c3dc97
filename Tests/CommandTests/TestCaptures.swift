import TestSupport

/// Captures that the tests of the command make for themselves.
enum TestCaptures {
  /// One connection with two requests, the second with a query, closed by the client.
  static let reuse: [UInt8] = {
    var talk = Conversation()
    exchange(in: &talk, second: "/b?token=secret")
    return PcapFile(talk.frames).octets
  }()

  /// The same, cut in its last packet.
  static let cutShort = Array(reuse.dropLast(10))

  static let empty = PcapFile([]).octets

  /// Connections one after the other, `packets` frames at least.
  static func long(packets: Int) -> [UInt8] {
    var frames: [TimedFrame] = []
    var port = 1_024
    while frames.count < packets {
      var talk = Conversation(clientPort: port)
      talk.start += Int64(port) * 1_000_000_000
      exchange(in: &talk, second: "/\(port)")
      frames += talk.frames
      port += 1
    }
    return PcapFile(frames).octets
  }

  /// One exchange, its request with these octets.
  static func exchange(method: String = "GET", target: String, host: String) -> [UInt8] {
    var talk = Conversation()
    talk.handshake(at: 0, roundTrip: 10)
    talk.send("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n", from: .client, at: 20)
    talk.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", from: .server, at: 35)
    talk.acknowledge(from: .client, at: 36)
    talk.close(from: .client, at: 900)
    return PcapFile(talk.frames).octets
  }

  private static func exchange(in talk: inout Conversation, second: String) {
    talk.handshake(at: 0, roundTrip: 10)
    for (number, target) in ["/a", second].enumerated() {
      let time = 20 + Double(number) * 100
      talk.send("GET \(target) HTTP/1.1\r\nHost: shop.test\r\n\r\n", from: .client, at: time)
      talk.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", from: .server, at: time + 15)
      talk.acknowledge(from: .client, at: time + 16)
    }
    talk.close(from: .client, at: 900)
  }
}
