/// The exchanges of a connection that are kept until it ends: the first ones and the last ones.
struct WaitingMarks {
  private var first: [Mark] = []
  /// A ring once it is full: `next` is then the oldest.
  private var last: [Mark] = []
  private var next = 0

  var count: Int { first.count + last.count }

  /// Takes in a mark; half of `limit`, which is 2 at least, are kept from each end. True when none had to go for it.
  mutating func append(_ mark: Mark, limit: Int) -> Bool {
    let half = limit / 2
    if first.count < half {
      first.append(mark)
    } else if last.count < half {
      last.append(mark)
    } else {
      last[next] = mark
      next = (next + 1) % last.count
      return false
    }
    return true
  }

  /// In the order in which they were taken in.
  var marks: [Mark] { last.isEmpty ? first : first + last[next...] + last[..<next] }

  mutating func trim(to limit: Int) {
    guard count > limit else { return }
    let half = limit / 2
    let marks = marks
    first = Array(marks.prefix(half))
    last = Array(marks.suffix(half))
    next = 0
  }
}

/// Those of all connections that have not ended, by the connections' identifiers.
struct WaitingTable {
  private var places = PlaceTable()
  private var waiting: [WaitingMarks] = []
  private var free: [Int32] = []

  /// Takes in a mark as ``WaitingMarks/append(_:limit:)``.
  mutating func append(_ mark: Mark, to connection: Int, limit: Int) -> Bool {
    if let place = places[connection] { return waiting[Int(place)].append(mark, limit: limit) }
    let place = free.popLast() ?? Int32(waiting.count)
    if Int(place) == waiting.count { waiting.append(WaitingMarks()) }
    places.insert(connection, place)
    return waiting[Int(place)].append(mark, limit: limit)
  }

  /// Takes out a connection's marks: `nil` when there are none.
  mutating func remove(_ connection: Int) -> WaitingMarks? {
    guard let place = places.remove(connection) else { return nil }
    free.append(place)
    var marks = WaitingMarks()
    swap(&marks, &waiting[Int(place)])
    return marks
  }

  /// Shortens all to `limit`, takes out those whose connection is not `kept`, and says how many marks are left.
  mutating func trim(to limit: Int, where kept: (Int) -> Bool) -> Int {
    for connection in places.keys where !kept(connection) { _ = remove(connection) }
    for place in waiting.indices { waiting[place].trim(to: limit) }
    return waiting.reduce(0) { $0 + $1.count }
  }
}

extension [Mark] {
  /// The first and the last ones, `limit` together.
  func ends(_ limit: Int) -> [Mark] {
    count <= limit ? self : Array(prefix(limit - limit / 2) + suffix(limit / 2))
  }
}
