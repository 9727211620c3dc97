import NIOCore
import NIOHTTP1

/// One connection of the service: requests in, answers out.
final class ServiceHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let state: LiveState
  private let settings: ServiceSettings
  private let counters: ServiceCounters
  private var target: String?
  private var refusal: Answer?
  private var isHead = false
  private var keepsAlive = false
  private var isStreaming = false
  /// The connection is to be closed: what else was asked for is not answered.
  private var isEnding = false
  private var requests = 0
  /// Ends a connection whose client does not get on: with sending its request, or with reading what it asked for.
  private var patience: Scheduled<Void>?

  /// A request must be there in this time, and an answer taken.
  static let requestTime: TimeAmount = .seconds(10)
  static let answerTime: TimeAmount = .seconds(30)
  /// Figures that nobody has looked at for long are made anew first.
  static let figuresTime: TimeAmount = .seconds(5)
  static let requestLimit = 1000

  init(_ state: LiveState, _ settings: ServiceSettings, _ counters: ServiceCounters) {
    self.state = state
    self.settings = settings
    self.counters = counters
  }

  func channelActive(context: ChannelHandlerContext) {
    counters.connections += 1
    if counters.connections > settings.connectionLimit {
      context.close(promise: nil)
      return
    }
    wait(Self.requestTime, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    counters.connections -= 1
    if isStreaming { counters.streams -= 1 }
    isStreaming = false
    patience?.cancel()
    context.fireChannelInactive()
  }

  /// What is no HTTP ends here, and so does what cannot be read or written.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      requests += 1
      keepsAlive = head.isKeepAlive && requests < Self.requestLimit
      isHead = head.method == .HEAD
      target = head.uri
      refusal = refuse(head)
    case .body:
      // Nothing here takes a body, and nobody needs to send one.
      refusal = Answer(413, "no body is taken")
      keepsAlive = false
    case .end:
      guard let target, !isStreaming, !isEnding else { return }
      self.target = nil
      state.look()
      if let refusal {
        self.refusal = nil
        send(refusal, context)
      } else {
        answer(target, context, by: .now() + Self.figuresTime)
      }
    }
  }

  private func answer(_ target: String, _ context: ChannelHandlerContext, by deadline: NIODeadline) {
    guard context.channel.isActive else { return }
    guard !Answer.wouldBeOld(to: target, of: state) || .now() > deadline else {
      patience?.cancel()
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.eventLoop.scheduleTask(in: .milliseconds(50)) {
        let (handler, context) = bound.value
        handler.answer(target, context, by: deadline)
      }
      return
    }
    let answer = Answer(to: target, of: state, redacts: settings.redacts)
    if answer.isStream, !isHead { stream(context) } else { send(answer, context) }
  }

  private func refuse(_ head: HTTPRequestHead) -> Answer? {
    // Exactly one Host (RFC 9112 §3.2), and one that is meant: a page elsewhere may have its name point here.
    let hosts = head.headers["Host"]
    guard hosts.count == 1, let host = hosts.first else { return Answer(400, "one Host field is needed") }
    guard isHostAllowed(host, allowsRemote: settings.allowsRemote) else {
      return Answer(421, "this service is asked for by address or as localhost")
    }
    guard head.method == .GET || head.method == .HEAD else { return Answer(405, "GET and HEAD are what there is") }
    guard head.uri.utf8.count <= 2048, head.uri.hasPrefix("/") else { return Answer(400, "no such target") }
    return nil
  }

  private func fields(_ answer: Answer) -> HTTPHeaders {
    var fields = HTTPHeaders()
    fields.add(name: "Content-Type", value: answer.type)
    fields.add(name: "Cache-Control", value: "no-store")
    fields.add(name: "X-Content-Type-Options", value: "nosniff")
    fields.add(name: "Referrer-Policy", value: "no-referrer")
    fields.add(name: "Cross-Origin-Resource-Policy", value: "same-origin")
    fields.add(name: "Content-Security-Policy", value: answer.policy)
    if answer.status == 405 { fields.add(name: "Allow", value: "GET, HEAD") }
    return fields
  }

  /// The next request of the connection is looked at when this answer was taken: of what a client asks for and does not read
  /// there is one answer at most.
  private func send(_ wanted: Answer, _ context: ChannelHandlerContext) {
    var answer = wanted
    if counters.octets > 0, counters.octets + answer.octets.count > settings.octetLimit {
      answer = Answer(503, "too much is on its way")
      keepsAlive = false
    }
    isEnding = !keepsAlive
    var fields = fields(answer)
    fields.add(name: "Content-Length", value: "\(answer.octets.count)")
    if !keepsAlive { fields.add(name: "Connection", value: "close") }
    let head = HTTPResponseHead(
      version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: fields)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    wait(Self.answerTime, context)
    let octets = isHead ? [] : answer.octets
    counters.octets += octets.count
    let promise = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(
      wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: octets)))), promise: promise)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    promise.futureResult.whenComplete { result in
      let (handler, context) = bound.value
      handler.counters.octets -= octets.count
      guard case .success = result else { return context.close(promise: nil) }
      handler.wait(Self.requestTime, context)
      // Only now does the next request come.
      context.writeAndFlush(handler.wrapOutboundOut(.end(nil)), promise: nil)
      if handler.isEnding { context.close(promise: nil) }
    }
  }

  // MARK: Events

  private func stream(_ context: ChannelHandlerContext) {
    guard counters.streams < settings.streamLimit else {
      keepsAlive = false
      return send(Answer(503, "too many are looking on"), context)
    }
    counters.streams += 1
    isStreaming = true
    patience?.cancel()
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: fields(.stream()))
    context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    sendEvent(context)
  }

  /// One event a second. To a client that does not read, nothing more is written, and after a while it is left.
  private func sendEvent(_ context: ChannelHandlerContext) {
    guard isStreaming, context.channel.isActive else { return }
    state.look()
    if context.channel.isWritable {
      let octets = Array("data: ".utf8) + eventData(state.figures) + Array("\n\n".utf8)
      let promise = context.eventLoop.makePromise(of: Void.self)
      context.writeAndFlush(
        wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: octets)))), promise: promise)
      wait(Self.answerTime, context)
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      promise.futureResult.whenSuccess { bound.value.patience?.cancel() }
    }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .seconds(1)) {
      let (handler, context) = bound.value
      handler.sendEvent(context)
    }
  }

  private func wait(_ time: TimeAmount, _ context: ChannelHandlerContext) {
    patience?.cancel()
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    patience = context.eventLoop.scheduleTask(in: time) { bound.value.close(promise: nil) }
  }
}
