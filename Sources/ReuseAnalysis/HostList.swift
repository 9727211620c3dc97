/// The hosts that a connection's requests named, by their places: nearly always one.
struct HostList: RandomAccessCollection, Sendable {
  private var others: [Int32] = []
  private var firstPlace: Int32 = -1

  var startIndex: Int { 0 }
  var endIndex: Int { firstPlace < 0 ? 0 : 1 + others.count }

  subscript(index: Int) -> Int32 { index == 0 ? firstPlace : others[index - 1] }

  mutating func append(_ place: Int32) {
    if firstPlace < 0 { firstPlace = place } else { others.append(place) }
  }
}
