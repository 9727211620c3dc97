import ReuseAnalysis

/// Rows as NDJSON: one JSON object a line, every key always there, `null` for what cannot be known.
///
/// A capture has a row for every few packets, so a row must cost little beside reading those: the text around the
/// values is prepared (``RowTemplate``), and a value is followed by the fragment that comes next.
package struct RowWriter {
  /// What has been written and not yet taken by the caller.
  package var buffer: OctetBuffer {
    get { json.buffer }
    _modify { yield &json.buffer }
  }

  private var json = JSONWriter()
  private var template = RowTemplate.exchange
  private var next = 0
  private let redacts: Bool

  /// - Parameter redacts: leave out the content of query strings, and user-info.
  package init(redacts: Bool = false) {
    self.redacts = redacts
  }

  package mutating func append(_ row: ExchangeRow) {
    open(.exchange)
    put(row.connection)
    put(row.client)
    put(row.server)
    put(row.index)
    put(word: row.use.rawValue)
    put(row.pipelined)
    put(timestamp: row.startTime)
    if let request = row.request { put(request) } else { putNull() }
    if let response = row.response { put(response) } else { putNull() }
    put(seconds: row.idleBefore)
    put(seconds: row.wait)
    put(seconds: row.holDelay)
    put(seconds: row.tcpStall)
    put(row.missingBytes)
    if let retry = row.retryOf { put(retry) } else { putNull() }
    put(word: row.outcome.rawValue)
  }

  package mutating func append(_ row: ConnectionRow) {
    open(.connection)
    put(row.id)
    put(row.client)
    put(row.server)
    put(word: row.role.rawValue)
    put(word: row.protocol.rawValue)
    put(seconds: row.opened)
    put(seconds: row.closed)
    put(row.openingSeen)
    if let handshake = row.handshake { put(handshake) } else { putNull() }
    put(quoted: row.openedBecause?.rawValue)
    put(row.exchanges)
    put(row.fresh)
    put(row.reused)
    put(row.unknown)
    put(row.pipelined)
    put(quoted: row.closedBy?.rawValue)
    put(word: row.closeKind.rawValue)
    put(word: row.closeReason.rawValue)
    put(quoted: row.closeHeaderBy?.rawValue)
    put(row.race)
    put(seconds: row.idle.lead)
    put(row.idle.gaps)
    put(seconds: row.idle.total)
    put(seconds: row.idle.max)
    put(seconds: row.idle.tail)
    put(row.advertised)
    put(row.tcp.retransmissions)
    put(row.tcp.outOfOrder)
    put(row.tcp.stalls)
    put(seconds: row.tcp.stallTime)
    put(row.tcp.missingBytes)
    put(row.clientBytes)
    put(row.serverBytes)
    put(row.clientPackets)
    put(row.serverPackets)
    put(hosts: row.hosts)
  }

  // MARK: objects inside a row

  private mutating func put(_ request: ExchangeRow.Request) {
    let outer = open(.request)
    put(seconds: request.start)
    put(seconds: request.end)
    put(octets: request.method)
    put(octets: redacts ? Redaction.target(request.target) : request.target)
    put(octets: redacts ? request.host.map(Redaction.host) : request.host)
    put(Int(request.versionMajor))
    put(Int(request.versionMinor))
    put(request.headBytes)
    put(request.bodyBytes)
    put(word: request.framing.rawValue)
    put(request.persistent)
    put(request.complete)
    close(outer)
  }

  private mutating func put(_ response: ExchangeRow.Response) {
    let outer = open(.response)
    put(seconds: response.start)
    put(seconds: response.end)
    put(response.status)
    put(Int(response.versionMajor))
    put(Int(response.versionMinor))
    put(response.headBytes)
    put(response.bodyBytes)
    put(word: response.framing.rawValue)
    put(response.persistent)
    put(response.keepAlive)
    put(response.complete)
    put(list: response.interim)
    close(outer)
  }

  private mutating func put(_ handshake: ConnectionRow.Handshake) {
    let outer = open(.handshake)
    put(seconds: handshake.setup)
    put(seconds: handshake.rtt)
    put(handshake.synRetransmissions)
    close(outer)
  }

  private mutating func put(_ race: CloseRace?) {
    guard let race else { return putNull() }
    let outer = open(.race)
    put(word: race.kind.rawValue)
    put(race.exchange)
    put(seconds: race.idle)
    put(seconds: race.sinceFIN)
    close(outer)
  }

  private mutating func put(_ parameters: KeepAliveParameters?) {
    guard let parameters else { return putNull() }
    let outer = open(.keepAlive)
    put(parameters.timeout)
    put(parameters.max)
    close(outer)
  }

  private mutating func put(_ retry: (connection: Int, index: Int)) {
    let outer = open(.retry)
    put(retry.connection)
    put(retry.index)
    close(outer)
  }

  // MARK: the place in the template

  private typealias Place = (template: RowTemplate, next: Int)

  @discardableResult
  private mutating func open(_ inner: RowTemplate) -> Place {
    let outer = (template, next)
    template = inner
    next = 0
    putFragment()
    return outer
  }

  /// Goes on in the object around the one that ends here, which is the value of a key there.
  private mutating func close(_ outer: Place) {
    (template, next) = outer
    putFragment()
  }

  private mutating func putFragment() {
    json.buffer.append(template.fragments[next])
    next &+= 1
  }

  // MARK: values, each with the fragment after it

  private mutating func putNull() {
    json.null()
    putFragment()
  }

  private mutating func put(_ value: Int) {
    json.integer(value)
    putFragment()
  }

  private mutating func put(_ value: Int?) {
    json.integer(value)
    putFragment()
  }

  private mutating func put(_ value: Bool) {
    json.bool(value)
    putFragment()
  }

  private mutating func put(seconds nanoseconds: Int64?) {
    json.seconds(nanoseconds)
    putFragment()
  }

  private mutating func put(timestamp: Int64) {
    json.buffer.appendTimestamp(nanosecondsSince1970: timestamp)
    putFragment()
  }

  private mutating func put(_ endpoint: Endpoint) {
    json.buffer.append(endpoint)
    putFragment()
  }

  private mutating func put(octets: [UInt8]?) {
    json.string(octets)
    putFragment()
  }

  /// A word of ours, which needs no escaping; the template has the quotation marks.
  private mutating func put(word: String) {
    json.raw(word)
    putFragment()
  }

  private mutating func put(quoted word: String?) {
    if let word {
      json.raw("\"")
      json.raw(word)
      json.raw("\"")
    } else {
      json.null()
    }
    putFragment()
  }

  private mutating func put(list: [UInt16]) {
    for (position, element) in list.enumerated() {
      if position > 0 { json.raw(",") }
      json.integer(Int(element))
    }
    putFragment()
  }

  private mutating func put(hosts: [[UInt8]]) {
    for (position, host) in hosts.enumerated() {
      if position > 0 { json.raw(",") }
      json.string(redacts ? Redaction.host(host) : host)
    }
    putFragment()
  }
}
