/// A key that was pressed.
package enum Key: Hashable, Sendable {
  case character(Character)
  case up, down, left, right, pageUp, pageDown, home, end
  case enter, escape, backspace
  /// Draw everything anew (^L).
  case redraw
}

/// Makes keys of what a terminal sends (ECMA-48 §5.4; xterm's and VT220's sequences). A sequence may come in parts.
package struct KeyReader: Sendable {
  private var waiting: [UInt8] = []

  package init() {}

  package mutating func keys(in octets: [UInt8]) -> [Key] {
    waiting += octets
    var keys: [Key] = []
    while let (key, length) = first() {
      waiting.removeFirst(length)
      if let key { keys.append(key) }
    }
    return keys
  }

  /// No more came for a while: an escape that begins nothing is the key of that name.
  package mutating func settle() -> [Key] {
    defer { waiting = [] }
    return waiting == [0x1B] ? [.escape] : []
  }

  /// The first key and how many octets it takes; `nil` as long as that is open.
  private func first() -> (Key?, Int)? {
    guard let octet = waiting.first else { return nil }
    switch octet {
    case 0x1B: return sequence()
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x0C: return (.redraw, 1)
    case 0x20..<0x7F: return (.character(Character(Unicode.Scalar(octet))), 1)
    case 0xC2..<0xF5:
      let length = octet < 0xE0 ? 2 : octet < 0xF0 ? 3 : 4
      guard waiting.count >= length else { return nil }
      guard let text = String(validating: waiting[..<length], as: UTF8.self), let character = text.first else {
        return (nil, 1)
      }
      return (.character(character), length)
    default: return (nil, 1)
    }
  }

  private func sequence() -> (Key?, Int)? {
    guard waiting.count > 1 else { return nil }
    guard waiting[1] == 0x5B || waiting[1] == 0x4F else { return (.escape, 1) }
    // Parameters, then one octet that ends it.
    guard let end = waiting.indices.dropFirst(2).first(where: { (0x40..<0x7F).contains(waiting[$0]) }) else {
      return waiting.count > 32 ? (nil, waiting.count) : nil
    }
    let key: Key? =
      switch waiting[end] {
      case 0x41: .up
      case 0x42: .down
      case 0x43: .right
      case 0x44: .left
      case 0x48: .home
      case 0x46: .end
      case 0x7E:
        switch waiting[2] {
        case 0x35: .pageUp
        case 0x36: .pageDown
        case 0x31, 0x37: .home
        case 0x34, 0x38: .end
        default: nil
        }
      default: nil
      }
    return (key, end + 1)
  }
}
