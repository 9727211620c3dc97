extension OctetBuffer {
  /// Appends a time as RFC 3339 §5.6 in UTC with nine digits of a second: `2026-11-21T01:32:41.123456789Z`.
  ///
  /// Every `Int64` of nanoseconds lies between the years 1677 and 2262, so four digits hold the year.
  package mutating func appendTimestamp(nanosecondsSince1970 time: Int64, fraction: Bool = true) {
    let (seconds, nanoseconds) = time.floorDivided(by: 1_000_000_000)
    let (days, secondOfDay) = seconds.floorDivided(by: 86_400)
    let date = CivilDate(daysSince1970: days)
    appendDigits(UInt64(truncatingIfNeeded: date.year), count: 4)
    append(UInt8(ascii: "-"))
    appendDigits(UInt64(truncatingIfNeeded: date.month), count: 2)
    append(UInt8(ascii: "-"))
    appendDigits(UInt64(truncatingIfNeeded: date.day), count: 2)
    append(UInt8(ascii: "T"))
    appendDigits(UInt64(truncatingIfNeeded: secondOfDay / 3600), count: 2)
    append(UInt8(ascii: ":"))
    appendDigits(UInt64(truncatingIfNeeded: secondOfDay / 60 % 60), count: 2)
    append(UInt8(ascii: ":"))
    appendDigits(UInt64(truncatingIfNeeded: secondOfDay % 60), count: 2)
    if fraction {
      append(UInt8(ascii: "."))
      appendDigits(UInt64(truncatingIfNeeded: nanoseconds / 1_000_000), count: 3)
      appendDigits(UInt64(truncatingIfNeeded: nanoseconds % 1_000_000), count: 6)
    }
    append(UInt8(ascii: "Z"))
  }
}

/// A day of the proleptic Gregorian calendar.
struct CivilDate: Equatable {
  var year: Int64
  var month: Int64
  var day: Int64

  /// Counts in years that begin on 1 March, so that the leap day is the last of its year, and in eras of 400 years,
  /// after which the calendar repeats.
  init(daysSince1970 days: Int64) {
    let daysFromMarch0000: Int64 = 719_468
    let (era, dayOfEra) = (days &+ daysFromMarch0000).floorDivided(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
}

extension Int64 {
  /// The quotient rounded down, and a remainder that is never negative. `divisor` is a positive constant.
  func floorDivided(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
