import FoundationEssentials
import Testing

@testable import Reports

private func written(_ octets: [UInt8]) -> String {
  var json = JSONWriter()
  json.string(octets)
  return String(decoding: json.buffer.octets, as: UTF8.self)
}

@Test(
  arguments: [
    ([], #""""#),
    (Array("GET".utf8), #""GET""#),
    (Array(#"a"b\c"#.utf8), #""a\"b\\c""#),
    (Array("/ä€😀".utf8), #""/ä€😀""#),
    ([0x00, 0x0A, 0x1F, 0x7F], #""\u0000\u000a\u001f\u007f""#),
    ([0xC2, 0x80, 0xC2, 0x9F, 0xC2, 0xA0], "\"\\u0080\\u009f\u{A0}\""),
    ([0xE2, 0x80, 0xA8, 0xE2, 0x80, 0xA9], #""\u2028\u2029""#),
    ([0xC2, 0xAD, 0xEF, 0xBB, 0xBF, 0xF3, 0xA0, 0x81, 0x81], #""\u00ad\ufeff\udb40\udc41""#),
    ([0xE2, 0x80, 0xAE, 0xD8, 0x9C, 0xE2, 0x81, 0xA6], #""\u202e\u061c\u2066""#),
    // Not UTF-8: stray continuation, cut sequence, overlong, surrogate, beyond U+10FFFF.
    ([0x61, 0x80, 0x62], #""a\u0080b""#),
    ([0xE2, 0x82], #""\u00e2\u0082""#),
    ([0xC0, 0xAF], #""\u00c0\u00af""#),
    ([0xE0, 0x80, 0xAF], #""\u00e0\u0080\u00af""#),
    ([0xED, 0xA0, 0x80], #""\u00ed\u00a0\u0080""#),
    ([0xF4, 0x90, 0x80, 0x80], #""\u00f4\u0090\u0080\u0080""#),
    ([0xFF, 0xC3, 0xA9], #""\u00ffé""#),
  ] as [([UInt8], String)])
func `strings are escaped`(_ octets: [UInt8], _ expected: String) {
  #expect(written(octets) == expected)
}

@Test func `every octet is plain or escaped at every place of a word`() throws {
  for octet in UInt8.min ... .max {
    for place in 0..<17 {
      var octets = [UInt8](repeating: UInt8(ascii: "~"), count: 17)
      octets[place] = octet
      let json = written(octets)
      let scalars = octets.map { Unicode.Scalar($0) }
      let decoded = try JSONDecoder().decode([String].self, from: Data("[\(json)]".utf8))
      #expect(decoded.first?.unicodeScalars.elementsEqual(scalars) == true)
      let isPlain = (0x20..<0x7F).contains(octet) && octet != 0x22 && octet != 0x5C
      #expect((json.utf8.count == 19) == isPlain)
    }
  }
}

@Test func `random octets come back as UTF-8 or one by one`() throws {
  let seed = UInt64.random(in: 0 ... .max)
  var generator = SplitMix(state: seed)
  let pieces: [[UInt8]] = [
    [0x41], [0x22], [0x5C], [0x00], [0xC3], [0xA9], [0xC3, 0xA9], [0xE2, 0x82, 0xAC], [0xF0, 0x9F, 0x98, 0x80],
    [0xED, 0xA0],
    [0xF4, 0x90], [0xFF], [0xE2, 0x80, 0xAE], Array("plain text, long".utf8),
  ]
  for _ in 0..<3_000 {
    var octets: [UInt8] = []
    for _ in 0..<Int.random(in: 0..<12, using: &generator) {
      octets += pieces[Int.random(in: 0..<pieces.count, using: &generator)]
    }
    let decoded = try JSONDecoder().decode([String].self, from: Data("[\(written(octets))]".utf8))
    #expect(decoded.first.map { Array($0.unicodeScalars) } == decodedNaively(octets), "seed \(seed)")
  }
}

/// The longest well-formed sequence of one scalar at each place, by the standard library, else the octet.
private func decodedNaively(_ octets: [UInt8]) -> [Unicode.Scalar] {
  var scalars: [Unicode.Scalar] = []
  var position = 0
  next: while position < octets.count {
    for length in 1...4 where position + length <= octets.count {
      if let text = String(validating: octets[position..<position + length], as: UTF8.self),
        let scalar = text.unicodeScalars.first
      {
        scalars.append(scalar)
        position += length
        continue next
      }
    }
    scalars.append(Unicode.Scalar(octets[position]))
    position += 1
  }
  return scalars
}

@Test(
  arguments: [
    (0, "0"), (-0.0, "0"), (1, "1"), (0.5, "0.5"), (-2.25, "-2.25"), (1e300, "1e+300"),
    (0.1 + 0.2, "0.30000000000000004"),
    (.nan, "null"), (.infinity, "null"), (-.infinity, "null"), (nil, "null"),
  ] as [(Double?, String)])
func `numbers are the shortest, or null`(_ value: Double?, _ expected: String) {
  var json = JSONWriter()
  json.number(value)
  #expect(String(decoding: json.buffer.octets, as: UTF8.self) == expected)
}

@Test func `objects and arrays are indented, inline ones are not`() {
  var json = JSONWriter()
  json.begin(.object)
  json.key("a")
  json.begin(.array, inline: true)
  for value in 1...3 {
    json.element()
    json.integer(value)
  }
  json.end()
  json.key("b")
  json.begin(.array)
  json.begin(.object, inline: true)
  json.key("c")
  json.bool(true)
  json.key("d")
  json.integer(Int?.none)
  json.end()
  json.end()
  json.key("e")
  json.begin(.object)
  json.end()
  json.end()
  json.end()  // one too many: nothing
  let expected = """
    {
      "a": [1, 2, 3],
      "b": [
        {"c": true, "d": null}
      ],
      "e": {}
    }
    """
  #expect(String(decoding: json.buffer.octets, as: UTF8.self) == expected)
}
