/// Text that somebody may look at in a terminal or an editor.
package enum ShownText {
  /// What is wrong with `octets`; `nil` where they are UTF-8 without a character that is obeyed instead of shown: control
  /// characters (C0 but those allowed, DEL, C1), line and paragraph separators, and what changes the direction of text or
  /// shows nothing.
  package static func problem(_ octets: [UInt8], allowing allowed: Set<Unicode.Scalar> = ["\n"]) -> String? {
    guard let text = String(validating: octets, as: UTF8.self) else { return "no UTF-8" }
    for scalar in text.unicodeScalars where !allowed.contains(scalar) {
      switch scalar.value {
      case 0..<0x20, 0x7F...0x9F, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x2064,
        0x2066...0x206F, 0xFEFF, 0xE0001, 0xE0020...0xE007F:
        return "U+\(String(scalar.value, radix: 16, uppercase: true))"
      default: break
      }
    }
    return nil
  }
}
