import BasicContainers

/// The most connections of a pool that were busy at once with exchanges after which they persisted: what `ideal connections`
/// is made of (METRICS.md §2).
///
/// Whether a busy period ends with a connection that persists is known at its end only, so the peak cannot be counted as periods
/// begin. But every period still running covers the whole time since its beginning, up to now: it is enough to keep, between
/// one running period's beginning and the next one's, the most ended ones that were seen there at once. A period that ends
/// well adds one to all stretches since its beginning; then its beginning no longer divides two stretches, and the larger one
/// stays. Kept as differences from stretch to stretch, in the order of beginnings, both are constant-time.
struct BusyPeak: Sendable {
  /// One running busy period: a node in the list of its pool, at the place of its connection.
  struct Node: Sendable {
    var before: Int32 = -1
    var after: Int32 = -1
    /// The most ended periods at once since this beginning, less that of the stretch before.
    var rise: Int32 = 0
    var running = false
  }

  /// By connections' slots.
  typealias Nodes = UniqueArray<Node>

  private var first: Int32 = -1
  private var last: Int32 = -1
  /// The most at once before the first running period's beginning, of those ended.
  private(set) var peak: Int32 = 0
  /// Periods after which the connection could not persist.
  private(set) var notPersistent = 0

  /// A busy period of connection `slot` begins.
  mutating func begin(_ slot: Int, in nodes: inout Nodes) {
    guard !nodes[slot].running else { return }
    // A stretch begins with nothing ended in it: its level is 0, whatever the level before was.
    nodes[slot] = Node(before: last, after: -1, rise: -level(upTo: last), running: true)
    if last >= 0 { nodes[Int(last)].after = Int32(slot) } else { first = Int32(slot) }
    last = Int32(slot)
    lastLevel = 0
  }

  /// The level of the last stretch.
  private var lastLevel: Int32 = 0

  private func level(upTo node: Int32) -> Int32 { node >= 0 ? lastLevel : peak }

  /// The busy period of `slot` ends.
  mutating func end(_ slot: Int, persists: Bool, in nodes: inout Nodes) {
    guard nodes[slot].running else { return }
    var node = nodes[slot]
    if persists {
      node.rise += 1
      lastLevel += 1
    } else {
      notPersistent += 1
    }
    let up = max(0, node.rise)
    let down = min(0, node.rise)
    if node.before >= 0 { nodes[Int(node.before)].rise += up } else { peak += up }
    if node.after >= 0 {
      nodes[Int(node.after)].rise += down
      nodes[Int(node.after)].before = node.before
    } else {
      last = node.before
      lastLevel -= down  // the stretch before was the higher one and stays
    }
    if node.before >= 0 { nodes[Int(node.before)].after = node.after } else { first = node.after }
    nodes[slot] = Node()
  }

  /// The fewest connections that could have carried what was asked, when no period is running any more.
  var idealConnections: Int { Int(peak) + notPersistent }
}
