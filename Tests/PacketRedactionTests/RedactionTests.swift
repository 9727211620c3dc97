import PacketRedaction
import TestSupport
import Testing
import Wire

/// A request whose head has secrets in most places, and its answer.
private let secret = "hunter2"
private let request =
  "POST /a?token=\(secret) HTTP/1.1\r\nHost: shop.test\r\nCookie: id=\(secret)\r\nContent-Length: 21\r\n"
  + "authorization : Basic \(secret)\r\n\r\n"
private let requestBody = "password=\(secret)&aa=b"
private let response =
  "HTTP/1.1 200 OK\r\nSet-Cookie: id=\(secret); Path=/\r\nTransfer-Encoding: chunked\r\nX-Auth: \(secret)\r\n\r\n"
private let responseBody = "7;a=\(secret)\r\n\(secret)\r\n10\r\n0123456789abcdef\r\n0\r\nX-Sum: \(secret)\r\n\r\n"

private func talk(_ change: (inout Conversation) -> Void = { _ in }) -> Conversation {
  var talk = Conversation()
  talk.handshake(at: 0)
  talk.send(request + requestBody, from: .client, at: 2)
  talk.send(response + responseBody, from: .server, at: 3)
  talk.send("GET /b HTTP/1.1\r\nHost: shop.test\r\n\r\n", from: .client, at: 4)
  talk.send("HTTP/1.1 204 No Content\r\n\r\n", from: .server, at: 5)
  change(&talk)
  talk.close(from: .client, at: 6)
  return talk
}

private let policies: [(hidesValues: Bool, keepsLengths: Bool)] = [
  (false, false), (false, true), (true, false), (true, true),
]

/// Checks that what is stored of frames tells the same, and nothing more.
private func check(_ frames: [TimedFrame], _ sourceLocation: SourceLocation = #_sourceLocation) {
  for (hidesValues, keepsLengths) in policies {
    let stored = Stored(frames) { ($0.hidesValues, $0.keepsLengths) = (hidesValues, keepsLengths) }
    let before = Rows(frames, hidesMissing: !keepsLengths, hidesValues: hidesValues)
    let after = Rows(stored.frames, hidesMissing: !keepsLengths, hidesValues: hidesValues)
    let difference = after.difference(from: before)
    #expect(difference == nil, "\(hidesValues) \(keepsLengths)", sourceLocation: sourceLocation)
    #expect(stored.frames.map(\.time) == frames.map(\.time), sourceLocation: sourceLocation)
    #expect(stored.frames.map(\.originalLength) == frames.map(\.originalLength), sourceLocation: sourceLocation)
    if hidesValues { #expect(!stored.contains(secret), sourceLocation: sourceLocation) }
    #expect(!stored.contains(requestBody), sourceLocation: sourceLocation)
    #expect(!stored.contains("0123456789abcdef"), sourceLocation: sourceLocation)
  }
}

@Suite struct `Stored packets without secrets` {
  @Test func `hold heads and no bodies`() {
    check(talk().frames)
    let stored = Stored(talk().frames)
    #expect(stored.contains(request))
    #expect(stored.contains(response))
    #expect(stored.contains("7;xxxxxxxxx\r\n\0\0\0\0\0\0\0\r\n10\r\n"))
    #expect(stored.undecided == 0)
  }

  @Test func `have the right checksums`() throws {
    for frame in Stored(talk().frames, { $0.keepsLengths = true }).frames {
      let segment = Array(frame.octets[34...])
      let addresses = Array(frame.octets[26..<34])
      let pseudo = addresses + [0, 6] + PacketBuilder.be16(segment.count)
      #expect(PacketBuilder.checksum(pseudo + segment) == [0, 0])
    }
  }

  /// Cut before its payload, a segment's own checksum would give away what is not stored.
  @Test func `have other checksums where the capture has cut them, too`() throws {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send("pw", from: .client, at: 2)
    let frames = talk.frames.map { frame in
      var frame = frame
      frame.originalLength = frame.octets.count
      frame.octets = Array(frame.octets.prefix(54))
      return frame
    }
    let (before, after) = try (#require(frames.last), #require(Stored(frames).frames.last))
    #expect(after.octets.count == 54)
    #expect(after.octets[50..<52] != before.octets[50..<52])
  }

  @Test(arguments: 1...40)
  func `tell the same whatever the size of segments`(_ size: Int) {
    var talk = talk { _ in }
    talk = Conversation()
    talk.maximumSegment = size
    talk.handshake(at: 0)
    talk.send(request + requestBody, from: .client, at: 2)
    talk.send(response + responseBody, from: .server, at: 3)
    talk.close(from: .server, at: 6)
    check(talk.frames)
  }

  @Test func `tell the same wherever a head is split in two, in order or not`() {
    let head = Array(request.utf8)
    for cut in 1..<head.count {
      for isSwapped in [false, true] {
        var talk = Conversation()
        talk.handshake(at: 0)
        let (first, second) = (Array(head[..<cut]), Array(head[cut...] + Array(requestBody.utf8)))
        let sequence = talk.clientNext
        if isSwapped {
          talk.emit(.client, at: 2, flags: .ack, sequence: sequence &+ UInt32(cut), payload: second)
          talk.emit(.client, at: 3, flags: .ack, sequence: sequence, payload: first)
          talk.advance(.client, by: first.count + second.count)
        } else {
          talk.send(first, from: .client, at: 2)
          talk.send(second, from: .client, at: 3)
        }
        talk.send(response + responseBody, from: .server, at: 4)
        talk.close(from: .client, at: 6)
        check(talk.frames)
      }
    }
  }

  @Test(arguments: [700, 1000, 1460, 2500])
  func `tell the same of a request line that takes many segments`(_ size: Int) {
    var talk = Conversation()
    talk.maximumSegment = size
    talk.handshake(at: 0)
    let line = "GET /" + String(repeating: "basket/", count: 900)
    talk.send(line + " HTTP/1.1\r\nHost: shop.test\r\n\r\n", from: .client, at: 2)
    talk.send(response + responseBody, from: .server, at: 3)
    talk.close(from: .client, at: 6)
    check(talk.frames)
    #expect(Stored(talk.frames).contains(String(line.suffix(600))))
  }

  /// Both sides' octets in small segments, shuffled within a window, some of them twice and some lost.
  @Test(arguments: 0..<200)
  func `tell the same in any order`(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var talk = Conversation()
    talk.maximumSegment = Int.random(in: 5...120, using: &random)
    talk.handshake(at: 0)
    for round in 0..<6 {
      talk.send(request + requestBody, from: .client, at: Double(10 * round + 2))
      talk.send(response + responseBody, from: .server, at: Double(10 * round + 6))
    }
    talk.close(from: .client, at: 100)
    var frames = talk.frames
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      let index = Int.random(in: 3..<frames.count, using: &random)
      switch Int.random(in: 0...3, using: &random) {
      case 0: frames.remove(at: index)
      case 1: frames.insert(frames[index], at: Int.random(in: index..<frames.count, using: &random))
      default: frames.swapAt(index, min(frames.count - 1, index + Int.random(in: 1...4, using: &random)))
      }
    }
    for index in frames.indices.dropFirst() where frames[index].time < frames[index - 1].time {
      frames[index].time = frames[index - 1].time + 1000
    }
    check(frames)
  }

  @Test func `hold nothing of a retransmission with other octets`() {
    let frames = talk { talk in
      let sequence: UInt32 = 1001
      talk.emit(.client, at: 5, flags: .ack, sequence: sequence, payload: Array("GET /\(secret) HTTP/1.1\r\n\r\n".utf8))
    }.frames
    check(frames)
    #expect(!Stored(frames).contains("GET /\(secret)"))
  }

  @Test(arguments: [
    "USER me\r\nPASS hunter2\r\n", "AUTH hunter2", "\u{16}\u{03}\u{01}\0\u{20}hunter2 and the rest of a hello.....",
    "SSH-2.0-hunter2\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nhunter2", "hunter2", "GET hunter2\r\n",
    "\r\n\r\nhunter2\r\n",
    "HELO hunter2 HTTP/1.1 x\r\n",
  ])
  func `hold nothing of what is not HTTP`(_ octets: String) {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send(octets, from: .client, at: 2)
    talk.send("220 \(secret)\r\n", from: .server, at: 3)
    talk.send("more \(secret)", from: .client, at: 4)
    talk.close(from: .client, at: 5)
    check(talk.frames)
    #expect(!Stored(talk.frames).contains(secret))
    // And picked up in the middle.
    check(Array(talk.frames.dropFirst(3)))
    #expect(!Stored(Array(talk.frames.dropFirst(3))).contains(secret))
  }

  @Test(arguments: ["101 Switching Protocols\r\nUpgrade: websocket", "200 Connected"])
  func `hold nothing of what comes after HTTP`(_ status: String) {
    var talk = Conversation()
    talk.handshake(at: 0)
    let method = status.hasPrefix("101") ? "GET /chat" : "CONNECT a.test:1"
    talk.send("\(method) HTTP/1.1\r\nHost: a.test:1\r\nUpgrade: websocket\r\n\r\n", from: .client, at: 2)
    talk.send("HTTP/1.1 \(status)\r\n\r\nGET /\(secret) HTTP/1.1\r\n\r\n", from: .server, at: 3)
    talk.send("GET /\(secret) HTTP/1.1\r\n\r\n", from: .client, at: 4)
    talk.close(from: .client, at: 5)
    check(talk.frames)
    #expect(!Stored(talk.frames).contains(secret))
  }

  @Test(arguments: [false, true])
  func `hold of a head that does not end only whole lines`(isLate: Bool) {
    var talk = Conversation()
    talk.handshake(at: 0)
    talk.send("GET /a HTTP/1.1\r\nHost: a.test\r\nAccept: \(secret)", from: .client, at: 2)
    if isLate {
      talk.acknowledge(from: .server, at: 15000)
      talk.send("\r\n\r\n", from: .client, at: 19000)
    }
    talk.close(from: .client, at: 19001)
    check(talk.frames)
    let stored = Stored(talk.frames)
    #expect(!stored.contains(secret))
    #expect(stored.contains("Host: a.test\r\nxxxxxxx xxxxxxx"))
    #expect(stored.undecided == 1)
  }

  @Test func `wait in bounded memory`() {
    var talks: [Conversation] = []
    for port in 0..<400 {
      var talk = Conversation(clientPort: 2000 + port)
      talk.handshake(at: 0)
      for part in 0..<20 {
        talk.send("GET /\(secret)" + String(repeating: "y", count: 500), from: .client, at: Double(2 + part))
      }
      talks.append(talk)
    }
    let frames = Conversation.merge(talks)
    let stored = Stored(frames) { ($0.heldOctets, $0.keepsLengths) = (100_000, true) }
    #expect(stored.mostHeld <= 110_000)
    #expect(stored.undecided > 1000)
    #expect(stored.frames.map(\.time) == frames.map(\.time))
    #expect(!stored.contains(secret))
  }

  @Test func `keep copies of a frame alike`() {
    let frames = talk { talk in
      talk.send("GET /c?\(secret) HTTP/1.1\r\n\r\n", from: .client, at: 5.1)
      talk.repeatFrame(-1, at: 5.2)
    }.frames
    check(frames)
  }

  @Test func `hold only headers of what is not TCP`() {
    let udp = PacketBuilder.ethernet(
      PacketBuilder.ipv4(17, PacketBuilder.udp(from: 53, to: 53, Array("\(secret) ".utf8))))
    let icmp = PacketBuilder.ethernet(PacketBuilder.ipv4(1, Array("\(secret) and so on".utf8)))
    let arp = PacketBuilder.ethernet(0x0806, Array(secret.utf8))
    var fields = PacketBuilder.IPv4Options()
    fields.moreFragments = true
    let fragment = PacketBuilder.ethernet(PacketBuilder.ipv4(6, Array("\(secret) in a fragment.".utf8), fields))
    let frames = [udp, icmp, arp, fragment, Array(secret.utf8), []].enumerated().map {
      TimedFrame(time: Int64($0), octets: $1)
    }
    let stored = Stored(frames)
    #expect(stored.frames.map(\.octets.count) == [42, 34, 14, 34, 0, 0])
    #expect(!stored.contains(secret))
  }
}
