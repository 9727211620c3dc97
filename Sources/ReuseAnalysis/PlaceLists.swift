/// Places of an array in lists, each place in one of them at most: linked both ways, so that every step takes constant time.
struct PlaceLists: Sendable {
  private struct Link {
    var before: Int32 = -1
    var after: Int32 = -1
  }

  private struct Ends {
    var first: Int32 = -1
    var last: Int32 = -1
  }

  private var links: [Link] = []
  private var lists: [Ends] = []

  /// The place that has been longest in a list; -1: the list is empty.
  func first(of list: Int = 0) -> Int32 { list < lists.count ? lists[list].first : -1 }

  /// The place that came into its list after another one.
  func after(_ place: Int32) -> Int32 { links[Int(place)].after }

  /// The place must be in no list.
  mutating func append(_ place: Int32, to list: Int = 0) {
    while links.count <= Int(place) { links.append(Link()) }
    while lists.count <= list { lists.append(Ends()) }
    let before = lists[list].last
    links[Int(place)] = Link(before: before, after: -1)
    if before >= 0 { links[Int(before)].after = place } else { lists[list].first = place }
    lists[list].last = place
  }

  /// The place must be in this list.
  mutating func remove(_ place: Int32, from list: Int = 0) {
    let link = links[Int(place)]
    if link.before >= 0 { links[Int(link.before)].after = link.after } else { lists[list].first = link.after }
    if link.after >= 0 { links[Int(link.after)].before = link.before } else { lists[list].last = link.before }
    links[Int(place)] = Link()
  }
}
