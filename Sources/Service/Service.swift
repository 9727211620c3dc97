import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Who may ask, and how many.
package struct ServiceSettings: Sendable {
  package var address: String
  package var port: Int
  /// Hosts other than this one may ask.
  package var allowsRemote = false
  package var redacts = false
  package var connectionLimit = 256
  package var streamLimit = 32
  /// Octets of answers that clients have not taken yet, in all.
  package var octetLimit = 64 << 20

  package init(address: String, port: Int) {
    (self.address, self.port) = (address, port)
  }

  /// "127.0.0.1:9475", "[::1]:9475", or a port alone.
  package init?(_ text: String) {
    var address = "127.0.0.1"
    var port = text[...]
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      address = String(text[text.index(after: text.startIndex)..<end])
      port = text[text.index(after: end)...]
      guard port.first == ":" else { return nil }
      port = port.dropFirst()
    } else if let colon = text.lastIndex(of: ":") {
      address = String(text[..<colon])
      port = text[text.index(after: colon)...]
      if address.contains(":" as Character) { return nil }
      if address == "localhost" { address = "127.0.0.1" }
    }
    guard let number = UInt16(port), number > 0, let parsed = try? SocketAddress(ipAddress: address, port: Int(number))
    else { return nil }
    _ = parsed
    self.init(address: address, port: Int(number))
  }

  package var isLoopback: Bool { address == "::1" || address.hasPrefix("127.") }
}

/// Kept by the one loop that serves.
final class ServiceCounters {
  var connections = 0
  var streams = 0
  /// Of answers that are on their way.
  var octets = 0
}

/// The HTTP service of a running capture, on a thread of its own.
package final class Service: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private static let niceness: Int32 = 10

  package struct Problem: Error, CustomStringConvertible {
    package let description: String
  }

  package init(_ settings: ServiceSettings, _ state: LiveState) throws(Problem) {
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    // On a busy machine a page may take its time, the packets do not wait. On Linux this is about the thread.
    loop.execute { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness) }
    let counters = NIOLoopBoundBox.makeBoxSendingValue(ServiceCounters(), eventLoop: loop)
    let bootstrap = ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 128)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
          try pipeline.addHandler(ServiceHandler(state, settings, counters.value))
        }
      }
      // What a client that does not read may make this process keep.
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
      .childChannelOption(.maxMessagesPerRead, value: 4)
    do {
      _ = try bootstrap.bind(host: settings.address, port: settings.port).wait()
    } catch {
      try? group.syncShutdownGracefully()
      throw Problem(description: "\(settings.address):\(settings.port): \(error)")
    }
  }

  package func end() { try? group.syncShutdownGracefully() }
}
