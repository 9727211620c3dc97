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
  var marks: [Mark] { first + last[next...] + last[..<next] }

  mutating func trim(to limit: Int) {
    guard count > limit else { return }
    let half = limit / 2
    let marks = marks
    first = Array(marks.prefix(half))
    last = Array(marks.suffix(half))
    next = 0
  }
}

extension [Mark] {
  /// The first and the last ones, `limit` together.
  func ends(_ limit: Int) -> [Mark] {
    count <= limit ? self : Array(prefix(limit - limit / 2) + suffix(limit / 2))
  }
}
