/// A time as part of file names that sort by it, in UTC with milliseconds: "20261121T064500.000Z".
package func fileStamp(millisecondsSince1970 milliseconds: Int64) -> String {
  let (seconds, fraction) = milliseconds.floorDivided(by: 1000)
  let (days, second) = seconds.floorDivided(by: 86_400)
  let date = CivilDate(daysSince1970: days)
  return padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2) + "T" + padded(second / 3600, 2)
    + padded(second / 60 % 60, 2) + padded(second % 60, 2) + "." + padded(fraction, 3) + "Z"
}

private func padded(_ number: Int64, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
