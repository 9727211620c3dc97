/// The Content-Security-Policy of the page (CSP Level 3): its own style and script by their hashes, and nothing else.
enum Policy {
  static func text(style: String, scripts: [String]) -> String {
    "default-src 'none'; style-src \(source(style)); script-src \(scripts.map(source).joined(separator: " ")); img-src data:; "
      + "base-uri 'none'; form-action 'none'"
  }

  private static func source(_ text: String) -> String {
    "'sha256-\(SHA256.hash(Array(text.utf8)).base64)'"
  }
}
