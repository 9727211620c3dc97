/// Picks the first few of very many, in an order, without sorting all: a running capture is not to be held up.
struct Leading<Element> {
  private var kept: [Element] = []
  private var offered = 0
  /// What comes later has to come before this one.
  private var last: Element?
  private let limit: Int
  private let comesFirst: (Element, Element) -> Bool

  /// `comesFirst` must tell any two apart.
  init(_ limit: Int, by comesFirst: @escaping (Element, Element) -> Bool) {
    self.limit = max(0, limit)
    self.comesFirst = comesFirst
  }

  mutating func offer(_ element: Element) {
    offered += 1
    if let last, !comesFirst(element, last) { return }
    kept.append(element)
    if kept.count >= 2 * limit + 16 { cut() }
  }

  private mutating func cut() {
    kept.sort(by: comesFirst)
    if kept.count > limit { kept.removeLast(kept.count - limit) }
    if kept.count == limit { last = kept.last }
  }

  /// The first ones, and how many were left out.
  mutating func result() -> (elements: [Element], omitted: Int) {
    cut()
    return (kept, offered - kept.count)
  }
}

extension Leading<(count: Int, place: Int)> {
  /// Places by a count, the highest first, equal ones in their order.
  init(places limit: Int) {
    self.init(limit) { ($1.count, $0.place) < ($0.count, $1.place) }
  }

  /// Places without any do not count.
  mutating func offer(_ place: Int, count: Int) {
    if count > 0 { offer((count, place)) }
  }
}
