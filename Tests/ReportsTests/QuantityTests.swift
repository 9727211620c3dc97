import ReuseAnalysis
import Testing

@testable import Reports

@Test(
  arguments: [
    (0, "0 s"), (1, "1 ns"), (999, "999 ns"), (1_000, "1.00 µs"), (9_994, "9.99 µs"), (9_995, "10.0 µs"),
    (99_949, "99.9 µs"),
    (99_950, "100 µs"), (420_000, "420 µs"), (999_499, "999 µs"), (999_500, "1.00 ms"), (1_234_567, "1.23 ms"),
    (12_345_678, "12.3 ms"), (999_999_999, "1.00 s"), (1_000_000_000, "1.00 s"), (59_960_000_000, "60.0 s"),
    (999_400_000_000, "999 s"), (999_500_000_000, "1,000 s"), (86_400_000_000_000, "86,400 s"),
    (-1_500_000, "-1.50 ms"),
    (.max, "9,223,372,037 s"), (.min, "-9,223,372,037 s"),
  ] as [(Int64, String)])
func `durations have three digits and a unit`(_ nanoseconds: Int64, _ expected: String) {
  #expect(Quantity.duration(nanoseconds) == expected)
}

@Test(arguments: [
  (0, "0 B"), (999, "999 B"), (1_000, "1.00 kB"), (22_134_567, "22.1 MB"), (999_999_999, "1.00 GB"),
  (5_000_000_000_000, "5.00 TB"), (.max, "9,223,372 TB"), (.min, "-9,223,372 TB"),
])
func `sizes have three digits and a unit`(_ octets: Int, _ expected: String) {
  #expect(Quantity.size(octets) == expected)
}

@Test(arguments: [
  (0, "0"), (7, "7"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (1_000_001, "1,000,001"),
  (-12_345, "-12,345"),
  (.max, "9,223,372,036,854,775,807"), (.min, "-9,223,372,036,854,775,808"),
])
func `counts are grouped by thousands`(_ value: Int, _ expected: String) {
  #expect(Quantity.count(value) == expected)
}

@Test(arguments: [
  (0, "0 %"), (1, "100 %"), (0.5, "50.0 %"), (0.873_09, "87.3 %"), (0.0001, "<0.1 %"), (0.0005, "0.1 %"),
  (0.9996, ">99.9 %"),
  (0.9995, ">99.9 %"), (0.999, "99.9 %"), (-0.25, "-25.0 %"), (1.5, "150.0 %"), (.nan, "– %"), (.infinity, "– %"),
])
func `percentages are exact about none and all`(_ share: Double, _ expected: String) {
  #expect(Quantity.percent(share) == expected)
}

@Test func `ranges of percentages collapse when equal`() {
  #expect(Quantity.percent(0.5...0.5) == "50.0 %")
  #expect(Quantity.percent(0.8...0.873) == "80.0–87.3 %")
  #expect(Quantity.percent(ClosedRange<Double>?.none) == "–")
}

@Test(
  arguments: [
    (0, "0 s"), (119 * second, "119 s"), (120 * second, "2 min 0 s"), (7_384 * second, "2 h 3 min"),
    (200_000 * second, "2 d 7 h"), (.max, "106,751 d 23 h"),
  ] as [(Int64, String)])
func `long times are told in larger units`(_ nanoseconds: Int64, _ expected: String) {
  #expect(Quantity.elapsed(nanoseconds) == expected)
}

@Test(
  arguments: [(nil, "–"), (7.879, "7.9"), (1_234.56, "1,234.6"), (0, "0.0"), (-0.04, "0.0"), (.nan, "–"), (1e300, "–")]
    as [(Double?, String)])
func `means have one decimal`(_ value: Double?, _ expected: String) {
  #expect(Quantity.decimal(value) == expected)
}
