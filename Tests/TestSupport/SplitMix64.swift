/// A small generator that gives the same numbers for the same seed everywhere (Steele, Lea, Flood: SplitMix).
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A seed for one run of a random test, or the one in the environment's `TEST_SEED`. Print it when the test fails.
  public static func newSeed() -> UInt64 {
    if let text = Locations.environment("TEST_SEED"), let seed = UInt64(text) { return seed }
    return .random(in: 0...UInt64.max)
  }

  public mutating func octets(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}
