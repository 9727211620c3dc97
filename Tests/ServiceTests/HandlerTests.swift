import NIOCore
import NIOEmbedded
import NIOHTTP1
import ReuseAnalysis
import Screen
import Testing

@testable import Service

@Suite struct `A connection of the service` {
  @Test func `has one answer on its way at most`() throws {
    let client = try Client(counters: ServiceCounters())
    try client.ask(5)
    for taken in 1...5 {
      #expect(client.socket.heads == taken)
      #expect(client.counters.octets == LivePage.html.utf8.count)
      client.socket.take()
    }
    #expect(client.counters.octets == 0 && client.channel.isActive)
    try client.ask(1)
    #expect(client.socket.heads == 6)
    _ = try client.channel.finish(acceptAlreadyClosed: true)
  }

  @Test func `leaves a client that takes nothing`() throws {
    let client = try Client(counters: ServiceCounters())
    try client.ask(3)
    client.channel.embeddedEventLoop.advanceTime(by: ServiceHandler.answerTime)
    #expect(!client.channel.isActive)
    #expect(client.socket.heads == 1)
    #expect(client.counters.octets == 0 && client.counters.connections == 0)
  }

  @Test func `is refused what is too much for all`() throws {
    let counters = ServiceCounters()
    let one = try Client(counters: counters, octetLimit: LivePage.html.utf8.count + 100)
    let other = try Client(counters: counters, octetLimit: LivePage.html.utf8.count + 100)
    try one.ask(1)
    try other.ask(2)
    #expect(other.socket.text.hasPrefix("HTTP/1.1 503 "))
    other.socket.take()
    #expect(!other.channel.isActive && other.socket.heads == 1)
    one.socket.take()
    #expect(one.channel.isActive && counters.octets == 0)
    _ = try one.channel.finish(acceptAlreadyClosed: true)
  }

  @Test func `waits for figures where nobody has looked for long`() throws {
    let state = LiveState()
    state.show(Summary())
    let client = try Client(counters: ServiceCounters(), state)
    try client.ask(1, "/metrics")
    client.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(client.socket.heads == 0)
    state.show(Summary())
    client.channel.embeddedEventLoop.advanceTime(by: .milliseconds(50))
    #expect(client.socket.heads == 1)
    client.socket.take()
    try client.ask(1, "/metrics")
    #expect(client.socket.heads == 2)
    _ = try client.channel.finish(acceptAlreadyClosed: true)
  }

  @Test func `begins its events with new figures`() throws {
    let state = LiveState()
    state.show(ScreenFigures())
    let client = try Client(counters: ServiceCounters(), state)
    try client.ask(1, "/events")
    client.channel.embeddedEventLoop.advanceTime(by: .milliseconds(500))
    #expect(client.socket.heads == 0)
    state.show(ScreenFigures())
    client.channel.embeddedEventLoop.advanceTime(by: .milliseconds(50))
    #expect(client.socket.heads == 1)
    _ = try client.channel.finish(acceptAlreadyClosed: true)
  }
}

private struct Client {
  let channel = EmbeddedChannel()
  let socket = SlowSocket()
  let counters: ServiceCounters

  init(counters: ServiceCounters, _ state: LiveState = LiveState(), octetLimit: Int = 1 << 20) throws {
    self.counters = counters
    var settings = ServiceSettings(address: "127.0.0.1", port: 1)
    settings.octetLimit = octetLimit
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(socket)
    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
    try pipeline.addHandler(ServiceHandler(state, settings, counters))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
  }

  /// Requests all at once.
  func ask(_ count: Int, _ target: String = "/") throws {
    let request = "GET \(target) HTTP/1.1\r\nHost: localhost\r\n\r\n"
    try channel.writeInbound(ByteBuffer(string: String(repeating: request, count: count)))
  }
}

/// Takes what is written to it when told to.
private final class SlowSocket: ChannelOutboundHandler {
  typealias OutboundIn = ByteBuffer
  private var waiting: [EventLoopPromise<Void>] = []
  private(set) var text = ""
  var heads: Int { text.split(separator: "HTTP/1.1 ", omittingEmptySubsequences: false).count - 1 }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    text += String(buffer: unwrapOutboundIn(data))
    if let promise { waiting.append(promise) }
  }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    let failed = waiting
    waiting = []
    for promise in failed { promise.fail(ChannelError.ioOnClosedChannel) }
    context.close(mode: mode, promise: promise)
  }

  func take() {
    let taken = waiting
    waiting = []
    for promise in taken { promise.succeed() }
  }
}
