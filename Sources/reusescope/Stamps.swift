import Reports
import Synchronization

/// Times for file names that sort and never repeat, even where the clock is set back.
final class Stamps: Sendable {
  private let last = Mutex<Int64>(.min)

  func next() -> String {
    let time = last.withLock { last in
      last = max(last &+ 1, System.wallClockMilliseconds)
      return last
    }
    return fileStamp(millisecondsSince1970: time)
  }
}
