/// Keep-alive timeouts that servers, clients and balancers come with, to put a name to a value that was inferred or advertised:
/// "as the default of", never a claim about what runs there (METRICS.md §4).
enum KnownDefaults {
  private static let timeouts: [(seconds: Double, of: String)] = [
    (2, "Gunicorn"), (5, "Apache httpd, Node.js, uvicorn"), (60, "AWS ALB"), (75, "nginx"), (90, "Go's HTTP client"),
    (350, "AWS NLB"), (600, "GCP load balancers"),
  ]

  /// Whose default lasts as long, within 2 % or 100 ms: a timer fires late, never early.
  static func timeout(of duration: Int64) -> String? {
    let seconds = Double(duration) / 1e9
    return timeouts.first { seconds >= $0.seconds - 0.05 && seconds <= $0.seconds + max(0.1, $0.seconds * 0.02) }?.of
  }
}
