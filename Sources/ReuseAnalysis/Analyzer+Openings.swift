import TCPStreams
import Wire

/// The analysis' view of a pending opening, beside the `PendingOpening` of the same place.
struct OpeningState: Sendable {
  /// That of its connection.
  var id: Int
  /// -1: there was no room for it.
  var server: Int32
  var loadLine: Int32
}

// Openings between a client and a server without a pool. Until somebody completes them they count in the sums and at their server
// only: a flood of SYNs costs neither connections nor pools.
extension Analyzer {
  /// A SYN that the table may postpone: it does unless there is a pool that tells why it came (METRICS.md §3), or was one.
  @inline(never)
  mutating func receiveOpening(_ octets: Span<UInt8>, at time: Int64) {
    // Who makes room for it goes first, and may leave a pool.
    table.makeRoomForOpening()
    if !table.events.isEmpty { work(octets, at: time) }
    let client = segment.source
    let endpoint = Endpoint(address: segment.destination, port: segment.destinationPort)
    let known = groups.find(client: client, server: endpoint)
    if known.pool < 0, !groups.hasFolded(client, endpoint) {
      let server = groups.hasRoom(forServer: known.server) ? place(ofServer: endpoint, known.server) : -1
      postponed(table.postpone(PendingOpening(segment, at: time)), server: server, at: time)
    } else {
      table.open(segment, octets: octets, at: time)
    }
    if !table.events.isEmpty { work(octets, at: time) }
    if mustMakeRoom { makeRoom() }
  }

  /// As ``began(_:at:)`` for what is a connection at once.
  private mutating func postponed(_ opening: Int, server: Int32, at time: Int64) {
    totals.connections += 1
    totals.openingSeen += 1
    totals.opened.add(.firstContact, setup: nil)
    totals.concurrency.change(by: 1, at: time)
    var line: Int32 = -1
    if server >= 0 {
      groups.hold(pool: -1, server: server)
      groups.servers[Int(server)].opened += 1
      line = joinLoad(server: server)
    }
    load.open(by: 1, line: line, at: latest)
    load.opening(line: line, at: latest)
    while openings.count <= opening {
      openings.doubleIfFull()
      openings.append(OpeningState(id: 0, server: -1, loadLine: -1))
    }
    openings[opening] = OpeningState(id: totals.connections, server: server, loadLine: line)
  }

  /// There is more than the SYN: what was counted stays, the rest is as if the connection had begun just now.
  mutating func takenUp(_ opening: Int, slot: Int) {
    adopt(opening, slot: slot)
    if states[slot].server < 0 { joinServer(slot) }
    let (client, server) = (endpoint(slot, side: Int(states[slot].client)).address, states[slot].server)
    let pool = server < 0 ? -1 : pool(client: client, server: server)
    groups.hold(pool: pool, server: -1)
    states[slot].pool = pool
    enterPool(slot)
  }

  /// There was no room for its server; perhaps there is now.
  @inline(never)
  private mutating func joinServer(_ slot: Int) {
    let endpoint = endpoint(slot, side: 1 - Int(states[slot].client))
    let server = place(ofServer: endpoint, groups.find(endpoint))
    guard server >= 0 else { return }
    groups.hold(pool: -1, server: server)
    states[slot].server = server
    groups.servers[Int(server)].opened += 1
    joinLoad(slot)
  }

  /// A connection whose begin was not seen enters the pool that a pending opening would be in.
  mutating func takeUpOpening(_ client: IPAddress, _ server: Endpoint) {
    guard let taken = table.takeUp(client: client, server: server.address, port: server.port) else { return }
    takenUp(taken.opening, slot: taken.slot)
  }

  private mutating func adopt(_ opening: Int, slot: Int) {
    makeState(slot, id: openings[opening].id)
    states[slot].client = table.opener(slot)
    states[slot].roleBasis = .seen
    states[slot].server = openings[opening].server
    states[slot].loadLine = openings[opening].loadLine
    states[slot].cause = .firstContact
  }

  /// Nobody has completed it, and nothing more is to come.
  mutating func givenUp(_ opening: Int) {
    // A connection between the two whose begin was not seen has come to need it.
    let taken = Int(table.opening(opening).slot)
    guard taken < 0 else { return ended(taken) }
    let makesPool = totals.vainPools < configuration.vainPools
    if makesPool { totals.vainPools += 1 } else { groups.noteNotMade(server: openings[opening].server) }
    guard makesPool || configuration.wantsConnections else { return countVain(opening) }
    let slot = table.takeUpEnded(opening)
    if makesPool { takenUp(opening, slot: slot) } else { adopt(opening, slot: slot) }
    ended(slot)
  }

  /// As ``ended(_:)`` for an opening without a pool and without a row.
  private mutating func countVain(_ place: Int) {
    table.forget(place)
    let state = openings[place]
    let opening = table.opening(place)
    totals.concurrency.change(by: -1, at: latest)
    if !finished { load.open(by: -1, line: state.loadLine, at: latest) }
    totals.unused += 1
    let ended = EndedConnection(
      exchanges: 0, openingSeen: true, paid: false, failed: true, setup: nil, advertisedTimeout: -1, advertisedMax: -1)
    count(
      ended, carrying: .empty, .open, by: nil, cause: .firstContact, opened: opening.opened,
      synRetransmissions: Int(opening.synRetransmissions), refused: false, server: state.server)
    if state.server < 0 {
      groups.noteRefusedServer()
    } else if latest &- opening.opened >= FindingThresholds.answerTime {
      groups.servers[Int(state.server)].record.noteUnanswered(connection: state.id)
    }
    load.unrefer(state.loadLine)
    groups.release(pool: -1, server: state.server)
  }
}
